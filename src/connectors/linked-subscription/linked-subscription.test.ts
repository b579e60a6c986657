import { beforeEach, expect, test } from 'vitest'
import { applyChange, type Change, createConnectorContext, createLinkedSubscription } from '../index.ts'

const subscription = { id: 'child', customerId: 'contoso' }
const linkedSubscriptionId = 'parent'

let quantity: number
const added = new Set<string>()

beforeEach(() => {
  quantity = 10
  added.clear()
})

const connector = createLinkedSubscription({
  async addQuantity({ delta, key }) {
    const changed = !added.has(key)
    if (changed) quantity += delta
    added.add(key)
    return { quantity, changed }
  },
})

const apply = (change: Change, key = 'log-1') =>
  applyChange(connector, createConnectorContext(connector, { key }), change)

test('a change of quantity adds its delta to the linked subscription', async () => {
  expect(await apply({ kind: 'setQuantity', subscription, quantity: 7, delta: 2, linkedSubscriptionId })).toEqual({
    status: 'done',
    changed: true,
    subscription: { id: 'parent', quantity: 12, status: 'active' },
  })
})

test('a change delivered twice adds once', async () => {
  const change: Change = { kind: 'setQuantity', subscription, quantity: 7, delta: 2, linkedSubscriptionId }
  await apply(change)

  expect(await apply(change)).toMatchObject({ changed: false, subscription: { quantity: 12 } })
})

test('a new child adds its whole quantity, and an ended one takes its own away', async () => {
  const customer = { id: 'contoso' }
  await apply(
    { kind: 'create', customer, product: { id: 'CFQ7TTC0LH31:001B' }, quantity: 3, linkedSubscriptionId },
    'a',
  )
  expect(quantity).toBe(13)

  await apply({ kind: 'cancel', subscription, delta: -3, linkedSubscriptionId }, 'b')
  expect(quantity).toBe(10)
})

test('a change without a difference is not applicable', async () => {
  expect(await apply({ kind: 'setQuantity', subscription, quantity: 7, delta: 0, linkedSubscriptionId })).toMatchObject(
    {
      status: 'notApplicable',
    },
  )
})

test('a subscription that is linked to none fails with the fix', async () => {
  await expect(apply({ kind: 'setQuantity', subscription, quantity: 7, delta: 2 })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('choose the linked one'),
  })
  expect(quantity).toBe(10)
})

test('a total alone says nothing about the linked subscription', async () => {
  await expect(apply({ kind: 'setQuantity', subscription, quantity: 7, linkedSubscriptionId })).rejects.toMatchObject({
    code: 'invalid',
    details: { field: 'delta' },
  })
})
