import { beforeEach, expect, test } from 'vitest'
import { Account } from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import {
  annotated,
  BASE,
  type Client,
  environment,
  environmentWith,
  error,
  FORMATTED,
  nowhere,
  sample,
} from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})
const contoso = `/accounts(${sample.contoso})`
const representation = { Prefer: 'return=representation' }

test(feature('header.odata-version'), async () => {
  for (const path of ['/WhoAmI', '/accounts', '/acounts', '/accounts/$count', '/$metadata']) {
    expect((await client.get(path)).headers.get('odata-version'), path).toBe('4.0')
  }
  expect((await client.post('/accounts', { name: 'Adatum' })).headers.get('odata-version')).toBe('4.0')
  expect((await client.remove(contoso)).headers.get('odata-version')).toBe('4.0')
})

test(feature('header.content-type'), async () => {
  expect((await client.get(contoso)).headers.get('content-type')).toMatch(/^application\/json; odata\.metadata=minimal/)
})

test(feature('header.request-without-accept'), async () => {
  expect((await client.api(new Request(`${BASE}/WhoAmI`))).status).toBe(200)
})

test(feature('header.content-type-entry'), async () => {
  const type = { 'Content-Type': 'application/json;type=entry' }
  expect((await client.post('/accounts', { name: 'Adatum' }, type)).status).toBe(204)
})

test(feature('header.if-none-match-null'), async () => {
  expect((await client.get(contoso, { 'If-None-Match': 'null' })).status).toBe(200)
  expect((await client.patch(contoso, { name: 'x' }, { 'If-None-Match': 'null' })).status).toBe(204)
})

test(feature('header.if-none-match-etag'), async () => {
  const etag = (await client.get(contoso)).headers.get('etag')!
  const same = await client.get(contoso, { 'If-None-Match': etag })
  expect([same.status, same.text]).toEqual([304, ''])
  await client.patch(contoso, { name: 'Contoso Ltd' })
  expect((await client.get(contoso, { 'If-None-Match': etag })).status).toBe(200)
})

test(feature('header.if-none-match-collection'), async () => {
  const etag = (await client.get(contoso)).headers.get('etag')!
  const { status, body } = await client.get('/accounts?$top=1', { 'If-None-Match': etag })
  expect([status, body.value.length]).toEqual([200, 1])
})

test(feature('header.not-304-with-expand'), async () => {
  const etag = (await client.get(contoso)).headers.get('etag')!
  expect((await client.get(`${contoso}?$expand=primarycontactid`, { 'If-None-Match': etag })).status).toBe(200)
})

test(feature('header.not-304-with-annotations'), async () => {
  const etag = (await client.get(contoso)).headers.get('etag')!
  expect((await client.get(contoso, { 'If-None-Match': etag, ...annotated })).status).toBe(200)
})

test(feature('header.if-none-match-star'), async () => {
  const only = { 'If-None-Match': '*' }
  const taken = await client.patch(contoso, { name: 'x' }, only)
  expect(taken).toMatchObject({ status: 412, body: { error: { message: expect.stringContaining('already exists') } } })
  expect((await client.get(contoso)).body.name).toBe('Contoso')
  expect((await client.patch(`/accounts(${nowhere})`, { name: 'New' }, only)).status).toBe(204)
})

test(feature('header.if-match-star'), async () => {
  const only = { 'If-Match': '*' }
  expect(await client.patch(`/accounts(${nowhere})`, { name: 'x' }, only)).toMatchObject(error(404, '0x80040217'))
  expect((await client.get(`/accounts(${nowhere})`)).status).toBe(404)
  expect((await client.patch(contoso, { name: 'Contoso Ltd' }, only)).status).toBe(204)
})

test(feature('header.if-match-etag'), async () => {
  const etag = (await client.get(contoso)).headers.get('etag')!
  expect((await client.patch(contoso, { name: 'First' }, { 'If-Match': etag })).status).toBe(204)
  const stale = error(
    412,
    '0x80060882',
    "The version of the existing record doesn't match the RowVersion property provided.",
  )
  expect(await client.patch(contoso, { name: 'Second' }, { 'If-Match': etag })).toMatchObject(stale)
  expect(await client.remove(contoso, { 'If-Match': etag })).toMatchObject(stale)
  expect((await client.get(contoso)).body.name).toBe('First')
})

test(feature('header.if-match-and-null'), async () => {
  const both = { 'If-Match': '*', 'If-None-Match': 'null' }
  expect((await client.patch(contoso, { name: 'x' }, both)).status).toBe(204)
  expect((await client.patch(`/accounts(${nowhere})`, { name: 'x' }, both)).status).toBe(404)
})

test(feature('header.return-representation-post'), async () => {
  const { status, body, headers } = await client.post('/accounts', { name: 'Adatum' }, representation)
  expect(status).toBe(201)
  expect(body).toMatchObject({ '@odata.context': `${BASE}/$metadata#accounts/$entity`, name: 'Adatum', revenue: null })
  expect(headers.get('preference-applied')).toBe('return=representation')
  expect(headers.get('etag')).toBe(body['@odata.etag'])
})

test(feature('header.return-representation-patch'), async () => {
  const updated = await client.patch(contoso, { name: 'Contoso Ltd' }, representation)
  expect([updated.status, updated.body.name]).toEqual([200, 'Contoso Ltd'])
  const created = await client.patch(`/accounts(${nowhere})`, { name: 'Adatum' }, representation)
  expect([created.status, created.body.accountid]).toEqual([201, nowhere])
})

test(feature('header.return-representation-select'), async () => {
  const { body } = await client.post(
    '/accounts?$select=name,revenue&$expand=primarycontactid($select=fullname)',
    { name: 'Adatum', revenue: 1, 'primarycontactid@odata.bind': `contacts(${sample.susie})` },
    representation,
  )
  expect(body['@odata.context']).toBe(`${BASE}/$metadata#accounts(name,revenue,primarycontactid(fullname))/$entity`)
  expect(body).toMatchObject({ name: 'Adatum', revenue: 1, primarycontactid: { fullname: 'Susie Curtis' } })
  expect(body).not.toHaveProperty('accountnumber')
})

test(feature('header.preference-applied'), async () => {
  const applied = async (prefer: string) =>
    (await client.get('/accounts', { Prefer: prefer })).headers.get('preference-applied')
  expect(await applied('odata.include-annotations="*"')).toBe('odata.include-annotations="*"')
  expect(await applied('odata.maxpagesize=2')).toBe('odata.maxpagesize=2')
  expect((await client.get('/accounts')).headers.get('preference-applied')).toBeNull()
})

test(feature('header.include-annotations-all'), async () => {
  expect((await client.get(contoso, annotated)).body).toHaveProperty([`industrycode@${FORMATTED}`])
  expect((await client.get(contoso)).text).not.toContain('FormattedValue')
})

test(feature('header.include-annotations-wildcard'), async () => {
  const { text } = await client.get(contoso, { Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"' })
  expect(text).toContain('@Microsoft.Dynamics.CRM.lookuplogicalname')
  expect(text).not.toContain(FORMATTED)
})

test(feature('header.maxpagesize'), async () => {
  const { body, headers } = await client.get('/accounts', { Prefer: 'odata.maxpagesize=2' })
  expect(body.value).toHaveLength(2)
  expect(body['@odata.nextLink']).toContain('$skiptoken=')
  expect(headers.get('preference-applied')).toBe('odata.maxpagesize=2')
})

test(feature('header.prefer-comma'), async () => {
  const { body } = await client.get('/accounts', { Prefer: 'odata.maxpagesize=1,odata.include-annotations="*"' })
  expect(body.value).toHaveLength(1)
  expect(JSON.stringify(body)).toContain(FORMATTED)
})

test(feature('header.prefer-semicolon'), async () => {
  const { body } = await client.get('/accounts', { Prefer: 'odata.maxpagesize=1; odata.include-annotations="*"' })
  expect(body.value).toHaveLength(1)
  expect(JSON.stringify(body)).toContain(FORMATTED)
})

test(feature('header.prefer-repeated'), async () => {
  const headers = new Headers([
    ['Prefer', 'odata.maxpagesize=1'],
    ['Prefer', 'odata.include-annotations="*"'],
  ])
  const text = await (await client.api(new Request(`${BASE}/accounts`, { headers }))).text()
  expect(JSON.parse(text).value).toHaveLength(1)
  expect(text).toContain(FORMATTED)
})

test(feature('header.bypass-plugins'), async () => {
  expect((await client.post('/accounts', { name: 'forbidden' })).status).toBe(400)
  const bypass = { 'MSCRM.BypassCustomPluginExecution': 'true' }
  expect((await client.post('/accounts', { name: 'forbidden' }, bypass)).status).toBe(204)
})

test(feature('header.bypass-logic'), async () => {
  const ran: string[] = []
  const step = (name: string, mode: 'synchronous' | 'asynchronous') =>
    defineStep({
      name,
      table: Account,
      message: 'Create',
      stage: 'postOperation',
      mode,
      run: () => void ran.push(name),
    })
  const { client, dataverse } = environmentWith(step('now', 'synchronous'), step('later', 'asynchronous'))
  for (const [bypass, expected] of [
    ['CustomSync', ['later']],
    ['CustomAsync', ['now']],
    ['CustomSync,CustomAsync', []],
  ] as const) {
    ran.length = 0
    await client.post('/accounts', { name: 'x' }, { 'MSCRM.BypassBusinessLogicExecution': bypass })
    await dataverse.drain()
    expect(ran, bypass).toEqual(expected)
  }
})

test(feature('header.bypass-step-ids'), async () => {
  const name = 'MSCRM.BypassBusinessLogicExecutionStepIds'
  const { status, body } = await client.post('/accounts', { name: 'x' }, { [name]: nowhere })
  expect([status, body.error.message]).toEqual([501, expect.stringContaining(name)])
})

test(feature('header.suppress-flows'), async () => {
  const headers = { 'MSCRM.SuppressCallbackRegistrationExpanderJob': 'true' }
  expect((await client.post('/accounts', { name: 'x' }, headers)).status).toBe(204)
})

const twin = { lastname: 'Again', emailaddress1: 'YVONNE@contoso.example' }

test(feature('header.duplicate-detection-on'), async () => {
  const on = { 'MSCRM.SuppressDuplicateDetection': 'false' }
  expect(await client.post('/contacts', twin, on)).toMatchObject(error(412, '0x80040333'))
  expect(await dataverse.list('contact')).toHaveLength(3)
})

test(feature('header.duplicate-detection-off'), async () => {
  expect((await client.post('/contacts', twin)).status).toBe(204)
})

test(feature('header.session-token'), async () => {
  const { status, body } = await client.get('/accounts', { 'MSCRM.SessionToken': '1' })
  expect([status, body.error.message]).toEqual([501, expect.stringContaining('MSCRM.SessionToken')])
})

test(feature('header.consistency'), async () => {
  expect((await client.get('/EntityDefinitions?$select=LogicalName', { Consistency: 'Strong' })).status).toBe(200)
})

test(feature('header.tag'), async () => {
  const { body } = await client.post('/accounts?tag=nightly import', { name: 'forbidden' })
  expect(body.error.message).toBe('The name is forbidden (nightly import).')
})

test(feature('header.client-request-id'), async () => {
  const headers = { 'x-ms-client-request-id': nowhere, 'x-ms-correlation-id': nowhere }
  expect((await client.get('/accounts', headers)).status).toBe(200)
})

test(feature('header.odata-entity-id'), async () => {
  const { status, text, headers } = await client.post('/accounts', { name: 'Adatum', accountid: nowhere })
  expect([status, text]).toEqual([204, ''])
  expect(headers.get('odata-entityid')).toBe(`${BASE}/accounts(${nowhere})`)
})

test(feature('header.odata-entity-id-as-addressed'), async () => {
  for (const _ of ['creates', 'updates']) {
    const { status, headers } = await client.patch("/new_things(new_code='A1')", { new_name: 'Hammer' })
    expect([status, headers.get('odata-entityid')]).toEqual([204, `${BASE}/new_things(new_code='A1')`])
  }
})

test(feature('header.etag'), async () => {
  const { body, headers } = await client.get(contoso)
  expect(headers.get('etag')).toBe(body['@odata.etag'])
  expect(body['@odata.etag']).toMatch(/^W\/"[0-9a-fA-F]+"$/)
})

test(feature('header.head'), async () => {
  const paths = [contoso, '/accounts', '/accounts/$count', `${contoso}/name`, '/WhoAmI', '/$metadata', '/', '/nowhere']
  for (const path of paths) {
    const got = await client.get(path)
    const { status, headers, text } = await client.ask('HEAD', path)
    const sent = new Map([...got.headers, ['content-length', String(Buffer.byteLength(got.text))]])
    const id = headers.get('REQ_ID')
    expect([path, status, text]).toEqual([path, got.status, ''])
    expect(new Map(headers)).toEqual(new Map([...sent, ['req_id', id], ['x-ms-service-request-id', id]]))
  }
  expect((await client.ask('HEAD', '/$batch')).headers.get('allow')).toBe('POST')
})

test(feature('header.request-id'), async () => {
  for (const path of [contoso, '/accounts', '/$metadata', '/nowhere']) {
    const { headers } = await client.get(path)
    expect([path, headers.get('REQ_ID')]).toEqual([path, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    expect(headers.get('x-ms-service-request-id')).toBe(headers.get('REQ_ID'))
  }
})

test(feature('header.allow'), async () => {
  const { status, headers } = await client.patch('/accounts', {})
  expect([status, headers.get('allow')]).toEqual([405, expect.stringMatching(/GET,HEAD,POST/)])
})

test(feature('header.full-metadata'), async () => {
  const full = { Accept: 'application/json;odata.metadata=full' }
  const { headers, body } = await client.get(`${contoso}?$select=name,revenue,accountid`, full)
  expect(headers.get('content-type')).toBe('application/json; odata.metadata=full')
  expect(body).toEqual({
    '@odata.context': `${BASE}/$metadata#accounts(name,revenue,accountid)/$entity`,
    '@odata.type': '#Microsoft.Dynamics.CRM.account',
    '@odata.id': `${BASE}${contoso}`,
    '@odata.etag': expect.any(String),
    '@odata.editLink': contoso.slice(1),
    name: 'Contoso',
    'revenue@odata.type': '#Decimal',
    revenue: 20_000,
    'accountid@odata.type': '#Guid',
    accountid: sample.contoso,
    '_transactioncurrencyid_value@odata.type': '#Guid',
    _transactioncurrencyid_value: dataverse.organization.currencyId,
  })
  const [row] = (await client.get('/accounts?$expand=primarycontactid($select=fullname)', full)).body.value
  expect(row).toMatchObject({
    'createdon@odata.type': '#DateTimeOffset',
    'versionnumber@odata.type': '#Int64',
    statecode: 0,
    'Account_Tasks@odata.navigationLink': `${BASE}${contoso}/Account_Tasks`,
    'primarycontactid@odata.associationLink': `${BASE}${contoso}/primarycontactid/$ref`,
    primarycontactid: { '@odata.type': '#Microsoft.Dynamics.CRM.contact', fullname: 'Yvonne McKay' },
  })
  expect(row).not.toHaveProperty(['statecode@odata.type'])
  expect((await client.get('/WhoAmI', full)).body['@odata.type']).toBe('#Microsoft.Dynamics.CRM.WhoAmIResponse')
})

test(feature('header.no-metadata'), async () => {
  const none = { Accept: 'application/json;odata.metadata=none', Prefer: 'odata.maxpagesize=1' }
  const { headers, body } = await client.get('/accounts?$select=name&$count=true&$orderby=name desc', none)
  expect(headers.get('content-type')).toBe('application/json; odata.metadata=none')
  expect(body).toEqual({
    '@odata.count': 3,
    value: [{ name: 'Fourth Coffee', accountid: sample.fourth }],
    '@odata.nextLink': expect.stringContaining('$skiptoken='),
  })
  const shown = await client.get(`${contoso}?$select=revenue`, { ...none, ...annotated })
  expect(shown.body[`revenue@${FORMATTED}`]).toBe('$20,000.00')
})
