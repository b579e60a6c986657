import { beforeEach, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'
import { BASE, type Client, clientOf, nowhere } from './ask.ts'

let dataverse: Emulator
let client: Client
beforeEach(() => {
  dataverse = createEmulator({ tables })
  client = clientOf({ service: dataverse, tables: dataverse.tables })
})

const bridge = (more: object = {}) => dataverse.create(Project, { new_name: 'Bridge', ...more })
const fabrikam = () => dataverse.create(Customer, { new_title: 'Fabrikam' })
const tasksOf = (id: string) => `/new_projects(${id})/new_project_new_task_new_project`
const membersOf = (id: string) => `/new_projects(${id})/new_project_member`

describe('creating rows within a row', () => {
  test('creates the row, the rows it refers to and the rows that refer to it', async () => {
    const { status, headers } = await client.post('/new_projects', {
      new_name: 'Bridge',
      new_customer: { new_title: 'Fabrikam' },
      new_parent: { new_name: 'Road', new_customer: { new_title: 'Adatum' } },
      new_project_new_task_new_project: [{ new_title: 'Dig' }, { new_title: 'Build' }],
      new_project_member: [{ new_title: 'Contoso' }],
    })

    expect(status).toBe(204)
    const [road, bridge] = (await dataverse.list(Project)).sort((a, b) => b.new_name!.localeCompare(a.new_name!))
    expect(headers.get('OData-EntityId')).toBe(`${BASE}/new_projects(${bridge!.new_projectid})`)
    expect(bridge).toMatchObject({ new_customer: { name: 'Fabrikam' }, new_parent: { id: road!.new_projectid } })
    expect(road).toMatchObject({ new_customer: { name: 'Adatum' } })
    expect((await dataverse.list(Task)).map(({ new_title, new_project }) => [new_title, new_project?.id])).toEqual([
      ['Dig', bridge!.new_projectid],
      ['Build', bridge!.new_projectid],
    ])
    expect((await client.get(membersOf(bridge!.new_projectid))).body.value).toMatchObject([{ new_title: 'Contoso' }])
  })

  test('creates nothing when one of them is refused', async () => {
    const { status } = await client.post('/new_customers', {
      new_title: 'Fabrikam',
      new_customer_new_project_new_customer: [
        { new_name: 'Bridge' },
        { new_name: 'a name of more than 20 characters' },
      ],
    })

    expect(status).toBe(400)
    expect([await dataverse.list(Customer), await dataverse.list(Project)]).toEqual([[], []])
  })

  test('links rows that are there by a list of bindings', async () => {
    const [first, second] = [await fabrikam(), await fabrikam()]
    await client.post('/new_projects', {
      new_name: 'Bridge',
      'new_project_member@odata.bind': [`new_customers(${first})`, `${BASE}/new_customers(${second})`],
    })

    const [{ new_projectid } = { new_projectid: '' }] = await dataverse.list(Project)
    expect((await client.get(`${membersOf(new_projectid)}/$ref`)).body).toEqual({
      '@odata.context': `${BASE}/$metadata#Collection($ref)`,
      value: [first, second].map((id) => ({ '@odata.id': `${BASE}/new_customers(${id})` })),
    })
  })

  test.each<[string, object]>([
    ['a row within it', { new_customer: { new_title: 'x' } }],
    ['rows within it', { new_project_new_task_new_project: [{ new_title: 'x' }] }],
    ['bound rows', { 'new_project_member@odata.bind': [] }],
  ])('is not for updates: %s', async (_title, payload) => {
    const { status, body } = await client.patch(`/new_projects(${await bridge()})`, payload)

    expect([status, body.error.code]).toEqual([400, '0x80048d19'])
    expect(await dataverse.list(Customer)).toEqual([])
  })

  test.each<[string, object]>([
    ['a text for a row', { new_customer: 'x' }],
    ['a text for rows', { new_project_new_task_new_project: 'x' }],
    ['a text among rows', { new_project_new_task_new_project: ['x'] }],
    ['a text for bindings', { 'new_project_member@odata.bind': 'x' }],
    ['a number among bindings', { 'new_project_member@odata.bind': [5] }],
    ['a binding to another table', { 'new_project_member@odata.bind': [`new_tasks(${nowhere})`] }],
    ['another table’s row', { new_customer: { '@odata.type': 'Microsoft.Dynamics.CRM.new_task' } }],
  ])('refuses %s', async (_title, payload) => {
    const { status, body } = await client.post('/new_projects', { new_name: 'x', ...payload })

    expect([status, body.error.code]).toEqual([400, '0x80048d19'])
    expect(await dataverse.list(Project)).toEqual([])
  })
})

describe('reading along links', () => {
  test('a lookup leads to its row, with the context of that row’s set', async () => {
    const customer = await fabrikam()
    const id = await bridge({ new_customer: reference(Customer, customer) })

    expect((await client.get(`/new_projects(${id})/new_customer?$select=new_title`)).body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#new_customers(new_title)/$entity`,
      new_title: 'Fabrikam',
    })
    expect((await client.get(`/new_projects(${id})/new_customer/new_title`)).body).toEqual({
      '@odata.context': `${BASE}/$metadata#new_customers(${customer})/new_title`,
      value: 'Fabrikam',
    })
    expect((await client.get(`/new_projects(${id})/new_customer/$ref`)).body).toEqual({
      '@odata.context': `${BASE}/$metadata#$ref`,
      '@odata.id': `${BASE}/new_customers(${customer})`,
    })
    expect((await client.get(`/new_projects(${id})/ownerid?$select=fullname`)).body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#systemusers(fullname)/$entity`,
      systemuserid: dataverse.organization.userId,
    })
  })

  test('a lookup without a value is a 204', async () => {
    const id = await bridge()

    expect((await client.get(`/new_projects(${id})/new_customer`)).status).toBe(204)
    expect((await client.get(`/new_projects(${id})/new_customer/$ref`)).status).toBe(204)
    expect((await client.get(`/new_projects(${id})/new_customer/new_title`)).status).toBe(404)
  })

  test('rows of a 1:N and of an N:N relationship are a collection that takes options', async () => {
    const [one, other] = [await bridge(), await bridge()]
    for (const title of ['b', 'a']) {
      await dataverse.create(Task, { new_title: title, new_project: reference(Project, one) })
    }
    await dataverse.create(Task, { new_title: 'c', new_project: reference(Project, other) })
    const member = await fabrikam()
    await dataverse.associate(Project, one, 'new_project_member', [reference(Customer, member)])

    const { body } = await client.get(`${tasksOf(one)}?$select=new_title&$orderby=new_title&$count=true`)
    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#new_tasks(new_title)`,
      '@odata.count': 2,
      value: [{ new_title: 'a' }, { new_title: 'b' }],
    })
    expect((await client.get(membersOf(one))).body.value).toMatchObject([{ new_customerid: member }])
    expect((await client.get(membersOf(other))).body.value).toEqual([])
    expect((await client.get(`/new_customers(${member})/new_project_member`)).body.value).toMatchObject([
      { new_projectid: one },
    ])
    expect((await client.get(`${membersOf(one)}(${member})`)).body).toMatchObject({ new_title: 'Fabrikam' })
    expect((await client.get(`${membersOf(other)}(${member})`)).status).toBe(404)
  })
})

describe('linking and unlinking', () => {
  test('POST and DELETE of $ref work for N:N', async () => {
    const [id, customer] = [await bridge(), await fabrikam()]
    const count = async () => (await client.get(`${membersOf(id)}/$count`)).text

    expect(
      (await client.post(`${membersOf(id)}/$ref`, { '@odata.id': `${BASE}/new_customers(${customer})` })).status,
    ).toBe(204)
    expect(await count()).toBe('\ufeff1')
    expect((await client.remove(`${membersOf(id)}(${customer})/$ref`)).status).toBe(204)
    expect(await count()).toBe('\ufeff0')
    await client.post(`${membersOf(id)}/$ref`, { '@odata.id': `new_customers(${customer})` })
    const url = encodeURIComponent(`${BASE}//new_customers(${customer})`)
    expect((await client.remove(`${membersOf(id)}/$ref?$id=${url}`)).status).toBe(204)
    expect(await count()).toBe('\ufeff0')
  })

  test('POST of $ref works for 1:N from the one side', async () => {
    const id = await bridge()
    const task = await dataverse.create(Task, { new_title: 'Dig' })

    expect((await client.post(`${tasksOf(id)}/$ref`, { '@odata.id': `new_tasks(${task})` })).status).toBe(204)
    expect(await dataverse.retrieve(Task, task, ['new_project'])).toMatchObject({ new_project: { id } })
    expect((await client.remove(`${tasksOf(id)}(${task})/$ref`)).status).toBe(204)
    expect(await dataverse.retrieve(Task, task, ['new_project'])).toEqual({ new_project: null })
  })

  test('PUT and DELETE of $ref work from the many side, and for owners', async () => {
    const [id, customer] = [await bridge(), await fabrikam()]
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })
    const path = `/new_projects(${id})`

    const url = { '@odata.id': `new_customers(${customer})` }
    expect((await client.put(`${path}/new_customer/$ref`, url)).status).toBe(204)
    expect((await client.put(`${path}/ownerid/$ref`, { '@odata.id': `systemusers(${user})` })).status).toBe(204)
    expect(await dataverse.retrieve(Project, id, ['new_customer', 'ownerid'])).toMatchObject({
      new_customer: { id: customer },
      ownerid: { id: user },
    })
    expect((await client.remove(`${path}/new_customer/$ref`)).status).toBe(204)
    expect(await dataverse.retrieve(Project, id, ['new_customer'])).toEqual({ new_customer: null })
  })

  test.each<[string, string, unknown, number]>([
    ['PUT', 'new_customer/$ref', { '@odata.id': `new_tasks(${nowhere})` }, 400],
    ['PUT', 'new_customer/$ref', { '@odata.id': `new_customers(${nowhere})` }, 404],
    ['PUT', 'new_customer/$ref', {}, 400],
    ['POST', 'new_project_member/$ref', { '@odata.id': `new_tasks(${nowhere})` }, 400],
    ['POST', 'new_project_member/$ref', { '@odata.id': 'https://elsewhere/x(1)' }, 400],
    ['POST', 'new_customer/$ref', { '@odata.id': `new_customers(${nowhere})` }, 405],
    ['PUT', 'new_project_member/$ref', { '@odata.id': `new_customers(${nowhere})` }, 405],
    ['DELETE', 'new_project_member/$ref', undefined, 400],
    ['DELETE', 'new_project_member/$ref/more', undefined, 404],
    ['POST', 'nothing/$ref', {}, 404],
  ])('%s of %s with %j is refused', async (method, path, payload, status) => {
    const answer = await client.ask(method, `/new_projects(${await bridge()})/${path}`, payload)

    expect([answer.status, answer.body.error.code.slice(0, 3)]).toEqual([status, '0x8'])
  })
})

describe('one property', () => {
  test('is read with a context of its own, or bare', async () => {
    const id = await bridge({ new_budget: 20_000, new_started: new Date('2026-03-01T10:00:00Z') })
    const path = `/new_projects(${id})`

    expect((await client.get(`${path}/new_name`)).text).toBe(
      `{"@odata.context":"${BASE}/$metadata#new_projects(${id})/new_name","value":"Bridge"}`,
    )
    expect((await client.get(`${path}/new_budget`)).text).toContain('"value":20000.0000')
    expect((await client.get(`${path}/new_name/$value`)).text).toBe('Bridge')
    expect((await client.get(`${path}/new_started/$value`)).text).toBe('2026-03-01T10:00:00Z')
    expect((await client.get(`${path}/_ownerid_value/$value`)).text).toBe(dataverse.organization.userId)
    expect((await client.get(`${path}/new_code`)).status).toBe(204)
    expect((await client.get(`${path}/nothing`)).status).toBe(404)
  })

  test('is set by PUT and emptied by DELETE', async () => {
    const id = await bridge()
    const path = `/new_projects(${id})/new_due`

    expect((await client.put(path, { value: '2026-12-31' })).status).toBe(204)
    expect(await dataverse.retrieve(Project, id, ['new_due'])).toEqual({ new_due: '2026-12-31' })
    expect((await client.remove(path)).status).toBe(204)
    expect(await dataverse.retrieve(Project, id, ['new_due'])).toEqual({ new_due: null })
  })

  test.each<[string, unknown]>([
    ['new_due', { value: 5 }],
    ['new_due', { wrong: 5 }],
    ['new_due', { value: null, more: 1 }],
    ['_new_customer_value', { value: nowhere }],
  ])('PUT of %s with %j is refused', async (property, payload) => {
    const { status, body } = await client.put(`/new_projects(${await bridge()})/${property}`, payload)

    expect([status, body.error.code]).toEqual([400, '0x80048d19'])
  })
})

describe('counting', () => {
  test('answers a plain number behind a byte order mark', async () => {
    await fabrikam()
    const response = await client.api(new Request(`${BASE}/new_customers/$count`))

    expect(response.headers.get('Content-Type')).toBe('text/plain')
    expect([...Buffer.from(await response.arrayBuffer())]).toEqual([0xef, 0xbb, 0xbf, '1'.charCodeAt(0)])
  })
})
