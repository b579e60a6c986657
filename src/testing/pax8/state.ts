import type { BillingTerm, NewContact } from '../../connectors/pax8/wire.ts'
import type { SimulatedRequest } from '../simulator/create-simulator.ts'

/** What a simulated Pax8 starts with; all of it optional. */
export interface Pax8Seed {
  readonly companies?: readonly Pax8Company[]
  readonly products?: readonly Pax8Product[]
  readonly subscriptions?: readonly Pax8Subscription[]
}

export interface Pax8Company {
  readonly id: string
  readonly name: string
  readonly website?: string
  /** Default: Active. What is made is Inactive until it has a primary contact of each type. */
  readonly status?: 'Active' | 'Inactive'
}

export interface Pax8Product {
  readonly id: string
  readonly name: string
  readonly vendorName?: string
  /** Default: monthly and annual. */
  readonly billingTerms?: readonly BillingTerm[]
  /** Whether it is sold for a commitment only. */
  readonly needsCommitment?: boolean
  /** What has to come with an order. */
  readonly provisioningDetails?: readonly string[]
}

export interface Pax8Subscription {
  readonly id: string
  readonly companyId: string
  readonly productId: string
  readonly quantity: number
  readonly status: string
  readonly startDate?: string
}

export interface Pax8Order {
  readonly id: string
  readonly companyId: string
  readonly createdDate: string
  /** From when on it is listed, in milliseconds. */
  readonly listedFrom: number
  readonly lineItems: readonly {
    readonly productId: string
    readonly quantity: number
    readonly billingTerm: string
    readonly subscriptionId: string
  }[]
}

/** How its times and habits differ from the default, which is at once. */
export interface Pax8Behaviour {
  /** The status of a new subscription. Default: `Active`. */
  readonly newStatus?: string
  /** The status of a subscription that is being cancelled. Default: `Cancelled`. */
  readonly cancelStatus?: string
  /** Milliseconds until an order is listed. Default: 0. */
  readonly listedAfterMs?: number
}

export interface Pax8State {
  readonly companies: Pax8Company[]
  readonly contacts: (NewContact & { readonly id: string; readonly companyId: string })[]
  readonly products: Pax8Product[]
  readonly subscriptions: Pax8Subscription[]
  readonly orders: Pax8Order[]
  /** What had an effect. A mock order is not among it. */
  readonly writes: { readonly kind: 'order' | 'quantity' | 'cancel'; readonly subscriptionId: string }[]
  readonly requests: SimulatedRequest[]
  /** The access token that is good now, and how many were given. */
  readonly tokens: { current: string | undefined; given: number }
}

export function createState(seed: Pax8Seed): Pax8State {
  return {
    companies: [...(seed.companies ?? [])],
    contacts: [],
    products: [...(seed.products ?? [])],
    subscriptions: [...(seed.subscriptions ?? [])],
    orders: [],
    writes: [],
    requests: [],
    tokens: { current: undefined, given: 0 },
  }
}
