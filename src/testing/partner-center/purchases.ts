import { type CartLine, type SimulatedOrder, type SimulatedSubscription, WINDOW_MS } from './state.ts'
import { type Asked, after, availabilityOf, customerOf, page, productOf, Refused, type World } from './world.ts'

const CART_LIFETIME_MS = 15 * 60_000

/** Carts, and the orders that they become. */
export const purchases = {
  createCart(world: World, asked: Asked) {
    const customer = customerOf(world, asked)
    const [line] = (asked.content as { readonly lineItems?: readonly CartLine[] }).lineItems ?? []
    if (!line) throw new Refused(400, 800002, 'Invalid request input.')
    const { state, clock, ids, timing } = world
    const expiresAt = after(clock.now(), timing.cartLifetimeMs ?? CART_LIFETIME_MS)
    const cart = { id: ids(), customerId: customer.id, line, expiresAt, status: 'Active' as const }
    state.carts.push(cart)
    const error = refusalOf(world, line)
    return {
      id: cart.id,
      status: cart.status,
      creationTimestamp: clock.now().toISOString(),
      expirationTimestamp: expiresAt.toISOString(),
      lineItems: [{ ...line, orderGroup: '0', ...(error && { error }) }],
    }
  },

  checkout(world: World, asked: Asked) {
    const customer = customerOf(world, asked)
    const { state, clock, ids, timing, quirks } = world
    const cart = state.carts.find(({ id }) => id === asked.params.cart)
    const now = clock.now()
    if (!cart || cart.expiresAt <= now) throw new Refused(404, '800008', 'Unable to retrieve cart ID.')
    if (cart.status === 'Ordered')
      throw new Refused(400, '800065', `Can't check out an already submitted cart ${cart.id}.`)
    if ((customer.agreement ?? 'confirmed') === 'none') {
      throw new Refused(403, '13605', 'The Microsoft Customer Agreement has not been accepted.')
    }
    cart.status = 'Ordered'
    const visibleFrom = after(now, timing.visibleAfterMs)
    const orderId = ids()
    const subscription = bought(cart.line, { id: ids(), customerId: customer.id, orderId, now, visibleFrom })
    const order: SimulatedOrder = {
      id: orderId,
      customerId: customer.id,
      createdAt: now,
      visibleFrom,
      completesAt: after(now, timing.completesAfterMs),
      line: {
        lineItemNumber: 0,
        offerId: cart.line.catalogItemId,
        quantity: cart.line.quantity,
        friendlyName: cart.line.friendlyName,
      },
      subscriptionId: subscription.id,
    }
    state.subscriptions.push(subscription)
    state.orders.push(order)
    state.writes.push({
      kind: 'order',
      customerId: customer.id,
      subscriptionId: subscription.id,
      quantity: subscription.quantity,
      requestId: asked.headers.get('ms-requestid') ?? undefined,
      at: now,
    })
    const partly = quirks.ordersPartly
      ? { orderErrors: [{ code: 2085, description: "The offer isn't eligible." }] }
      : {}
    return { orders: [toOrder(world, order)], ...partly }
  },

  listOrders(world: World, asked: Asked) {
    const { id } = customerOf(world, asked)
    const seen = world.state.orders.filter((one) => one.customerId === id && one.visibleFrom <= world.clock.now())
    return page(
      seen.map((order) => toOrder(world, order)),
      asked,
      world,
      `/customers/${id}/orders`,
    )
  },

  getOrder(world: World, asked: Asked) {
    const { id } = customerOf(world, asked)
    const order = world.state.orders.find((one) => one.id === asked.params.order && one.customerId === id)
    if (!order || order.visibleFrom > world.clock.now()) throw new Refused(404, 20000, 'Order ID not found.')
    return toOrder(world, order)
  },
}

/** A cart is made all the same; its line says what is wrong. */
function refusalOf(world: World, { catalogItemId, quantity, termDuration }: CartLine) {
  const [productId, skuId, availability] = catalogItemId.split(':')
  const product = productOf(world, `${productId}:${skuId}`)
  const error = (errorCode: string, errorDescription: string) => ({ errorCode, errorDescription })
  if (!product) return error('400013', "Product wasn't found.")
  if (availability !== availabilityOf(world)) return error('400019', 'Availability not found.')
  if (product.refusedWith) return error(product.refusedWith, `Refused with ${product.refusedWith}.`)
  if (quantity < (product.minimum ?? 1) || quantity > (product.maximum ?? 1000))
    return error('2002', 'The quantity is not allowed.')
  const terms = product.terms ?? [{ duration: 'P1Y' }]
  if (!terms.some(({ duration }) => duration === termDuration)) return error('800121', 'The term duration is invalid.')
  return undefined
}

function bought(
  line: CartLine,
  {
    id,
    customerId,
    orderId,
    now,
    visibleFrom,
  }: { id: string; customerId: string; orderId: string; now: Date; visibleFrom: Date },
): SimulatedSubscription {
  return {
    id,
    customerId,
    orderId,
    product: line.catalogItemId.split(':').slice(0, 2).join(':'),
    friendlyName: line.friendlyName ?? '',
    parentId: line.provisioningContext?.ParentSubscriptionId,
    term: { duration: line.termDuration ?? 'P1Y', billingCycle: line.billingCycle ?? 'monthly' },
    boughtAt: now,
    visibleFrom,
    windows: [{ quantity: line.quantity, until: after(now, WINDOW_MS) }],
    quantity: line.quantity,
    status: 'active',
    autoRenewEnabled: true,
    instructions: null,
    version: 1,
    pending: undefined,
    changedAt: now,
  }
}

function toOrder({ clock, quirks }: World, order: SimulatedOrder) {
  const isCompleted = order.completesAt <= clock.now()
  const names = isCompleted || !quirks.namesSubscriptionsLate
  return {
    id: order.id,
    referenceCustomerId: order.customerId,
    status: isCompleted ? 'completed' : 'pending',
    creationDate: order.createdAt.toISOString(),
    lineItems: [{ ...order.line, ...(names && { subscriptionId: order.subscriptionId }) }],
    attributes: { objectType: 'Order' },
  }
}
