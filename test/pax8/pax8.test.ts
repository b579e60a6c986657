import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Change, createPax8, type Json, verifyConnectivity } from '../../src/connectors/index.ts'
import { createPax8Simulator, type ListeningSimulator } from '../../src/testing/index.ts'
import { collect } from '../connectors/collect.ts'
import { createConnection } from '../connectors/connection.ts'

const clientId = 'cl13nt-id'
const clientSecret = 'cl13nt-s3cret'
const existing = { id: 'sub-1', customerId: 'contoso' }
const order: Change<'create'> = {
  kind: 'create',
  customer: { id: 'contoso', name: 'Contoso' },
  product: { id: 'basic', billingCycle: 'monthly' },
  quantity: 5,
}

let simulator: ReturnType<typeof createPax8Simulator>
let server: ListeningSimulator
let pax8: ReturnType<typeof createPax8>
const connection = createConnection(() => ({ connector: pax8, credentials: { clientId, clientSecret } }))
const { context, apply, resume, settle } = connection

beforeEach(async () => {
  connection.begin()
  simulator = createPax8Simulator({
    clientId,
    clientSecret,
    clock: connection.clock,
    seed: {
      companies: [
        { id: 'contoso', name: 'Contoso', website: 'www.contoso.example' },
        ...Array.from({ length: 250 }, (_, index) => ({ id: `c${index}`, name: `Company ${index}` })),
      ],
      products: [
        { id: 'basic', name: 'Business Basic', vendorName: 'Microsoft' },
        { id: 'committed', name: 'Committed', needsCommitment: true, provisioningDetails: ['mca2020FirstName'] },
      ],
      subscriptions: [
        { id: 'sub-1', companyId: 'contoso', productId: 'basic', quantity: 10, status: 'Active' },
        { id: 'gone', companyId: 'contoso', productId: 'basic', quantity: 1, status: 'Cancelled' },
        { id: 'odd', companyId: 'contoso', productId: 'basic', quantity: 1, status: 'Reticulating' },
      ],
    },
  })
  server = await simulator.listen()
  pax8 = createPax8({ endpoint: server.url })
})
afterEach(() => server.close())

const bought = () => simulator.state.writes.filter(({ kind }) => kind === 'order')

describe('an order', () => {
  test('is checked by a mock, placed, and becomes a subscription', async () => {
    expect(await settle(order)).toMatchObject({
      status: 'done',
      changed: true,
      subscription: { customerId: 'contoso', sku: 'basic', quantity: 5, status: 'active' },
    })
    const posts = simulator.state.requests.filter(({ method, path }) => method === 'POST' && path === '/orders')
    expect(posts.map(({ query }) => query)).toEqual(['?isMock=true', ''])
  })

  test('delivered again from the start buys nothing, and says that nothing has changed', async () => {
    await settle(order)

    expect(await apply(order)).toMatchObject({ status: 'done', changed: false })
    expect(bought()).toHaveLength(1)
    expect(await pax8.find?.(context(), order)).toMatchObject({ quantity: 5 })
    expect(await pax8.find?.(context('log-2'), order)).toBeNull()
  })

  test('like another one, for another change, is bought as well', async () => {
    await settle(order, 'log-1')
    await settle(order, 'log-2')

    expect(bought()).toHaveLength(2)
  })

  describe.each(['request', 'answer'] as const)('that loses the %s', (drop) => {
    test.each([
      ['GET', /orders$/],
      ['GET', /orders\/.+/],
      ['POST', /orders$/],
      ['GET', /subscriptions\/.+/],
      ['POST', /token$/],
    ])('of %s %s on its way is bought once', async (method, path) => {
      const options = { settings: { lostOrders: 'repeat' } }
      const { handle } = (await apply(order, 'log-1', options)) as { handle: Json }
      simulator.revokeTokens()
      simulator.fail({ method, path, drop, times: 3 })

      expect(await settle(order, 'log-1', options, handle)).toMatchObject({
        status: 'done',
        subscription: { quantity: 5 },
      })
      expect(bought()).toHaveLength(1)
    })
  })

  test('whose answer is lost, and which is listed late, is waited for', async () => {
    simulator.behave({ listedAfterMs: 5 * 60_000 })
    const { handle } = (await apply(order)) as { handle: Json }
    simulator.fail({ method: 'POST', path: '/orders', drop: 'answer' })
    await expect(resume(handle)).rejects.toMatchObject({ code: 'transient' })

    expect(await resume(handle)).toMatchObject({ status: 'accepted' })
    await connection.clock.advance(6 * 60_000)
    expect(await resume(handle)).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
    expect(bought()).toHaveLength(1)
  })

  test('whose answer is lost is found by a process that knows nothing but the handle', async () => {
    const { handle } = (await apply(order)) as { handle: Json }
    simulator.fail({ method: 'POST', path: '/orders', drop: 'answer' })
    await expect(resume(handle)).rejects.toMatchObject({ code: 'transient' })
    connection.forget()

    expect(await resume(handle)).toMatchObject({ status: 'done' })
    expect(bought()).toHaveLength(1)
  })

  test('that never arrived is left to a person, or repeated where the settings say so', async () => {
    for (const [lostOrders, orders] of [
      ['ask', 0],
      ['repeat', 1],
    ] as const) {
      const options = { settings: { lostOrders } }
      const { handle } = (await apply(order, lostOrders, options)) as { handle: Json }
      simulator.fail({ method: 'POST', path: '/orders', drop: 'request' })
      await expect(resume(handle, lostOrders, options)).rejects.toMatchObject({ code: 'transient' })
      await connection.clock.advance(16 * 60_000)

      const outcome = resume(handle, lostOrders, options)
      if (orders === 0)
        await expect(outcome).rejects.toMatchObject({
          code: 'notFound',
          message: expect.stringContaining('portal of Pax8'),
        })
      else expect(await outcome).toMatchObject({ status: 'done' })
      expect(bought()).toHaveLength(orders)
    }
  })

  test('that was refused is placed when it comes again', async () => {
    const { handle } = (await apply(order)) as { handle: Json }
    simulator.fail({ method: 'POST', path: '/orders', status: 422, body: '{"message":"No."}' })
    await expect(resume(handle)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('No.') })

    expect(await resume(handle)).toMatchObject({ status: 'done' })
    expect(bought()).toHaveLength(1)
  })

  test.each(['PendingManual', 'PendingAutomated', 'WaitingForDetails', 'PendingActivation', 'Reticulating'])(
    'whose subscription is %s is accepted until it is active',
    async (newStatus) => {
      simulator.behave({ newStatus })
      const { handle } = (await apply(order)) as { handle: Json }
      const waiting = (await resume(handle)) as { status: string; handle: Json }
      expect(waiting.status).toBe('accepted')

      simulator.settle(bought()[0]!.subscriptionId, 'Active')
      expect(await resume(waiting.handle)).toMatchObject({ status: 'done', subscription: { status: 'active' } })
    },
  )

  test('that never becomes a subscription is pending in the end, not done', async () => {
    simulator.behave({ newStatus: 'PendingAutomated' })
    const { handle } = (await resume(((await apply(order)) as { handle: Json }).handle)) as { handle: Json }
    await connection.clock.advance(25 * 3_600_000)

    await expect(resume(handle)).rejects.toMatchObject({
      code: 'pending',
      message: expect.stringContaining('PendingAutomated'),
    })
  })

  test('carries the commitment and what else the product asks for', async () => {
    const fields = { commitmentTermId: 'p1y', mca2020FirstName: 'Ada' }

    expect(await settle({ ...order, product: { ...order.product, id: 'committed' }, fields })).toMatchObject({
      status: 'done',
    })
  })

  test.each<[string, Partial<Change<'create'>>, string, string]>([
    ['no quantity', { quantity: 0 }, 'quantityInvalid', 'At least one'],
    ['an unknown company', { customer: { id: 'nobody' } }, 'notFound', 'not found'],
    ['an unknown product', { product: { id: 'x', billingCycle: 'monthly' } }, 'invalid', 'product is not valid'],
    ['a product without a billing cycle', { product: { id: 'basic' } }, 'invalid', 'billing cycle'],
    [
      'a product without its commitment',
      { product: { id: 'committed', billingCycle: 'annual' } },
      'invalid',
      'commitment',
    ],
  ])('of %s is refused by preview and by apply alike, without a write', async (_, part, code, message) => {
    const change = { ...order, ...part }
    const refusal = { code, message: expect.stringContaining(message) }

    await expect(apply(change)).rejects.toMatchObject(refusal)
    expect(await pax8.preview?.(context(), change)).toMatchObject({ ok: false, refusals: [refusal] })
    expect(simulator.state.writes).toEqual([])
  })

  test('that Pax8 would take is previewed without a write', async () => {
    expect(await pax8.preview?.(context(), order)).toEqual({ ok: true, notes: [] })
    expect(simulator.state.writes).toEqual([])
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

  test.each(['request', 'answer'] as const)('whose %s is lost writes once', async (drop) => {
    simulator.fail({ method: 'PUT', drop })

    expect(await settle({ kind: 'setQuantity', subscription: existing, quantity: 25 })).toMatchObject({
      subscription: { quantity: 25 },
    })
    expect(simulator.state.subscriptions[0]).toMatchObject({ quantity: 25 })
  })

  test('that ends with the term is accepted, and not asked for twice', async () => {
    simulator.behave({ cancelStatus: 'PendingCancel' })
    const change: Change = { kind: 'cancel', subscription: existing }
    const { handle } = (await apply(change)) as { handle: Json }

    expect(await apply(change)).toMatchObject({ status: 'accepted' })
    expect(simulator.state.writes).toHaveLength(1)
    simulator.settle('sub-1', 'Cancelled')
    expect(await resume(handle)).toMatchObject({ status: 'done', subscription: { status: 'cancelled' } })
  })

  test.each<[string, Change, string]>([
    ['a pause', { kind: 'pause', subscription: existing }, 'notEligible'],
    ['auto-renew', { kind: 'setAutoRenew', subscription: existing, enabled: false }, 'notEligible'],
    [
      'a quantity at the renewal',
      { kind: 'setQuantity', subscription: existing, quantity: 1, when: 'renewal' },
      'notEligible',
    ],
    ['no quantity', { kind: 'setQuantity', subscription: existing, quantity: 0 }, 'quantityInvalid'],
    [
      'what is cancelled',
      { kind: 'setQuantity', subscription: { ...existing, id: 'gone' }, quantity: 2 },
      'notEligible',
    ],
    ['what is not there', { kind: 'cancel', subscription: { ...existing, id: 'x' } }, 'notFound'],
  ])('of %s is refused', async (_, change, code) => {
    await expect(apply(change)).rejects.toMatchObject({ code })
    expect(simulator.state.writes).toEqual([])
  })
})

describe('the connection', () => {
  test('is verified', async () => {
    expect(await verifyConnectivity(pax8, context())).toMatchObject({ ok: true })
    expect(
      await verifyConnectivity(pax8, context('verify', { credentials: { clientId, clientSecret: 'wrong' } })),
    ).toMatchObject({
      ok: false,
      findings: [{ name: 'auth' }],
    })
  })

  test('asks for one token, and for another when that one is refused', async () => {
    await Promise.all([1, 2, 3].map(() => pax8.customers?.find?.(context(), 'contoso')))
    expect(simulator.state.tokens.given).toBe(1)

    simulator.revokeTokens()
    expect(await pax8.customers?.find?.(context(), 'contoso')).toMatchObject({ domain: 'www.contoso.example' })
    expect(simulator.state.tokens.given).toBe(2)
  })

  test('lists over all pages', async () => {
    expect(await collect(pax8.customers!.list(context()))).toHaveLength(251)
    expect(await pax8.customers?.find?.(context(), 'nobody')).toBeNull()
    const subscriptions = await collect(pax8.subscriptions!(context(), { id: 'contoso' }))
    expect(subscriptions).toMatchObject([{ status: 'active' }, { status: 'cancelled' }, { status: 'unknown' }])
  })

  test('shows no secret after a run full of faults', async () => {
    const errors: unknown[] = []
    for (const fault of [
      { status: 500, body: `{"message":"${clientSecret}"}`, times: 3 },
      { status: 200, body: `<html>${clientSecret}</html>`, times: 3 },
      { path: '/token', status: 401, body: clientSecret },
      { drop: 'request' as const, times: 3 },
    ]) {
      simulator.revokeTokens()
      simulator.fail(fault)
      errors.push(await apply(order).catch((error) => [error.message, error.stack, error.details]))
    }
    const handle = await apply(order)

    expect(JSON.stringify([errors, connection.notes, handle, await connection.state.get()])).not.toContain('s3cret')
  })
})

describe('a company', () => {
  const adatum = {
    name: 'Adatum',
    domain: 'adatum.example',
    address: { country: 'US', line1: '1 Main Street', city: 'Denver', postalCode: '80202' },
    contact: { firstName: 'Ada', lastName: 'Tum', email: 'ada@adatum.example', phone: '+1 555 0100' },
  }
  const create = (customer: object = adatum) => pax8.customers!.create!(context(), customer as typeof adatum)

  test('is made with a contact that lets it order', async () => {
    const { id, domain } = await create()

    expect(domain).toBe('adatum.example')
    expect(simulator.state.companies.at(-1)).toMatchObject({ id, name: 'Adatum', status: 'Active' })
    expect((await settle({ ...order, customer: { id } })).status).toBe('done')
  })

  test.each(['/companies', '/contacts'])('is made once when the answer of %s is lost', async (path) => {
    simulator.fail({ method: 'POST', path: new RegExp(`${path}$`), drop: 'answer' })
    await create().catch(() => {})
    const { id } = await create()

    expect(simulator.state.companies.filter(({ name }) => name === 'Adatum').map((one) => one.id)).toEqual([id])
    expect(simulator.state.contacts).toHaveLength(1)
  })

  test.each([
    ['domain', { ...adatum, domain: undefined }],
    ['address.city', { ...adatum, address: { ...adatum.address, city: '' } }],
    ['contact.email', { ...adatum, contact: { ...adatum.contact, email: undefined } }],
  ])('without %s is refused before anything is made', async (field, customer) => {
    await expect(create(customer)).rejects.toMatchObject({ code: 'invalid', details: { field } })
    expect(simulator.state.companies.some(({ name }) => name === 'Adatum')).toBe(false)
  })
})

test('an add-on waits for its base', async () => {
  simulator.settle('sub-1', 'PendingManual')
  const addOn = { ...order, parent: existing }

  await expect(apply(addOn)).rejects.toMatchObject({ code: 'pending' })
  simulator.settle('sub-1', 'Active')
  expect((await settle(addOn)).status).toBe('done')
})
