import type { Change } from '../change.ts'
import { isPlainObject, type Json } from '../json.ts'
import { type Accepted, accepted } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterContext } from './settings.ts'

/** A change to a subscription that exists. */
export type Modification = Change<Exclude<Change['kind'], 'create' | 'transition'>>

/** What is bought: a change as JSON has it. */
export type Purchase = Omit<Change<'create'>, 'startsAt'>

/** Whose purchase it is, and what becomes of it once it is there. */
export interface PurchaseHandle {
  readonly customerId: string
  readonly quantity: number
  readonly autoRenew?: boolean | undefined
}

/** Where a change stands, for whichever process goes on with it. */
export type Handle =
  /** The cart is made. Checking it out is what buys, and one cart is bought once. */
  | { readonly step: 'checkout'; readonly cartId: string; readonly change: Purchase }
  /** It was checked out; the order, or its subscription, is not there yet. */
  | ({ readonly step: 'order'; readonly orderId?: string | undefined } & PurchaseHandle & Waiting)
  /** The change was accepted, and does not show yet. */
  | ({ readonly step: 'change'; readonly change: Modification } & Waiting)
  /** Something before the change has to finish: then it begins again. */
  | ({ readonly step: 'again'; readonly change: Modification } & Waiting)
  | ({
      readonly step: 'transition'
      readonly change: Change<'transition'>
      readonly operationId?: string | undefined
    } & Waiting)
  /** The change is in force; the licences are not there yet. */
  | ({
      readonly step: 'fulfilment'
      readonly customerId: string
      readonly subscriptionId: string
      readonly quantity: number
    } & Waiting)

/** How long it has been waited for. */
export interface Waiting {
  /** The moment from which waiting is a failure, in ISO 8601. */
  readonly until: string
  readonly polls: number
}

type Step<S extends Handle['step']> = Extract<Handle, { readonly step: S }>
export type HandleOf<S extends Handle['step']> = Step<S>

const MINUTE_MS = 60_000
const FIRST_POLL_MS = 5_000
const LONGEST_POLL_MS = 5 * MINUTE_MS

/** The order and its subscriptions show up within about 15 minutes. */
export const VISIBLE_WITHIN_MS = 20 * MINUTE_MS
/** An operation that is under way keeps others out for 24 hours. */
export const CHANGED_WITHIN_MS = 24 * 60 * MINUTE_MS

export function waiting({ clock }: PartnerCenterContext, milliseconds: number): Waiting {
  return { until: new Date(clock.now().getTime() + milliseconds).toISOString(), polls: 0 }
}

export const hasEnded = ({ clock }: PartnerCenterContext, { until }: Waiting): boolean =>
  clock.now().getTime() >= new Date(until).getTime()

/** As JSON has it: what is not there is left out. */
export const acceptedAs = (handle: Handle, pollAfterMs: number): Accepted =>
  accepted(JSON.parse(JSON.stringify(handle)) as Json, { pollAfterMs })

/** Accepted; asked about again after a time that doubles. */
export function later(handle: Exclude<Handle, { readonly step: 'checkout' }>): Accepted {
  const pollAfterMs = Math.min(LONGEST_POLL_MS, FIRST_POLL_MS * 2 ** Math.min(handle.polls, 10))
  return acceptedAs({ ...handle, polls: handle.polls + 1 }, pollAfterMs)
}

/** The same, unless it has been waited long enough: then it says so, and is never taken for done. */
export function stillWaiting(
  context: PartnerCenterContext,
  handle: Exclude<Handle, { readonly step: 'checkout' }>,
  what: string,
): Accepted {
  if (!hasEnded(context, handle)) return later(handle)
  throw new ProviderError('pending', `Partner Center has accepted ${what}, but has not finished it in time.`)
}

export function parseHandle(json: Json): Handle {
  if (isPlainObject(json) && typeof json.step === 'string') return json as unknown as Handle
  throw new ProviderError('bug', 'This handle is not one of Microsoft Partner Center.')
}
