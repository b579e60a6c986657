import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { Customer, Project, priority, tables } from '../../test/emulator/tables.ts'
import { column, defineTable } from '../entities/index.ts'
import { defineStep } from '../plugins/index.ts'
import { DataverseError, InvalidPluginExecution, reference } from '../service/index.ts'
import { createEmulator, type Emulator } from '../testing/emulator/index.ts'
import { createWebApi } from './index.ts'

const BASE = 'http://localhost:8365/api/data/v9.2'
const nowhere = '11111111-1111-4111-8111-111111111111'

/** A lookup to several tables, which the shared tables lack. */
const Note = defineTable({
  logicalName: 'new_note',
  displayName: 'Note',
  primaryName: 'new_title',
  columns: {
    new_title: column.text({ label: 'Title' }),
    new_about: column.lookup({ label: 'About', to: ['new_project', 'new_customer'] }),
  },
})

const watch = defineStep({
  name: 'refuse what is forbidden',
  table: Customer,
  message: 'Create',
  stage: 'preOperation',
  run({ target, sharedVariables }) {
    if (target.new_title === 'forbidden') {
      throw new InvalidPluginExecution(`Forbidden (${sharedVariables.tag ?? 'no tag'}).`, {
        operationStatus: 'canceled',
      })
    }
    if (target.new_title === 'broken') throw new Error('something broke\n    at somewhere.ts:1')
  },
})

let dataverse: Emulator
let api: (request: Request) => Promise<Response>
beforeEach(() => {
  dataverse = createEmulator({ tables: [...tables, Note], steps: [watch], now: '2026-03-01T09:30:15.250Z' })
  api = createWebApi({ service: dataverse, tables: dataverse.tables, serviceAs: dataverse.as, maxBodyBytes: 2000 })
})

test('a row is written alike in whatever order the service gives its columns', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_budget: 5_000 })
  const before = await ask('GET', `/new_projects(${id})`)
  const retrieve = async (...asked: Parameters<Emulator['retrieve']>) =>
    Object.fromEntries(Object.entries(await dataverse.retrieve(...asked)).reverse())
  const service = { ...dataverse, retrieve: retrieve as Emulator['retrieve'] }
  api = createWebApi({ service, tables: dataverse.tables })

  expect(await ask('GET', `/new_projects(${id})`)).toMatchObject({ status: 200, body: before.body })
  expect(before.body).toMatchObject({ new_name: 'Bridge', new_budget: 5_000 })
})

test('each answer has an id of its own', async () => {
  const ids = new Set<string | null>()
  for (let n = 0; n < 600; n++) ids.add((await ask('GET', '/WhoAmI()')).headers.get('x-ms-service-request-id'))

  expect(ids.size).toBe(600)
  expect([...ids].filter((id) => !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(id)))).toEqual([])
})

type Headers = Record<string, string>
interface Answer {
  status: number
  headers: globalThis.Headers
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what is tested
  body: any
}

async function ask(method: string, path: string, payload?: unknown, headers: Headers = {}): Promise<Answer> {
  const body = payload === undefined ? null : typeof payload === 'string' ? payload : JSON.stringify(payload)
  const type: Headers = body === null ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
  const response = await api(new Request(`${BASE}${path}`, { method, body, headers: { ...type, ...headers } }))
  expect(response.headers.get('OData-Version')).toBe('4.0')
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}
const get = (path: string, headers?: Headers) => ask('GET', path, undefined, headers)
const bridge = (more: object = {}) => dataverse.create(Project, { new_name: 'Bridge', ...more })

describe('the root', () => {
  test.each(['', '/', '//'])('answers the service document at the base and %j', async (path) => {
    const { status, body, headers } = await get(path)

    expect(status).toBe(200)
    expect(headers.get('Content-Type')).toBe('application/json; odata.metadata=minimal')
    expect(body['@odata.context']).toBe(`${BASE}/$metadata`)
    expect(body.value).toContainEqual({ name: 'new_projects', kind: 'EntitySet', url: 'new_projects' })
  })

  test('says with WhoAmI how many requests to have under way', async () => {
    expect(Number((await get('/WhoAmI')).headers.get('x-ms-dop-hint'))).toBeGreaterThan(0)
  })

  test.each(['/WhoAmI', '/WhoAmI()', '/WhoAmI?'])('answers %s', async (path) => {
    const { organizationId, businessUnitId, userId } = dataverse.organization
    expect(await get(path)).toMatchObject({
      status: 200,
      body: {
        '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
        BusinessUnitId: businessUnitId,
        UserId: userId,
        OrganizationId: organizationId,
      },
    })
  })

  test('lives under the base path that it is given', async () => {
    const fork = createWebApi({ service: dataverse, tables, basePath: '/forks/1/api/data/v9.2' })
    const path = '/forks/1/api/data/v9.2'
    expect(await (await fork(new Request(`http://h${path}/`))).json()).toMatchObject({
      '@odata.context': `http://h${path}/$metadata`,
    })
    expect((await fork(new Request(`${BASE}/`))).status).toBe(404)
  })

  test.each(['v9.0', 'v9.1'])('answers %s as v9.2, and in its name', async (version) => {
    const base = BASE.replace('v9.2', version)
    const answer = await api(new Request(`${base}/WhoAmI`))
    expect(await answer.json()).toMatchObject({
      '@odata.context': `${base}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
    })
    expect((await api(new Request(BASE.replace('v9.2', 'v8.2')))).status).toBe(404)
  })

  test('refuses two tables with one entity set when it is made', () => {
    const twin = defineTable({
      logicalName: 'new_twin',
      displayName: 'Twin',
      primaryName: 'new_title',
      collectionName: 'new_projects',
      columns: { new_title: column.text({ label: 'Title' }) },
    })
    expect(() => createWebApi({ service: dataverse, tables: [Project, twin] })).toThrow("'new_project' and 'new_twin'")
  })
})

describe('reading a row', () => {
  test('shows every column, nulls included, in the wire’s types', async () => {
    const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    const id = await bridge({
      new_budget: 20_000.5,
      new_tags: [priority.High, priority.Low],
      new_due: '2026-12-31',
      new_started: new Date('2026-03-01T10:00:00Z'),
      new_customer: reference(Customer, customer),
    })

    const { status, headers, body } = await get(`/new_projects(${id})`)

    expect(status).toBe(200)
    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#new_projects/$entity`,
      '@odata.etag': headers.get('ETag'),
      new_projectid: id,
      new_name: 'Bridge',
      new_budget: 20_000.5,
      new_billable: true,
      new_priority: priority.Low,
      new_tags: `${priority.Low},${priority.High}`,
      new_due: '2026-12-31',
      new_started: '2026-03-01T10:00:00Z',
      createdon: '2026-03-01T09:30:15Z',
      _new_customer_value: customer,
      _new_parent_value: null,
      _ownerid_value: dataverse.organization.userId,
      statecode: 0,
      new_hours: null,
    })
    expect(headers.get('ETag')).toBe(`W/"${body.versionnumber}"`)
    expect(body).not.toHaveProperty('new_customer')
    expect(
      Object.keys(body)
        .filter((name) => name.includes('@'))
        .sort(),
    ).toEqual(['@odata.context', '@odata.etag'])
  })

  test('shows exactly what is selected, and the key', async () => {
    const id = await bridge()

    const { body } = await get(`/new_projects(${id})?%24select=new_seats,_new_parent_value,`)

    expect(Object.keys(body)).toEqual([
      '@odata.context',
      '@odata.etag',
      'new_seats',
      '_new_parent_value',
      'new_projectid',
    ])
    expect(body['@odata.context']).toBe(`${BASE}/$metadata#new_projects(new_seats,_new_parent_value)/$entity`)
  })

  test('finds it by its primary key’s name and by alternate key, quotes, slashes and percent signs included', async () => {
    const id = await bridge({ new_code: "O'Hare/1 (50%)" })
    const code = encodeURIComponent("O''Hare/1 (50%)")

    for (const key of [`new_projectid=${id}`, `new_code='${code}'`]) {
      expect(await get(`/new_projects(${key})?$select=new_name`)).toMatchObject({
        status: 200,
        body: { new_projectid: id },
      })
    }
    expect(await get(`/new_projects(new_code='none')`)).toMatchObject({
      status: 404,
      body: { error: { code: '0x80060891' } },
    })
  })

  test('writes numbers, money and times as their reader does', async () => {
    const currencies = await dataverse.list('transactioncurrency')
    expect(currencies).toMatchObject([{ currencysymbol: '$' }])
    const label = 'OData.Community.Display.V1.FormattedValue'
    const prefer = { Prefer: 'odata.include-annotations="*"' }
    const values = { new_seats: 12_345, new_hours: -1.5, new_due: '2026-12-31', new_started: '2026-01-31T23:05:00Z' }
    const id = await bridge({ ...values, new_budget: 20_000, new_started: new Date(values.new_started) })
    const path = `/new_projects(${id})?$select=new_seats,new_hours,new_due,new_started,createdon`

    expect((await get(path, prefer)).body).toMatchObject({
      [`new_seats@${label}`]: '12,345',
      [`new_hours@${label}`]: '-1.50',
      [`new_due@${label}`]: '12/31/2026',
      [`new_started@${label}`]: '1/31/2026 11:05 PM',
    })
    // 4 is Pacific Time.
    await dataverse.create('usersettings', { systemuserid: dataverse.organization.userId, timezonecode: 4 })
    expect((await get(path, prefer)).body).toMatchObject({
      [`new_started@${label}`]: '1/31/2026 3:05 PM',
      [`new_due@${label}`]: '12/31/2026',
    })
    api = createWebApi({
      service: dataverse,
      tables: dataverse.tables,
      userSettings: { locale: 'de-DE', timeZone: 'Europe/Berlin' },
    })
    expect((await get(path, prefer)).body).toMatchObject({
      [`new_seats@${label}`]: '12.345',
      [`new_hours@${label}`]: '-1,50',
      [`new_started@${label}`]: '1.2.2026 00:05',
    })
  })

  test('gives money four decimals and its currency’s symbol', async () => {
    const Deal = defineTable({
      logicalName: 'new_deal',
      displayName: 'Deal',
      primaryName: 'new_title',
      columns: {
        new_title: column.text({ label: 'Title' }),
        new_value: column.money({ label: 'Value' }),
        transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'] }),
      },
    })
    dataverse = createEmulator({ tables: [Deal] })
    api = createWebApi({ service: dataverse, tables: dataverse.tables })
    const euro = await dataverse.create('transactioncurrency', {
      currencyname: 'Euro',
      isocurrencycode: 'EUR',
      currencysymbol: '€',
      exchangerate: 2,
    })
    const id = await dataverse.create(Deal, {
      new_value: -20_000.5,
      transactioncurrencyid: reference('transactioncurrency', euro),
    })

    const headers = { Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"' }
    const response = await api(new Request(`${BASE}/new_deals(${id})?$select=new_value`, { headers }))
    const text = await response.text()
    expect(text).toContain(
      '"new_value@OData.Community.Display.V1.FormattedValue":"-€20,000.50","new_value":-20000.5000,',
    )
    expect(text).toContain(`"_transactioncurrencyid_value":"${euro}"`)
  })

  test('annotates choices and lookups when asked', async () => {
    const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    const id = await bridge({ new_customer: reference(Customer, customer), new_tags: [priority.Low, priority.High] })
    const select = 'new_priority,new_tags,new_billable,statuscode,_new_customer_value,_ownerid_value,new_seats'
    const label = 'OData.Community.Display.V1.FormattedValue'

    const all = await get(`/new_projects(${id})?$select=${select}`, { Prefer: 'odata.include-annotations="*"' })
    expect(all.headers.get('Preference-Applied')).toBe('odata.include-annotations="*"')
    expect(all.body).toMatchObject({
      [`new_priority@${label}`]: 'Low',
      [`new_tags@${label}`]: 'Low; High',
      [`new_billable@${label}`]: 'Yes',
      [`statuscode@${label}`]: 'Planned',
      [`_new_customer_value@${label}`]: 'Fabrikam',
      '_new_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'new_customer',
      '_new_customer_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'new_customer',
      '_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'ownerid',
    })
    expect(all.body).not.toHaveProperty([`new_seats@${label}`])

    const some = await get(`/new_projects(${id})?$select=${select}`, {
      Prefer: 'return=minimal; odata.include-annotations="Microsoft.Dynamics.CRM.*"',
    })
    expect(some.body).toHaveProperty(['_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname'], 'systemuser')
    expect(some.body).not.toHaveProperty([`new_priority@${label}`])
  })

  test('answers 304 while the version is the one that the caller has, unless annotations are asked for', async () => {
    const id = await bridge()
    const path = `/new_projects(${id})`
    const etag = (await get(path)).headers.get('ETag')!

    expect(await get(path, { 'If-None-Match': etag })).toMatchObject({ status: 304, body: undefined })
    const annotated = { 'If-None-Match': etag, Prefer: 'odata.include-annotations="*"' }
    expect((await get(path, annotated)).status).toBe(200)
    expect((await get(path, { 'If-None-Match': 'null' })).status).toBe(200)
    await dataverse.update(Project, id, { new_seats: 2 })
    expect((await get(path, { 'If-None-Match': etag })).status).toBe(200)
  })

  test('of a row that is not there is the platform’s 404', async () => {
    expect(await get(`/new_projects(${nowhere})`)).toMatchObject({
      status: 404,
      body: {
        error: { code: '0x80040217', message: `Entity 'new_project' With Id = ${nowhere} Does Not Exist` },
      },
    })
  })
})

describe('reading a collection', () => {
  beforeEach(async () => {
    for (const [new_title, new_rating] of [
      ['Adatum', 1],
      ['Contoso', 3],
      ['Fabrikam', 2],
    ] as const) {
      await dataverse.create(Customer, { new_title, new_rating })
    }
  })
  const titles = ({ body }: Answer) => body.value.map(({ new_title }: { new_title: string }) => new_title)

  test('selects, orders and cuts', async () => {
    const answer = await get('/new_customers?$select=new_title&$orderby=new_rating desc,new_title&$top=2')

    expect(titles(answer)).toEqual(['Contoso', 'Fabrikam'])
    expect(answer.body['@odata.context']).toBe(`${BASE}/$metadata#new_customers(new_title)`)
    expect(answer.body).not.toHaveProperty(['@odata.nextLink'])
    expect(Object.keys(answer.body.value[0])).toEqual(['@odata.etag', 'new_title', 'new_customerid'])
  })

  test('pages through next links until none is left, and counts all', async () => {
    const headers = { Prefer: 'odata.maxpagesize=1, odata.include-annotations="*"' }
    const seen: string[] = []
    let path: string | undefined = '/new_customers?$select=new_title&$orderby=new_title desc&$count=true&$top=2'
    while (path !== undefined && seen.length < 4) {
      const answer = await get(path, headers)
      expect(answer.body['@odata.count']).toBe(3)
      expect(answer.headers.get('Preference-Applied')).toBe('odata.maxpagesize=1,odata.include-annotations="*"')
      seen.push(...titles(answer))
      path = answer.body['@odata.nextLink']?.slice(BASE.length)
    }
    expect(seen).toEqual(['Fabrikam', 'Contoso', 'Adatum'])
  })

  test('of an entity set that is empty is empty', async () => {
    expect((await get('/new_tasks')).body).toEqual({ '@odata.context': `${BASE}/$metadata#new_tasks`, value: [] })
  })

  test.each([
    ['$select=nothing', "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.new_customer'."],
    ['$select=__proto__', "Could not find a property named '__proto__'"],
    ['$select=new_title,constructor', "Could not find a property named 'constructor'"],
    ['$select=createdbyx', "Could not find a property named 'createdbyx'"],
    ['$orderby=toString', "Could not find a property named 'toString'"],
    ['$orderby=new_title up', "Syntax error at position 10 in 'new_title up'"],
    ['$orderby=', "Expression expected at position 0 in ''"],
    ['$top=0', "Invalid value '0' for $top"],
    ['$top=-1', "Invalid value '-1' for $top"],
    ['$top=many', "Invalid value 'many' for $top"],
    ['$count=yes', "'$count' is 'yes'"],
    ['$skiptoken=garbage', 'Invalid page number in paging cookie.'],
    [
      '$skiptoken=%3Ccookie%20pagenumber%3D%222%22%20pagingcookie%3D%22%25%22%20istracking%3D%22False%22%20/%3E',
      'paging',
    ],
    ['$top=1&$top=2', "'$top' is given more than once"],
    ['select=new_title', 'The query parameter select is not supported'],
    ['$unknown=1', 'The query parameter $unknown is not supported'],
  ])('refuses ?%s', async (query, message) => {
    const { status, body } = await get(`/new_customers?${query}`)

    expect(status).toBe(400)
    expect(body).toEqual({ error: { code: expect.stringMatching(/^0x8[0-9a-f]{7}$/), message: expect.any(String) } })
    expect(body.error.message).toContain(message)
  })

  test.each(['0', '5001', 'x', ''])('refuses a page size of %j', async (size) => {
    expect((await get('/new_customers', { Prefer: `odata.maxpagesize=${size}` })).status).toBe(400)
  })
})

describe('what is not supported yet', () => {
  test.each(
    ['$skip', '$search', '$format', '$compute', 'sql', 'partitionId'].map(
      (name) => [`/new_projects?${name}=x`, name] as const,
    ),
  )('%s is refused with 501 and its name', async (path, name) => {
    const { status, body } = await get(path)

    expect(status).toBe(501)
    expect(body.error.code).toBe('0x80060888')
    expect(body.error.message).toContain(name)
    expect(body.error.message).toContain('is not emulated yet')
  })

  test.each([
    ['Prefer', 'respond-async'],
    ['MSCRM.BypassBusinessLogicExecutionStepIds', nowhere],
    ['MSCRM.SolutionUniqueName', 'Mine'],
    ['If-Match', 'W/"5"'],
  ])('a header that asks for it (%s: %s) is refused with 501', async (name, value) => {
    expect((await get('/new_projects', { [name]: value })).status).toBe(501)
  })
})

describe('resources that are not there', () => {
  test.each(['nothing', '__proto__', 'constructor', 'toString', 'new_project', 'NEW_PROJECTS', 'WhoAmI(x=1)'])(
    '%s is the platform’s 404',
    async (name) => {
      expect(await get(`/${name}`)).toMatchObject({
        status: 404,
        body: { error: { code: '0x8006088a', message: `Resource not found for the segment '${name.split('(')[0]}'.` } },
      })
    },
  )

  test.each([
    'new_projects(5)',
    'new_projects()',
    "new_projects('x')",
    'new_projects(new_code=5)',
    "new_projects(new_name='x')",
    "new_projects(__proto__='x')",
    "new_projects(new_code='x',)",
    "new_projects(new_code='x",
    "new_projects(new_code='x)",
    'new_projects(new_projectid=5)',
    'new_projects(%zz)',
  ])('the malformed key of %s is refused', async (path) => {
    const { status, body } = await get(`/${path}`)

    expect(status).toBe(400)
    expect(body.error.code).toBe('0x80060888')
  })

  test.each([
    ['PUT', `/new_projects(${nowhere})`, 'GET,HEAD,PATCH,DELETE'],
    ['PATCH', '/new_projects', 'GET,HEAD,POST'],
    ['DELETE', '/new_projects', 'GET,HEAD,POST'],
    ['POST', '/WhoAmI', 'GET,HEAD'],
  ])('%s %s is refused with the methods that are there', async (method, path, allowed) => {
    const { status, headers, body } = await ask(method, path)

    expect(status).toBe(405)
    expect(headers.get('Allow')).toBe(allowed)
    expect(body.error.message).toBe(`The requested resource does not support http method '${method}'.`)
  })
})

describe('creating', () => {
  test('answers 204 and where the row is', async () => {
    const { status, headers, body } = await ask('POST', '/new_projects', { new_name: 'Bridge' })

    expect([status, body]).toEqual([204, undefined])
    const [row] = await dataverse.list(Project)
    expect(headers.get('OData-EntityId')).toBe(`${BASE}/new_projects(${row!.new_projectid})`)
  })

  test('answers 201 and the row when asked to represent it', async () => {
    const { status, headers, body } = await ask(
      'POST',
      '/new_projects?$select=new_name,new_number',
      { new_name: 'Bridge' },
      { Prefer: 'return=representation' },
    )

    expect(status).toBe(201)
    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#new_projects(new_name,new_number)/$entity`,
      '@odata.etag': headers.get('ETag'),
      new_name: 'Bridge',
      new_number: 'P-01000',
      new_projectid: expect.any(String),
    })
    expect(headers.get('Preference-Applied')).toBe('return=representation')
    expect(headers.has('OData-EntityId')).toBe(false)
  })

  test('takes the wire’s types, and what a client sends back of an answer', async () => {
    await ask('POST', '/new_projects', {
      '@odata.type': 'Microsoft.Dynamics.CRM.new_project',
      '@odata.etag': 'W/"1"',
      new_name: 'Bridge',
      new_budget: 1.5,
      new_tags: `${priority.High}, ${priority.Low}`,
      new_due: '2026-12-31',
      new_started: '2026-03-01T10:00:00.789+02:00',
      'new_priority@OData.Community.Display.V1.FormattedValue': 'High',
      new_priority: priority.High,
      new_hours: null,
    })

    expect(await dataverse.list(Project)).toMatchObject([
      {
        new_budget: 1.5,
        new_tags: [priority.Low, priority.High],
        new_due: '2026-12-31',
        new_started: new Date('2026-03-01T08:00:00Z'),
        new_priority: priority.High,
        new_hours: null,
      },
    ])
  })

  test('binds lookups by relative, rooted and full URLs and by alternate key', async () => {
    const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    const parent = await bridge({ new_code: 'P' })
    const urls = [
      `new_customers(${customer})`,
      `/new_customers(${customer})`,
      `${BASE}/new_customers(${customer})`,
      `/api/data/v9.1/new_customers(${customer})`,
    ]
    for (const url of urls) {
      const payload = { new_name: url.slice(0, 20), 'new_customer@odata.bind': url }
      expect((await ask('POST', '/new_projects', payload)).status).toBe(204)
    }
    await ask('POST', '/new_projects', { new_name: 'child', 'new_parent@odata.bind': "new_projects(new_code='P')" })
    await ask('POST', '/new_notes', { new_title: 'n', 'new_about_new_project@odata.bind': `new_projects(${parent})` })

    const projects = await dataverse.list(Project)
    expect(projects.filter(({ new_customer }) => new_customer?.id === customer)).toHaveLength(urls.length)
    expect(projects.at(-1)!.new_parent).toMatchObject({ id: parent })
    expect(await dataverse.list(Note)).toMatchObject([{ new_about: { logicalName: 'new_project', id: parent } }])
    const { body } = await get('/new_notes', { Prefer: 'odata.include-annotations=*' })
    expect(body.value[0]).toMatchObject({
      _new_about_value: parent,
      '_new_about_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'new_about_new_project',
    })
  })

  const refusals: [title: string, payload: object, status: number, code: string, message: string][] = [
    [
      'an unknown property',
      { colour: 'red' },
      400,
      '0x80048d19',
      "Invalid property 'colour' was found in entity 'Microsoft.Dynamics.CRM.new_project'.",
    ],
    ['a prototype’s name', JSON.parse('{"__proto__":{"x":1}}'), 400, '0x80048d19', "Invalid property '__proto__'"],
    ['another prototype’s name', { constructor: 1 }, 400, '0x80048d19', "Invalid property 'constructor'"],
    [
      'a lookup’s read-only property',
      { _new_customer_value: nowhere },
      400,
      '0x80048d19',
      'Use Navigation properties instead',
    ],
    [
      'a binding of what is no navigation',
      { 'x@odata.bind': 'new_customers(1)' },
      400,
      '0x80048d19',
      "An undeclared property 'x'",
    ],
    ['an annotation of nothing', { 'x@y': 1 }, 400, '0x80048d19', "An undeclared property 'x'"],
    [
      'a binding to another table',
      { 'new_customer@odata.bind': `new_tasks(${nowhere})` },
      400,
      '0x80048d19',
      'a row of new_customer',
    ],
    ['a binding to no set', { 'new_customer@odata.bind': `nothing(${nowhere})` }, 404, '0x8006088a', "'nothing'"],
    ['a binding to a set', { 'new_customer@odata.bind': 'new_customers' }, 400, '0x80060888', 'does not name a row'],
    [
      'a binding to elsewhere',
      { 'new_customer@odata.bind': `https://h/x/new_customers(${nowhere})` },
      400,
      '0x80060888',
      'not a URL of this environment',
    ],
    ['a binding that is no text', { 'new_customer@odata.bind': 5 }, 400, '0x80048d19', "of 'new_customer@odata.bind'"],
    [
      'a binding to a missing row',
      { 'new_customer@odata.bind': `new_customers(${nowhere})` },
      404,
      '0x80040217',
      'Does Not Exist',
    ],
    ['an id for a navigation', { new_customer: nowhere }, 400, '0x80048d19', '@odata.bind'],
    ['one lookup twice', { new_customer: null, 'new_customer@odata.bind': null }, 400, '0x80048d19', 'more than once'],
    ['a text for an integer', { new_seats: '3' }, 400, '0x80048d19', 'an integer is expected'],
    ['an object for a text', { new_code: { a: 1 } }, 400, '0x80048d19', '{…}'],
    ['an array for several choices', { new_tags: [priority.Low] }, 400, '0x80048d19', "such as '1,2'"],
    ['no numbers for several choices', { new_tags: '1;2' }, 400, '0x80048d19', "such as '1,2'"],
    ['a moment without an offset', { new_started: '2026-03-01T10:00:00' }, 400, '0x80048d19', 'with its offset'],
    ['a day for a moment', { new_started: '2026-03-01' }, 400, '0x80048d19', 'with its offset'],
    ['a day that is no day', { new_due: '2026-02-30' }, 400, '0x80048d19', 'a day'],
    ['another entity’s type', { '@odata.type': '#Microsoft.Dynamics.CRM.new_task' }, 400, '0x80048d19', '@odata.type'],
    ['an unknown choice', { new_priority: 7 }, 400, '0x8004431a', 'outside the valid range'],
  ]
  test.each(refusals)('%s is refused and nothing is created', async (_title, payload, status, code, message) => {
    const answer = await ask('POST', '/new_projects', { new_name: 'x', ...payload })

    expect([answer.status, answer.body.error.code]).toEqual([status, code])
    expect(answer.body.error.message).toContain(message)
    expect(await dataverse.list(Project)).toEqual([])
  })

  const json = { 'Content-Type': 'application/json' }
  test.each<[string, string, Headers, number]>([
    ['malformed JSON', '{"new_name":', json, 400],
    ['no object', '[]', json, 400],
    ['null', 'null', json, 400],
    ['nothing', ' ', json, 400],
    ['another content type', 'new_name=x', { 'Content-Type': 'application/x-www-form-urlencoded' }, 400],
    ['another charset', '{}', { 'Content-Type': 'application/json; charset=latin1' }, 400],
    ['another content encoding', '{}', { ...json, 'Content-Encoding': 'gzip' }, 400],
    ['too much', JSON.stringify({ new_name: 'x'.repeat(2000) }), json, 413],
    ['deep nesting', `{"new_name":${'['.repeat(900)}${']'.repeat(900)}}`, json, 400],
  ])('a body with %s is refused by name', async (_title, text, headers, status) => {
    const answer = await ask('POST', '/new_projects', text, headers)

    expect(answer.status).toBe(status)
    expect(answer.body.error.message).not.toMatch(/\n\s+at /)
  })

  test('a body that is not UTF-8, or has no type, is refused', async () => {
    const bytes = new Uint8Array([0x7b, 0xff, 0x7d])
    const request = (headers: Headers) => new Request(`${BASE}/new_projects`, { method: 'POST', body: bytes, headers })
    expect((await api(request(json))).status).toBe(400)
    expect((await api(request({}))).status).toBe(400)
  })
})

test('a lookup to several tables is set by the property of one of them only', async () => {
  const { status, body } = await ask('POST', '/new_notes', { new_about: null })

  expect([status, body.error.code]).toEqual([400, '0x80048d19'])
  expect(body.error.message).toContain("Invalid property 'new_about'")
})

describe('updating', () => {
  test('changes the columns given and answers 204 with the URL as addressed', async () => {
    const id = await bridge({ new_code: 'B' })

    for (const key of [id, "new_code='B'"]) {
      const { status, headers } = await ask('PATCH', `/new_projects(${key})`, { new_seats: 4 })
      expect([status, headers.get('OData-EntityId')]).toEqual([204, `${BASE}/new_projects(${key})`])
    }
    expect(await dataverse.retrieve(Project, id, ['new_name', 'new_seats'])).toEqual({
      new_name: 'Bridge',
      new_seats: 4,
    })
  })

  test('creates a row that is not there: 204, or 201 when represented; 200 once it is there', async () => {
    const prefer = { Prefer: 'return=representation' }

    expect((await ask('PATCH', `/new_projects(${nowhere})`, { new_name: 'Bridge' })).status).toBe(204)
    const path = "/new_projects(new_code='B')?$select=new_name"
    const created = await ask('PATCH', path, { new_name: 'Tunnel' }, prefer)
    const updated = await ask('PATCH', path, { new_name: 'Road' }, prefer)

    expect([created.status, updated.status]).toEqual([201, 200])
    expect(updated.body).toMatchObject({ new_name: 'Road', new_projectid: created.body.new_projectid })
    expect(updated.headers.get('ETag')).not.toBe(created.headers.get('ETag'))
    expect(await dataverse.retrieve(Project, nowhere, ['new_name'])).toEqual({ new_name: 'Bridge' })
  })

  test('with If-Match: * never creates', async () => {
    const id = await bridge({ new_code: 'B' })
    const headers = { 'If-Match': '*', 'If-None-Match': 'null', Prefer: 'return=representation' }

    const moved = await ask('PATCH', "/new_projects(new_code='B')", { new_code: 'C' }, headers)

    expect(moved).toMatchObject({ status: 200, body: { new_projectid: id, new_code: 'C' } })
    expect((await ask('PATCH', `/new_projects(${nowhere})`, { new_name: 'x' }, headers)).status).toBe(404)
    expect((await ask('PATCH', "/new_projects(new_code='B')", { new_name: 'x' }, headers)).status).toBe(404)
    expect(await dataverse.list(Project)).toHaveLength(1)
  })

  test('with If-None-Match: * never updates', async () => {
    const id = await bridge({ new_code: 'B' })
    const headers = { 'If-None-Match': '*' }

    expect(await ask('PATCH', `/new_projects(${id})`, { new_name: 'x' }, headers)).toMatchObject({
      status: 412,
      body: { error: { code: '0x80040237', message: 'A record with matching key values already exists.' } },
    })
    expect((await ask('PATCH', "/new_projects(new_code='B')", { new_name: 'x' }, headers)).status).toBe(412)
    expect((await ask('PATCH', "/new_projects(new_code='C')", { new_name: 'x' }, headers)).status).toBe(204)
    expect(await dataverse.list(Project)).toMatchObject([{ new_name: 'Bridge' }, { new_name: 'x', new_code: 'C' }])
  })

  test('with an ETag goes ahead only while the row still has that version', async () => {
    const path = `/new_projects(${await bridge({ new_seats: 0 })})`
    const add = async () => {
      for (let refused = 0; ; refused++) {
        const { headers, body } = await get(path)
        const change = { new_seats: body.new_seats + 1 }
        const answer = await ask('PATCH', path, change, { 'If-Match': headers.get('ETag')! })
        if (answer.status === 204) return refused
        expect(answer).toMatchObject({ status: 412, body: { error: { code: '0x80060882' } } })
      }
    }

    const refused = await Promise.all(Array.from({ length: 20 }, add))

    expect((await get(path)).body.new_seats).toBe(20)
    expect(Math.max(...refused)).toBeGreaterThan(0)
  })

  test('clears a lookup by null, either way, and assigns by binding the owner', async () => {
    const customer = reference(Customer, await dataverse.create(Customer, { new_title: 'Fabrikam' }))
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })
    for (const name of ['new_customer', 'new_customer@odata.bind']) {
      const id = await bridge({ new_customer: customer })
      const changes = { [name]: null, 'ownerid@odata.bind': `systemusers(${user})` }
      expect((await ask('PATCH', `/new_projects(${id})`, changes)).status).toBe(204)
      expect(await dataverse.retrieve(Project, id, ['new_customer', 'ownerid'])).toMatchObject({
        new_customer: null,
        ownerid: { logicalName: 'systemuser', id: user },
      })
    }
  })

  test.each([
    [{ 'If-Match': '"5"' }, 400],
    [{ 'If-Match': 'W/"abc"' }, 400],
    [{ 'If-Match': '*', 'If-None-Match': '*' }, 400],
    [{ 'If-None-Match': 'W/"5"' }, 501],
    [{ 'MSCRM.BypassBusinessLogicExecution': 'Everything' }, 400],
    [{ 'MSCRM.BypassCustomPluginExecution': 'maybe' }, 400],
  ] as [Headers, number][])('refuses the headers %j', async (headers, status) => {
    const id = await bridge()

    expect((await ask('PATCH', `/new_projects(${id})`, { new_seats: 1 }, headers)).status).toBe(status)
    expect(await dataverse.retrieve(Project, id, ['new_seats'])).toEqual({ new_seats: null })
  })
})

describe('deleting', () => {
  test('answers 204, and 404 the second time', async () => {
    const path = `/new_projects(${await bridge()})`

    expect(await ask('DELETE', path)).toMatchObject({ status: 204, body: undefined })
    expect(await ask('DELETE', path)).toMatchObject({ status: 404, body: { error: { code: '0x80040217' } } })
  })

  test('with an ETag that has passed is refused', async () => {
    const path = `/new_projects(${await bridge()})`
    const etag = (await get(path)).headers.get('ETag')!
    await ask('PATCH', path, { new_seats: 1 })

    expect((await ask('DELETE', path, undefined, { 'If-Match': etag })).status).toBe(412)
    const current = (await get(path)).headers.get('ETag')!
    expect((await ask('DELETE', path, undefined, { 'If-Match': current })).status).toBe(204)
  })
})

describe('on whose behalf, and how', () => {
  test('MSCRMCallerID acts as another user', async () => {
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })

    expect((await get('/WhoAmI', { MSCRMCallerID: user.toUpperCase() })).body.UserId).toBe(user)
    await ask('POST', '/new_projects', { new_name: 'x' }, { MSCRMCallerID: user })
    expect(await dataverse.list(Project)).toMatchObject([
      { createdby: { id: user }, createdonbehalfby: { id: dataverse.organization.userId } },
    ])
    expect((await get('/WhoAmI', { MSCRMCallerID: nowhere })).status).toBe(404)
    expect((await get('/WhoAmI', { MSCRMCallerID: 'me' })).status).toBe(400)
    api = createWebApi({ service: dataverse, tables })
    expect((await get('/WhoAmI', { MSCRMCallerID: user })).status).toBe(501)
  })

  test('CallerObjectId acts as the user whom Microsoft Entra ID knows by this id', async () => {
    const azureactivedirectoryobjectid = '22222222-2222-4222-8222-222222222222'
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel', azureactivedirectoryobjectid })

    expect((await get('/WhoAmI', { CallerObjectId: azureactivedirectoryobjectid })).body.UserId).toBe(user)
    expect((await get('/WhoAmI', { CallerObjectId: nowhere })).status).toBe(403)
    expect((await get('/WhoAmI', { CallerObjectId: 'me' })).status).toBe(400)
    api = createWebApi({ service: dataverse, tables })
    expect((await get('/WhoAmI', { CallerObjectId: azureactivedirectoryobjectid })).status).toBe(501)
  })

  test('a tag reaches the steps, whose refusal reaches the caller', async () => {
    const prefer = { Prefer: 'odata.include-annotations="*"' }
    expect(await ask('POST', '/new_customers?tag=import', { new_title: 'forbidden' }, prefer)).toMatchObject({
      status: 400,
      body: {
        error: {
          code: '0x80040265',
          message: 'Forbidden (import).',
          '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '1',
        },
      },
    })
  })

  test.each([
    { 'MSCRM.BypassCustomPluginExecution': 'true' },
    { 'MSCRM.BypassBusinessLogicExecution': 'CustomSync,CustomAsync' },
  ])('steps are bypassed by %j', async (headers) => {
    expect((await ask('POST', '/new_customers', { new_title: 'forbidden' }, headers as Headers)).status).toBe(204)
  })

  test('what breaks unexpectedly is told without a stack trace', async () => {
    const broken = await ask('POST', '/new_customers', { new_title: 'broken' })
    expect([broken.status, broken.body.error.code]).toEqual([500, '0x80040224'])

    const retrieveMultiple = () => Promise.reject(new Error('lost\n    at x.ts:1'))
    api = createWebApi({ service: { ...dataverse, retrieveMultiple }, tables })
    expect(await get('/new_projects')).toMatchObject({
      status: 500,
      body: { error: { code: '0x80040216', message: 'An unexpected error occurred. lost' } },
    })
  })

  test('being throttled comes with when to come again', async () => {
    const busy = new DataverseError('Busy', 0x80072322, 429, 'Too many requests.', { retryAfter: 7 })
    const retrieveMultiple = () => Promise.reject(busy)
    api = createWebApi({ service: { ...dataverse, retrieveMultiple }, tables })

    const { status, headers } = await get('/new_projects')

    expect([status, headers.get('Retry-After')]).toEqual([429, '7'])
  })
})

test('whatever is asked gets an answer in the platform’s shape, and never a 500', async () => {
  const id = await bridge()
  const piece = fc.oneof(
    fc.constantFrom('/', '(', ')', "'", '=', ',', '?', '&', '%', '%27', '$', '@', '"', ' ', ';', '*', 'null', id),
    fc.constantFrom('new_projects', 'new_code', '$select', '$orderby', '$top', '$count', '$skiptoken', '__proto__'),
    fc.string({ maxLength: 4 }),
  )
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  const header = text.map((value) => value.replace(/[^\x20-\x7e]/g, '').trim())
  const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE')
  const column = fc.oneof(fc.constantFrom(...Object.keys(Project.columns), 'new_customer@odata.bind'), text)
  const content = fc.oneof(
    text,
    fc.json(),
    fc.dictionary(column, fc.jsonValue()).map((row) => JSON.stringify(row)),
  )

  await fc.assert(
    fc.asyncProperty(method, text, header, header, content, async (method, path, prefer, match, content) => {
      const headers = { Prefer: prefer, 'If-Match': match, 'Content-Type': 'application/json' }
      const body = method === 'GET' ? null : content
      for (const target of [`/${path}`, '/new_projects', `/new_projects(${id})?$select=${path}`]) {
        const request = new Request(`${BASE}${target}`, { method, headers, body })
        const response = await api(request)
        const answer = await response.text()
        if (response.status < 400) continue
        expect(response.status === 501 || response.status < 500, `${response.status} ${answer}`).toBe(true)
        expect(JSON.parse(answer)).toEqual({ error: { code: expect.any(String), message: expect.any(String) } })
      }
    }),
    { numRuns: 500 },
  )
})
