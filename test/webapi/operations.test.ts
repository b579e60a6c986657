import { beforeEach, describe, expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { defineCustomApi } from '../../src/plugins/index.ts'
import { dataverseError, reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, tables } from '../emulator/tables.ts'
import { BASE, type Client, clientOf, nowhere } from './ask.ts'

const rate = defineCustomApi({
  uniqueName: 'new_RateCustomer',
  kind: 'action',
  table: Customer,
  parameters: {
    Rating: { type: 'Integer' },
    Because: { type: 'String', optional: true },
    Like: { type: 'EntityReference', table: Customer, optional: true },
    Since: { type: 'DateTime', optional: true },
    Values: { type: 'Entity', table: Customer, optional: true },
  },
  response: { Before: { type: 'Integer' }, Customer: { type: 'EntityReference' }, On: { type: 'DateTime' } },
  async run({ target, parameters, service, now }) {
    const { new_rating } = await service.retrieve(Customer, target.id, ['new_rating'])
    await service.update(Customer, target.id, { new_rating: parameters.Rating, ...(parameters.Values ?? {}) })
    return { Before: new_rating ?? 0, Customer: parameters.Like ?? target, On: parameters.Since ?? now() }
  },
})
const find = defineCustomApi({
  uniqueName: 'new_FindCustomer',
  kind: 'function',
  parameters: { Title: { type: 'String' }, Names: { type: 'StringArray', optional: true } },
  response: { Customer: { type: 'Entity', table: Customer } },
  async run({ parameters, service }) {
    const { rows } = await service.retrieveMultiple({
      table: 'new_customer',
      columns: ['new_customerid', 'new_title'],
      filter: { kind: 'compare', column: 'new_title', operator: 'eq', values: [parameters.Title] },
    })
    return { Customer: rows[0] ?? {} }
  },
})
const ping = defineCustomApi({ uniqueName: 'new_Ping', kind: 'action', run: () => ({}) })

let dataverse: Emulator
let client: Client
beforeEach(() => {
  const customApis = [rate, find, ping]
  dataverse = createEmulator({ tables, customApis, now: '2026-03-01T09:30:00Z' })
  client = clientOf({ service: dataverse, tables: dataverse.tables, customApis })
})

describe('a custom API', () => {
  test('that is an action is posted to its row, with its namespace', async () => {
    const id = await dataverse.create(Customer, { new_title: 'Fabrikam', new_rating: 2 })
    const other = await dataverse.create(Customer, { new_title: 'Adatum' })

    const { status, body } = await client.post(`/new_customers(${id})/Microsoft.Dynamics.CRM.new_RateCustomer`, {
      Rating: 5,
      Like: { '@odata.id': `${BASE}/new_customers(${other})` },
      Since: '2026-01-01T00:00:00Z',
      Values: { '@odata.type': 'Microsoft.Dynamics.CRM.new_customer', new_title: 'Fabrikam Inc' },
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.new_RateCustomerResponse`,
      Before: 2,
      Customer: { '@odata.type': '#Microsoft.Dynamics.CRM.new_customer', new_customerid: other },
      On: '2026-01-01T00:00:00Z',
    })
    expect(await dataverse.retrieve(Customer, id, ['new_rating', 'new_title'])).toEqual({
      new_rating: 5,
      new_title: 'Fabrikam Inc',
    })
  })

  test('that is a function is asked for, its parameters inline or by alias', async () => {
    const id = await dataverse.create(Customer, { new_title: "O'Hare/1 (50%)" })

    for (const path of [
      `/new_FindCustomer(Title='O''Hare${encodeURIComponent('/1 (50%)')}')`,
      `/new_FindCustomer(Title=@p1,Names=@p2)?@p1='O''Hare/1%20(50%25)'&@p2=["a",'b']`,
    ]) {
      expect((await client.get(path)).body, path).toEqual({
        '@odata.context': `${BASE}/$metadata#new_customers/$entity`,
        new_customerid: id,
        new_title: "O'Hare/1 (50%)",
      })
    }
  })

  test('that answers nothing is a 204, whatever its content', async () => {
    expect((await client.post('/new_Ping')).status).toBe(204)
    expect((await client.post('/new_Ping', {})).status).toBe(204)
  })

  const rating = '/new_customers(ID)/Microsoft.Dynamics.CRM.new_RateCustomer'
  test.each<[string, string, string, unknown, number, string]>([
    [
      'without its namespace',
      'POST',
      '/new_customers(ID)/new_RateCustomer',
      { Rating: 1 },
      400,
      'Request message has unresolved parameters',
    ],
    ['on no row', 'POST', '/new_RateCustomer', { Rating: 1 }, 404, "segment 'new_RateCustomer'"],
    ['on a set', 'POST', '/new_customers/Microsoft.Dynamics.CRM.new_RateCustomer', {}, 404, 'segment'],
    ['on another table', 'POST', `/new_tasks(${nowhere})/Microsoft.Dynamics.CRM.new_RateCustomer`, {}, 404, 'segment'],
    ['on a missing row', 'POST', rating.replace('ID', nowhere), { Rating: 1 }, 404, 'Does Not Exist'],
    ['with the wrong method', 'GET', rating, undefined, 405, 'http method'],
    ['with the wrong method', 'POST', "/new_FindCustomer(Title='x')", {}, 405, 'http method'],
    ['without a parameter', 'POST', rating, {}, 400, "'Rating'"],
    ['with an unknown parameter', 'POST', rating, { Rating: 1, More: 2 }, 400, "'More'"],
    ['with a wrong type', 'POST', rating, { Rating: 'many' }, 400, "'Rating'"],
    [
      'with another table’s row',
      'POST',
      rating,
      { Rating: 1, Like: { '@odata.id': `new_tasks(${nowhere})` } },
      400,
      "'Like'",
    ],
    ['with a row that is none', 'POST', rating, { Rating: 1, Like: {} }, 400, 'key property value set'],
    ['with an unknown parameter', 'GET', "/new_FindCustomer(Title='x',More=1)", undefined, 404, "'new_FindCustomer'"],
    ['with a bare text', 'GET', '/new_FindCustomer(Title=x)', undefined, 400, 'quotes'],
    ['with a missing alias', 'GET', '/new_FindCustomer(Title=@p1)', undefined, 400, "'Title'"],
    ['with malformed JSON', 'GET', '/new_FindCustomer(Title=@p1)?@p1={x', undefined, 400, 'JSON'],
    ['with half a parameter', 'GET', '/new_FindCustomer(Title)', undefined, 400, "'Title'"],
  ])('called %s is refused (%s %s %j)', async (_title, method, path, payload, status, message) => {
    const id = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    const answer = await client.ask(method, path.replace('ID', id), payload)

    expect([answer.status, answer.body.error.message]).toEqual([status, expect.stringContaining(message)])
  })
})

describe('the platform’s operations', () => {
  const Incident = defineTable({
    logicalName: 'incident',
    displayName: 'Case',
    primaryName: 'title',
    columns: { title: column.text({ label: 'Title' }) },
  })
  const Queue = defineTable({
    logicalName: 'queue',
    displayName: 'Queue',
    primaryName: 'name',
    columns: { name: column.text({ label: 'Name' }) },
  })
  const id = '22222222-2222-4222-8222-222222222222'
  const other = '33333333-3333-4333-8333-333333333333'

  /** What the service is asked for by a request, and what is answered when the service answers this. */
  async function call(method: string, path: string, payload?: unknown, answer: object = {}) {
    const calls: unknown[] = []
    const service = {
      ...dataverse,
      execute: async (...asked: unknown[]) => {
        calls.push(asked.slice(0, 2))
        return answer
      },
    }
    const recording = clientOf({ service: service as never, tables: [...dataverse.tables, Incident, Queue] })
    return { ...(await recording.ask(method, path, payload)), calls }
  }

  test.each<[string, string, unknown, string, object]>([
    [
      'POST',
      '/Merge',
      {
        Target: { new_customerid: id, '@odata.type': 'Microsoft.Dynamics.CRM.new_customer' },
        Subordinate: { '@odata.id': `new_customers(${other})` },
        UpdateContent: { '@odata.type': 'Microsoft.Dynamics.CRM.new_customer', new_title: 'x' },
        PerformParentingChecks: false,
      },
      'Merge',
      {
        Target: reference(Customer, id),
        Subordinate: reference(Customer, other),
        UpdateContent: { new_title: 'x' },
        PerformParentingChecks: false,
      },
    ],
    [
      'POST',
      '/GrantAccess',
      {
        Target: { new_projectid: id, '@odata.type': 'Microsoft.Dynamics.CRM.new_project' },
        PrincipalAccess: {
          Principal: { systemuserid: other, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' },
          AccessMask: 'ReadAccess,WriteAccess',
        },
      },
      'GrantAccess',
      {
        Target: reference(Project, id),
        PrincipalAccess: { Principal: reference('systemuser', other), AccessMask: 'ReadAccess,WriteAccess' },
      },
    ],
    [
      'POST',
      '/RevokeAccess',
      { Target: { '@odata.id': `new_projects(${id})` }, Revokee: { teamid: other } },
      'RevokeAccess',
      { Target: reference(Project, id), Revokee: reference('team', other) },
    ],
    [
      'GET',
      `/systemusers(${other})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'new_projects(${id})'}`,
      undefined,
      'RetrievePrincipalAccess',
      { Principal: reference('systemuser', other), Target: reference(Project, id) },
    ],
    [
      'POST',
      `/teams(${id})/Microsoft.Dynamics.CRM.AddMembersTeam`,
      { Members: [{ systemuserid: other, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' }] },
      'AddMembersTeam',
      { Target: reference('team', id), Members: [reference('systemuser', other)] },
    ],
    [
      'POST',
      `/queues(${id})/Microsoft.Dynamics.CRM.AddToQueue`,
      { Target: { incidentid: other, '@odata.type': 'Microsoft.Dynamics.CRM.incident' } },
      'AddToQueue',
      { DestinationQueueId: id, Target: reference('incident', other) },
    ],
    [
      'POST',
      '/new_customers/Microsoft.Dynamics.CRM.UpsertMultiple',
      {
        Targets: [
          { '@odata.type': 'Microsoft.Dynamics.CRM.new_customer', new_customerid: id, new_title: 'a' },
          {
            '@odata.type': '#Microsoft.Dynamics.CRM.new_customer',
            '@odata.id': `new_customers(${other})`,
            new_rating: 1,
          },
        ],
      },
      'UpsertMultiple',
      {
        EntityName: 'new_customer',
        Targets: [
          { new_customerid: id, new_title: 'a' },
          { new_customerid: other, new_rating: 1 },
        ],
      },
    ],
    [
      'POST',
      '/new_projects/Microsoft.Dynamics.CRM.UpdateMultiple',
      {
        Targets: [
          {
            '@odata.type': 'Microsoft.Dynamics.CRM.new_project',
            '@odata.id': "new_projects(new_code='A')",
            new_seats: 1,
          },
        ],
      },
      'UpdateMultiple',
      { EntityName: 'new_project', Targets: [{ new_code: 'A', new_seats: 1 }] },
    ],
    [
      'POST',
      '/BulkDelete',
      {
        QuerySet: [
          {
            EntityName: 'new_customer',
            Criteria: {
              FilterOperator: 'And',
              Conditions: [
                { AttributeName: 'new_rating', Operator: 'LessThan', Values: [{ Value: 3, Type: 'System.Int32' }] },
                {
                  AttributeName: 'createdon',
                  Operator: 'OlderThanXDays',
                  Values: [{ Value: '5', Type: 'System.String' }],
                },
              ],
            },
          },
        ],
        JobName: 'clean up',
        SendEmailNotification: false,
        ToRecipients: [],
        CCRecipients: [],
        RecurrencePattern: '',
        StartDateTime: '2026-03-02T05:00:00Z',
      },
      'BulkDelete',
      {
        QuerySet: [
          {
            table: 'new_customer',
            columns: ['new_customerid'],
            filter: {
              kind: 'and',
              conditions: [
                { kind: 'compare', column: 'new_rating', operator: 'lt', values: [3] },
                { kind: 'compare', column: 'createdon', operator: 'olderthan-x-days', values: ['5'] },
              ],
            },
          },
        ],
        JobName: 'clean up',
        SendEmailNotification: false,
        ToRecipients: [],
        CCRecipients: [],
        RecurrencePattern: '',
        StartDateTime: new Date('2026-03-02T05:00:00Z'),
      },
    ],
    [
      'GET',
      "/RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
      undefined,
      'RetrieveCurrentOrganization',
      { AccessType: 'Default' },
    ],
    [
      'GET',
      `/InitializeFrom(EntityMoniker=@p1,TargetEntityName='new_project',TargetFieldType=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate')?@p1={'@odata.id':'new_projects(${id})'}`,
      undefined,
      'InitializeFrom',
      { EntityMoniker: reference(Project, id), TargetEntityName: 'new_project', TargetFieldType: 'ValidForCreate' },
    ],
  ])('%s %s reaches the service', async (method, path, payload, name, parameters) => {
    const { calls, text } = await call(method, path, payload)

    expect(calls, text).toEqual([[name, parameters]])
  })

  test('answer in the platform’s shapes', async () => {
    const counts = await call(
      'GET',
      '/RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["account","contact"]',
      undefined,
      {
        EntityRecordCountCollection: { account: 3, contact: 5 },
      },
    )
    expect(counts.body).toEqual({
      '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse`,
      EntityRecordCountCollection: { Count: 2, IsReadOnly: false, Keys: ['account', 'contact'], Values: [3, 5] },
    })

    const template = await call(
      'GET',
      `/InitializeFrom(EntityMoniker=@p1,TargetEntityName='new_project')?@p1={"@odata.id":"new_projects(${id})"}`,
      undefined,
      { Entity: { new_name: 'x', new_parent: reference(Project, id), new_seats: null } },
    )
    expect(template.body).toEqual({
      '@odata.context': `${BASE}/$metadata#new_projects/$entity`,
      '@odata.type': '#Microsoft.Dynamics.CRM.new_project',
      new_name: 'x',
      'new_parent@odata.bind': `new_projects(${id})`,
    })

    const targets = { Targets: [{ '@odata.type': 'Microsoft.Dynamics.CRM.new_customer' }] }
    const created = await call('POST', '/new_customers/Microsoft.Dynamics.CRM.CreateMultiple', targets, { Ids: [id] })
    expect(created).toMatchObject({
      status: 200,
      body: { '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`, Ids: [id] },
    })
    expect((await call('POST', '/new_customers/Microsoft.Dynamics.CRM.UpdateMultiple', targets)).status).toBe(204)
  })

  test.each<[string, unknown, string]>([
    ['/new_customers/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: [{ new_title: 'x' }] }, "'@odata.type'"],
    ['/new_customers/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: 'x' }, "'Targets'"],
    ['/new_customers/Microsoft.Dynamics.CRM.CreateMultiple', {}, "'Targets'"],
    ['/GrantAccess', { Target: { new_projectid: id }, PrincipalAccess: {} }, 'key property value set'],
    ['/BulkDelete', { QuerySet: [{}], JobName: 'x', SendEmailNotification: false }, "'EntityName'"],
  ])('%s with %j is refused', async (path, payload, message) => {
    const { status, body, calls } = await call('POST', path, payload)

    expect([status, body.error.message, calls]).toEqual([400, expect.stringContaining(message), []])
  })

  test('that the service does not know are refused by name', async () => {
    for (const name of ['RetrieveVersion', 'WhoAmI']) {
      const deaf = { ...dataverse, execute: () => Promise.reject(dataverseError('CrmHttpError', { segment: name })) }
      const { status, body } = await clientOf({ service: deaf, tables: dataverse.tables }).get(`/${name}()`)
      expect([status, body.error.message]).toEqual([501, `'${name}' is not emulated yet.`])
    }
  })
})
