import type { CreateChange } from '../change.ts'
import { markOf } from '../mark.ts'
import type { Outcome, RemoteSubscription } from '../outcome.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import type { Offer } from './catalog.ts'
import { converge } from './converge.ts'
import { failureOfInner, isRefusal } from './failures.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { whenProvisioned } from './fulfilment.ts'
import {
  acceptedAs,
  type HandleOf,
  hasEnded,
  later,
  type Purchase,
  type PurchaseHandle,
  stillWaiting,
  VISIBLE_WITHIN_MS,
  waiting,
} from './handle.ts'
import { refusalOrOffer } from './purchase-refusal.ts'
import { findOrder, findSubscription, lineOf } from './purchased.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription } from './subscription.ts'
import type { WireCart, WireCheckout, WireOrder } from './wire.ts'

/** A cart that was submitted before, that another request works on, or whose order is under way: all mean that it is bought. */
const BOUGHT = ['400:800065', '409:800064', '409:800060']
/** It lay about for too long, unbought: the cart is gone, or what was in it is sold under another id by now. */
const STALE = ['404:800008', '404:400019']

/**
 * The first half of a purchase: looks for what an earlier delivery bought, and otherwise makes a cart, which costs nothing.
 * The cart's id goes into the handle, and so does into the job before anything is bought. Checking it out is the second
 * half: a cart is bought once, whoever asks how often.
 *
 * @see https://learn.microsoft.com/partner-center/developer/create-a-cart
 */
export async function startPurchase(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: CreateChange,
): Promise<Outcome> {
  const subscription = await findSubscription(context, api, change.customer.id)
  if (subscription) return toTarget(context, api, handleFor(change), subscription, false)
  const order = await findOrder(context, api, change.customer.id)
  if (order) return afterOrder(context, api, unseen(context, change), order)
  return fillCart(context, api, change)
}

const handleFor = ({ customer, quantity, autoRenew }: Purchase): PurchaseHandle => ({
  customerId: customer.id,
  quantity,
  autoRenew,
})

const unseen = (context: PartnerCenterContext, change: Purchase): HandleOf<'order'> => ({
  step: 'order',
  ...handleFor(change),
  ...waiting(context, VISIBLE_WITHIN_MS),
})

/** @param expired - the cart that this one takes the place of */
async function fillCart(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  { startsAt, ...change }: CreateChange,
  ...expired: readonly string[]
): Promise<Outcome> {
  const offer = await refusalOrOffer(context, api, { ...change, startsAt })
  if (ProviderError.isInstance(offer)) throw offer
  const cart = await createCart(context, api, change, offer, expired)
  return acceptedAs({ step: 'checkout', cartId: cart.id, change }, 0)
}

/** What an earlier delivery bought. */
export async function findPurchase(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  { customer }: CreateChange,
): Promise<RemoteSubscription | null> {
  const subscription = await findSubscription(context, api, customer.id)
  if (subscription) return toRemoteSubscription(subscription, customer.id)
  const order = await findOrder(context, api, customer.id)
  const id = order && lineOf(context, order)?.subscriptionId
  return id ? toRemoteSubscription(await currentSubscription(api, { id, customerId: customer.id }), customer.id) : null
}

async function createCart(
  { key, clock }: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Purchase,
  { item, term }: Offer,
  expired: readonly string[],
): Promise<WireCart> {
  const { customer, product, quantity, parent, fields = {} } = change
  const catalogItemId = `${item.productId}:${item.skuId}:${item.availabilityId}`
  const line = {
    id: 0,
    catalogItemId,
    quantity,
    billingCycle: term.billingCycle,
    termDuration: term.duration,
    friendlyName: `${(product.name ?? item.productId).slice(0, 40)} ${markOf(key)}`,
    // Somebody has to have accepted it; the connector does not.
    attestationAccepted: fields.attestationAccepted === 'true',
    ...(fields.promotionId && { promotionId: fields.promotionId }),
    ...(parent && { provisioningContext: { ParentSubscriptionId: parent.id } }),
  }
  const create = (parts: readonly string[]) =>
    api.post<WireCart>(path`/v1/customers/${customer.id}/carts`, {
      body: { lineItems: [line] },
      requestId: stableId(key, 'cart', catalogItemId, quantity, ...parts),
    })

  const cart = await create(expired)
  const hasExpired = cart.expirationTimestamp !== undefined && new Date(cart.expirationTimestamp) <= clock.now()
  const fresh = hasExpired ? await create([...expired, cart.id]) : cart
  // A cart is created all the same when a line cannot be bought.
  const inner = fresh.lineItems?.find(({ error }) => error)?.error
  if (inner) throw failureOfInner(inner, 'The order')
  return fresh
}

/**
 * The second half. Whoever cannot know whether the cart was bought already looks for the order, and never makes another.
 *
 * @see https://learn.microsoft.com/partner-center/developer/checkout-a-cart
 */
export async function checkOut(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  { cartId, change }: HandleOf<'checkout'>,
): Promise<Outcome> {
  const handle = unseen(context, change)
  const order = await findOrder(context, api, handle.customerId)
  if (order) return afterOrder(context, api, handle, order)

  let result: WireCheckout
  try {
    result = await api.post<WireCheckout>(path`/v1/customers/${handle.customerId}/carts/${cartId}/checkout`, {
      requestId: stableId(context.key, 'checkout', cartId),
      // The next delivery looks before it asks again.
      tries: 1,
    })
  } catch (error) {
    if (isRefusal(error, ...BOUGHT)) return later(handle)
    if (isRefusal(error, ...STALE)) return fillCart(context, api, change, cartId)
    throw error
  }
  const { orders = [], orderErrors = [] } = result
  for (const inner of orderErrors) context.log('order refused', { code: String(inner.code ?? '') })
  const ours = orders.find((one) => lineOf(context, one)) ?? orders[0]
  if (ours) return afterOrder(context, api, handle, ours)
  if (orderErrors[0]) throw failureOfInner(orderErrors[0], 'The order')
  return later(handle)
}

/** Goes on with an order that was not there yet. */
export async function resumeOrder(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'order'>,
): Promise<Outcome> {
  const order = await orderOf(context, api, handle)
  if (order) return afterOrder(context, api, handle, order)
  if (!hasEnded(context, handle)) return later(handle)
  const message = `The order of customer ${handle.customerId} was placed, but did not show up. Look for it in Partner Center before ordering again.`
  throw new ProviderError('notFound', message)
}

async function orderOf(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  { customerId, orderId }: HandleOf<'order'>,
): Promise<WireOrder | undefined> {
  if (orderId === undefined) return findOrder(context, api, customerId)
  try {
    return await api.get<WireOrder>(path`/v1/customers/${customerId}/orders/${orderId}`)
  } catch (error) {
    // A new order is not visible at once.
    if (ProviderError.isInstance(error) && error.code === 'notFound') return undefined
    throw error
  }
}

async function afterOrder(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'order'>,
  order: WireOrder,
): Promise<Outcome> {
  if (order.status?.toLowerCase() === 'cancelled') {
    throw new ProviderError(
      'notEligible',
      `Microsoft has cancelled order ${order.id}. Look for its reason in Partner Center.`,
    )
  }
  const subscriptionId = lineOf(context, order)?.subscriptionId
  const subscription = subscriptionId && (await visible(api, subscriptionId, handle.customerId))
  if (!subscription || subscription.status.toLowerCase() === 'pending') {
    return stillWaiting(context, { ...handle, orderId: order.id }, `order ${order.id}`)
  }
  return toTarget(context, api, handle, subscription, true)
}

async function visible(api: PartnerCenterApi, id: string, customerId: string) {
  try {
    return await currentSubscription(api, { id, customerId })
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return undefined
    throw error
  }
}

/** The subscription is there: the rest of what was asked for is an ordinary change. */
async function toTarget(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  { customerId, quantity, autoRenew }: PurchaseHandle,
  bought: Awaited<ReturnType<typeof currentSubscription>>,
  changed: boolean,
): Promise<Outcome> {
  const subscription = { id: bought.id, customerId }
  if (autoRenew !== undefined && (bought.autoRenewEnabled ?? false) !== autoRenew && bought.status === 'active') {
    const outcome = await converge(context, api, { kind: 'setAutoRenew', subscription, enabled: autoRenew })
    if (outcome.status !== 'done' || bought.quantity === quantity) return outcome
  }
  if (bought.quantity !== quantity) return converge(context, api, { kind: 'setQuantity', subscription, quantity })
  return whenProvisioned(context, api, bought, customerId, changed)
}
