import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sequentialIds } from '../../internal/ids.ts'
import type { ListeningSimulator } from '../simulator/index.ts'
import { createRestProviderSimulator } from './index.ts'

const apiKey = 'shared-secret'
const clock = { now: () => new Date('2026-11-24T09:00:00Z'), sleep: async () => {} }

const simulator = createRestProviderSimulator({
  apiKey,
  clock,
  ids: sequentialIds('c0'),
  seed: {
    customers: [{ id: 'contoso', name: 'Contoso', domain: 'contoso.example' }],
    subscriptions: [
      {
        id: 'Sub002',
        name: 'Sub 2',
        partNumber: 'CFQ7TTC0LH31:001B',
        customer: { id: 'contoso' },
        quantity: 1,
        status: 1,
      },
    ],
    priceLists: [{ productId: 'CFQ7TTC0LH31', skuId: '001B', market: 'US', type: 'LicenseBased', unitPrice: 22 }],
    invoices: [{ id: 'INV-1', totalCharges: 110.5 }],
    consumptionLines: [
      { id: 'billed', invoice: { id: 'INV-1' } },
      { id: 'unbilled', invoice: null },
    ],
    licenseSummaries: [{ id: 'l', invoice: { id: 'INV-1' } }],
    nonRecurringItemSummaries: [{ id: 'n', invoice: { id: 'INV-1' } }],
  },
})

let server: ListeningSimulator
beforeAll(async () => {
  server = await simulator.listen()
})
afterAll(() => server.close())
beforeEach(() => simulator.reset())

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'work-365-rest-provider-api-key': apiKey, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, type: response.headers.get('content-type'), body: isJson ? JSON.parse(text) : text }
}

const newSubscription = { PartNumber: 'CFQ7TTC0LH31:0001', quantity: 5, CUSTOMER: { Id: 'contoso' } }

test('it listens on the loopback address only', () => {
  expect(new URL(server.url).hostname).toBe('127.0.0.1')
})

describe('the shared secret', () => {
  test('is asked for by name, also where there is no route', async () => {
    expect(await fetch(`${server.url}/customers`).then(async (r) => [r.status, await r.text()])).toEqual([
      403,
      'Unknown client!',
    ])
    expect(await fetch(`${server.url}/nowhere`).then((r) => r.status)).toBe(403)
  })

  test.each(['Shared-Secret', 'shared-secre', 'shared-secret2', ''])(
    'is compared whole and case-sensitively: %j',
    async (key) => {
      expect(await ask('GET', '/customers', undefined, { 'work-365-rest-provider-api-key': key })).toMatchObject({
        status: 403,
        body: 'Invalid client!',
      })
    },
  )
})

test.each([
  ['/utilities/provider-properties', { supportsCustomerCreation: true }],
  ['/utilities/domain-check/free.example', true],
  ['/utilities/domain-check/CONTOSO.example', false],
  ['/countries/de/validation-rules', { defaultCulture: 'en-US', vatIdRegex: null }],
  ['/customers', [{ id: 'contoso', email: null }]],
  ['/customers/contoso', { name: 'Contoso' }],
  ['/customers/nobody', null],
  ['/customers/contoso/agreements', []],
  ['/customers/contoso/subscriptions', [{ id: 'Sub002', quantity: 1 }]],
  ['/customers/contoso/subscriptions/Sub002', { partNumber: 'CFQ7TTC0LH31:001B' }],
  ['/customers/fabrikam/subscriptions/Sub002', null],
  ['/nonrecurringitems', []],
  ['/pricelists/us/LICENSEBASED/current', [{ unitPrice: 22 }]],
  ['/pricelists/us/software/current', []],
  ['/invoices', [{ totalCharges: 110.5 }]],
  ['/invoices/INV-1', { id: 'INV-1' }],
  ['/invoices/INV-2', null],
  ['/unbilledusages', [{ id: 'unbilled' }]],
  ['/invoices/INV-1/billedusages', [{ id: 'billed' }]],
  ['/invoices/INV-1/licensesummary', [{ id: 'l' }]],
  ['/invoices/INV-1/nonrecurringitemsummary', [{ id: 'n' }]],
])('GET %s answers %j', async (path, expected) => {
  const { status, body } = await ask('GET', path)

  expect(status).toBe(200)
  if (typeof expected === 'object' && expected !== null) expect(body).toMatchObject(expected)
  else expect(body).toBe(expected)
})

describe('what is created', () => {
  test('a customer gets an id and the first user', async () => {
    const { body } = await ask('POST', '/customers', { NAME: 'Fabrikam Inc' })

    expect(body).toMatchObject({
      name: 'Fabrikam Inc',
      userCredentials: { userName: 'admin@fabrikaminc.onmicrosoft.com' },
    })
    expect(simulator.state.customers).toHaveLength(2)
    expect(JSON.stringify(simulator.state)).not.toContain(body.userCredentials.password)
  })

  test('an agreement and non-recurring items are kept', async () => {
    const agreement = { templateId: 'mca', customer: { id: 'contoso' }, signedOn: '2026-01-01T00:00:00' }
    expect((await ask('POST', '/agreements', agreement)).status).toBe(200)
    expect(await ask('POST', '/nonrecurringitems', [{ PartNumber: 'X' }])).toMatchObject({ status: 204, body: '' })

    expect((await ask('GET', '/customers/contoso/agreements')).body).toMatchObject([{ templateId: 'mca' }])
    expect((await ask('GET', '/nonrecurringitems')).body).toMatchObject([{ partNumber: 'X' }])
  })

  test('an address is validated', async () => {
    const whole = { Country: 'US', City: 'Redmond', AddressLine1: '1 Way' }
    expect((await ask('POST', '/utilities/validate-address', whole)).body).toMatchObject({ addressValidationStatus: 0 })
    expect((await ask('POST', '/utilities/validate-address', {})).body).toMatchObject({ addressValidationStatus: 1 })
  })

  test('a subscription is bought once under one key, however often and however at once it is delivered', async () => {
    const order = () => ask('POST', '/subscriptions', newSubscription, { 'idempotency-key': 'log-1' })
    const answers = await Promise.all([order(), order(), order()])

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(simulator.state.purchases).toEqual([
      {
        kind: 'create',
        subscriptionId: answers[0].body.id,
        customerId: 'contoso',
        partNumber: 'CFQ7TTC0LH31:0001',
        quantity: 5,
        key: 'log-1',
        at: new Date('2026-11-24T09:00:00Z'),
      },
    ])
  })

  test('a key does not stand for two different orders', async () => {
    await ask('POST', '/subscriptions', newSubscription, { 'idempotency-key': 'log-1' })

    expect(
      await ask('POST', '/subscriptions', { ...newSubscription, quantity: 6 }, { 'idempotency-key': 'log-1' }),
    ).toMatchObject({ status: 422 })
    expect(simulator.state.purchases).toHaveLength(1)
  })

  test('a refused order leaves its key free', async () => {
    const headers = { 'idempotency-key': 'log-1' }
    await ask('POST', '/subscriptions', { ...newSubscription, PartNumber: null }, headers)

    expect((await ask('POST', '/subscriptions', newSubscription, headers)).status).toBe(200)
  })

  test('without a key, each order buys', async () => {
    await ask('POST', '/subscriptions', newSubscription)
    await ask('POST', '/subscriptions', newSubscription)

    expect(simulator.state.purchases).toHaveLength(2)
  })
})

describe('what is changed', () => {
  test.each([
    ['PATCH', '/subscriptions/Sub002/suspend', 2],
    ['PATCH', '/subscriptions/Sub002/expire', 4],
    ['DELETE', '/subscriptions/Sub002/cancel', 3],
  ])('%s %s sets the status %i, once', async (method, path, status) => {
    await ask(method, path)
    const { body } = await ask(method, path)

    if (method === 'DELETE') expect(body).toBe(true)
    expect(simulator.state.subscriptions).toMatchObject([{ status }])
    expect(simulator.state.purchases).toHaveLength(1)
  })

  test('a whole subscription takes the place of the old one', async () => {
    const { body } = await ask('PATCH', '/subscriptions', { ID: 'Sub002', Quantity: 9, Customer: { id: 'contoso' } })

    expect(body).toMatchObject({ id: 'Sub002', quantity: 9, partNumber: null })
    expect(simulator.state.purchases).toMatchObject([{ kind: 'update', quantity: 9 }])
  })

  test('what state shows is a copy', async () => {
    simulator.state.subscriptions.length = 0

    expect((await ask('GET', '/customers/contoso/subscriptions')).body).toHaveLength(1)
  })
})

test.each([
  ['POST', '/customers', {}, 400, 'Customer name is required!'],
  ['POST', '/agreements', { customer: { id: 'contoso' } }, 400, 'Agreement templateId is required!'],
  ['POST', '/agreements', { templateId: 'mca' }, 400, 'Agreement customer id is required!'],
  ['POST', '/subscriptions', '{"quantity":', 400, 'The body is not JSON.'],
  [
    'POST',
    '/subscriptions',
    { ...newSubscription, quantity: 'many' },
    400,
    'Subscription.quantity has to be a number.',
  ],
  ['POST', '/subscriptions', { ...newSubscription, quantity: 0 }, 400, 'Subscription quantity has to be more than 0!'],
  ['POST', '/subscriptions', { ...newSubscription, CUSTOMER: { id: 'x' } }, 400, 'Customer Id x not found'],
  ['PATCH', '/subscriptions', 'null', 400, 'Subscription body cannot be null!'],
  ['PATCH', '/subscriptions', { id: 'x' }, 404, 'Subscription Id x not found'],
  ['PATCH', '/subscriptions/x/activate', undefined, 400, 'Subscription Id x not found'],
  ['DELETE', '/subscriptions/x/cancel', undefined, 400, 'Subscription Id x not found'],
  ['POST', '/customers', { name: 'x'.repeat(1_100_000) }, 413, 'The body is too large.'],
])(
  '%s %s of what cannot be is refused in plain text and changes nothing',
  async (method, path, body, status, message) => {
    const before = simulator.state
    const answer = await ask(method, path, body)

    expect(answer).toMatchObject({ status, body: message, type: expect.stringContaining('text/plain') })
    expect({ ...simulator.state, requests: [] }).toEqual({ ...before, requests: [] })
  },
)

test('an unknown route, and an id that is too long, answer with problem details', async () => {
  for (const path of ['/nowhere', `/customers/${'x'.repeat(51)}`]) {
    expect(await ask('GET', path)).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { title: 'Not Found' },
    })
  }
})

describe('faults on demand', () => {
  test('a status comes with its headers, as often as asked for, and nothing happens', async () => {
    simulator.fail({ method: 'post', path: '/subscriptions', status: 429, headers: { 'retry-after': '7' }, times: 2 })
    const order = () => ask('POST', '/subscriptions', newSubscription)

    expect([(await order()).status, (await order()).status, (await order()).status]).toEqual([429, 429, 200])
    expect(simulator.state.purchases).toHaveLength(1)
  })

  test('a dropped request did nothing, a dropped answer took effect', async () => {
    simulator.fail({ path: '/subscriptions', drop: 'request' })
    await expect(ask('POST', '/subscriptions', newSubscription)).rejects.toThrow('fetch failed')
    expect(simulator.state.purchases).toHaveLength(0)

    simulator.fail({ path: /subscriptions$/, drop: 'answer' })
    await expect(ask('POST', '/subscriptions', newSubscription)).rejects.toThrow('fetch failed')
    expect(simulator.state.purchases).toHaveLength(1)
  })

  test('other requests do not meet the fault', async () => {
    simulator.fail({ method: 'DELETE', path: '/subscriptions/*', status: 500 })

    expect((await ask('GET', '/customers')).status).toBe(200)
    expect((await ask('DELETE', '/subscriptions/Sub002/cancel')).status).toBe(500)
  })
})

test('it answers without a socket as well', async () => {
  const headers = { 'work-365-rest-provider-api-key': apiKey }
  const response = await simulator.fetch(new Request('http://any/customers/contoso', { headers }))
  expect(await response.json()).toMatchObject({ name: 'Contoso' })

  simulator.fail({ drop: 'request' })
  await expect(simulator.fetch(new Request('http://any/customers', { headers }))).rejects.toThrow('cut the connection')
})

test('a port that is taken is refused', async () => {
  await expect(simulator.listen({ port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE')
})

test('a simulator without a secret is refused', () => {
  expect(() => createRestProviderSimulator({ apiKey: '' })).toThrow('`apiKey` is empty')
})
