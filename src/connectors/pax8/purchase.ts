import type { CreateChange, SubscriptionRef } from '../change.ts'
import { goOnLater } from '../handle.ts'
import { done, type Outcome, type RemoteSubscription } from '../outcome.ts'
import { boughtBefore, placeOnce } from '../place-once.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Api } from './api.ts'
import { statusOf, toRemoteSubscription } from './from-wire.ts'
import type { Handle } from './handle.ts'
import type { Pax8Context } from './settings.ts'
import { toNewOrder } from './to-wire.ts'
import { waitFor } from './waiting.ts'
import type { NewOrder, Order } from './wire.ts'

/** What Pax8 says to the order, without placing it. @throws ProviderError when it refuses. */
export async function checkPurchase(context: Pax8Context, api: Pax8Api, change: CreateChange): Promise<NewOrder> {
  if (change.quantity <= 0) throw new ProviderError('quantityInvalid', 'At least one has to be ordered.')
  const order = toNewOrder(context, change)
  await api.company(change.customer.id)
  if (change.parent) await refuseEarly(api, change.parent)
  await api.checkOrder(order)
  return order
}

/** An add-on waits for its base. @throws ProviderError `pending` while Pax8 is at work on it. */
async function refuseEarly(api: Pax8Api, parent: SubscriptionRef): Promise<void> {
  const base = await api.subscription(parent.id)
  if (statusOf(base) !== 'pending' && statusOf(base) !== 'unknown') return
  throw new ProviderError(
    'pending',
    `Pax8 is still at work on subscription ${base.id}, whose add-on this is: it is ${base.status}.`,
  )
}

/**
 * Pax8 knows no idempotency key, and an order has no place for one. So the orders that look like this one are written down
 * before it is placed: one that is new after a lost answer is ours.
 */
export async function startPurchase(context: Pax8Context, api: Pax8Api, change: CreateChange): Promise<Outcome> {
  const orderId = await boughtBefore(context)
  if (orderId) return resumeOrdered(context, api, ordered(context, orderId), { changed: false })
  const order = await checkPurchase(context, api, change)
  const known = (await alike(api, order)).map(({ id }) => id)
  const handle: Handle = { step: 'order', order, known }
  return goOnLater(handle, 0)
}

/** Places the order, unless that was done before. */
export async function placeOrder(
  context: Pax8Context,
  api: Pax8Api,
  handle: Extract<Handle, { readonly step: 'order' }>,
): Promise<Outcome> {
  const orderId = await placeOnce(context, {
    title: 'Pax8',
    repeatLost: context.settings.lostOrders === 'repeat',
    find: (others) => findPlaced(api, handle, others),
    place: async () => (await api.placeOrder(handle.order)).id,
  })
  if (orderId === undefined) return goOnLater(handle)
  return resumeOrdered(context, api, ordered(context, orderId))
}

/** Asks for the subscription of an order until it runs. */
export async function resumeOrdered(
  context: Pax8Context,
  api: Pax8Api,
  handle: Extract<Handle, { readonly step: 'ordered' }>,
  options: { readonly changed?: boolean } = {},
): Promise<Outcome> {
  const id = (await api.order(handle.orderId)).lineItems[0]?.subscriptionId
  if (!id) return waitFor(context, handle)
  const subscription = await api.subscription(id)
  if (statusOf(subscription) === 'pending' || statusOf(subscription) === 'unknown')
    return waitFor(context, handle, subscription.status)
  return done(toRemoteSubscription(subscription), options)
}

/** The subscription that this key has bought, as far as the connection remembers. */
export async function findPurchase(context: Pax8Context, api: Pax8Api): Promise<RemoteSubscription | null> {
  const orderId = await boughtBefore(context)
  const id = orderId && (await api.order(orderId)).lineItems[0]?.subscriptionId
  return id ? toRemoteSubscription(await api.subscription(id)) : null
}

function ordered({ clock }: Pax8Context, orderId: string) {
  return { step: 'ordered', orderId, since: clock.now().toISOString() } as const
}

/** An order that looks alike, was not there before, and is nobody else's. */
async function findPlaced(
  api: Pax8Api,
  { order, known }: Extract<Handle, { readonly step: 'order' }>,
  others: readonly string[],
): Promise<string | undefined> {
  return (await alike(api, order)).find(({ id }) => !known.includes(id) && !others.includes(id))?.id
}

async function alike(api: Pax8Api, { companyId, lineItems: [wanted] }: NewOrder): Promise<readonly Order[]> {
  const orders: Order[] = []
  for await (const order of api.orders(companyId)) {
    const [line, ...more] = order.lineItems
    const isAlike =
      more.length === 0 &&
      line?.productId === wanted.productId &&
      line.quantity === wanted.quantity &&
      (line.billingTerm ?? wanted.billingTerm) === wanted.billingTerm
    if (isAlike) orders.push(order)
  }
  return orders
}
