import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, connect, idOf } from './connection.ts'

/**
 * What dataverse-ify, a client for Node that offers the Client API of model-driven apps, sends. The package itself
 * cannot be a development dependency: one of its own dependencies cannot be installed. Its create and update are left
 * out: version 2.0.7 sends a body that is a JSON text with the row as JSON in it.
 *
 * @see https://www.npmjs.com/package/dataverse-ify
 */
const base = {
  'OData-MaxVersion': '4.0',
  'OData-Version': '4.0',
  Accept: 'application/json',
  'Content-Type': 'application/json; charset=UTF-8',
}

let connection: Connection
beforeEach(async () => {
  connection = await connect({ now: '2026-03-18T14:30:00Z' }, base)
})
afterEach(() => connection.close())
const send = (...request: Parameters<Connection['send']>) => connection.send(...request)

/** A batch as it writes it: lines end with LF alone, and a line with a space is the last one. */
const batch = (...items: readonly (readonly string[])[]) =>
  send('POST', '$batch', [...items.flat(), '--batch_1', ''].join('\n').replace(/--batch_1\n$/, '--batch_1--\n '), {
    'Content-Type': 'multipart/mixed;boundary=batch_1',
    'MSCRM.SuppressDuplicateDetection': 'true',
  })
const request = (action: string, path: string, data?: object) => [
  `${action} /api/data/v9.2/${path} HTTP/1.1`,
  'Accept: application/json',
  'Content-Type: application/json;type=entry',
  '',
  data === undefined ? '' : JSON.stringify(data),
]
const http = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
const single = (...lines: readonly string[]) => ['--batch_1', ...http, '', ...lines]
const changeSet = (...requests: readonly (readonly string[])[]) => [
  '--batch_1',
  'Content-Type: multipart/mixed;boundary=changeset_1',
  'Content-Transfer-Encoding: binary',
  '',
  ...requests.flatMap((lines, at) => ['--changeset_1', ...http, `Content-ID: ${at + 1}`, '', ...lines]),
  '--changeset_1--',
  ' ',
]
const account = (name: string) => connection.dataverse.seed('account', { name }) as Promise<string>

test('the entity set of a table is looked up before it is used for the first time', async () => {
  const { body } = await send('GET', "EntityDefinitions(LogicalName='account')?$select=EntitySetName")
  expect(body).toMatchObject({ EntitySetName: 'accounts' })
})

test('rows are retrieved with annotations, deleted, and queried by OData and FetchXML', async () => {
  const id = await account('Sample Account')
  const annotated = { Prefer: 'odata.include-annotations="*"' }
  expect((await send('GET', `accounts(${id})?$select=name,_ownerid_value`, undefined, annotated)).body).toMatchObject({
    name: 'Sample Account',
    '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
  })
  const paged = { Prefer: 'odata.include-annotations="*",odata.maxpagesize=1' }
  await account('Another')
  const page = await send('GET', 'accounts?$select=name&$orderby=name', undefined, paged)
  expect(page.body).toMatchObject({ value: [{ name: 'Another' }], '@odata.nextLink': expect.any(String) })
  const xml = `<fetch count="1"><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>`
  const fetched = await send('GET', `accounts?fetchXml=${encodeURIComponent(xml)}`, undefined, annotated)
  expect(fetched.body).toMatchObject({
    value: [{ name: 'Another' }],
    '@Microsoft.Dynamics.CRM.morerecords': true,
    '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie': expect.stringContaining('pagingcookie='),
  })
  expect((await send('DELETE', `accounts(${id})`)).status).toBe(204)
  expect(await send('GET', `accounts(${id})?$select=name`)).toMatchObject({
    status: 404,
    body: { error: { code: '0x80040217' } },
  })
})

test('rows are associated with a context, and disassociated in a batch', async () => {
  const [company, person] = [await account('Contoso'), idOf(await send('POST', 'contacts', { lastname: 'McKay' }))]
  const reference = { '@odata.context': `${connection.endpoint}$metadata#$ref`, '@odata.id': `contacts(${person})` }
  expect((await send('POST', `accounts(${company})/contact_customer_accounts/$ref`, reference)).status).toBe(204)
  const count = `accounts(${company})/contact_customer_accounts/$count`
  expect((await send('GET', count)).text).toBe('1')

  const { status, text } = await batch(
    single(...request('DELETE', `accounts(${company})/contact_customer_accounts(${person})/$ref`)),
  )
  expect([status, text]).toEqual([200, expect.stringContaining('HTTP/1.1 204 No Content')])
  expect((await send('GET', count)).text).toBe('0')
})

test('several requests are executed in a batch with a change set', async () => {
  const { status, text, headers } = await batch(
    changeSet(request('POST', 'accounts', { name: 'First' }), request('POST', 'accounts', { name: 'Second' })),
    single(...request('GET', 'WhoAmI')),
  )
  expect(status).toBe(200)
  expect(headers.get('content-type')).toMatch(/boundary=batchresponse_/)
  // Its reader goes by the boundaries, the status line and what begins with a brace.
  expect(text.startsWith('--batchresponse_')).toBe(true)
  expect([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, code]) => code)).toEqual(['204', '204', '200'])
  expect(await connection.dataverse.list('account', ['name'])).toHaveLength(2)
})

test('a change set that fails changes nothing, and its error is the last answer', async () => {
  const { text } = await batch(
    changeSet(request('POST', 'accounts', { name: 'First' }), request('POST', 'accounts', { nothing: 1 })),
  )
  expect(text).toContain('"code":"0x80048d19"')
  expect(await connection.dataverse.list('account')).toEqual([])
})

test('functions take their parameters from aliases, and actions references with their type', async () => {
  const company = await account('Contoso')
  const target = encodeURIComponent(JSON.stringify({ '@odata.id': `accounts(${company})` }))
  const { userId } = connection.dataverse.organization
  const rights = `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=%40p0)?@p0=${target}`
  expect((await send('GET', rights)).body.AccessRights).toContain('ReadAccess')

  const opportunity = (await connection.dataverse.seed('opportunity', { name: 'Deal' })) as string
  const closed = await send('POST', 'WinOpportunity', {
    Status: 3,
    OpportunityClose: {
      '@odata.type': 'Microsoft.Dynamics.CRM.opportunityclose',
      subject: 'Won',
      'opportunityid@odata.bind': `opportunities(${opportunity})`,
    },
  })
  expect(closed.status).toBe(204)
})
