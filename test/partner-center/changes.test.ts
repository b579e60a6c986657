import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  applyChange,
  type Change,
  createConnectorContext,
  createPartnerCenter,
  type Outcome,
} from '../../src/connectors/index.ts'
import { serveDouble } from '../../src/testing/index.ts'
import {
  BASIC,
  type Connected,
  clientId,
  clientSecret,
  connect,
  HOUR_MS,
  PREMIUM,
  ref,
  refreshToken,
  tenantId,
} from './connection.ts'

let center: Connected
beforeEach(async () => {
  center = await connect()
})
afterEach(() => center.close())

const writes = () => center.simulator.state.writes
const stored = (id: string) => center.simulator.state.subscriptions.find((one) => one.id === id)
const sub = ref('sub-1')
const old = ref('old-1')

const changes: [string, Change, object][] = [
  ['more seats', { kind: 'setQuantity', subscription: sub, quantity: 25 }, { quantity: 25 }],
  ['fewer seats, inside their window', { kind: 'setQuantity', subscription: sub, quantity: 4 }, { quantity: 4 }],
  ['a pause', { kind: 'pause', subscription: sub }, { status: 'suspended' }],
  ['auto-renew off', { kind: 'setAutoRenew', subscription: sub, enabled: false }, { autoRenewEnabled: false }],
  ['a cancellation inside its window', { kind: 'cancel', subscription: ref('addon-1') }, { status: 'deleted' }],
  [
    'fewer seats at the renewal',
    { kind: 'setQuantity', subscription: old, quantity: 4, when: 'renewal' },
    { quantity: 10, instructions: { quantity: 4 } },
  ],
  [
    'another product and end at the renewal',
    { kind: 'setRenewal', subscription: old, product: { id: PREMIUM, term: 'P1Y' }, endsOn: '2027-12-31' },
    {
      instructions: {
        product: { productId: 'CFQ7TTC0LH31', skuId: '0001', termDuration: 'P1Y', billingCycle: 'monthly' },
        quantity: 10,
        customTermEndDate: '2027-12-31',
      },
    },
  ],
]

describe.each([
  ['at once', {}],
  ['after it was accepted', { timing: { acceptedForMs: 30_000 } }],
  ['in capitals', { quirks: { capitals: true } }],
])('answered %s', (_, how) => {
  test.each(changes)('%s is made, once', async (_, change, expected) => {
    center.simulator.behave(how)
    const { id } = (change as Change<'pause'>).subscription

    expect(await center.settle(change)).toMatchObject({ status: 'done', changed: true, subscription: { id } })
    expect(stored(id)).toMatchObject(expected)
    expect(await center.settle(change)).toMatchObject({ status: 'done', changed: false })
    expect(writes()).toHaveLength(1)
  })
})

test('a pause is over when it is resumed', async () => {
  await center.settle({ kind: 'pause', subscription: sub })

  expect(await center.settle({ kind: 'resume', subscription: sub })).toMatchObject({
    subscription: { status: 'active' },
  })
})

test('what is decided for the renewal can be withdrawn', async () => {
  await center.settle({ kind: 'setRenewal', subscription: old, quantity: 4 })
  expect(await center.settle({ kind: 'setRenewal', subscription: old })).toMatchObject({ changed: true })

  expect(stored('old-1')).toMatchObject({ instructions: null })
})

test('a change leaves everything else of the subscription as it was', async () => {
  await center.settle({ kind: 'setRenewal', subscription: old, quantity: 4 })
  await center.settle({ kind: 'setQuantity', subscription: old, quantity: 12 })

  expect(stored('old-1')).toMatchObject({ quantity: 12, autoRenewEnabled: true, instructions: { quantity: 4 } })
})

test('a cancellation ends the add-ons first', async () => {
  expect(await center.settle({ kind: 'cancel', subscription: sub })).toMatchObject({
    subscription: { status: 'cancelled' },
  })

  expect(writes().map(({ subscriptionId }) => subscriptionId)).toEqual(['addon-1', 'sub-1'])
})

test('a cancellation waits for its add-ons where they take time', async () => {
  center.simulator.behave({ timing: { acceptedForMs: 4_000 } })

  expect(await center.settle({ kind: 'cancel', subscription: sub })).toMatchObject({
    subscription: { status: 'cancelled' },
  })
  expect(writes().map(({ subscriptionId }) => subscriptionId)).toEqual(['addon-1', 'sub-1'])
})

describe('is refused by preview and by apply alike, without a write', () => {
  test.each<[string, Change, string, string]>([
    ['too few seats', { kind: 'setQuantity', subscription: sub, quantity: 0 }, 'quantityInvalid', 'of 1 to 300'],
    ['too many seats', { kind: 'setQuantity', subscription: sub, quantity: 301 }, 'quantityInvalid', 'of 1 to 300'],
    [
      'a late reduction',
      { kind: 'setQuantity', subscription: old, quantity: 9 },
      'reductionNotAllowed',
      '0 can be given back',
    ],
    ['a late cancellation', { kind: 'cancel', subscription: old }, 'windowClosed', 'Turn auto-renew off instead'],
    ['what is unknown', { kind: 'pause', subscription: ref('nothing') }, 'notFound', 'not found'],
    [
      'a customer who is unknown',
      { kind: 'pause', subscription: { id: 'sub-1', customerId: 'x' } },
      'notFound',
      'no commerce',
    ],
    [
      'a move that is not offered',
      { kind: 'transition', subscription: ref('addon-1'), product: { id: BASIC } },
      'notEligible',
      'does not move',
    ],
  ])('%s', async (_, change, code, message) => {
    const refusal = { code, message: expect.stringContaining(message) }

    await expect(center.apply(change)).rejects.toMatchObject(refusal)
    expect(await center.connector.preview!(center.context(), change)).toMatchObject({ ok: false, refusals: [refusal] })
    expect(writes()).toEqual([])
  })

  test.each<[string, Change, string]>([
    ['seats of a paused subscription', { kind: 'setQuantity', subscription: sub, quantity: 11 }, 'resume it before'],
    ['its renewal', { kind: 'setRenewal', subscription: sub, quantity: 3 }, 'does not renew'],
  ])('%s', async (_, change, message) => {
    await center.settle({ kind: 'pause', subscription: sub })

    await expect(center.apply(change)).rejects.toMatchObject({
      code: 'notEligible',
      message: expect.stringContaining(message),
    })
  })

  test('an add-on of a paused base', async () => {
    await center.settle({ kind: 'pause', subscription: ref('addon-1') })
    await center.settle({ kind: 'pause', subscription: sub })

    await expect(center.apply({ kind: 'resume', subscription: ref('addon-1') })).rejects.toMatchObject({
      code: 'notEligible',
      message: expect.stringContaining('resume that one first'),
    })
  })

  test('what was cancelled', async () => {
    await center.settle({ kind: 'cancel', subscription: ref('addon-1') })

    await expect(center.apply({ kind: 'resume', subscription: ref('addon-1') })).rejects.toMatchObject({
      code: 'notEligible',
      message: expect.stringContaining('order a new one'),
    })
  })
})

describe('the window', () => {
  test('of 168 hours ends to the second, whatever the clocks do', async () => {
    const change: Change = { kind: 'setQuantity', subscription: sub, quantity: 9 }
    await center.clock.advance(168 * HOUR_MS)
    await expect(center.apply(change)).rejects.toMatchObject({ code: 'reductionNotAllowed' })

    center.clock.set('2026-12-01T08:59:59Z')
    expect(await center.settle(change)).toMatchObject({ status: 'done' })
  })

  test('of seats that were added later is their own', async () => {
    await center.settle({ kind: 'setQuantity', subscription: old, quantity: 15 })
    await center.clock.advance(100 * HOUR_MS)

    await expect(center.apply({ kind: 'setQuantity', subscription: old, quantity: 9 })).rejects.toMatchObject({
      message: expect.stringContaining('5 can be given back now, and 6 were asked for'),
    })
    expect(await center.settle({ kind: 'setQuantity', subscription: old, quantity: 10 })).toMatchObject({
      status: 'done',
    })
  })

  test.each<[string, Change, object]>([
    [
      'a reduction',
      { kind: 'setQuantity', subscription: old, quantity: 4 },
      { quantity: 10, instructions: { quantity: 4 } },
    ],
    ['a cancellation', { kind: 'cancel', subscription: old }, { status: 'active', autoRenewEnabled: false }],
  ])('that is over moves %s to the renewal, where the settings say so', async (_, change, expected) => {
    const settings = { outsideWindow: 'atRenewal' }

    expect(await center.settle(change, { settings })).toMatchObject({ status: 'done', changed: true })
    expect(stored('old-1')).toMatchObject(expected)
    expect(await center.settle(change, { settings })).toMatchObject({ changed: false })
  })
})

describe('a move to another product', () => {
  const move: Change = { kind: 'transition', subscription: sub, product: { id: PREMIUM } }

  test('is waited for until Microsoft has completed it', async () => {
    center.simulator.behave({ timing: { acceptedForMs: 90_000 } })

    expect(await center.settle(move)).toMatchObject({ status: 'done', changed: true, subscription: { id: 'sub-1' } })
    expect(stored('sub-1')).toMatchObject({ product: PREMIUM })
    expect(await center.settle(move)).toMatchObject({ changed: false })
  })

  test('that is under way is not asked for again', async () => {
    center.simulator.behave({ timing: { acceptedForMs: 90_000 }, quirks: { forgetsRequestIds: true } })
    await center.apply(move)
    await center.settle(move)

    expect(writes()).toHaveLength(1)
  })
})

test('a stale etag is read again, and what the other one wrote is kept', async () => {
  const change: Change = { kind: 'setAutoRenew', subscription: sub, enabled: false }
  center.simulator.fail({ method: 'PATCH', status: 400, body: JSON.stringify({ code: '2055', description: 'Etag' }) })

  expect(await center.settle(change)).toMatchObject({ status: 'done', changed: true })
  expect(center.simulator.state.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2)
})

test.each(['400:2001', '400:2011', '400:800091', '400:900279', '409:27009'])(
  'a change that is refused for its state (%s) is done when that is the wanted one, and refused when it is not',
  async (refusal) => {
    const [status, code] = refusal.split(':')
    let isFaster = true
    const { url, close } = await serveDouble(async (request) => {
      if (request.method !== 'PATCH') return center.simulator.fetch(request)
      if (isFaster) await center.simulator.fetch(request)
      return Response.json({ code, description: 'The state forbids it.' }, { status: Number(status) })
    })
    const connector = createPartnerCenter({ endpoints: { api: url, login: url }, limits: {} })
    try {
      const context = createConnectorContext(connector, {
        settings: { tenantId, clientId, countryCode: 'US' },
        credentials: { clientSecret, refreshToken },
        key: 'log-1',
        clock: center.clock,
      })
      expect(await applyChange(connector, context, { kind: 'pause', subscription: sub })).toMatchObject({
        status: 'done',
        changed: false,
        subscription: { status: 'paused' },
      })
      isFaster = false
      await expect(applyChange(connector, context, { kind: 'resume', subscription: sub })).rejects.toMatchObject({
        code: 'notEligible',
      })
    } finally {
      await close()
    }
  },
)

test('a change that stays accepted for too long is pending, never done', async () => {
  center.simulator.behave({ timing: { acceptedForMs: 72 * HOUR_MS } })

  await expect(center.settle({ kind: 'pause', subscription: sub })).rejects.toMatchObject({ code: 'pending' })
})

test('another process goes on with the handle alone', async () => {
  center.simulator.behave({ timing: { acceptedForMs: 30_000 } })
  const first = await center.apply({ kind: 'pause', subscription: sub })
  await center.clock.advance(30_000)

  const { handle } = first as Extract<Outcome, { status: 'accepted' }>
  expect(await center.resume(handle, { key: 'log-1' })).toMatchObject({ status: 'done' })
  await expect(center.resume({ id: 7 })).rejects.toMatchObject({ code: 'bug' })
})

test('a subscription of a product that is sold no more can still change', async () => {
  center.simulator.fail({ path: /^\/v1\/products/, status: 404, body: '{"code":"400018"}' })

  expect(await center.settle({ kind: 'setQuantity', subscription: sub, quantity: 12 })).toMatchObject({ changed: true })
})

test('a change that was accepted for what ends meanwhile is a refusal', async () => {
  center.simulator.behave({ timing: { acceptedForMs: 30_000 } })
  const first = await center.apply({ kind: 'pause', subscription: sub })
  center.simulator.fail({
    method: 'GET',
    status: 200,
    body: JSON.stringify({ id: 'sub-1', quantity: 10, status: 'expired' }),
  })

  const { handle } = first as Extract<Outcome, { status: 'accepted' }>
  await expect(center.resume(handle)).rejects.toMatchObject({ code: 'notEligible' })
})
