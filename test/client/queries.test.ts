import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDataverseClient, type DataverseClient, type SchemaMap } from '../../src/client/index.ts'
import { column, defineTable } from '../../src/entities/index.ts'
import { select } from '../../src/query/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, tables } from '../emulator/tables.ts'
import { serveEmulator } from './served.ts'

let dataverse: Emulator
let client: DataverseClient
let url: string
let close: () => Promise<void>
let asked: string[]
beforeEach(async () => {
  dataverse = createEmulator({ tables })
  ;({ url, close } = await serveEmulator(dataverse))
  asked = []
  client = createDataverseClient({ url, tables, log: ({ method, path }) => asked.push(`${method} ${path}`) })
})
afterEach(() => close())

const seed = (count: number) =>
  dataverse.seed(
    Customer,
    Array.from({ length: count }, (_, at) => ({ new_title: `customer ${at}`, new_rating: at })),
  )
const byRating = select(Customer, ['new_rating']).orderBy('new_rating')

async function ratings(rows: AsyncIterable<{ readonly new_rating: number | null }>): Promise<(number | null)[]> {
  const found: (number | null)[] = []
  for await (const { new_rating } of rows) found.push(new_rating)
  return found
}

test('all rows of a query come page by page, in OData and in FetchXML', async () => {
  await seed(7)
  const expected = [0, 1, 2, 3, 4, 5, 6]

  expect(await ratings(client.rows(byRating.paged(3)))).toEqual(expected)
  expect(asked).toHaveLength(3)
  expect(await ratings(client.rows(byRating.where('new_title', 'like', '%customer%').paged(3)))).toEqual(expected)
  expect(asked).toHaveLength(6)
})

test('rows that nobody takes are not asked for', async () => {
  await seed(7)

  for await (const { new_rating } of client.rows(byRating.paged(3))) if (new_rating === 1) break

  expect(asked).toHaveLength(1)
})

test('the first so many rows come in one answer', async () => {
  await seed(7)

  expect(await ratings(client.rows(byRating.first(2)))).toEqual([0, 1])
  expect(asked).toHaveLength(1)
})

test('a query with too long an address goes out within a batch', async () => {
  const ids = await seed(1000)

  const { rows } = await client.retrieveMultiple(
    select(Customer, ['new_rating']).where('new_customerid', 'in', ...ids.slice(0, 450)),
  )

  expect(rows).toHaveLength(450)
  expect(asked).toEqual(['POST $batch'])
})

test('names and choices of an environment are translated on the way, in rows and in queries', async () => {
  const Ours = defineTable({
    logicalName: 'our_thing',
    displayName: 'Thing',
    primaryName: 'our_name',
    columns: {
      our_name: column.text({ label: 'Name' }),
      our_priority: column.choice({ label: 'Priority', options: { Low: 1, High: 2 } }),
      our_owner: column.lookup({ label: 'Owner', to: ['our_person'] }),
    },
  })
  const schemaMap: SchemaMap = {
    our_thing: {
      name: 'new_project',
      columns: {
        our_thingid: 'new_projectid',
        our_name: 'new_name',
        our_priority: { name: 'new_priority', values: { 1: 100_000_000, 2: 100_000_001 } },
        our_owner: 'new_customer',
      },
    },
    our_person: { name: 'new_customer' },
  }
  const mapped = createDataverseClient({ url, tables, schemaMap })
  const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })

  const id = await mapped.create(Ours, {
    our_name: 'Bridge',
    our_priority: 2,
    our_owner: reference('our_person', customer),
  })

  expect(await dataverse.retrieve(Project, id, ['new_name', 'new_priority'])).toEqual({
    new_name: 'Bridge',
    new_priority: 100_000_001,
  })
  const expected = { our_name: 'Bridge', our_owner: { logicalName: 'our_person', id: customer, name: 'Fabrikam' } }
  const query = select(Ours, ['our_name', 'our_owner']).where('our_priority', 'eq', 2)
  expect((await mapped.retrieveMultiple(query)).rows).toEqual([expected])
  expect((await mapped.retrieveMultiple(query.where('our_name', 'like', 'B%'))).rows).toEqual([expected])
  const [found] = await mapped.batch((service) => Promise.all([service.retrieve(Ours, id, ['our_priority'])]))
  expect(found).toEqual({ our_priority: 2 })
})

test('the platform’s own functions and actions are called as it wants them', async () => {
  const [one] = await seed(2)

  expect(await client.execute('RetrieveVersion')).toEqual({ Version: expect.stringMatching(/^9\.2/) })
  const target = { logicalName: 'new_customer', id: one! }
  const principal = { logicalName: 'systemuser', id: dataverse.organization.userId }
  const access = { Target: target, PrincipalAccess: { Principal: principal, AccessMask: 'ReadAccess' } }
  expect(await client.execute('GrantAccess', access)).toEqual({})
  expect(await client.execute('RetrievePrincipalAccess', { Principal: principal, Target: target })).toEqual({
    AccessRights: expect.stringContaining('ReadAccess'),
  })
  expect(await client.execute('RetrieveTotalRecordCount', { EntityNames: ['new_customer'] })).toEqual({
    EntityRecordCountCollection: { new_customer: 2 },
  })
})

test('code cannot be sent over a wire', async () => {
  const call = client.execute('RunInTransaction', { body: async () => {} })

  await expect(call).rejects.toMatchObject({ status: 404, message: expect.stringContaining('ExecuteTransaction') })
  expect(asked).toEqual([])
})
