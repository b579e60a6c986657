import { DataverseError, dataverseError, errorCodes, toHexCode } from '../service/index.ts'
import type { Preferences } from './preferences.ts'
import { MethodNotAllowed } from './refusals.ts'

type Headers = Readonly<Record<string, string>>

const always = { 'OData-Version': '4.0' } as const

/** An answer with a JSON body. */
export function json(status: number, body: object, headers: Headers = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...always, 'Content-Type': 'application/json; odata.metadata=minimal', ...headers },
  })
}

/** An answer without a body. */
export function empty(status: 204 | 304, headers: Headers = {}): Response {
  return new Response(null, { status, headers: { ...always, ...headers } })
}

/**
 * The answer to a request that failed: the platform's code and message, never a stack trace.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#parse-errors-from-the-response
 */
export function failure(thrown: unknown, preferences?: Preferences): Response {
  if (thrown instanceof MethodNotAllowed) {
    const code = toHexCode(errorCodes.ODataUriError.code)
    return json(405, { error: { code, message: thrown.message } }, { Allow: thrown.allowed.join(',') })
  }
  const error = DataverseError.isInstance(thrown) ? thrown : unexpected(thrown)
  const { status, hexCode: code, message, details } = error
  const headers: Record<string, string> =
    details.retryAfter === undefined ? {} : { 'Retry-After': String(details.retryAfter) }
  const annotations = preferences ? annotationsOf(error, preferences) : {}
  return json(status >= 400 && status <= 599 ? status : 500, { error: { code, message, ...annotations } }, headers)
}

/** What a `Prefer` header may ask to be told beside the message. */
function annotationsOf({ details }: DataverseError, preferences: Preferences): Readonly<Record<string, string>> {
  const known = {
    'Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': details.operationStatus,
    'Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': details.subErrorCode,
    'Microsoft.PowerApps.CDS.TraceText': details.traceText,
  }
  const annotations: Record<string, string> = {}
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined && preferences.wantsAnnotation(name)) annotations[`@${name}`] = String(value)
  }
  return annotations
}

function unexpected(thrown: unknown): DataverseError {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return dataverseError('UnExpected', { reason: text.split('\n', 1)[0]! }, { cause: thrown })
}
