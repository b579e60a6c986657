import type { CreateChange } from '../change.ts'
import { goOnLater } from '../handle.ts'
import { done, type Outcome, type RemoteSubscription } from '../outcome.ts'
import { boughtBefore, placeOnce } from '../place-once.ts'
import { ProviderError } from '../provider-error.ts'
import type { AlsoApi } from './api.ts'
import { resumeChange } from './converge.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { type Handle, waitForChange } from './handle.ts'
import type { AlsoContext } from './settings.ts'
import { fieldOf, type NewSubscription, type Subscription, serviceOf } from './wire.ts'

/**
 * ALSO knows no idempotency key. So the subscriptions that look like the one to buy are written down before it is bought:
 * one that is new after a lost answer is ours.
 */
export async function startPurchase(context: AlsoContext, api: AlsoApi, change: CreateChange): Promise<Outcome> {
  const before = await findPurchase(context, api, change)
  if (before)
    return before.status === 'pending' || before.status === 'unknown'
      ? goOn(context, before, change)
      : done(before, { changed: false })
  if (change.quantity <= 0) throw new ProviderError('quantityInvalid', 'At least one has to be ordered.')
  if (change.parent) throw new ProviderError('notEligible', 'No source says how ALSO sells add-ons: order it there.')
  const order = toOrder(context, change)
  const known = (await api.subscriptions(order.ParentAccountId)).filter((one) => isAlike(one, order))
  const handle: Handle = { step: 'purchase', order, known: known.map(({ AccountId }) => String(AccountId)) }
  return goOnLater(handle, 0)
}

export async function purchase(
  context: AlsoContext,
  api: AlsoApi,
  handle: Extract<Handle, { readonly step: 'purchase' }>,
): Promise<Outcome> {
  const { order, known } = handle
  const id = await placeOnce(context, {
    title: 'ALSO',
    repeatLost: context.settings.lostOrders === 'repeat',
    async find(others) {
      const listed = await api.subscriptions(order.ParentAccountId)
      const found = listed.find(
        (one) =>
          isMarked(context, one) ||
          (isAlike(one, order) && !known.includes(String(one.AccountId)) && !others.includes(String(one.AccountId))),
      )
      return found && String(found.AccountId)
    },
    async place() {
      const { AccountId } = await api.create(order)
      if (AccountId !== undefined) return String(AccountId)
      throw new ProviderError('transient', 'ALSO took the purchase on without naming the subscription.')
    },
  })
  if (id === undefined) return goOnLater(handle)
  const since = context.clock.now().toISOString()
  const target = { quantity: order.Quantity }
  return resumeChange(context, api, { step: 'change', id, customerId: order.ParentAccountId, target, since })
}

/** It was bought by an earlier delivery, and is not there yet. */
function goOn({ clock }: AlsoContext, { id, quantity, raw }: RemoteSubscription, { customer }: CreateChange): Outcome {
  const since = clock.now().toISOString()
  const state = (raw as unknown as Subscription).AccountState
  return waitForChange({ clock }, { step: 'change', id, customerId: customer.id, target: { quantity }, since }, state)
}

/** What this key has bought: by the mark in its field, or as the connection remembers. */
export async function findPurchase(
  context: AlsoContext,
  api: AlsoApi,
  { customer }: CreateChange,
): Promise<RemoteSubscription | null> {
  const id = await boughtBefore(context)
  const listed = await api.subscriptions(customer.id)
  const found = listed.find((one) => String(one.AccountId) === id || isMarked(context, one))
  return found ? toRemoteSubscription(found, customer.id) : null
}

function toOrder(
  { settings, key }: AlsoContext,
  { customer, product, quantity, fields = {} }: CreateChange,
): NewSubscription {
  const marked = settings.referenceField ? { ...fields, [settings.referenceField]: key } : fields
  const order = { ParentAccountId: customer.id, Quantity: quantity }
  if (settings.services === 'ServiceName') return { ...order, ServiceName: product.id, Fields: marked }
  return { ...order, ServiceId: product.id, Fields: Object.entries(marked).map(([Id, Value]) => ({ Id, Value })) }
}

const isMarked = ({ settings, key }: AlsoContext, subscription: Subscription) =>
  settings.referenceField !== undefined && fieldOf(subscription, settings.referenceField) === key

const isAlike = (subscription: Subscription, order: NewSubscription) =>
  serviceOf(subscription) === serviceOf(order) && subscription.Quantity === order.Quantity
