import { afterEach, describe, expect, test } from 'vitest'
import { createPax8, memoryState } from '../../src/connectors/index.ts'
import { createPax8Simulator } from '../../src/testing/index.ts'
import { impatientClock } from '../connectors/impatient-clock.ts'
import { BASIC, clientSecret, connect, PREMIUM, refreshToken } from '../partner-center/connection.ts'
import { serve } from './provider.ts'

/** The platform's side, the served connector, and the provider behind it: three ends of two real connections. */
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const order = (customer: string, partNumber: string, more: object = {}) => ({
  SubscriptionID: '1001',
  Name: 'Business Basic',
  ActionType: 'Provision',
  Quantity: 5,
  Account: { ID: '9', ExternalID: customer },
  AttributeList: { partNumber: { ID: 'partNumber', Value: partNumber } },
  ...more,
})

describe('Partner Center, served as a service manager', () => {
  async function begin() {
    const partnerCenter = await connect()
    closing.push(() => partnerCenter.close())
    const { settings, credentials, clock, state } = partnerCenter.context()
    const served = await serve(partnerCenter.connector, { settings, credentials, clock, state })
    closing.push(served.close)
    const orders = () => partnerCenter.simulator.state.writes.filter(({ kind }) => kind === 'order')
    return { ...served, partnerCenter, orders }
  }

  test('sells, changes, suspends, activates and cancels', async () => {
    const { call } = await begin()
    const { Result: ID } = (await call('Subscriptions/Create', order('contoso', BASIC))).body
    const existing = (more: object) => order('contoso', BASIC, { ID, ...more })

    for (const [endpoint, more] of [
      ['Update', { Quantity: 8 }],
      ['Suspend', { ActionType: 'Suspend' }],
      ['Activate', { ActionType: 'Activate' }],
      ['Cancel', { ActionType: 'Cancel' }],
    ] as const) {
      expect((await call(`Subscriptions/${endpoint}`, existing(more))).body).toMatchObject({ Code: 0, Result: ID })
    }
  })

  test('buys an add-on once, and leaves its subscription alone', async () => {
    const { call, orders, partnerCenter } = await begin()
    const base = order('contoso', BASIC, {
      ...{ ID: 'sub-1', ActionType: 'None', Quantity: 99 },
      Addons: [{ Name: 'Premium', ProductID: `${PREMIUM};P1M;monthly`, ActionType: 'Provision', Quantity: 1 }],
    })
    const [first, second] = [await call('Addon/Create', base), await call('Addon/Create', base)]

    expect(first.body.Code).toBe(0)
    expect(second.body.Result).toBe(first.body.Result)
    expect(orders()).toHaveLength(1)
    expect(partnerCenter.simulator.state.subscriptions.find(({ id }) => id === 'sub-1')).toMatchObject({ quantity: 10 })
  })

  test.each(['request', 'answer'] as const)('buys once when the checkout loses its %s', async (drop) => {
    const { call, orders, partnerCenter } = await begin()
    partnerCenter.simulator.fail({ method: 'POST', path: /checkout$/, drop })
    const deliver = async () => (await call('Subscriptions/Create', order('contoso', BASIC))).body

    const results = [await deliver(), await deliver(), await deliver()]
    expect(results.at(-1)).toMatchObject({ Code: 0, Result: expect.any(String) })
    expect(orders()).toHaveLength(1)
  })

  test('refuses beforehand what it refuses, and buys nothing', async () => {
    const { call, orders } = await begin()
    for (const body of [order('fabrikam', BASIC), order('contoso', BASIC, { Quantity: 1000 })]) {
      const check = (await call('Subscriptions/Create?checkonly=true', body)).body
      const real = (await call('Subscriptions/Create', body)).body

      expect(check).toEqual(real)
      expect(real.Code).toBeGreaterThan(19)
    }
    expect(orders()).toEqual([])
  })

  test('shows no secret in a refusal', async () => {
    const { call, partnerCenter, notes } = await begin()
    partnerCenter.simulator.fail({ status: 500, body: `{"description":"${clientSecret} ${refreshToken}"}`, times: 99 })

    expect((await call('Subscriptions/Create', order('contoso', BASIC))).text).not.toMatch(/s3cret|t0ken/)
    expect(JSON.stringify(notes)).not.toMatch(/s3cret|t0ken/)
  })
})

describe('Pax8, served as a service manager', () => {
  async function begin() {
    const clock = impatientClock()
    const simulator = createPax8Simulator({
      ...{ clientId: 'cl13nt-id', clientSecret: 'cl13nt-s3cret', clock },
      seed: { companies: [{ id: 'contoso', name: 'Contoso' }], products: [{ id: 'basic', name: 'Business Basic' }] },
    })
    const behind = await simulator.listen()
    closing.push(() => behind.close())
    const served = await serve(createPax8({ endpoint: behind.url }), {
      ...{ clock, state: memoryState(), settings: { billingTerm: 'Monthly' } },
      credentials: { clientId: 'cl13nt-id', clientSecret: 'cl13nt-s3cret' },
    })
    closing.push(served.close)
    const bought = () => simulator.state.writes.filter(({ kind }) => kind === 'order')
    return { ...served, simulator, bought }
  }

  test('buys once though it knows no keys, and asks its mock when it is only checked', async () => {
    const { call, bought } = await begin()
    const body = order('contoso', 'basic')

    expect((await call('Subscriptions/Create?checkonly=true', body)).body.Code).toBe(0)
    expect(bought()).toHaveLength(0)
    const results = [await call('Subscriptions/Create', body), await call('Subscriptions/Create', body)]
    expect(results[1]?.body).toEqual(results[0]?.body)
    expect(bought()).toHaveLength(1)
  })

  test('is in progress while somebody at Pax8 has to act, and done afterwards', async () => {
    const { call, simulator, bought } = await begin()
    simulator.behave({ newStatus: 'PendingManual' })
    const deliver = async () => (await call('Subscriptions/Create', order('contoso', 'basic'))).body

    expect([(await deliver()).Code, (await deliver()).Code]).toEqual([2, 2])
    const [{ subscriptionId } = { subscriptionId: '' }] = bought()
    simulator.settle(subscriptionId, 'Active')
    expect(await deliver()).toMatchObject({ Code: 0, Result: subscriptionId })
    expect(bought()).toHaveLength(1)
  })

  test('does not suspend, and says so', async () => {
    const { call } = await begin()
    const { body } = await call('Subscriptions/Suspend', order('contoso', 'basic', { ID: 'x', ActionType: 'Suspend' }))

    expect(body).toMatchObject({ Code: 21, Message: expect.stringContaining('cannot') })
  })
})
