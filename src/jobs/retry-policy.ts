import { ProviderError } from '../connectors/index.ts'
import { DataverseError } from '../service/index.ts'

/** After so many retries a counted failure is final: one first attempt and five more (J6). */
export const MAX_RETRIES = 5
const FIRST_DELAY_MS = 30_000
const LONGEST_DELAY_MS = 15 * 60_000
/** How long throttled and pending work may go on without counting. */
export const DEADLINE_MS = 24 * 60 * 60_000
const LATER_MS = 60_000

/** What follows from a failure. */
export type Verdict =
  | { readonly kind: 'failed' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly counted: boolean }

/**
 * Whether and when a job runs again after this failure. Faults that may pass count, and wait longer each time; a
 * throttling or unfinished provider does not count, but has until the deadline; everything else is final at once (J10).
 *
 * @param retries counted failures before this one
 * @param random a number from 0 to 1, which spreads retries out by up to a fifth
 */
export function judge(error: ProviderError, retries: number, pastDeadline: boolean, random: number): Verdict {
  const { retry, counted, retryAfterMs } = error
  if (error.code === 'consentExpired' || error.code === 'auth') {
    return pastDeadline ? { kind: 'failed' } : { kind: 'retry', counted: false, afterMs: LONGEST_DELAY_MS }
  }
  if (retry === 'never') return { kind: 'failed' }
  if (retry === 'later') {
    return pastDeadline ? { kind: 'failed' } : { kind: 'retry', counted, afterMs: retryAfterMs ?? LATER_MS }
  }
  if (retries >= MAX_RETRIES) return { kind: 'failed' }
  const delay = Math.min(FIRST_DELAY_MS * 2 ** retries, LONGEST_DELAY_MS)
  return { kind: 'retry', counted, afterMs: Math.max(retryAfterMs ?? 0, Math.round(delay * (1 + random / 5))) }
}

/** Any throw as a failure with a code: what Dataverse could not do just now may pass, anything else is a bug. */
export function asProviderError(error: unknown): ProviderError {
  if (ProviderError.isInstance(error)) return error
  if (DataverseError.isInstance(error)) {
    return new ProviderError(isPassing(error) ? 'transient' : 'bug', error.message, {
      cause: error,
      ...(error.details.retryAfter === undefined ? {} : { retryAfterMs: error.details.retryAfter * 1000 }),
    })
  }
  return new ProviderError('bug', error instanceof Error ? error.message : String(error), { cause: error })
}

/** Whether what Dataverse could not do just now may work later. */
export function isPassing({ status, name }: DataverseError): boolean {
  return status === 429 || status >= 500 || name === 'ConcurrencyVersionMismatch'
}
