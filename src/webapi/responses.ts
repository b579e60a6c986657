import { DataverseError, dataverseError, errorCodes, toHexCode } from '../service/index.ts'
import type { Preferences } from './preferences.ts'
import { MethodNotAllowed } from './refusals.ts'
import type { WebAnswer } from './web-request.ts'

type Headers = Readonly<Record<string, string>>

/** An answer with a JSON body, which may be text already. */
export function json(status: number, body: object | string, headers?: Headers): WebAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }
}

/** An answer without a body. */
export function empty(status: 200 | 202 | 204 | 206 | 304, headers?: Headers): WebAnswer {
  return { status, headers: { 'OData-Version': '4.0', ...headers }, body: undefined }
}

/** An answer that is neither JSON nor nothing. */
export function content(status: number, type: string, body: string | Uint8Array, headers?: Headers): WebAnswer {
  return {
    status,
    headers: { 'Content-Type': type, 'OData-Version': '4.0', ...headers },
    body: body as string | Uint8Array<ArrayBuffer>,
  }
}

/** The answer to the same request without its body, which the headers still tell the length of. */
export function withoutBody({ body, ...answer }: WebAnswer): WebAnswer {
  if (body === undefined) return { ...answer, body }
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  return { ...answer, headers: { ...answer.headers, 'Content-Length': String(length) }, body: undefined }
}

/**
 * The answer to a request that failed: the platform's code and message, never a stack trace.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#parse-errors-from-the-response
 */
export function failure(thrown: unknown, requestId: string, preferences?: Preferences): WebAnswer {
  if (thrown instanceof MethodNotAllowed) {
    const code = toHexCode(errorCodes.ODataUriError.code)
    return errorAnswer(405, requestId, { code, message: thrown.message }, { Allow: allowedBy(thrown) })
  }
  const error = DataverseError.isInstance(thrown) ? thrown : unexpected(thrown)
  const { status, hexCode: code, message, details } = error
  const retry: Headers = details.retryAfter === undefined ? {} : { 'Retry-After': String(details.retryAfter) }
  const annotations = preferences?.annotated ? annotationsOf(error, preferences) : {}
  return errorAnswer(status >= 400 && status <= 599 ? status : 500, requestId, { code, message, ...annotations }, retry)
}

/** Whoever can be asked by GET can be by HEAD. */
function allowedBy({ allowed }: MethodNotAllowed): string {
  return allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(',')
}

/** The request's id comes first, as clients that read a batch line by line see it on the platform. */
function errorAnswer(status: number, requestId: string, error: object, more: Headers): WebAnswer {
  return {
    status,
    headers: {
      REQ_ID: requestId,
      'Content-Type': 'application/json; odata.metadata=minimal',
      'OData-Version': '4.0',
      ...more,
    },
    body: JSON.stringify({ error }),
  }
}

/** What a `Prefer` header may ask to be told beside the message. */
function annotationsOf(error: DataverseError, preferences: Preferences): Readonly<Record<string, string>> {
  const { details, hexCode } = error
  const inner = details.cause instanceof Error ? details.cause.message : undefined
  const known = {
    'Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': details.operationStatus,
    'Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': details.subErrorCode,
    'Microsoft.PowerApps.CDS.HelpLink': helpLinkOf(hexCode),
    'Microsoft.PowerApps.CDS.TraceText': details.traceText,
    'Microsoft.PowerApps.CDS.InnerError.Message': inner ?? error.message,
  }
  const annotations: Record<string, string> = {}
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined && preferences.wantsAnnotation(name)) annotations[`@${name}`] = String(value)
  }
  return annotations
}

function helpLinkOf(hexCode: string): string {
  const code = hexCode.slice(2)
  return `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code}&client=platform`
}

function unexpected(thrown: unknown): DataverseError {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return dataverseError('UnExpected', { reason: text.split('\n', 1)[0]! }, { cause: thrown })
}
