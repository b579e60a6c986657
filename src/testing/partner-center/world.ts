import type { Clock } from '../../internal/clock.ts'
import type { IdGenerator } from '../../internal/ids.ts'
import type { PartnerCenterState } from './state.ts'

/** How long things take at a simulated Partner Center, in milliseconds on its clock. All default to 0 where nothing else is said. */
export interface PartnerCenterTiming {
  /** Before each answer. */
  readonly latencyMs?: number
  /** Until an order and its subscription can be read. */
  readonly visibleAfterMs?: number
  /** Until an order is completed. */
  readonly completesAfterMs?: number
  /** How long a change is answered with 202 and does not show; 0 answers 200 with the change. */
  readonly acceptedForMs?: number
  /** Until licences are there after a change. */
  readonly fulfilledAfterMs?: number
  /** Default: 15 minutes. */
  readonly cartLifetimeMs?: number
  /** Default: an hour. */
  readonly tokenLifetimeMs?: number
}

/** Ways in which Partner Center is not as one expects. */
export interface PartnerCenterQuirks {
  /** Forgets `MS-RequestId`: who sends a request twice has sent two. */
  readonly forgetsRequestIds?: boolean
  /** A refresh token is good for one use. */
  readonly refreshTokensOnce?: boolean
  /** Begins the names in answers to changes with capitals. */
  readonly capitals?: boolean
  /** Leaves `subscriptionId` out of an order that is not completed. */
  readonly namesSubscriptionsLate?: boolean
  /** Leads from each page back to itself. */
  readonly repeatsPages?: boolean
  /** Answers a checkout with an error beside the order. */
  readonly ordersPartly?: boolean
}

/** What the handlers of a simulated Partner Center share. */
export interface World {
  readonly state: PartnerCenterState
  readonly clock: Clock
  readonly ids: IdGenerator
  readonly timing: PartnerCenterTiming
  readonly quirks: PartnerCenterQuirks
  readonly tenantId: string
  readonly pageSize: number
}

export interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly content: unknown
  /** Whether the integration user stands behind the token. */
  readonly forUser: boolean
}

/** Thrown by a handler to answer with this status and Partner Center's shape of an error. */
export class Refused extends Error {
  readonly status: number
  readonly code: string | number

  constructor(status: number, code: string | number, description: string) {
    super(description)
    this.status = status
    this.code = code
  }
}

export const after = (now: Date, milliseconds = 0) => new Date(now.getTime() + milliseconds)

/** A page of a collection that links to the next one. */
export function page<T>(items: readonly T[], { query }: Asked, { pageSize, quirks }: World, path: string) {
  const offset = quirks.repeatsPages ? 0 : Number(query.get('after') ?? 0)
  const next = offset + pageSize
  const linked = quirks.repeatsPages || next < items.length
  return {
    totalCount: Math.min(pageSize, items.length - offset),
    items: items.slice(offset, next),
    ...(linked && { links: { next: { uri: `${path}?after=${next}`, method: 'GET', headers: [] } } }),
    attributes: { objectType: 'Collection' },
  }
}

export function customerOf({ state }: World, { params }: Asked) {
  const customer = state.customers.find(({ id }) => id === params.customer)
  if (customer) return customer
  throw new Refused(403, 20002, `The partner has no commerce relationship with the customer ${params.customer}.`)
}

export function productOf({ state }: World, id: string) {
  return state.products.find((product) => product.id === id)
}

/** The availability of a product today: it is another one tomorrow. */
export function availabilityOf({ clock }: World): string {
  return `CFQ7TTC${clock.now().toISOString().slice(5, 10).replace('-', '')}`
}
