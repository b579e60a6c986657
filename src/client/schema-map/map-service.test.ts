import { beforeEach, describe, expect, test } from 'vitest'
import { column, defineTable } from '../../entities/index.ts'
import type { OrganizationService } from '../../service/index.ts'
import { reference } from '../../service/index.ts'
import { createEmulator, type Emulator } from '../../testing/index.ts'
import { mapService } from './map-service.ts'
import type { SchemaMap } from './schema-map.ts'

/** As we call them. */
const Order = defineTable({
  logicalName: 'our_order',
  displayName: 'Order',
  primaryName: 'our_name',
  columns: {
    our_name: column.text({ label: 'Name' }),
    our_size: column.choice({ label: 'Size', options: { Small: 1, Large: 2 } }),
    our_tags: column.multiChoice({ label: 'Tags', options: { Red: 1, Blue: 2 } }),
    our_buyer: column.lookup({ label: 'Buyer', to: ['our_buyer'] }),
    our_code: column.text({ label: 'Code' }),
  },
})
const Buyer = defineTable({
  logicalName: 'our_buyer',
  displayName: 'Buyer',
  primaryName: 'our_name',
  columns: { our_name: column.text({ label: 'Name' }) },
})

/** As the environment calls them. */
const theirTables = [
  defineTable({
    logicalName: 'x_order',
    displayName: 'Order',
    primaryName: 'x_title',
    changeTracking: true,
    columns: {
      x_title: column.text({ label: 'Name' }),
      x_size: column.choice({ label: 'Size', options: { Small: 100, Large: 200 } }),
      x_tags: column.multiChoice({ label: 'Tags', options: { Red: 2, Blue: 1 } }),
      x_customer: column.lookup({ label: 'Buyer', to: ['x_customer'] }),
      our_code: column.text({ label: 'Code' }),
    },
    keys: { x_codekey: ['our_code'] },
  }),
  defineTable({
    logicalName: 'x_customer',
    displayName: 'Customer',
    primaryName: 'our_name',
    columns: { our_name: column.text({ label: 'Name' }) },
  }),
]
const map: SchemaMap = {
  our_order: {
    name: 'x_order',
    columns: {
      our_orderid: 'x_orderid',
      our_name: 'x_title',
      our_size: { name: 'x_size', values: { 1: 100, 2: 200 } },
      our_tags: { name: 'x_tags', values: { 1: 2, 2: 1 } },
      our_buyer: 'x_customer',
    },
  },
  our_buyer: {
    name: 'x_customer',
    columns: { our_buyerid: 'x_customerid' },
    relationships: { our_buyer_orders: 'x_customer_x_order_x_customer' },
  },
}

let theirs: Emulator
let ours: OrganizationService
let buyer: string
let order: string
beforeEach(async () => {
  theirs = createEmulator({ tables: theirTables })
  ours = mapService(theirs, map)
  buyer = await ours.create(Buyer, { our_name: 'Fabrikam' })
  order = await ours.create(Order, {
    our_name: 'First',
    our_size: 2,
    our_tags: [1],
    our_buyer: reference(Buyer, buyer),
    our_code: 'A',
  })
})

test('a row is written in their words', async () => {
  expect(await theirs.retrieve('x_order', order, ['x_title', 'x_size', 'x_tags', 'x_customer', 'our_code'])).toEqual({
    x_title: 'First',
    x_size: 200,
    x_tags: [2],
    x_customer: { logicalName: 'x_customer', id: buyer, name: 'Fabrikam' },
    our_code: 'A',
  })
})

test('and read in ours, by id and by alternate key, with columns and without', async () => {
  const row = {
    our_name: 'First',
    our_size: 2,
    our_tags: [1],
    our_buyer: { logicalName: 'our_buyer', id: buyer, name: 'Fabrikam' },
  }
  expect(await ours.retrieve(Order, order, ['our_name', 'our_size', 'our_tags', 'our_buyer'])).toEqual(row)
  expect(await ours.retrieve(Order, { our_code: 'A' })).toMatchObject({ ...row, our_orderid: order, statecode: 0 })
})

test('rows are changed, upserted and deleted', async () => {
  await ours.update(Order, order, { our_size: 1 })
  expect(await theirs.retrieve('x_order', order, ['x_size'])).toEqual({ x_size: 100 })
  expect(await ours.upsert(Order, { our_code: 'A' }, { our_name: 'Second' })).toEqual({ id: order, created: false })
  expect(await theirs.retrieve('x_order', order, ['x_title'])).toEqual({ x_title: 'Second' })
  await ours.delete(Order, order)
  await expect(theirs.retrieve('x_order', order, [])).rejects.toMatchObject({ status: 404 })
})

describe('a query', () => {
  test('is asked in their words, and its rows come in ours', async () => {
    const { rows } = await ours.retrieveMultiple({
      table: 'our_order',
      columns: ['our_name', 'our_size'],
      filter: {
        kind: 'and',
        conditions: [
          { kind: 'compare', column: 'our_size', operator: 'eq', values: [2] },
          { kind: 'compare', column: 'our_name', operator: 'eq', values: ['First'], link: 'same' },
          {
            kind: 'not',
            condition: { kind: 'compare', column: 'our_buyer', operator: 'ne', values: [reference(Buyer, buyer)] },
          },
        ],
      },
      orders: [{ column: 'our_name' }],
      links: [
        {
          table: 'our_buyer',
          from: 'our_buyerid',
          to: 'our_buyer',
          type: 'inner',
          columns: ['our_buyerid', 'our_name'],
          links: [
            {
              table: 'our_order',
              alias: 'same',
              from: 'our_buyer',
              to: 'our_buyerid',
              type: 'inner',
              columns: ['our_size'],
            },
          ],
        },
      ],
    })

    expect(rows).toEqual([
      {
        our_name: 'First',
        our_size: 2,
        'our_buyer1.our_buyerid': buyer,
        'our_buyer1.our_name': 'Fabrikam',
        'same.our_size': 2,
      },
    ])
  })

  test('keeps aliases, and translates what stands under them', async () => {
    const { rows } = await ours.retrieveMultiple({
      table: 'our_buyer',
      columns: [{ column: 'our_name', alias: 'who' }],
      links: [
        {
          table: 'our_order',
          from: 'our_buyer',
          to: 'our_buyerid',
          type: 'inner',
          columns: [{ column: 'our_size', alias: 'size' }, 'our_tags'],
        },
      ],
    })
    expect(rows).toEqual([{ who: 'Fabrikam', size: 2, 'our_order1.our_tags': [1] }])

    const grouped = await ours.retrieveMultiple({
      table: 'our_order',
      aggregates: [
        { aggregate: 'count', column: 'our_orderid', alias: 'count' },
        { aggregate: 'max', column: 'createdon', alias: 'latest' },
        // Counted, it is a number that is also the value of a choice.
        { aggregate: 'countcolumn', column: 'our_tags', alias: 'tagged' },
      ],
      groupBy: [{ column: 'our_size', alias: 'size' }],
    })
    expect(grouped.rows).toEqual([{ count: 1, latest: expect.any(Date), tagged: 1, size: 2 }])
  })

  test('keeps what OData and pages need', async () => {
    await ours.create(Order, { our_name: 'Second' })
    const query = { table: 'our_order', columns: ['our_name'], orders: [{ column: 'our_name' }] }

    const first = await ours.retrieveMultiple({ ...query, page: { size: 1 }, totalCount: true })
    const second = await ours.retrieveMultiple({ ...query, page: { size: 1, number: 2, cookie: first.pagingCookie! } })

    expect(first).toMatchObject({ rows: [{ our_name: 'First' }], totalRecordCount: 2 })
    expect(second.rows).toEqual([{ our_name: 'Second' }])
  })
})

test('relationships, transactions and references in messages are translated', async () => {
  const other = await ours.create(Buyer, { our_name: 'Contoso' })
  await ours.associate(Buyer, other, 'our_buyer_orders', [reference(Order, order)])
  expect((await ours.retrieve(Order, order, ['our_buyer'])).our_buyer?.id).toBe(other)

  const { Responses } = await ours.execute('ExecuteTransaction', {
    Requests: [
      { message: 'Create', table: Order, row: { our_name: 'Third', our_size: 1 } },
      { message: 'Update', table: 'our_order', key: { our_code: 'A' }, changes: { our_size: 1 } },
    ],
  })
  expect(await theirs.retrieve('x_order', Responses[0]!.id!, ['x_title', 'x_size'])).toEqual({
    x_title: 'Third',
    x_size: 100,
  })
  expect(await theirs.retrieve('x_order', order, ['x_size'])).toEqual({ x_size: 100 })
})

test('what changed since a token is asked for in their words, and comes in ours', async () => {
  const ask = async (more: object = {}) =>
    (await ours.execute('RetrieveEntityChanges', { EntityName: 'our_order', ...more })).EntityChanges as {
      readonly Changes: readonly object[]
      readonly DataToken: string
    }
  const first = await ask({ Columns: ['our_name', 'our_size', 'our_buyer'] })
  expect(first.Changes).toEqual([
    {
      Type: 'NewOrUpdated',
      Id: order,
      NewOrUpdatedEntity: {
        our_orderid: order,
        our_name: 'First',
        our_size: 2,
        our_buyer: { logicalName: 'our_buyer', id: buyer },
      },
    },
  ])

  const second = await ours.create(Order, { our_name: 'Second', our_tags: [2] })
  await ours.delete(Order, order)
  const { Changes } = await ask({ DataVersion: first.DataToken })
  expect(Changes).toMatchObject([
    { Type: 'NewOrUpdated', Id: second, NewOrUpdatedEntity: { our_name: 'Second', our_tags: [2], statecode: 0 } },
    { Type: 'RemoveOrDeleted', Id: order, RemovedItem: { logicalName: 'our_order', id: order } },
  ])
})

test('two names that would mean the same are refused when the map is read', () => {
  const twice = { our_order: { columns: { our_name: 'x_name', our_code: 'x_name' } } }
  expect(() => mapService(theirs, twice)).toThrow(
    "schemaMap: the column 'our_name' of 'our_order' and the column 'our_code' of 'our_order' are both 'x_name' there.",
  )
})

test('names such as those of every object mean nothing special', async () => {
  const odd = mapService(theirs, {})
  await expect(odd.create('constructor', { toString: 'x' })).rejects.toMatchObject({ status: 400 })
})
