import type { CreateChange } from '../change.ts'
import { accepted, done, type Outcome, type RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Api } from './api.ts'
import { attemptsIn, remember } from './attempts.ts'
import { statusOf, toRemoteSubscription } from './from-wire.ts'
import { type Handle, toJson } from './handle.ts'
import type { Pax8Context } from './settings.ts'
import { toNewOrder } from './to-wire.ts'
import { waitFor } from './waiting.ts'
import type { NewOrder, Order } from './wire.ts'

/** How long an order that was sent, and whose answer was lost, is looked for. */
const LOOK_FOR_MS = 15 * 60_000

/** What Pax8 says to the order, without placing it. @throws ProviderError when it refuses. */
export async function checkPurchase(context: Pax8Context, api: Pax8Api, change: CreateChange): Promise<NewOrder> {
  if (change.quantity <= 0) throw new ProviderError('quantityInvalid', 'At least one has to be ordered.')
  const order = toNewOrder(context, change)
  await api.company(change.customer.id)
  await api.checkOrder(order)
  return order
}

/**
 * Pax8 knows no idempotency key, and an order has no place for one. So the orders that look like this one are written down
 * before it is placed: one that is new after a lost answer is ours.
 */
export async function startPurchase(context: Pax8Context, api: Pax8Api, change: CreateChange): Promise<Outcome> {
  const { orderId } = (await attemptsIn(context))[context.key] ?? {}
  if (orderId) return resumeOrdered(context, api, ordered(context, orderId), { changed: false })
  const order = await checkPurchase(context, api, change)
  const known = (await alike(api, order)).map(({ id }) => id)
  return accepted(toJson({ step: 'order', order, known }), { pollAfterMs: 0 })
}

/** Places the order, unless that was done before. */
export async function placeOrder(
  context: Pax8Context,
  api: Pax8Api,
  handle: Extract<Handle, { readonly step: 'order' }>,
): Promise<Outcome> {
  const { clock, key } = context
  const attempts = await attemptsIn(context)
  const mine = attempts[key]
  const found = mine?.orderId ?? (await findPlaced(api, handle, key, attempts))
  if (found !== undefined) {
    await remember(context, { at: mine?.at ?? clock.now().toISOString(), orderId: found })
    return resumeOrdered(context, api, ordered(context, found))
  }
  if (mine && isOpen(context, mine.at)) return accepted(toJson(handle), { pollAfterMs: 60_000 })
  if (mine && context.settings.lostOrders !== 'repeat') throw lostOrder(mine.at)

  const at = clock.now().toISOString()
  await remember(context, { at })
  const { id } = await api.placeOrder(handle.order).catch(async (error) => {
    if (!isLost(error)) await remember(context, undefined)
    throw error
  })
  await remember(context, { at, orderId: id })
  return resumeOrdered(context, api, ordered(context, id))
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
  const { orderId } = (await attemptsIn(context))[context.key] ?? {}
  const id = orderId && (await api.order(orderId)).lineItems[0]?.subscriptionId
  return id ? toRemoteSubscription(await api.subscription(id)) : null
}

function ordered({ clock }: Pax8Context, orderId: string) {
  return { step: 'ordered', orderId, since: clock.now().toISOString() } as const
}

/** While its answer is lost and it is not listed, an order may still come, so it is not placed again. */
const isOpen = ({ clock }: Pax8Context, at: string) => clock.now().getTime() - Date.parse(at) < LOOK_FOR_MS

const lostOrder = (at: string) =>
  new ProviderError(
    'notFound',
    `An order was sent to Pax8 at ${at}, its answer was lost, and no such order is listed. Look into the Pax8 portal, and place it there if it is missing.`,
  )

/** Whether it may have been placed; a refusal says that it was not. */
const isLost = (error: unknown) => !ProviderError.isInstance(error) || error.code === 'transient'

/** An order that looks alike, was not there before, and is nobody else's. */
async function findPlaced(
  api: Pax8Api,
  { order, known }: Extract<Handle, { readonly step: 'order' }>,
  key: string,
  attempts: Awaited<ReturnType<typeof attemptsIn>>,
): Promise<string | undefined> {
  const others = Object.entries(attempts).flatMap(([other, { orderId }]) =>
    other === key || !orderId ? [] : [orderId],
  )
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
