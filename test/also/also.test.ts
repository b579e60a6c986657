import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Change, createAlso, type Json, verifyConnectivity } from '../../src/connectors/index.ts'
import { createAlsoSimulator, type ListeningSimulator } from '../../src/testing/index.ts'
import { collect } from '../connectors/collect.ts'
import { createConnection } from '../connectors/connection.ts'

const userName = 'api@contoso.example'
const password = 'p4ss-s3cret'
const existing = { id: '4711', customerId: 'contoso' }
const order: Change<'create'> = {
  kind: 'create',
  customer: { id: 'contoso' },
  product: { id: 'basic' },
  quantity: 5,
  fields: { Domain: 'contoso.example' },
}

let simulator: ReturnType<typeof createAlsoSimulator>
let server: ListeningSimulator
const also = createAlso()
const connection = createConnection(() => ({
  connector: also,
  settings: { endpointUrl: server.url },
  credentials: { userName, password },
}))
const { context, apply, resume, settle } = connection

beforeEach(async () => {
  connection.begin()
  const account = { ParentAccountId: 'contoso', ServiceId: 'basic' }
  simulator = createAlsoSimulator({
    userName,
    password,
    clock: connection.clock,
    seed: {
      customers: ['contoso'],
      services: ['basic'],
      subscriptions: [
        { ...account, AccountId: '4711', Quantity: 10, AccountState: 'Active' },
        { ...account, AccountId: '4712', Quantity: 1, AccountState: 'Terminated' },
        { ...account, AccountId: '4713', Quantity: 1, AccountState: 'Reticulating' },
      ],
    },
  })
  server = await simulator.listen()
})
afterEach(() => server.close())

const bought = () => simulator.state.writes.filter(({ kind }) => kind === 'create')

describe('an order', () => {
  test('becomes a subscription below the account of the customer, with its fields', async () => {
    expect(await settle(order)).toMatchObject({
      status: 'done',
      changed: true,
      subscription: { customerId: 'contoso', sku: 'basic', quantity: 5, status: 'active' },
    })
    expect(simulator.state.subscriptions.at(-1)).toMatchObject({
      ParentAccountId: 'contoso',
      Fields: [{ Id: 'Domain', Value: 'contoso.example' }],
    })
  })

  test('names its service, and fills in the fields, as the settings say', async () => {
    simulator.behave({ services: 'ServiceName' })
    const settings = { services: 'ServiceName' }

    expect(await settle(order, 'log-1', { settings })).toMatchObject({ status: 'done', subscription: { sku: 'basic' } })
    const bought = simulator.state.subscriptions.at(-1)
    expect(bought).toMatchObject({ ServiceName: 'basic', Fields: { Domain: 'contoso.example' } })
    expect(bought).not.toHaveProperty('ServiceId')
    await expect(settle(order, 'log-2')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('ServiceName is missing'),
    })
  })

  test('that names its service is found after a lost answer, by its looks or by its reference', async () => {
    simulator.behave({ services: 'ServiceName' })
    for (const [key, settings] of [
      ['log-1', { services: 'ServiceName' }],
      ['log-2', { services: 'ServiceName', referenceField: 'Reference' }],
    ] as const) {
      simulator.fail({ path: '/CreateSubscription', drop: 'answer' })
      expect(await settle(order, key, { settings })).toMatchObject({ status: 'done' })
    }
    expect(simulator.state.writes).toHaveLength(2)
    connection.forget()
    expect(
      await settle(order, 'log-2', { settings: { services: 'ServiceName', referenceField: 'Reference' } }),
    ).toMatchObject({ changed: false })
    expect(simulator.state.writes).toHaveLength(2)
  })

  test('delivered again from the start buys nothing', async () => {
    await settle(order)

    expect(await apply(order)).toMatchObject({ status: 'done', changed: false })
    expect(bought()).toHaveLength(1)
  })

  test('like another one, for another change, is bought as well', async () => {
    await settle(order, 'log-1')
    await settle(order, 'log-2')

    expect(bought()).toHaveLength(2)
  })

  describe.each(['request', 'answer'] as const)('that loses the %s', (drop) => {
    test.each(['/CreateSubscription', '/GetSubscriptions', '/GetSessionToken'])(
      'of %s on its way is bought once',
      async (path) => {
        simulator.fail({ path, drop, times: 3 })

        expect(await settle(order, 'log-1', { settings: { lostOrders: 'repeat' } })).toMatchObject({ status: 'done' })
        expect(bought()).toHaveLength(1)
      },
    )
  })

  test('that carries our reference is found by it, whatever the connection has forgotten', async () => {
    const options = { settings: { referenceField: 'Reference' } }
    await settle(order, 'log-1', options)
    connection.forget()

    expect(await apply(order, 'log-1', options)).toMatchObject({ status: 'done', changed: false })
    expect(await also.find?.(context('log-1', options), order)).toMatchObject({ quantity: 5 })
    expect(await also.find?.(context('log-2', options), order)).toBeNull()
  })

  test('whose state is not active yet is accepted, and pending after a day', async () => {
    simulator.behave({ newState: 'Provisioning' })
    const { handle } = (await resume(((await apply(order)) as { handle: Json }).handle)) as { handle: Json }
    expect(await resume(handle)).toMatchObject({ status: 'accepted' })

    await connection.clock.advance(25 * 3_600_000)
    await expect(resume(handle)).rejects.toMatchObject({
      code: 'pending',
      message: expect.stringContaining('Provisioning'),
    })
    simulator.settle(bought()[0]!.accountId, 'Active')
    expect(await resume(handle)).toMatchObject({ status: 'done' })
  })
})

describe('a refusal, which comes in XML', () => {
  test.each([
    ['as XML', {}],
    ['under the header of JSON', { errorType: 'application/json' }],
    ['without a header that says so', { errorType: 'text/plain' }],
    ['under 200', { refusalStatus: 200, errorType: 'application/json' }],
  ])('%s is told in its own words', async (_, how) => {
    simulator.behave(how)

    await expect(settle({ ...order, product: { id: 'unknown' } })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('The service is not <available>.'),
      details: { providerCode: 'Refused' },
    })
    expect(bought()).toEqual([])
  })

  test('that brings entities along is not expanded', async () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "boom">]><Error><Message>&a;&a;</Message></Error>'
    simulator.fail({ path: '/GetSubscriptions', status: 400, body: bomb })

    const error = await apply(order).catch((error) => error)
    expect(error.code).toBe('invalid')
    expect(error.message).not.toContain('boomboom')
  })
})

describe('a change', () => {
  test.each<[string, Change, object]>([
    ['a quantity', { kind: 'setQuantity', subscription: existing, quantity: 25, delta: 15 }, { quantity: 25 }],
    ['an end', { kind: 'cancel', subscription: existing }, { status: 'cancelled' }],
  ])('of %s is reached, and asked for again writes nothing', async (_, change, target) => {
    expect(await apply(change)).toMatchObject({ status: 'done', changed: true, subscription: target })
    expect(await apply(change)).toMatchObject({ status: 'done', changed: false, subscription: target })
    expect(simulator.state.writes).toHaveLength(1)
  })

  test.each<[string, Change, string]>([
    ['a pause', { kind: 'pause', subscription: existing }, 'notEligible'],
    [
      'a quantity at the renewal',
      { kind: 'setQuantity', subscription: existing, quantity: 1, when: 'renewal' },
      'notEligible',
    ],
    ['no quantity', { kind: 'setQuantity', subscription: existing, quantity: 0 }, 'quantityInvalid'],
    [
      'what is terminated',
      { kind: 'setQuantity', subscription: { ...existing, id: '4712' }, quantity: 2 },
      'notEligible',
    ],
    ['what is not there', { kind: 'cancel', subscription: { ...existing, id: 'x' } }, 'notFound'],
    ['an add-on', { ...order, parent: existing }, 'notEligible'],
    ['nothing', { ...order, quantity: 0 }, 'quantityInvalid'],
  ])('of %s is refused', async (_, change, code) => {
    await expect(apply(change)).rejects.toMatchObject({ code })
    expect(simulator.state.writes).toEqual([])
  })
})

describe('the connection', () => {
  test('is verified', async () => {
    expect(await verifyConnectivity(also, context())).toMatchObject({ ok: true, account: new URL(server.url).host })
    expect(
      await verifyConnectivity(also, context('verify', { credentials: { userName, password: 'wrong' } })),
    ).toMatchObject({
      ok: false,
      findings: [{ name: 'auth', detail: expect.stringContaining('Login failed.') }],
    })
  })

  test('has one session, another when that one is refused, and another when its time is over', async () => {
    const list = async () => {
      const all = await collect(also.subscriptions!(context(), { id: 'contoso' }))
      return all.map(({ id, status }) => `${id} ${status}`)
    }
    await Promise.all([list(), list(), list()])
    expect(simulator.state.sessions.given).toBe(1)

    simulator.endSessions()
    expect(await list()).toEqual(['4711 active', '4712 cancelled', '4713 unknown'])
    expect(simulator.state.sessions.given).toBe(2)
    await connection.clock.advance(30 * 60_000)
    await list()
    expect(simulator.state.sessions.given).toBe(3)
  })

  test('shows no secret after a run full of faults', async () => {
    const errors: unknown[] = []
    for (const fault of [
      { status: 500, body: `<Error><Message>${password}</Message></Error>`, times: 3 },
      { status: 200, body: `<html>${password}</html>`, times: 3 },
      { path: '/GetSessionToken', status: 401, body: password },
      { drop: 'request' as const, times: 3 },
    ]) {
      simulator.endSessions()
      simulator.fail(fault)
      errors.push(await apply(order).catch((error) => [error.message, error.stack, error.details]))
    }
    const handle = await apply(order)

    expect(JSON.stringify([errors, connection.notes, handle, await connection.state.get()])).not.toMatch(/p4ss|s3ssion/)
  })
})

test('a purchase that is delivered again before ALSO has finished is not done yet', async () => {
  simulator.behave({ newState: 'Pending' })
  await settle(order).catch(() => {})

  expect((await apply(order)).status).toBe('accepted')
  const { accountId } = simulator.state.writes[0]!
  simulator.settle(accountId, 'Active')
  expect(await apply(order)).toMatchObject({ status: 'done', changed: false })
  expect(simulator.state.writes).toHaveLength(1)
})
