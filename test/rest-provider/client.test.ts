import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  applyChange,
  type Change,
  createConnectorContext,
  createRestProvider,
  type Json,
  serveRestProvider,
  verifyConnectivity,
} from '../../src/connectors/index.ts'
import type { Clock } from '../../src/internal/clock.ts'
import {
  createRestProviderSimulator,
  type ListeningSimulator,
  type RestProviderSimulator,
  type RestProviderSimulatorOptions,
} from '../../src/testing/index.ts'
import { collect } from '../connectors/collect.ts'

const apiKey = 'sh4red-s3cret'
const customer = { id: 'contoso', name: 'Contoso' }
const existing = { id: 'Sub002', customerId: 'contoso' }
const clock: Clock = { now: () => new Date('2026-11-24T09:00:00Z'), sleep: async () => {} }

const seed: RestProviderSimulatorOptions['seed'] = {
  customers: [{ ...customer, domain: 'contoso.example' }],
  subscriptions: [
    {
      ...{ id: 'Sub002', name: 'Sub 2', friendlyName: 'Business Premium', partNumber: 'CFQ7TTC0LH31:001B' },
      ...{ customer: { id: 'contoso' }, quantity: 10, status: 1, autoRenew: true, startDate: '2022-01-01T00:00:00' },
    },
    { id: 'Sub003', partNumber: 'CFQ7TTC0LH31:001B', customer: { id: 'contoso' }, quantity: 1, status: 3 },
  ],
  agreements: [
    { id: 'a1', customer: { id: 'contoso' }, templateId: 'mca', signedOn: '0001-01-01T00:00:00' },
    { id: 'a2', customer: { id: 'contoso' }, templateId: 'dpa', signedOn: '2026-01-01T00:00:00' },
  ],
  priceLists: [
    {
      ...{ productId: 'CFQ7TTC0LH31', skuId: '001B', skuTitle: 'Business Premium', market: 'US', type: 'LicenseBased' },
      ...{ currency: 'USD', unitPrice: 17.6, erpPrice: 22, termDuration: 'P1Y', billingPlan: 'Monthly' },
    },
  ],
}

const charged = {
  ...{ invoice: { id: 'INV-1' }, customer: { id: 'contoso', name: 'Contoso' }, currency: 'USD' },
  ...{ quantity: 2.5, unitPrice: 0.1, tax: 0.05, total: 0.3 },
}
const period = { chargeStartDate: '2026-10-01T00:00:00', chargeEndDate: '2026-10-31T00:00:00' }
const billing: RestProviderSimulatorOptions['seed'] = {
  invoices: [
    {
      ...{ id: 'INV-1', name: 'October', invoiceDate: '2026-11-01T00:00:00' },
      ...{ totalCharges: 110.5, paidAmount: 10, currency: 'USD' },
    },
    { id: 'INV-2', invoiceDate: '0001-01-01T00:00:00' },
  ],
  consumptionLines: [
    {
      ...{ ...charged, id: 'u1', subscription: { id: 'Sub002' }, cycleStartDate: '2026-10-01T00:00:00' },
      ...{ service: 'Compute', resource: 'D2', chargeType: 'usage', unit: 'hour', region: 'EU' },
    },
    { ...charged, id: 'u2', invoice: null },
  ],
  licenseSummaries: [
    {
      ...{ ...charged, ...period, id: 'l1', subscription: { id: 'Sub002' }, partNumber: 'CFQ7TTC0LH31:001B' },
      ...{ billingCycleType: 1, orderId: 'o1', chargeDescription: 'Seats', discount: 0.02, manufacturer: 'Microsoft' },
    },
    { ...charged, id: 'l2', invoice: { id: 'INV-2' } },
  ],
  nonRecurringItemSummaries: [{ ...charged, ...period, id: 'n1', nonRecurringItem: { id: 'item-1' } }],
}

const simulator = createRestProviderSimulator({ apiKey, clock, seed: { ...seed, ...billing } })
const sample = createRestProviderSimulator({
  apiKey,
  clock,
  seed,
  quirks: { ignoresKeys: true, answersWithOldState: true },
})
const connector = createRestProvider()

type Listen = (provider: RestProviderSimulator) => Promise<ListeningSimulator>

const itself: Listen = (provider) => provider.listen()

/** The connector, served, with the provider behind it: client, server, client, provider. */
const served: Listen = async (provider) => {
  const behind = await provider.listen()
  const settings = { endpointUrl: behind.url, countryCode: 'US', currencyCode: 'USD' }
  const options = { apiKey, settings, credentials: { apiKey }, clock, random: () => 0 }
  const { url, close } = await serveRestProvider(createRestProvider({ name: 'behind' }), options).listen()
  return { url, close: async () => void (await Promise.all([close(), behind.close()])) }
}

describe.each([
  ['the provider itself', itself],
  ['a served connector', served],
])('over %s', (_, listen) => {
  let servers: ListeningSimulator[]
  let notes: [string, Json | undefined][]

  beforeEach(async () => {
    servers = await Promise.all([listen(simulator), listen(sample)])
    simulator.reset()
    sample.reset()
    notes = []
  })
  afterEach(() => Promise.all(servers.map(({ close }) => close())))

  function contextOf(key = 'log-1', { provider = simulator, secret = apiKey } = {}) {
    return createConnectorContext(connector, {
      settings: {
        endpointUrl: servers[provider === simulator ? 0 : 1]?.url,
        countryCode: 'US',
        currencyCode: 'USD',
      },
      credentials: { apiKey: secret },
      key,
      clock,
      random: () => 0,
      log: (event, data) => notes.push([event, data]),
    })
  }

  const apply = (change: Change, key?: string, options?: Parameters<typeof contextOf>[1]) =>
    applyChange(connector, contextOf(key, options), change)

  const order: Change<'create'> = {
    kind: 'create',
    customer,
    product: { id: 'CFQ7TTC0LH31:0001', name: 'Business Basic', billingCycle: 'monthly' },
    quantity: 5,
  }

  const writes = (provider = simulator) => provider.state.requests.filter(({ method }) => method !== 'GET')

  describe('an order', () => {
    test('buys one subscription, in the words of the provider', async () => {
      const outcome = await apply(order)

      expect(outcome).toMatchObject({
        status: 'done',
        changed: true,
        subscription: {
          customerId: 'contoso',
          sku: 'CFQ7TTC0LH31:0001',
          quantity: 5,
          status: 'active',
          name: 'Business Basic',
        },
      })
      expect(simulator.state.subscriptions[2]).toMatchObject({
        friendlyName: 'Business Basic',
        provisioningFrequency: 1,
        billingType: 1,
        pricing: { currency: 'USD' },
      })
    })

    test('delivered twice buys once, and the second delivery writes nothing', async () => {
      await apply(order)

      expect(await apply(order)).toMatchObject({ status: 'done', changed: false, subscription: { quantity: 5 } })
      expect(simulator.state.purchases).toHaveLength(1)
      expect(writes()).toHaveLength(1)
    })

    test('for the same product under another key buys another', async () => {
      await apply(order, 'log-1')
      await apply(order, 'log-2')

      expect(simulator.state.purchases).toHaveLength(2)
    })

    test.each([
      ['that knows keys', simulator],
      ['that forgets keys', sample],
    ])('whose answer is lost is found again at a provider %s', async (_, provider) => {
      provider.fail({ method: 'POST', path: '/subscriptions', drop: 'answer' })

      await expect(apply(order, 'log-1', { provider })).rejects.toMatchObject({ code: 'transient', retry: 'sameKey' })
      expect(await apply(order, 'log-1', { provider })).toMatchObject({ status: 'done', changed: false })
      expect(provider.state.purchases).toMatchObject([{ kind: 'create', quantity: 5, key: 'log-1' }])
    })

    test('found with another quantity is brought to the target', async () => {
      await apply(order)

      expect(await apply({ ...order, quantity: 8 })).toMatchObject({ changed: true, subscription: { quantity: 8 } })
      expect(simulator.state.purchases).toMatchObject([{ kind: 'create' }, { kind: 'update', quantity: 8 }])
    })

    test.each([
      ['an unknown customer', { customer: { id: 'nobody' } }, 'notFound', 'correct the provider account'],
      ['an add-on', { parent: existing }, 'notEligible', 'no add-ons'],
      ['no quantity', { quantity: 0 }, 'quantityInvalid', 'At least one'],
    ])('of %s is refused by preview and by apply alike, without a write', async (_, part, code, message) => {
      const change: Change<'create'> = { ...order, ...part }
      const refusal = { code, message: expect.stringContaining(message) }

      await expect(apply(change)).rejects.toMatchObject(refusal)
      expect(await connector.preview?.(contextOf(), change)).toMatchObject({ ok: false, refusals: [refusal] })
      expect(writes()).toEqual([])
    })
  })

  describe.each([
    ['that answers with the new state', simulator],
    ['that answers with the state before the change', sample],
  ])('at a provider %s', (_, provider) => {
    test.each<[string, Change, object]>([
      ['a quantity', { kind: 'setQuantity', subscription: existing, quantity: 25, delta: 15 }, { quantity: 25 }],
      ['auto-renew', { kind: 'setAutoRenew', subscription: existing, enabled: false }, { autoRenew: false }],
      ['a pause', { kind: 'pause', subscription: existing }, { status: 'paused' }],
      ['an end', { kind: 'cancel', subscription: existing }, { status: 'cancelled' }],
    ])('%s is reached, and asked for again it is there already', async (_, change, target) => {
      expect(await apply(change, 'log-1', { provider })).toMatchObject({ changed: true, subscription: target })
      expect(await apply(change, 'log-1', { provider })).toMatchObject({ changed: false, subscription: target })
      expect(writes(provider)).toHaveLength(1)
      expect(writes(provider)[0]?.key).toBe('log-1')
    })

    test('a paused subscription goes on', async () => {
      await apply({ kind: 'pause', subscription: existing }, 'log-1', { provider })

      expect(await apply({ kind: 'resume', subscription: existing }, 'log-2', { provider })).toMatchObject({
        changed: true,
        subscription: { status: 'active' },
      })
    })
  })

  test('a new quantity leaves the rest of the subscription as it was', async () => {
    const [before] = simulator.state.subscriptions
    await apply({ kind: 'setQuantity', subscription: existing, quantity: 25 })

    expect(simulator.state.subscriptions[0]).toEqual({ ...before, quantity: 25, modifiedOn: expect.any(String) })
  })

  test.each<[string, Change<(typeof connector.changes)[number]>, string, string]>([
    [
      'an unknown subscription',
      { kind: 'pause', subscription: { ...existing, id: 'x' } },
      'notFound',
      'no subscription x',
    ],
    ['a cancelled one', { kind: 'resume', subscription: { ...existing, id: 'Sub003' } }, 'notEligible', 'is cancelled'],
    [
      'one at its renewal',
      { kind: 'setQuantity', subscription: existing, quantity: 1, when: 'renewal' },
      'notEligible',
      'at once',
    ],
  ])('a change of %s is refused by preview and by apply alike', async (_, change, code, message) => {
    const refusal = { code, message: expect.stringContaining(message) }

    await expect(apply(change)).rejects.toMatchObject(refusal)
    expect(await connector.preview?.(contextOf(), change)).toMatchObject({ ok: false, refusals: [refusal] })
    expect(writes()).toEqual([])
  })

  describe('faults', () => {
    const change: Change = { kind: 'setQuantity', subscription: existing, quantity: 25 }

    test('a passing fault is outlived inside the call', async () => {
      simulator.fail({ status: 503, times: 2 })

      expect(await apply(change)).toMatchObject({ changed: true })
    })

    test('a lost answer of a change writes once', async () => {
      simulator.fail({ method: 'PATCH', drop: 'answer' })

      expect(await apply(change)).toMatchObject({ subscription: { quantity: 25 } })
      expect(simulator.state.purchases).toHaveLength(1)
    })

    test('throttling says when to come back', async () => {
      simulator.fail({ status: 429, headers: { 'retry-after': '30' } })

      await expect(apply(change)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 30_000 })
    })

    test('a change that does not show yet is pending', async () => {
      simulator.fail({ method: 'PATCH', status: 204 })

      await expect(apply(change)).rejects.toMatchObject({ code: 'pending', retry: 'later' })
    })

    test('a provider that sends something else is told apart from one that refuses', async () => {
      simulator.fail({ status: 200, body: '[{"quantity":"many"}]', times: 3 })

      await expect(apply(order)).rejects.toMatchObject({
        code: 'transient',
        message: expect.stringContaining(
          'breaks the Rest Provider contract: Subscription[0].quantity has to be a number',
        ),
      })
    })

    test('no fault brings the secret into an error or a note', async () => {
      const errors: unknown[] = []
      for (const fault of [
        { status: 500, body: `stack trace with ${apiKey}`, times: 3 },
        { status: 200, body: `<html>${apiKey}</html>`, times: 3 },
        { status: 400, body: JSON.stringify({ message: apiKey }) },
        { drop: 'request' as const, times: 3 },
      ]) {
        simulator.fail(fault)
        errors.push(await apply(change).catch((error) => [error.stack, error.details]))
      }

      expect(errors).toHaveLength(4)
      expect(JSON.stringify([errors, notes])).not.toContain('s3cret')
    })
  })

  describe('Verify Connectivity', () => {
    test('names the host that answered', async () => {
      expect(await verifyConnectivity(connector, contextOf())).toEqual({
        ok: true,
        account: new URL(servers[0]?.url ?? '').host,
      })
    })

    test('reports a wrong password as a finding', async () => {
      expect(await verifyConnectivity(connector, contextOf('verify', { secret: 'wrong' }))).toMatchObject({
        ok: false,
        findings: [{ name: 'auth', ok: false, detail: expect.stringContaining('Invalid client!') }],
      })
    })
  })

  describe('what the provider has', () => {
    test('subscriptions, and the one that a key bought', async () => {
      expect(await connector.find?.(contextOf(), order)).toBeNull()
      await apply(order)

      expect(await connector.find?.(contextOf(), order)).toMatchObject({ sku: 'CFQ7TTC0LH31:0001' })
      expect(await collect(connector.subscriptions?.(contextOf(), customer))).toMatchObject([
        { id: 'Sub002', startsAt: new Date('2022-01-01T00:00:00Z') },
        { id: 'Sub003', status: 'cancelled', startsAt: undefined },
        { quantity: 5 },
      ])
    })

    test('customers: listed, found, created, and their addresses and domains checked', async () => {
      const { customers } = connector
      expect(await collect(customers?.list(contextOf()))).toMatchObject([{ id: 'contoso', domain: 'contoso.example' }])
      expect(await customers?.find?.(contextOf(), 'contoso')).toMatchObject({ name: 'Contoso' })
      expect(await customers?.find?.(contextOf(), 'nobody')).toBeNull()

      const created = await customers?.create?.(contextOf(), {
        name: 'Fabrikam',
        contact: { firstName: 'Ada', phone: '1' },
      })
      expect(created).toMatchObject({
        contact: { firstName: 'Ada', phone: '1' },
        firstUser: { userName: expect.any(String) },
      })
      expect(JSON.stringify(created?.raw)).not.toContain(created?.firstUser?.password)

      expect(await customers?.isDomainAvailable?.(contextOf(), 'contoso.example')).toBe(false)
      expect(await customers?.validateAddress?.(contextOf(), { country: 'US' })).toMatchObject({ status: 'invalid' })
    })

    test('agreements, where the year 1 means not signed', async () => {
      expect(await collect(connector.agreements?.list(contextOf(), customer))).toMatchObject([
        { templateId: 'mca', signedOn: undefined },
        { templateId: 'dpa', signedOn: new Date('2026-01-01T00:00:00Z') },
      ])

      const acceptance = { templateId: 'csa', signedBy: { firstName: 'Ada' }, signedOn: clock.now() }
      expect(await connector.agreements?.accept?.(contextOf(), customer, acceptance)).toMatchObject({
        customerId: 'contoso',
        signedBy: { firstName: 'Ada' },
        signedOn: clock.now(),
      })
    })

    test('the price list of the market', async () => {
      expect(await collect(connector.catalog?.products(contextOf()))).toMatchObject([
        { id: 'CFQ7TTC0LH31:001B', unitPrice: 17.6, retailPrice: 22, billingCycle: 'monthly', term: 'P1Y' },
      ])
    })
  })

  describe('billing', () => {
    const { billing: operations } = connector
    const amounts = { currency: 'USD', quantity: 2.5, unitPrice: 0.1, tax: 0.05, total: 0.3 }

    test('lists invoices, and finds one by its id', async () => {
      const october = {
        ...{ id: 'INV-1', name: 'October', issuedOn: new Date('2026-11-01T00:00:00Z') },
        ...{ total: 110.5, paid: 10, currency: 'USD' },
      }
      const listed = await collect(operations?.invoices(contextOf()))
      expect(listed).toMatchObject([october, { id: 'INV-2' }])
      expect(listed[1]?.issuedOn).toBeUndefined()
      expect(await operations?.find?.(contextOf(), 'INV-1')).toMatchObject(october)
      expect(await operations?.find?.(contextOf(), 'INV-3')).toBeNull()
    })

    test('tells what an invoice charges for: subscriptions, and what was sold once', async () => {
      const october = { from: new Date('2026-10-01T00:00:00Z'), until: new Date('2026-10-31T00:00:00Z') }
      expect(await collect(operations?.lines?.(contextOf(), { id: 'INV-1' }))).toMatchObject([
        {
          ...{ ...amounts, ...october, id: 'l1', kind: 'subscription', subscriptionId: 'Sub002', invoiceId: 'INV-1' },
          ...{ customer, sku: 'CFQ7TTC0LH31:001B', billingCycle: 'monthly', orderId: 'o1', description: 'Seats' },
          ...{ discount: 0.02, publisher: 'Microsoft' },
        },
        { ...amounts, ...october, id: 'n1', kind: 'item', itemId: 'item-1', customer },
      ])
    })

    test('tells usage: of an invoice, and what none has charged for', async () => {
      expect(await collect(operations?.usage?.(contextOf(), { id: 'INV-1' }))).toMatchObject([
        {
          ...{ ...amounts, id: 'u1', invoiceId: 'INV-1', subscriptionId: 'Sub002', customer },
          ...{ from: new Date('2026-10-01T00:00:00Z'), service: 'Compute', resource: 'D2', chargeType: 'usage' },
          ...{ unit: 'hour', region: 'EU' },
        },
      ])
      const open = await collect(operations?.usage?.(contextOf()))
      expect(open).toMatchObject([{ ...amounts, id: 'u2' }])
      expect(open[0]?.invoiceId).toBeUndefined()
    })
  })

  test('an id cannot reach another route', async () => {
    const change: Change = { kind: 'pause', subscription: { id: 'a/../../invoices?x=#', customerId: 'contoso' } }
    await expect(apply(change)).rejects.toMatchObject({ code: 'notFound' })
    const asked =
      listen === itself
        ? '/customers/contoso/subscriptions/a%2F..%2F..%2Finvoices%3Fx%3D%23'
        : '/customers/contoso/subscriptions'
    expect(simulator.state.requests.map(({ path }) => path)).toEqual([asked])

    await expect(apply({ kind: 'pause', subscription: { id: '..', customerId: 'contoso' } })).rejects.toMatchObject({
      code: 'invalid',
    })
  })
})
