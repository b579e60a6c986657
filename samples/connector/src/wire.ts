import type { RemoteSubscription } from 'work365-sdk/connectors'

/** A subscription as Contoso writes it. */
export interface WireSubscription {
  readonly id: string
  readonly customer: string
  readonly product: string
  readonly seats: number
  readonly state: 'active' | 'ended'
  /** The order's own words for it: here the idempotency key. */
  readonly reference: string
}

/** The same as Work 365 knows it. A state that Contoso invents tomorrow is `unknown`, and never success. */
export function toSubscription({ id, customer, product, seats, state }: WireSubscription): RemoteSubscription {
  return { id, customerId: customer, sku: product, quantity: seats, status: statuses[state] ?? 'unknown' }
}

const statuses: Readonly<Record<string, RemoteSubscription['status']>> = { active: 'active', ended: 'cancelled' }
