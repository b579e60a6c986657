import { type SimulatedSubscription, WINDOW_MS } from './state.ts'
import { type Asked, after, availabilityOf, customerOf, page, productOf, Refused, type World } from './world.ts'

const YEAR_MS = 365 * 24 * 3_600_000

/** Subscriptions, with the rules of new commerce. */
export const subscriptions = {
  list(world: World, asked: Asked) {
    const { id } = customerOf(world, asked)
    return page(
      visibleOf(world, id).map((one) => toWire(world, one)),
      asked,
      world,
      `/customers/${id}/subscriptions`,
    )
  },

  get: (world: World, asked: Asked) => toWire(world, subscriptionOf(world, asked)),

  addOns(world: World, asked: Asked) {
    const { id, customerId } = subscriptionOf(world, asked)
    const addOns = visibleOf(world, customerId).filter(({ parentId }) => parentId === id)
    return { totalCount: addOns.length, items: addOns.map((one) => toWire(world, one)) }
  },

  provisioningStatus(world: World, asked: Asked) {
    const { quantity, changedAt } = subscriptionOf(world, asked)
    const isThere = after(changedAt, world.timing.fulfilledAfterMs) <= world.clock.now()
    return { skuId: 'sku', status: isThere ? 'success' : 'pending', quantity, endDate: null }
  },

  /** The whole resource comes, and what it leaves out is reset. */
  patch(world: World, asked: Asked) {
    const before = subscriptionOf(world, asked)
    const { clock, timing, quirks, state } = world
    const etag = asked.headers.get('if-match')
    if (etag !== null && etag !== `"${before.version}"`) throw new Refused(400, '2055', 'Etag is no longer valid.')
    if (before.pending) throw new Refused(409, '900278', 'There is a pending operation on this subscription.')

    const fields = fieldsIn(asked.content)
    refuse(world, before, fields)
    const now = clock.now()
    const wait = timing.acceptedForMs ?? 0
    const from = after(now, wait)
    const changed = wait > 0 ? { ...before, pending: { from, fields } } : applied(before, fields, now)
    replace(world, before, changed)
    state.writes.push({
      kind: 'subscription',
      customerId: before.customerId,
      subscriptionId: before.id,
      quantity: fields.quantity,
      requestId: asked.headers.get('ms-requestid') ?? undefined,
      at: now,
    })
    if (wait > 0) {
      const location = `/customers/${before.customerId}/subscriptions/${before.id}`
      return new Response(null, { status: 202, headers: { location } })
    }
    const wire = toWire(world, changed)
    return quirks.capitals ? capitalised(wire) : wire
  },

  eligibilities(world: World, asked: Asked) {
    const { product } = subscriptionOf(world, asked)
    const targets = productOf(world, product)?.transitions ?? []
    const items = world.state.products
      .filter(({ id }) => id !== product)
      .map(({ id }) => {
        const isEligible = targets.includes(id)
        const errors = isEligible ? [] : [{ code: '1', description: `${product} does not move to ${id}.` }]
        const eligibility = { isEligible, transitionType: 'transition_with_license_transfer', errors }
        return { catalogItemId: `${id}:${availabilityOf(world)}`, eligibilities: [eligibility] }
      })
    return { totalCount: items.length, items }
  },

  transitions(world: World, asked: Asked) {
    const { id } = subscriptionOf(world, asked)
    const items = world.state.transitions
      .filter(({ subscriptionId }) => subscriptionId === id)
      .map(({ operationId, toCatalogItemId, quantity, completesAt }) => {
        const status = completesAt <= world.clock.now() ? 'Completed' : 'InProgress'
        return {
          operationId,
          fromSubscriptionId: id,
          toCatalogItemId,
          quantity,
          events: [{ name: 'Conversion', status }],
        }
      })
    return { totalCount: items.length, items }
  },

  transition(world: World, asked: Asked) {
    const before = subscriptionOf(world, asked)
    const { toCatalogItemId, quantity } = asked.content as {
      readonly toCatalogItemId: string
      readonly quantity: number
    }
    const product = toCatalogItemId.split(':').slice(0, 2).join(':')
    const { state, clock, ids, timing } = world
    if (!productOf(world, before.product)?.transitions?.includes(product)) {
      throw new Refused(400, '900280', 'Update operations are currently not allowed for this subscription.')
    }
    const completesAt = after(clock.now(), timing.acceptedForMs)
    const transition = { operationId: ids(), subscriptionId: before.id, toCatalogItemId, quantity, completesAt }
    state.transitions.push(transition)
    replace(world, before, { ...before, pending: { from: completesAt, fields: { product } } })
    state.writes.push({
      kind: 'transition',
      customerId: before.customerId,
      subscriptionId: before.id,
      quantity,
      requestId: asked.headers.get('ms-requestid') ?? undefined,
      at: clock.now(),
    })
    return { ...transition, events: [{ name: 'Conversion', status: 'InProgress' }] }
  },
}

interface Fields {
  readonly quantity: number
  readonly status: string
  readonly autoRenewEnabled: boolean
  readonly instructions: unknown
}

function fieldsIn(content: unknown): Fields {
  const given = (content ?? {}) as Record<string, unknown>
  return {
    quantity: Number(given.quantity ?? 0),
    status: String(given.status ?? 'none'),
    autoRenewEnabled: given.autoRenewEnabled === true,
    instructions: given.scheduledNextTermInstructions ?? null,
  }
}

function refuse(
  world: World,
  before: SimulatedSubscription,
  { quantity, status, autoRenewEnabled, instructions }: Fields,
): void {
  const now = world.clock.now()
  const { minimum = 1, maximum = 1000 } = productOf(world, before.product) ?? {}
  if (before.status === 'deleted') throw new Refused(400, 2011, "Subscription with deleted status can't be updated.")
  if (status === 'deleted' && after(before.boughtAt, WINDOW_MS) <= now) {
    throw new Refused(400, '900117', 'You have passed your 7-day cancellation window.')
  }
  if (status === 'active' && before.status === 'suspended') {
    const parent = world.state.subscriptions.find(({ id }) => id === before.parentId)
    if (parent && parent.status !== 'active') throw new Refused(409, '27009', "Can't enable a child subscription.")
  }
  if (quantity !== before.quantity) {
    if (before.status === 'suspended') throw new Refused(400, '2001', "Quantity can't change while suspended.")
    if (quantity < minimum || quantity > maximum) throw new Refused(400, '2002', 'Quantity is not allowed.')
    if (before.quantity - quantity > refundable(before, now).totalQuantity) {
      throw new Refused(400, '800090', "Subscription quantity can't be decreased")
    }
  }
  if (instructions !== null && !autoRenewEnabled)
    throw new Refused(400, '800093', "It isn't eligible to be auto-renewed.")
}

function applied(
  before: SimulatedSubscription,
  fields: Partial<SimulatedSubscription>,
  now: Date,
): SimulatedSubscription {
  const changed = { ...before, ...fields, pending: undefined, version: before.version + 1, changedAt: now }
  return { ...changed, windows: windowsAfter(before, changed.quantity - before.quantity, now) }
}

/** What is added may be given back for seven days; what is given back comes off the newest. */
function windowsAfter(before: SimulatedSubscription, difference: number, now: Date) {
  if (difference > 0) return [...before.windows, { quantity: difference, until: after(now, WINDOW_MS) }]
  let left = -difference
  return before.windows
    .toReversed()
    .map((window) => {
      const taken = Math.min(left, window.quantity)
      left -= taken
      return { ...window, quantity: window.quantity - taken }
    })
    .toReversed()
}

function refundable({ windows }: SimulatedSubscription, now: Date) {
  const open = windows.filter(({ quantity, until }) => quantity > 0 && until > now)
  return {
    totalQuantity: open.reduce((sum, { quantity }) => sum + quantity, 0),
    details: open.map(({ quantity, until }) => ({ quantity, allowedUntilDateTime: until.toISOString() })),
  }
}

function visibleOf(world: World, customerId: string): SimulatedSubscription[] {
  const now = world.clock.now()
  for (const one of world.state.subscriptions) {
    if (one.pending && one.pending.from <= now) replace(world, one, applied(one, one.pending.fields, one.pending.from))
  }
  return world.state.subscriptions.filter((one) => one.customerId === customerId && one.visibleFrom <= now)
}

function subscriptionOf(world: World, asked: Asked): SimulatedSubscription {
  const { id } = customerOf(world, asked)
  const found = visibleOf(world, id).find((one) => one.id === asked.params.subscription)
  if (found) return found
  throw new Refused(404, '20003', `Subscription with ID ${asked.params.subscription} not found.`)
}

function replace({ state }: World, before: SimulatedSubscription, changed: SimulatedSubscription): void {
  state.subscriptions[state.subscriptions.indexOf(before)] = changed
}

function toWire(world: World, one: SimulatedSubscription) {
  const now = world.clock.now()
  return {
    id: one.id,
    offerId: `${one.product}:${availabilityOf(world)}`,
    offerName: productOf(world, one.product)?.title ?? one.product,
    friendlyName: one.friendlyName,
    quantity: one.quantity,
    status: one.status,
    parentSubscriptionId: one.parentId ?? null,
    effectiveStartDate: one.boughtAt.toISOString(),
    commitmentEndDate: after(one.boughtAt, YEAR_MS).toISOString(),
    cancellationAllowedUntilDate: after(one.boughtAt, WINDOW_MS).toISOString(),
    refundableQuantity: one.status === 'suspended' ? null : refundable(one, now),
    autoRenewEnabled: one.autoRenewEnabled,
    billingCycle: one.term.billingCycle,
    termDuration: one.term.duration,
    orderId: one.orderId,
    scheduledNextTermInstructions: one.instructions,
    attributes: { etag: String(one.version), objectType: 'Subscription' },
  }
}

const capitalised = (wire: object) =>
  Object.fromEntries(Object.entries(wire).map(([name, value]) => [name.charAt(0).toUpperCase() + name.slice(1), value]))
