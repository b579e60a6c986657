import { waitWithin } from '../handle.ts'
import type { Accepted } from '../outcome.ts'
import type { Handle } from './handle.ts'
import type { Pax8Context } from './settings.ts'

const HOUR_MS = 3_600_000
const MONTH_MS = 30 * 24 * HOUR_MS

/** A person at Pax8 or at the partner has to act, or the end of a term has to come. */
const slow: readonly (string | undefined)[] = ['PendingManual', 'WaitingForDetails', 'PendingCancel']

/** Asks again later: soon what machines do, every hour what people do. After a day, or a month, it is `pending` instead. */
export function waitFor(
  { clock }: Pick<Pax8Context, 'clock'>,
  handle: Extract<Handle, { readonly since: string }>,
  status?: string,
): Accepted {
  const what = status === undefined ? 'nothing of it is there' : `it is ${status}`
  const message = `Pax8 has not finished: ${what}. Look into the Pax8 portal.`
  return waitWithin(clock, handle, message, slow.includes(status) ? { withinMs: MONTH_MS, pollAfterMs: HOUR_MS } : {})
}
