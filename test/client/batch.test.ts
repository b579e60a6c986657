import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDataverseClient, type DataverseClient, type RequestLogEntry } from '../../src/client/index.ts'
import { select } from '../../src/query/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, tables } from '../emulator/tables.ts'
import { serveEmulator } from './served.ts'

const nowhere = '11111111-1111-4111-8111-111111111111'

let dataverse: Emulator
let client: DataverseClient
let close: () => Promise<void>
let log: RequestLogEntry[]
beforeEach(async () => {
  dataverse = createEmulator({ tables })
  log = []
  const served = await serveEmulator(dataverse)
  close = served.close
  client = createDataverseClient({ url: served.url, tables, log: (entry) => log.push(entry) })
})
afterEach(() => close())

const sent = () => log.map(({ method, path }) => `${method} ${path}`)
const titles = async () => (await dataverse.list(Customer, ['new_title'])).map(({ new_title }) => new_title)

test('calls that wait together go out as one request, and each gets its own answer', async () => {
  const id = await dataverse.create(Customer, { new_title: 'Fabrikam' })

  const [created, read, , found, me] = await client.batch((service) =>
    Promise.all([
      service.create(Customer, { new_title: 'Contoso "&" Söhne\r\n--batch' }),
      service.retrieve(Customer, id, ['new_title']),
      service.update(Customer, id, { new_rating: 5 }),
      service.retrieveMultiple(select(Customer, ['new_rating']).where('new_rating', 'eq', 5)),
      service.execute('WhoAmI', {}),
    ]),
  )

  expect(sent()).toEqual(['POST $batch'])
  expect(await dataverse.retrieve(Customer, created, ['new_title'])).toEqual({
    new_title: 'Contoso "&" Söhne\r\n--batch',
  })
  expect(read).toEqual({ new_title: 'Fabrikam' })
  expect(found.rows).toEqual([{ new_rating: 5 }])
  expect(me.UserId).toBe(dataverse.organization.userId)
})

test('calls that need the answers of others go out in the next batch', async () => {
  const projects = await client.batch(async (service) => {
    const customers = await Promise.all(
      ['Adatum', 'Fabrikam'].map((new_title) => service.create(Customer, { new_title })),
    )
    return Promise.all(
      customers.map((id) => service.create(Project, { new_name: 'Bridge', new_customer: reference(Customer, id) })),
    )
  })

  expect(sent()).toEqual(['POST $batch', 'POST $batch'])
  expect(projects).toHaveLength(2)
  expect(await dataverse.retrieve(Project, projects[1]!, ['new_customer'])).toMatchObject({
    new_customer: { name: 'Fabrikam' },
  })
})

test('a call that fails rejects, those after it are not run, those before it have taken effect', async () => {
  const outcomes = await client.batch((service) =>
    Promise.allSettled([
      service.create(Customer, { new_title: 'before' }),
      service.retrieve(Customer, nowhere, []),
      service.create(Customer, { new_title: 'after' }),
    ]),
  )

  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { status: 'rejected', reason: { name: 'ObjectDoesNotExist', status: 404 } },
    { status: 'rejected', reason: { name: 'BatchStopped', status: 424 } },
  ])
  expect(await titles()).toEqual(['before'])
})

test('the others are run all the same when asked to', async () => {
  const outcomes = await client.batch(
    (service) =>
      Promise.allSettled([service.retrieve(Customer, nowhere, []), service.create(Customer, { new_title: 'after' })]),
    { continueOnError: true },
  )

  expect(outcomes).toMatchObject([
    { status: 'rejected', reason: { name: 'ObjectDoesNotExist' } },
    { status: 'fulfilled' },
  ])
  expect(await titles()).toEqual(['after'])
})

test('a transaction within a batch takes effect as a whole', async () => {
  const [, refused] = await client.batch(
    (service) =>
      Promise.allSettled([
        service.create(Customer, { new_title: 'alone' }),
        service.execute('ExecuteTransaction', {
          Requests: [
            { message: 'Create', table: Customer, row: { new_title: 'undone' } },
            { message: 'Delete', table: Customer, key: nowhere },
          ],
        }),
      ]),
    { continueOnError: true },
  )

  expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'ObjectDoesNotExist' } })
  expect(sent()).toEqual(['POST $batch'])
  expect(await titles()).toEqual(['alone'])
})

test('more than a thousand calls go out in several batches', async () => {
  const ids = await client.batch((service) =>
    Promise.all(Array.from({ length: 1001 }, (_, at) => service.create(Customer, { new_title: `${at}` }))),
  )

  expect(sent()).toEqual(['POST $batch', 'POST $batch'])
  expect(new Set(ids).size).toBe(1001)
})

test('a call that cannot even be sent fails alone', async () => {
  const outcomes = await client.batch((service) =>
    Promise.allSettled([
      service.create('new_customer', { new_rating: Number.NaN }),
      service.create(Customer, { new_title: 'sent' }),
    ]),
  )

  expect(outcomes).toMatchObject([{ status: 'rejected', reason: { name: 'WrongValueType' } }, { status: 'fulfilled' }])
})

test('a batch without calls sends nothing', async () => {
  expect(await client.batch(() => 'nothing')).toBe('nothing')
  expect(sent()).toEqual([])
})

test('calls of a batch are made as the user whom the client acts as', async () => {
  const user = await dataverse.seed('systemuser', {
    firstname: 'Ada',
    lastname: 'Lovelace',
    businessunitid: { logicalName: 'businessunit', id: dataverse.organization.businessUnitId },
  })

  const [id] = await client.as(user).batch((service) => Promise.all([service.create(Customer, { new_title: 'hers' })]))

  expect(await dataverse.retrieve(Customer, id!, ['createdby'])).toMatchObject({ createdby: { id: user } })
})
