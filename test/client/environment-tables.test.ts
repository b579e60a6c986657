import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDataverseClient } from '../../src/client/index.ts'

const base = 'https://contoso.crm4.dynamics.com'
const api = '/api/data/v9.2'
const id = '11111111-1111-4111-8111-111111111111'
const other = '22222222-2222-4222-8222-222222222222'

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(unused).toEqual([])
})

const attribute = (LogicalName: string, type: string, more: object = {}) => ({
  LogicalName,
  AttributeType: type === 'MultiSelectPicklist' ? 'Virtual' : type,
  AttributeTypeName: { Value: `${type}Type` },
  AttributeOf: null,
  IsValidForRead: true,
  ...more,
})

/** A table whose names are not what its logical names suggest. */
const ticket = {
  LogicalName: 'new_ticket',
  EntitySetName: 'new_ticketset',
  PrimaryIdAttribute: 'new_ticketid',
  Attributes: [
    attribute('new_ticketid', 'Uniqueidentifier'),
    attribute('new_title', 'String'),
    attribute('new_due', 'DateTime'),
    attribute('new_seen', 'DateTime'),
    attribute('new_tags', 'MultiSelectPicklist'),
    attribute('new_customer', 'Customer'),
    attribute('new_customername', 'String', { AttributeOf: 'new_customer' }),
    attribute('new_secret', 'String', { IsValidForRead: false }),
    attribute('ownerid', 'Owner'),
  ],
  ManyToOneRelationships: ['account', 'contact'].map((ReferencedEntity) => ({
    SchemaName: `new_ticket_Customer_${ReferencedEntity}`,
    ReferencingEntity: 'new_ticket',
    ReferencingAttribute: 'new_customer',
    ReferencedEntity,
    ReferencingEntityNavigationPropertyName: `new_Customer_${ReferencedEntity}`,
    ReferencedEntityNavigationPropertyName: `new_Ticket_Customer_${ReferencedEntity}`,
  })),
  OneToManyRelationships: [
    {
      SchemaName: 'new_ticket_Annotations',
      ReferencingEntity: 'annotation',
      ReferencingAttribute: 'objectid',
      ReferencedEntity: 'new_ticket',
      ReferencingEntityNavigationPropertyName: 'objectid_new_ticket',
      ReferencedEntityNavigationPropertyName: 'new_ticket_Annotations',
    },
  ],
  ManyToManyRelationships: [
    {
      SchemaName: 'new_Ticket_Account',
      Entity1LogicalName: 'account',
      Entity1NavigationPropertyName: 'new_Account_Tickets',
      Entity2NavigationPropertyName: 'new_Ticket_Accounts',
    },
  ],
}
const table = (LogicalName: string, EntitySetName: string) => ({
  LogicalName,
  EntitySetName,
  PrimaryIdAttribute: `${LogicalName}id`,
  Attributes: [],
  ManyToOneRelationships: [],
  OneToManyRelationships: [],
  ManyToManyRelationships: [],
})

function metadata(of: { readonly LogicalName: string }, times = 1) {
  nock(base).get(`${api}/EntityDefinitions(LogicalName='${of.LogicalName}')`).query(true).times(times).reply(200, of)
}

test('a table is asked about once, and rows are written under the environment’s own names', async () => {
  metadata(ticket)
  metadata(table('contact', 'contacts'))
  metadata(table('team', 'teams'))
  nock(base)
    .post(`${api}/new_ticketset`, {
      new_title: 'Broken',
      new_tags: '1,2',
      new_due: '2026-03-01',
      'new_Customer_contact@odata.bind': `contacts(${other})`,
      'ownerid@odata.bind': `teams(${other})`,
    })
    .times(2)
    .reply(204, undefined, { 'OData-EntityId': `${base}${api}/new_ticketset(${id})` })
  const client = createDataverseClient({ url: base })
  const row = {
    new_title: 'Broken',
    new_tags: [1, 2],
    new_due: '2026-03-01',
    new_customer: { logicalName: 'contact', id: other },
    ownerid: { logicalName: 'team', id: other },
  }

  expect(await client.create('new_ticket', row)).toBe(id)
  expect(await client.create('new_ticket', row)).toBe(id)
})

test('values are read by the environment’s types: days, moments, choices, references', async () => {
  metadata(ticket)
  nock(base)
    .get(`${api}/new_ticketset(${id})`)
    .query({ $select: 'new_title,new_due,new_seen,new_tags,_new_customer_value' })
    .reply(200, {
      new_ticketid: id,
      new_title: '2026-03-01T00:00:00Z',
      new_due: '2026-03-01',
      new_seen: '2026-03-01T10:00:00Z',
      new_tags: '1,2',
      _new_customer_value: other,
      '_new_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
      '_new_customer_value@OData.Community.Display.V1.FormattedValue': 'Ada',
    })

  const columns = ['new_title', 'new_due', 'new_seen', 'new_tags', 'new_customer']
  expect(await createDataverseClient({ url: base }).retrieve('new_ticket', id, columns)).toEqual({
    new_title: '2026-03-01T00:00:00Z',
    new_due: '2026-03-01',
    new_seen: new Date('2026-03-01T10:00:00Z'),
    new_tags: [1, 2],
    new_customer: { logicalName: 'contact', id: other, name: 'Ada' },
  })
})

test('all columns are those that can be read, and not those that only show another one', async () => {
  metadata(ticket)
  nock(base).get(`${api}/new_ticketset(${id})`).reply(200, { new_ticketid: id, new_title: 'Broken' })

  const row = await createDataverseClient({ url: base }).retrieve('new_ticket', id)

  expect(row).toEqual({
    new_ticketid: id,
    new_title: 'Broken',
    new_due: null,
    new_seen: null,
    new_tags: null,
    new_customer: null,
    ownerid: null,
  })
})

test('rows are linked under the navigation property of the side that is asked', async () => {
  metadata(ticket)
  metadata(table('account', 'accounts'))
  nock(base)
    .post(`${api}/new_ticketset(${id})/new_Ticket_Accounts/$ref`, { '@odata.id': `accounts(${other})` })
    .reply(204)
  nock(base).delete(`${api}/new_ticketset(${id})/new_Ticket_Accounts(${other})/$ref`).reply(204)
  nock(base)
    .put(`${api}/new_ticketset(${id})/new_Customer_account/$ref`, { '@odata.id': `accounts(${other})` })
    .reply(204)
  const client = createDataverseClient({ url: base })
  const related = [{ logicalName: 'account', id: other }]

  await client.associate('new_ticket', id, 'new_Ticket_Account', related)
  await client.disassociate('new_ticket', id, 'new_Ticket_Account', related)
  await client.associate('new_ticket', id, 'new_ticket_Customer_account', related)
})

test('a table that there is not is refused by name, and asked about again the next time', async () => {
  nock(base)
    .get(`${api}/EntityDefinitions(LogicalName='new_ticket')`)
    .query(true)
    .reply(404, { error: { code: '0x80060888', message: 'not found' } })
  metadata(ticket)
  nock(base).delete(`${api}/new_ticketset(${id})`).reply(204)
  const client = createDataverseClient({ url: base })

  await expect(client.delete('new_ticket', id)).rejects.toMatchObject({
    name: 'QueryBuilderNoEntity',
    message: expect.stringContaining('new_ticket'),
  })
  await client.delete('new_ticket', id)
})

test('metadata is asked for as the client itself, whoever it acts as', async () => {
  nock(base, { badheaders: ['mscrmcallerid'] })
    .get(`${api}/EntityDefinitions(LogicalName='new_ticket')`)
    .query(true)
    .reply(200, ticket)
  nock(base, { reqheaders: { mscrmcallerid: other } })
    .delete(`${api}/new_ticketset(${id})`)
    .reply(204)

  await createDataverseClient({ url: base }).as(other).delete('new_ticket', id)
})
