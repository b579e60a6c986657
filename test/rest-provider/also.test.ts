import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Change,
  createAlso,
  createRestProvider,
  memoryState,
  serveRestProvider,
} from '../../src/connectors/index.ts'
import { createAlsoSimulator, type ListeningSimulator } from '../../src/testing/index.ts'
import { createConnection } from '../connectors/connection.ts'

/** Work 365's side, the served connector to ALSO, which tells of no customers, and ALSO. */
const apiKey = 'sh4red-s3cret'
const credentials = { userName: 'api@contoso.example', password: 'p4ss-s3cret' }
const restProvider = createRestProvider()
const order: Change<'create'> = {
  kind: 'create',
  customer: { id: 'contoso' },
  product: { id: 'basic' },
  quantity: 5,
}

const connection = createConnection(() => ({
  connector: restProvider,
  settings: { endpointUrl: server.url, countryCode: 'US', currencyCode: 'USD' },
  credentials: { apiKey },
}))
const { apply } = connection

let simulator: ReturnType<typeof createAlsoSimulator>
let also: ListeningSimulator
let server: ListeningSimulator

beforeEach(async () => {
  connection.begin()
  const { clock } = connection
  simulator = createAlsoSimulator({ ...credentials, clock, seed: { customers: ['contoso'], services: ['basic'] } })
  also = await simulator.listen()
  const settings = { endpointUrl: also.url, lostOrders: 'repeat' }
  const options = { apiKey, settings, credentials, state: memoryState(), clock, random: () => 0 }
  server = await serveRestProvider(createAlso(), options).listen()
})
afterEach(async () => {
  await server.close()
  await also.close()
})

const writes = () => simulator.state.writes.map(({ kind }) => kind)

describe('ALSO, served as a Rest Provider', () => {
  test('sells a subscription, changes its quantity, and ends it', async () => {
    const bought = await apply(order)

    expect(bought).toMatchObject({ status: 'done', changed: true, subscription: { sku: 'basic', quantity: 5 } })
    const { id } = (bought as { subscription: { id: string } }).subscription
    const subscription = { id, customerId: 'contoso' }
    expect(await apply({ kind: 'setQuantity', subscription, quantity: 8 }, 'log-2')).toMatchObject({
      subscription: { quantity: 8, status: 'active' },
    })
    expect(await apply({ kind: 'cancel', subscription }, 'log-3')).toMatchObject({
      subscription: { status: 'cancelled' },
    })
    expect(writes()).toEqual(['create', 'update', 'terminate'])
  })

  test('delivered again buys nothing', async () => {
    await apply(order)

    expect(await apply(order)).toMatchObject({ status: 'done', changed: false })
    expect(writes()).toEqual(['create'])
  })

  test('finds what was bought when the answer was lost', async () => {
    simulator.fail({ path: '/CreateSubscription', drop: 'answer' })
    await expect(apply(order)).rejects.toMatchObject({ code: 'transient' })

    expect(await apply(order)).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
    expect(writes()).toEqual(['create'])
  })

  test('buys again what was lost on its way only when it cannot appear any more', async () => {
    simulator.fail({ path: '/CreateSubscription', drop: 'request' })
    await expect(apply(order)).rejects.toMatchObject({ code: 'transient' })
    await expect(apply(order)).rejects.toMatchObject({ code: 'pending' })
    expect(writes()).toEqual([])

    await connection.clock.advance(16 * 60_000)
    expect(await apply(order)).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
    expect(writes()).toEqual(['create'])
  })

  test('refuses a customer that it does not know, in its own words', async () => {
    const change = { ...order, customer: { id: 'nobody' } }

    await expect(apply(change)).rejects.toMatchObject({ message: expect.stringContaining('nobody does not exist') })
    expect(writes()).toEqual([])
  })
})
