import { beforeEach, expect, test } from 'vitest'
import { BASE, type Client, environment, error, nowhere, sample } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
beforeEach(() => {
  client = environment().client
})
const contoso = `/accounts(${sample.contoso})`

test(feature('url.service-document'), async () => {
  const { status, body } = await client.get('/')
  expect(status).toBe(200)
  expect(body['@odata.context']).toBe(`${BASE}/$metadata`)
  expect(body.value).toContainEqual({ name: 'accounts', kind: 'EntitySet', url: 'accounts' })
})

test(feature('url.record'), async () => {
  expect((await client.get(contoso)).body.name).toBe('Contoso')
  expect((await client.get(`/accounts('${sample.contoso}')`)).status).toBe(400)
})

test(feature('url.named-key'), async () => {
  expect((await client.get(`/accounts(accountid=${sample.contoso})`)).body.name).toBe('Contoso')
})

test(feature('url.named-key-of-principals'), async () => {
  expect((await client.get(`/systemusers(systemuserid=${sample.boss})`)).status).toBe(400)
  expect((await client.get(`/systemusers(ownerid=${sample.boss})`)).body.fullname).toBe('Boss')
  expect((await client.get(`/systemusers(${sample.boss})`)).body.fullname).toBe('Boss')
})

test(feature('url.alternate-key'), async () => {
  await client.post('/new_things', { new_name: 'Hammer', new_code: "O'Hare" })
  expect((await client.get("/new_things(new_code='O''Hare')")).body.new_name).toBe('Hammer')
})

test(feature('url.alternate-key-lookup'), async () => {
  await client.post('/new_things', {
    new_name: 'Hammer',
    new_number: 7,
    'new_account@odata.bind': `accounts(${sample.contoso})`,
  })
  const { body } = await client.get(`/new_things(_new_account_value=${sample.contoso},new_number=7)`)
  expect(body.new_name).toBe('Hammer')
})

test(feature('url.property'), async () => {
  expect((await client.get(`${contoso}/name`)).body).toEqual({
    '@odata.context': `${BASE}/$metadata#accounts(${sample.contoso})/name`,
    value: 'Contoso',
  })
})

test(feature('url.property-put'), async () => {
  expect((await client.put(`${contoso}/name`, { value: 'Contoso Ltd' })).status).toBe(204)
  expect((await client.get(`${contoso}/name`)).body.value).toBe('Contoso Ltd')
})

test(feature('url.property-delete'), async () => {
  expect((await client.remove(`${contoso}/accountnumber`)).status).toBe(204)
  expect((await client.get(contoso)).body.accountnumber).toBeNull()
})

test(feature('url.property-value'), async () => {
  const { status, text, headers } = await client.get(`${contoso}/name/$value`)
  expect([status, text, headers.get('content-type')]).toEqual([200, 'Contoso', expect.stringMatching(/^text\/plain/)])
})

test(feature('url.navigation-single'), async () => {
  const { body } = await client.get(`${contoso}/primarycontactid?$select=fullname`)
  expect(body).toEqual({
    '@odata.context': `${BASE}/$metadata#contacts(fullname)/$entity`,
    '@odata.etag': expect.stringMatching(/^W\/"\d+"$/),
    contactid: sample.yvonne,
    fullname: 'Yvonne McKay',
  })
})

test(feature('url.navigation-collection'), async () => {
  const { body } = await client.get(
    `${contoso}/Account_Tasks?$select=subject&$filter=prioritycode lt 3&$orderby=subject&$top=1`,
  )
  expect(body['@odata.context']).toBe(`${BASE}/$metadata#tasks(subject)`)
  expect(body.value).toMatchObject([{ subject: 'Call' }])
})

test(feature('url.ref-collection'), async () => {
  expect((await client.get(`${contoso}/Account_Tasks/$ref`)).body).toEqual({
    '@odata.context': `${BASE}/$metadata#Collection($ref)`,
    value: [{ '@odata.id': `${BASE}/tasks(${sample.plan})` }, { '@odata.id': `${BASE}/tasks(${sample.call})` }],
  })
})

test(feature('url.count'), async () => {
  const { text, headers } = await client.get('/accounts/$count')
  expect(text).toBe('\uFEFF3')
  expect(headers.get('content-type')).toMatch(/^text\/plain/)
})

test(feature('url.count-related'), async () => {
  expect((await client.get(`${contoso}/Account_Tasks/$count`)).text).toBe('\uFEFF2')
})

test(feature('url.function-parentheses'), async () => {
  const [bare, called] = [await client.get('/WhoAmI'), await client.get('/WhoAmI()')]
  expect(bare.status).toBe(200)
  expect(called.body).toEqual(bare.body)
})

test(feature('url.function-aliases'), async () => {
  const expected = { Address: '1 Main Street\r\nSpringfield' }
  const aliases = "@p1='1 Main Street'&@p2='Springfield'"
  expect((await client.get(`/FormatAddress(Line1=@p1,City=@p2)?${aliases}`)).body).toMatchObject(expected)
  expect((await client.get("/FormatAddress(Line1='1 Main Street',City='Springfield')")).body).toMatchObject(expected)
})

const rights = `/systemusers(${sample.boss})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'accounts(${sample.contoso})'}`

test(feature('url.bound-operation'), async () => {
  expect((await client.get(rights)).body.AccessRights).toContain('ReadAccess')
})

test(feature('url.bound-without-namespace'), async () => {
  const answer = await client.get(rights.replace('Microsoft.Dynamics.CRM.', ''))
  expect(answer.status).toBe(400)
  expect(answer.body.error.message).toContain('Request message has unresolved parameters')
})

test(feature('url.double-slash'), async () => {
  expect((await client.get(`/${contoso}`)).body.name).toBe('Contoso')
})

test(feature('url.trailing-question-mark'), async () => {
  expect((await client.get('/WhoAmI?')).status).toBe(200)
})

test(feature('url.trailing-comma'), async () => {
  expect((await client.get(`${contoso}?$select=name,`)).body).toMatchObject({ name: 'Contoso' })
})

test(feature('url.encoded-option'), async () => {
  const { body } = await client.get('/accounts?%24select=name&%24filter=name%20eq%20%40p0&%40p0=%27Contoso%27')
  expect(body.value).toMatchObject([{ name: 'Contoso' }])
})

test(feature('url.plus-is-space'), async () => {
  const xml = `<fetch><entity name="account"><attribute name="name"/><filter><condition attribute="name" operator="eq" value="Fourth Coffee"/></filter></entity></fetch>`
  const { body } = await client.get(`/accounts?fetchXml=${encodeURIComponent(xml).replaceAll('%20', '+')}`)
  expect(body.value).toMatchObject([{ name: 'Fourth Coffee' }])
})

test(feature('url.case-of-options'), async () => {
  expect((await client.get('/accounts?$Select=name')).status).toBe(400)
})

test(feature('url.case-of-properties'), async () => {
  expect(await client.get('/accounts?$select=Name')).toMatchObject(error(400, '0x80060888', /property named 'Name'/))
  expect((await client.get('/Accounts')).status).toBe(404)
  expect((await client.get(`${contoso}/account_tasks`)).status).toBe(404)
})

test(feature('url.unknown-segment'), async () => {
  const { status, body } = await client.get('/acounts')
  expect(status).toBe(404)
  expect(body.error).toEqual({
    code: expect.stringMatching(/^0x8006088[8a]$/),
    message: "Resource not found for the segment 'acounts'.",
  })
})

test(feature('url.method-not-allowed'), async () => {
  for (const [method, path] of [
    ['PATCH', '/accounts'],
    ['DELETE', '/accounts'],
    ['POST', contoso],
    ['GET', '/WinOpportunity'],
    ['POST', '/WhoAmI'],
  ] as const) {
    expect((await client.ask(method, path, method === 'GET' ? undefined : {})).status, `${method} ${path}`).toBe(405)
  }
})

test(feature('url.too-long'), async () => {
  const query = (length: number) => `/accounts?$filter=name eq '${'x'.repeat(length)}'`
  expect((await client.get(query(32_000))).status).toBe(200)
  expect((await client.get(query(33_000))).status).toBeGreaterThanOrEqual(400)
})

test(feature('url.too-long-in-batch'), async () => {
  const part = (length: number) => [
    '--batch_1',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    '',
    `GET ${BASE}/accounts?$select=name&$filter=accountid%20ne%20${nowhere}%20or%20name%20eq%20'${'x'.repeat(length)}' HTTP/1.1`,
    '',
    '',
    '--batch_1--',
    '',
  ]
  expect((await client.batch(part(60_000))).status).toBe(200)
  expect((await client.batch(part(66_000))).status).toBeGreaterThanOrEqual(400)
})
