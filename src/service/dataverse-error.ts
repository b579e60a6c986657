import { type ErrorName, errorCodes, type Placeholders } from './error-codes.ts'

const marker = Symbol.for('work365-sdk.DataverseError')

/** What an error carries beside its code. */
export interface DataverseErrorDetails {
  /** Replaces the message that the code's template would give. */
  readonly message?: string
  /** Replaces the HTTP status that belongs to the code. */
  readonly status?: number
  readonly cause?: unknown
  /** What the steps that ran had traced until then. */
  readonly traceText?: string
  /** Of a rejection by a plug-in (`InvalidPluginExecutionException`). */
  readonly operationStatus?: number
  readonly subErrorCode?: number
  /** Seconds to wait before asking again, of a 429. */
  readonly retryAfter?: number
}

/**
 * A failure as Dataverse reports it: the code and its name, the HTTP status, and a message for a person.
 * Recognise one with {@link DataverseError.isInstance}, which also knows errors of another copy of this package.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 * @example if (DataverseError.isInstance(error) && error.name === 'ObjectDoesNotExist') return undefined
 */
export class DataverseError extends Error {
  /** The name of the code, such as `'ObjectDoesNotExist'`. */
  override readonly name: string
  /** The code, such as `0x80040217`. */
  readonly code: number
  /** The HTTP status with which the Web API answers. */
  readonly status: number
  readonly details: DataverseErrorDetails

  constructor(name: string, code: number, status: number, message: string, details: DataverseErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = name
    this.code = code
    this.status = status
    this.details = details
    Object.defineProperty(this, marker, { value: true })
  }

  /** The code as it stands on the wire: `'0x80040217'`. */
  get hexCode(): string {
    return toHexCode(this.code)
  }

  static isInstance(value: unknown): value is DataverseError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[marker] === true
  }
}

export function toHexCode(code: number): string {
  return `0x${code.toString(16).padStart(8, '0')}`
}

/**
 * The error with this name, its message filled from the code's template.
 *
 * @example throw dataverseError('ObjectDoesNotExist', { table: 'account', id })
 */
export function dataverseError<N extends ErrorName>(
  name: N,
  values: Placeholders<N>,
  details: DataverseErrorDetails = {},
): DataverseError {
  const { code, status, message } = errorCodes[name]
  return new DataverseError(name, code, details.status ?? status, details.message ?? fill(message, values), details)
}

function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole))
}
