import { DataverseError, type DataverseErrorDetails, type ErrorName, errorCodes } from '../../service/index.ts'
import { type ApiAnswer, type ApiRequest, textOf, titleOf } from './api.ts'
import { parseRetryAfter } from './retry.ts'

/** Names for answers without a code, which come from what stands before Dataverse. */
const namesByStatus: Readonly<Partial<Record<number, ErrorName>>> = {
  401: 'InvalidUserAuth',
  403: 'AccessDenied',
  413: 'RequestLengthTooLarge',
  429: 'ThrottlingBurstRequestLimitExceededError',
}

/** What a failed request may be asked to say beside its message. */
export const ERROR_ANNOTATIONS = 'Microsoft.PowerApps.CDS.*'

/**
 * The error that an answer of 400 and more stands for: the platform's code with its name, status, message, and what it
 * says beside.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#parse-errors-from-the-response
 */
export function failureOf(
  request: ApiRequest,
  answer: ApiAnswer,
  { redact, now }: { readonly redact: (text: string) => string; readonly now: Date },
): DataverseError {
  const { status } = answer
  const text = textOf(answer)
  const error = parseError(text)
  const retryAfter = parseRetryAfter(answer.headers['retry-after'], now)
  const waiting = retryAfter === undefined ? {} : { retryAfter: Math.ceil(retryAfter / 1000) }
  if (!error) {
    const name = namesByStatus[status] ?? 'UnExpected'
    // Redacted before it is cut: half a secret would not be recognised.
    const message = redact(`${titleOf(request)} answered ${status}`) + describe(redact(text))
    return new DataverseError(name, errorCodes[name].code, status, message, waiting)
  }
  const message = redact(error.message || `${titleOf(request)} answered ${status}.`)
  const code = parseCode(error.code) ?? errorCodes[namesByStatus[status] ?? 'UnExpected'].code
  return new DataverseError(nameOf(code, status, message), code, status, message, {
    ...waiting,
    ...detailsOf(error, redact),
  })
}

type ErrorBody = Readonly<Record<string, unknown>> & { readonly code: string; readonly message: string }

function parseError(text: string): ErrorBody | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: Record<string, unknown> }
    if (typeof error !== 'object' || error === null) return undefined
    return { ...error, code: String(error.code ?? ''), message: String(error.message ?? '') }
  } catch {
    return undefined
  }
}

function parseCode(text: string): number | undefined {
  return /^0x[0-9a-f]{1,8}$/i.test(text) && Number(text) > 0 ? Number(text) : undefined
}

/** One code may serve several errors, told apart by status and text. A code that is not in the table is its own name. */
function nameOf(code: number, status: number, message: string): string {
  const named = (Object.entries(errorCodes) as [ErrorName, (typeof errorCodes)[ErrorName]][]).filter(
    ([, known]) => known.code === code,
  )
  const [best] =
    named.find(([, known]) => known.status === status && printedFrom(known.message).test(message)) ??
    named.find(([, known]) => printedFrom(known.message).test(message)) ??
    named.find(([, known]) => known.status === status) ??
    named[0] ??
    []
  return best ?? `0x${code.toString(16).padStart(8, '0')}`
}

function printedFrom(template: string): RegExp {
  const literal = template.split(/\{\w+\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`, 's')
}

const OPERATION_STATUS = '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus'
const SUB_ERROR_CODE = '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode'
const TRACE_TEXT = '@Microsoft.PowerApps.CDS.TraceText'

function detailsOf(error: ErrorBody, redact: (text: string) => string): DataverseErrorDetails {
  const [status, subCode, trace] = [error[OPERATION_STATUS], error[SUB_ERROR_CODE], error[TRACE_TEXT]]
  const isNumber = (value: unknown) => value !== undefined && value !== '' && Number.isFinite(Number(value))
  return {
    ...(isNumber(status) ? { operationStatus: Number(status) } : {}),
    ...(isNumber(subCode) ? { subErrorCode: Number(subCode) } : {}),
    ...(typeof trace === 'string' ? { traceText: redact(trace) } : {}),
  }
}

function describe(text: string): string {
  if (text.trim() === '') return ' and said nothing more.'
  if (!/^\s*<(!doctype html|html|head|body)/i.test(text)) return `: ${text.trim().slice(0, 500)}`
  const title = /<title[^>]*>([^<]{1,100})/i.exec(text)?.[1]?.trim()
  return ` with an HTML page${title ? ` ("${title}")` : ''}: is this the address of a Dataverse environment?`
}
