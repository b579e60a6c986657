import { type Accepted, accepted } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { type Handle, toJson } from './handle.ts'
import type { Pax8Context } from './settings.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A person at Pax8 or at the partner has to act, or the end of a term has to come. */
const slow: readonly (string | undefined)[] = ['PendingManual', 'WaitingForDetails', 'PendingCancel']

/** Asks again later: soon what machines do, every hour what people do. After a day, or a month, it is `pending` instead. */
export function waitFor(
  { clock }: Pick<Pax8Context, 'clock'>,
  handle: Extract<Handle, { readonly since: string }>,
  status?: string,
): Accepted {
  const isSlow = slow.includes(status)
  const waited = clock.now().getTime() - Date.parse(handle.since)
  if (waited > (isSlow ? 30 * DAY_MS : DAY_MS)) {
    const what = status === undefined ? 'nothing of it is there' : `it is ${status}`
    throw new ProviderError('pending', `Pax8 has not finished: ${what}. Look into the Pax8 portal.`)
  }
  return accepted(toJson(handle), { pollAfterMs: isSlow ? HOUR_MS : MINUTE_MS })
}
