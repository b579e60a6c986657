import { isPlainObject, type Json } from '../json.ts'
import { type Accepted, accepted } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { AlsoContext } from './settings.ts'
import type { NewSubscription } from './wire.ts'

/** Where a change stands, for whoever goes on with it. */
export type Handle =
  /** To be bought. `known`: the subscriptions that look alike and were there before. */
  | { readonly step: 'purchase'; readonly order: NewSubscription; readonly known: readonly string[] }
  /** The subscription was asked to become this. */
  | {
      readonly step: 'change'
      readonly id: string
      readonly customerId: string
      readonly target: { readonly quantity: number } | { readonly cancelled: true }
      readonly since: string
    }

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export const waitFor = (handle: Handle, pollAfterMs = MINUTE_MS): Accepted =>
  accepted(handle as unknown as Json, { pollAfterMs })

/** Asks again in a minute; after a day it is `pending` instead. */
export function waitForChange(
  { clock }: Pick<AlsoContext, 'clock'>,
  handle: Extract<Handle, { readonly step: 'change' }>,
  state: string | null | undefined,
): Accepted {
  if (clock.now().getTime() - Date.parse(handle.since) < DAY_MS) return waitFor(handle)
  const message = `ALSO has not finished with subscription ${handle.id}: it is ${state ?? 'not listed'}.`
  throw new ProviderError('pending', message)
}

export function parseHandle(json: Json): Handle {
  if (isPlainObject(json) && (json.step === 'purchase' || json.step === 'change')) return json as unknown as Handle
  throw new ProviderError('bug', 'The handle is none that the ALSO connector has made.')
}
