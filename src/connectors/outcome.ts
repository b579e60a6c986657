import type { Json } from './json.ts'

export type RemoteStatus = 'active' | 'paused' | 'cancelled' | 'expired' | 'pending' | 'unknown'

/** A subscription as the provider has it now. */
export interface RemoteSubscription {
  /** The provider's id. */
  readonly id: string
  readonly customerId?: string | undefined
  /** The provider's part number. */
  readonly sku?: string | undefined
  readonly name?: string | undefined
  /** The total. */
  readonly quantity: number
  readonly status: RemoteStatus
  readonly autoRenew?: boolean | undefined
  readonly startsAt?: Date | undefined
  readonly renewsAt?: Date | undefined
  readonly cancellableUntil?: Date | undefined
  /** How much may be given back, and until when. */
  readonly reducible?: readonly { readonly quantity: number; readonly until: Date }[] | undefined
  readonly etag?: string | undefined
  /** The provider's own words, for whoever has to look closer. */
  readonly raw?: Json | undefined
}

/** What became of a change. A failure is not an outcome: it is a thrown `ProviderError`. */
export type Outcome = Done | Accepted | NeedsPerson | NotApplicable

/** The target is in force. `changed: false`: it already was, and nothing was written. */
export interface Done {
  readonly status: 'done'
  readonly subscription: RemoteSubscription
  readonly changed: boolean
}

/** The provider works on it. Any process may ask again with the handle. */
export interface Accepted {
  readonly status: 'accepted'
  readonly handle: Json
  /** Milliseconds until it makes sense to ask. Absent: the job decides. */
  readonly pollAfterMs?: number
}

/** A person has to do it; `instructions` say what. */
export interface NeedsPerson {
  readonly status: 'needsPerson'
  readonly instructions: string
}

/** There is nothing to do at a provider. */
export interface NotApplicable {
  readonly status: 'notApplicable'
  readonly reason: string
}

/**
 * The target is in force.
 *
 * @param options.changed - `false` when it already was and nothing was written. Default: `true`.
 */
export function done(subscription: RemoteSubscription, options: { readonly changed?: boolean } = {}): Done {
  return { status: 'done', subscription, changed: options.changed ?? true }
}

/**
 * The provider has taken the change on and needs time. The connector's `resume` asks again, perhaps in another process.
 *
 * @param handle - all that `resume` needs, as JSON and without secrets.
 * @param options.pollAfterMs - milliseconds until asking again makes sense. Absent: the job decides.
 */
export function accepted(handle: Json, options: { readonly pollAfterMs?: number } = {}): Accepted {
  return { status: 'accepted', handle, ...options }
}

/** A person has to do it at the provider. @param instructions - what to do, for someone who sees nothing else. */
export function needsPerson(instructions: string): NeedsPerson {
  return { status: 'needsPerson', instructions }
}

/** There is nothing to do at a provider. @param reason - why, in a sentence. */
export function notApplicable(reason: string): NotApplicable {
  return { status: 'notApplicable', reason }
}
