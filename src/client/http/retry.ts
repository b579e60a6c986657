import type { ApiRequest } from './api.ts'

/** How often, and how long after, a request is made again. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default: 5. */
  readonly attempts?: number
  /** Before the second attempt; doubled for each one after. Default: 500. */
  readonly firstDelayMs?: number
  /**
   * The longest wait. An environment that asks for a longer one with `Retry-After` is not asked again: the refusal goes to
   * the caller, with `details.retryAfter`. Default: 300,000, the length of the platform's window.
   */
  readonly maxDelayMs?: number
}
export type RetryPolicy = Required<RetryOptions>

/** What came of an attempt: a status, or no answer at all. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
}

export const defaultRetry: RetryPolicy = Object.freeze({ attempts: 5, firstDelayMs: 500, maxDelayMs: 300_000 })

/**
 * The milliseconds to wait before asking again; `undefined`: do not.
 *
 * A 429 was refused before anything was done, so any request may be made again. Whether a request that got no answer, or
 * 408, 502, 503 or 504, has taken effect nobody knows: only those are made again that come to the same when made twice.
 *
 * @param random from 0 to 1; spreads what many clients do over up to half the delay more
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits#how-to-re-try-service-protection-api-limit-errors
 */
export function waitBeforeRetry(
  policy: RetryPolicy,
  request: Pick<ApiRequest, 'method'> & { readonly repeatable?: boolean },
  { number, status, retryAfterMs }: Attempt,
  random: number,
): number | undefined {
  if (number >= policy.attempts) return undefined
  if (status !== 429 && !(isTransient(status) && isRepeatable(request))) return undefined
  const delay = policy.firstDelayMs * 2 ** (number - 1)
  const spread = delay * (random / 2)
  if (retryAfterMs !== undefined) {
    return retryAfterMs > policy.maxDelayMs ? undefined : Math.round(retryAfterMs + spread)
  }
  return Math.round(Math.min(delay + spread, policy.maxDelayMs))
}

/** Whether something on the way failed, and not the request. */
export function isTransient(status: number | undefined): boolean {
  return status === undefined || status === 408 || (status >= 502 && status <= 504)
}

function isRepeatable({ method, repeatable }: { readonly method: string; readonly repeatable?: boolean }): boolean {
  return repeatable ?? (method === 'GET' || method === 'PUT' || method === 'DELETE')
}

/** The milliseconds that a `Retry-After` header asks to wait: a number of seconds or a date. */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return seconds < 0 ? undefined : Math.ceil(seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime())
}
