import type { FailureCode, Retry } from './retry-table.ts'
import { retryTable } from './retry-table.ts'

const marker = Symbol.for('work365-sdk.ProviderError')

/** What an error carries beside its code and message. */
export interface ProviderErrorDetails {
  /** Milliseconds to wait before asking again, as the provider said. */
  readonly retryAfterMs?: number | undefined
  /** The HTTP status of the provider's answer. */
  readonly status?: number | undefined
  /** The provider's own code for this failure. */
  readonly providerCode?: string | undefined
  /** The id under which the provider's support finds this request. */
  readonly correlationId?: string | undefined
  /** The setting, credential or property of the change that is at fault. */
  readonly field?: string | undefined
  readonly cause?: unknown
}

/**
 * A failure at a provider: a code from a closed list, and a sentence that a biller understands and can act on.
 * What happens next (never again, again with the same key, later) follows from the code by the {@link retryTable}.
 * Recognise one with {@link ProviderError.isInstance}, which also knows errors of another copy of this package.
 *
 * @example throw new ProviderError('notEligible', 'Pax8 cannot pause a subscription: cancel it instead.')
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: FailureCode
  readonly details: ProviderErrorDetails

  constructor(code: FailureCode, message: string, details: ProviderErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.details = details
    Object.defineProperty(this, marker, { value: true })
  }

  /** How this failure is tried again. */
  get retry(): Retry {
    return retryTable[this.code].retry
  }

  /** Whether the failed attempt counts towards the job's five. */
  get counted(): boolean {
    return retryTable[this.code].counted
  }

  /** Milliseconds to wait before asking again, where the provider said so. */
  get retryAfterMs(): number | undefined {
    return this.details.retryAfterMs
  }

  static isInstance(value: unknown): value is ProviderError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true
  }
}
