import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/connectors/index.ts'
import { type Connected, connect, HOUR_MS, order, PREMIUM, ref } from './connection.ts'

let center: Connected
beforeEach(async () => {
  center = await connect()
})
afterEach(() => center.close())

const handleOf = (outcome: Outcome) => (outcome.status === 'accepted' ? outcome.handle : expect.fail(outcome.status))
const bought = () => center.simulator.state.writes.filter(({ kind }) => kind === 'order')

test('an order becomes one subscription, by a cart and its checkout', async () => {
  const first = await center.apply(order)
  expect(first).toMatchObject({ status: 'accepted', handle: { step: 'checkout' }, pollAfterMs: 0 })
  expect(bought()).toEqual([])

  expect(await center.settle(order)).toMatchObject({
    status: 'done',
    changed: true,
    subscription: { customerId: 'contoso', quantity: 5, status: 'active', autoRenew: true },
  })
  expect(bought()).toMatchObject([{ customerId: 'contoso', quantity: 5 }])
})

test('delivered again after it was done, it buys nothing and writes nothing', async () => {
  await center.settle(order)
  const before = center.simulator.state.writes

  expect(await center.settle(order)).toMatchObject({ status: 'done', changed: false, subscription: { quantity: 5 } })
  expect(center.simulator.state.writes).toEqual(before)
})

test('for the same product under another key buys another', async () => {
  await center.settle(order, { key: 'log-1' })
  await center.settle(order, { key: 'log-2' })

  expect(bought()).toHaveLength(2)
})

test('is found by its key, once it is bought', async () => {
  const context = center.context()
  expect(await center.connector.find!(context, order)).toBeNull()
  await center.settle(order)

  expect(await center.connector.find!(context, order)).toMatchObject({ quantity: 5, customerId: 'contoso' })
})

test('whose worker died between checkout and answer is found, and not bought again', async () => {
  center.simulator.behave({ timing: { visibleAfterMs: 10 * 60_000 }, quirks: { forgetsRequestIds: true } })
  const first = await center.apply(order)
  center.simulator.fail({ method: 'POST', path: /checkout$/, drop: 'answer' })

  await expect(center.resume(handleOf(first))).rejects.toMatchObject({ code: 'transient', retry: 'sameKey' })
  let outcome = await center.resume(handleOf(first))
  while (outcome.status === 'accepted') {
    await center.clock.advance(outcome.pollAfterMs ?? 0)
    outcome = await center.resume(outcome.handle)
  }
  expect(outcome).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
  expect(bought()).toHaveLength(1)
})

test('an order that never shows up is a failure after its time, and tells where to look', async () => {
  center.simulator.behave({ timing: { visibleAfterMs: 48 * HOUR_MS } })

  await expect(center.settle(order)).rejects.toMatchObject({
    code: 'notFound',
    message: expect.stringContaining('Look for it in Partner Center before ordering again'),
  })
})

test('an order is waited for until it is completed and its subscription is named', async () => {
  center.simulator.behave({ timing: { completesAfterMs: 60_000 }, quirks: { namesSubscriptionsLate: true } })

  expect(await center.settle(order)).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
})

test('an order that partly succeeded is ours all the same, and the rest is noted', async () => {
  center.simulator.behave({ quirks: { ordersPartly: true } })

  expect(await center.settle(order)).toMatchObject({ status: 'done' })
  expect(center.notes).toContainEqual(['order refused', { code: '2085' }])
})

test('a cart that has expired meanwhile makes room for another', async () => {
  const first = await center.apply(order)
  await center.clock.advance(HOUR_MS)

  const second = await center.resume(handleOf(first))
  expect(second).toMatchObject({ status: 'accepted', handle: { step: 'checkout' } })
  expect(await center.resume(handleOf(second))).toMatchObject({ status: 'done' })
  expect(center.simulator.state.carts).toHaveLength(2)
  expect(bought()).toHaveLength(1)
})

test('auto-renew is turned off where it is not wanted', async () => {
  expect(await center.settle({ ...order, autoRenew: false })).toMatchObject({ subscription: { autoRenew: false } })
})

test('an add-on is bought for its base', async () => {
  await center.settle({ ...order, parent: ref('sub-1') })

  expect(center.simulator.state.subscriptions.at(-1)).toMatchObject({ parentId: 'sub-1', quantity: 5 })
})

test('done may mean that the licences are there', async () => {
  center.simulator.behave({ timing: { fulfilledAfterMs: 2 * HOUR_MS } })
  const settings = { provisioned: 'fulfilled' }

  const before = center.clock.now()
  expect(await center.settle(order, { settings })).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
  expect(center.clock.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(2 * HOUR_MS)
})

describe('is refused by preview and by apply alike, without a write', () => {
  test.each([
    ['for a customer without the agreement', { customer: { id: 'fabrikam' } }, 'agreementRequired', 'has not accepted'],
    ['below the minimum', { quantity: 0 }, 'quantityInvalid', 'takes whole quantities of 1 to 300'],
    ['above the maximum', { quantity: 301 }, 'quantityInvalid', 'and 301 was asked for'],
    ['for half a seat', { quantity: 1.5 }, 'quantityInvalid', 'whole quantities'],
    ['of a product that is none', { product: { id: 'M365' } }, 'invalid', 'is not a part number of Partner Center'],
    ['of a product that is unknown', { product: { id: 'CFQ7TTC0XXXX:0001' } }, 'notFound', "SKU wasn't found"],
    ['with several terms and none named', { product: { id: PREMIUM } }, 'invalid', 'Enter the term'],
    ['for a term that is not sold', { product: { id: PREMIUM, term: 'P3Y' } }, 'notEligible', 'but for: P1M monthly'],
    ['that begins later', { startsAt: new Date('2027-01-01') }, 'notEligible', 'order it on that day'],
    ['as an add-on of nothing', { parent: ref('nothing') }, 'notFound', 'not found'],
  ] as const)('%s', async (_, part, code, message) => {
    const change = { ...order, ...part }
    const refusal = { code, message: expect.stringContaining(message) }

    await expect(center.apply(change)).rejects.toMatchObject(refusal)
    expect(await center.connector.preview!(center.context(), change)).toMatchObject({ ok: false, refusals: [refusal] })
    expect(center.simulator.state.writes).toEqual([])
    expect(center.simulator.state.carts).toEqual([])
  })
})

test('a line of the cart that cannot be bought is a refusal, though the cart was made', async () => {
  await expect(center.apply({ ...order, product: { id: 'CFQ7TTC0LH99:0001' } })).rejects.toMatchObject({
    code: 'notEligible',
    details: { providerCode: '2091' },
  })
})

test('without the integration user the agreement is missed at the checkout, with what to do', async () => {
  const credentials = { refreshToken: undefined }

  await expect(center.settle({ ...order, customer: { id: 'fabrikam' } }, { credentials })).rejects.toMatchObject({
    code: 'agreementRequired',
    message: expect.stringContaining('Confirm the Microsoft Customer Agreement'),
    details: { providerCode: '13605' },
  })
})

test('a term and a billing cycle may be the settings of the connection', async () => {
  const settings = { term: 'P1M' }
  await center.settle({ ...order, product: { id: PREMIUM } }, { settings })

  expect(center.simulator.state.subscriptions.at(-1)).toMatchObject({ product: PREMIUM, term: { duration: 'P1M' } })
})

test('a customer who signed directly may buy', async () => {
  expect(await center.settle({ ...order, customer: { id: 'litware' } })).toMatchObject({ status: 'done' })
})
