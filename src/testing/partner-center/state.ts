/** What a simulated Partner Center starts with; all of it optional. */
export interface PartnerCenterSeed {
  readonly customers?: readonly SeedCustomer[]
  readonly products?: readonly SeedProduct[]
  readonly subscriptions?: readonly SeedSubscription[]
}

export interface SeedCustomer {
  readonly id: string
  readonly name: string
  readonly domain?: string
  /** How the Microsoft Customer Agreement was accepted. Default: `confirmed`, by the partner. */
  readonly agreement?: 'confirmed' | 'signed' | 'none'
}

export interface SeedProduct {
  /** `product:sku`. */
  readonly id: string
  readonly title: string
  readonly minimum?: number
  readonly maximum?: number
  /** Default: a year, billed by the month. */
  readonly terms?: readonly { readonly duration: string; readonly billingCycle: string }[]
  /** Products (`product:sku`) that one can move to at once. */
  readonly transitions?: readonly string[]
  /** Refused in a cart with this code. */
  readonly refusedWith?: string
}

export interface SeedSubscription {
  readonly id: string
  readonly customerId: string
  /** `product:sku`. */
  readonly product: string
  readonly quantity: number
  readonly status?: string
  readonly autoRenew?: boolean
  readonly parentId?: string
  /** When it was bought, which opens its windows. Default: now. */
  readonly boughtAt?: Date
}

export interface SimulatedSubscription {
  readonly id: string
  readonly customerId: string
  readonly product: string
  readonly friendlyName: string
  readonly parentId: string | undefined
  readonly orderId: string | undefined
  readonly term: { readonly duration: string; readonly billingCycle: string }
  readonly boughtAt: Date
  readonly visibleFrom: Date
  /** Seats that may be given back, and until when. */
  readonly windows: readonly { readonly quantity: number; readonly until: Date }[]
  readonly quantity: number
  readonly status: string
  readonly autoRenewEnabled: boolean
  readonly instructions: unknown
  readonly version: number
  /** What was accepted and shows from a moment on. */
  readonly pending: { readonly from: Date; readonly fields: Partial<SimulatedSubscription> } | undefined
  readonly changedAt: Date
}

export interface SimulatedOrder {
  readonly id: string
  readonly customerId: string
  readonly createdAt: Date
  readonly visibleFrom: Date
  readonly completesAt: Date
  readonly line: Readonly<Record<string, unknown>>
  readonly subscriptionId: string
}

export interface SimulatedCart {
  readonly id: string
  readonly customerId: string
  readonly line: CartLine
  readonly expiresAt: Date
  status: 'Active' | 'Ordered'
}

export interface CartLine {
  readonly catalogItemId: string
  readonly quantity: number
  readonly friendlyName?: string
  readonly termDuration?: string
  readonly billingCycle?: string
  readonly provisioningContext?: { readonly ParentSubscriptionId?: string }
}

export interface SimulatedTransition {
  readonly operationId: string
  readonly subscriptionId: string
  readonly toCatalogItemId: string
  readonly quantity: number
  readonly completesAt: Date
}

/** A write that took effect. */
export interface PartnerCenterWrite {
  readonly kind: 'order' | 'subscription' | 'transition' | 'customer' | 'agreement'
  readonly customerId: string
  readonly subscriptionId?: string
  readonly quantity?: number
  readonly requestId: string | undefined
  readonly at: Date
}

/** A request that arrived, before any fault. */
export interface PartnerCenterReceived {
  readonly method: string
  readonly path: string
  readonly requestId: string | undefined
  readonly at: Date
}

export interface PartnerCenterState {
  readonly customers: (SeedCustomer & { readonly signedAs?: unknown })[]
  readonly products: SeedProduct[]
  readonly subscriptions: SimulatedSubscription[]
  readonly orders: SimulatedOrder[]
  readonly carts: SimulatedCart[]
  readonly transitions: SimulatedTransition[]
  /** Where events are posted to, as it was registered. */
  webhook: unknown
  /** What had an effect: a purchase is an `order`. */
  readonly writes: PartnerCenterWrite[]
  readonly requests: PartnerCenterReceived[]
}

export const WINDOW_MS = 168 * 3_600_000

export function createState(seed: PartnerCenterSeed, now: Date): PartnerCenterState {
  return {
    customers: [...(seed.customers ?? [])],
    products: [...(seed.products ?? [])],
    subscriptions: (seed.subscriptions ?? []).map((one) => toSubscription(one, now)),
    orders: [],
    carts: [],
    transitions: [],
    webhook: undefined,
    writes: [],
    requests: [],
  }
}

function toSubscription(seed: SeedSubscription, now: Date): SimulatedSubscription {
  const boughtAt = seed.boughtAt ?? now
  return {
    id: seed.id,
    customerId: seed.customerId,
    product: seed.product,
    friendlyName: seed.product,
    parentId: seed.parentId,
    orderId: undefined,
    term: { duration: 'P1Y', billingCycle: 'monthly' },
    boughtAt,
    visibleFrom: boughtAt,
    windows: [{ quantity: seed.quantity, until: new Date(boughtAt.getTime() + WINDOW_MS) }],
    quantity: seed.quantity,
    status: seed.status ?? 'active',
    autoRenewEnabled: seed.autoRenew ?? true,
    instructions: null,
    version: 1,
    pending: undefined,
    changedAt: boughtAt,
  }
}
