import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connection, connect, idOf } from './connection.ts'

/**
 * What Microsoft's SDK for Python sends: it looks a table up before it first uses it, writes several rows by one
 * message, and follows next links.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/sdk-python/
 */
const base = {
  Authorization: 'Bearer token',
  Accept: 'application/json',
  'Content-Type': 'application/json',
  'OData-MaxVersion': '4.0',
  'OData-Version': '4.0',
  'x-ms-client-request-id': '3f2f4a0e-0000-4000-8000-000000000001',
  'x-ms-correlation-id': '3f2f4a0e-0000-4000-8000-000000000002',
}

let connection: Connection
beforeEach(async () => {
  connection = await connect({}, base)
})
afterEach(() => connection.close())
const send = (...request: Parameters<Connection['send']>) => connection.send(...request)

test('a table is looked up by its logical name, and a choice by its labels', async () => {
  const lookup =
    "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$filter=LogicalName eq 'account'"
  expect((await send('GET', lookup)).body.value).toMatchObject([
    { LogicalName: 'account', EntitySetName: 'accounts', PrimaryIdAttribute: 'accountid' },
  ])
  const choice =
    "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)"
  expect((await send('GET', choice)).body.OptionSet.Options).toContainEqual(
    expect.objectContaining({
      Value: 7,
      Label: expect.objectContaining({ UserLocalizedLabel: expect.objectContaining({ Label: 'Consulting' }) }),
    }),
  )
})

test('a row is created, changed whatever its version, retrieved and deleted', async () => {
  const id = idOf(await send('POST', 'accounts', { name: 'Contoso' }))
  expect((await send('PATCH', `accounts(${id})`, { telephone1: '555' }, { 'If-Match': '*' })).status).toBe(204)
  expect((await send('GET', `accounts(${id})?$select=name,telephone1`)).body).toMatchObject({
    name: 'Contoso',
    telephone1: '555',
  })
  expect((await send('DELETE', `accounts(${id})`, undefined, { 'If-Match': '*' })).status).toBe(204)
})

test('several rows are created, changed and upserted by one message', async () => {
  const typed = (row: object) => ({ ...row, '@odata.type': 'Microsoft.Dynamics.CRM.account' })
  const created = await send('POST', 'accounts/Microsoft.Dynamics.CRM.CreateMultiple', {
    Targets: [typed({ name: 'One' }), typed({ name: 'Two' })],
  })
  const [one, two] = created.body.Ids
  const updated = await send('POST', 'accounts/Microsoft.Dynamics.CRM.UpdateMultiple', {
    Targets: [typed({ accountid: one, fax: '1' }), typed({ accountid: two, fax: '2' })],
  })
  expect([created.status, updated.status]).toEqual([200, 204])
  expect(await connection.dataverse.list('account', ['name', 'fax'])).toEqual([
    { name: 'One', fax: '1' },
    { name: 'Two', fax: '2' },
  ])
})

test('rows are deleted by a job', async () => {
  const id = idOf(await send('POST', 'accounts', { name: 'Contoso' }))
  const { status, body } = await send('POST', 'BulkDelete', {
    JobName: 'Delete accounts',
    SendEmailNotification: false,
    ToRecipients: [],
    CCRecipients: [],
    RecurrencePattern: '',
    StartDateTime: connection.dataverse.clock.now().toISOString(),
    QuerySet: [
      {
        '@odata.type': 'Microsoft.Dynamics.CRM.QueryExpression',
        EntityName: 'account',
        ColumnSet: { '@odata.type': 'Microsoft.Dynamics.CRM.ColumnSet', AllColumns: false, Columns: [] },
        Criteria: {
          '@odata.type': 'Microsoft.Dynamics.CRM.FilterExpression',
          FilterOperator: 'And',
          Conditions: [
            {
              '@odata.type': 'Microsoft.Dynamics.CRM.ConditionExpression',
              AttributeName: 'accountid',
              Operator: 'In',
              Values: [{ Value: id, Type: 'System.Guid' }],
            },
          ],
        },
      },
    ],
  })
  expect([status, body.JobId]).toEqual([200, expect.any(String)])
  await connection.dataverse.drain()
  expect(await connection.dataverse.list('account')).toEqual([])
})

test('pages are followed link by link', async () => {
  await connection.dataverse.seed('account', [{ name: 'a' }, { name: 'b' }, { name: 'c' }])
  const names: string[] = []
  let next: string | undefined = 'accounts?$select=name&$orderby=name&$filter=statecode eq 0'
  while (next !== undefined) {
    const { body }: { body: { value: { name: string }[]; '@odata.nextLink'?: string } } = await send(
      'GET',
      next,
      undefined,
      {
        Prefer: 'odata.maxpagesize=2',
      },
    )
    names.push(...body.value.map(({ name }) => name))
    next = body['@odata.nextLink']
  }
  expect(names).toEqual(['a', 'b', 'c'])
})

test('SQL is refused by name', async () => {
  const { status, body } = await send('GET', 'accounts?sql=SELECT TOP 3 name FROM account')
  expect([status, body.error.message]).toEqual([501, expect.stringContaining('sql')])
})
