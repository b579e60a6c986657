import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import { ProviderError } from '../provider-error.ts'
import type { Redact } from '../redaction.ts'
import type { FailureCode } from '../retry-table.ts'
import { NotOffered } from './served.ts'

/** A failure as RFC 7807 problem details tell it. */
export interface Problem {
  readonly status: number
  readonly detail: string
  /** Why, in the closed list of `ProviderError`. */
  readonly code?: string | undefined
  /** Under which whoever serves, or the provider behind it, finds the request. */
  readonly traceId?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/** The status that a failure of the provider's is answered with; the code itself is told beside it. */
const statuses: Readonly<Record<FailureCode, number>> = {
  throttled: 429,
  transient: 503,
  pending: 423,
  conflict: 409,
  auth: 502,
  consentExpired: 502,
  notFound: 404,
  quantityInvalid: 422,
  reductionNotAllowed: 422,
  windowClosed: 422,
  agreementRequired: 422,
  notEligible: 422,
  invalid: 422,
  bug: 500,
}

/**
 * What is told of a failure. Messages of a `ProviderError` are for people and without secrets; what nobody expected stays
 * here, and is found in the log by its `traceId`.
 */
export function problemOf(error: unknown, traceId: string): Problem {
  if (error instanceof NotOffered) return { status: 501, detail: error.message }
  if (!ProviderError.isInstance(error) || error.code === 'bug') {
    return { status: 500, detail: 'Something unexpected has happened. The log tells more.', code: 'bug', traceId }
  }
  const { code, message, details, retryAfterMs } = error
  return { status: statuses[code], detail: message, code, traceId: details.correlationId ?? traceId, retryAfterMs }
}

/** {@link problemOf}, and the whole trace in the log under the same id, without secrets. */
export function noteProblem(error: unknown, log: Log | undefined, redact: Redact): Problem {
  const problem = problemOf(error, randomUUID())
  const { status, traceId = null } = problem
  const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error)
  log?.('request failed', { status, traceId, trace: redact(trace) })
  return problem
}
