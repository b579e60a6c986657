import { headersBefore, type TransportResponse } from '../internal/http-transport.ts'
import { XmlElement } from '../internal/xml.ts'
import type { HttpMethod } from './http.ts'
import { decodeBody, decodeText, type ReadAs } from './http-body.ts'
import { isPlainObject } from './json.ts'
import { ProviderError } from './provider-error.ts'
import type { Redact } from './redaction.ts'
import { retryAfterMs } from './retry-after.ts'
import type { FailureCode } from './retry-table.ts'
import { readMethodResponse } from './xml-rpc/message.ts'

/** A refusal, as far as its meaning depends on it. */
export interface Refused {
  readonly status: number
  /** The provider's own code, as text. */
  readonly providerCode: string | undefined
}

/** What a refusal means: its code, and where that helps a sentence on what to do. */
export type Meaning = FailureCode | { readonly code: FailureCode; readonly advice: string }

/** What refusals mean: by HTTP status, or decided one by one; `undefined` leaves it to the status. */
export type Classify = StatusCodes | ((refused: Refused) => Meaning | undefined)
type StatusCodes = Readonly<Partial<Record<number, FailureCode>>>

/** What was asked, for the message. */
export interface Asked {
  readonly method: HttpMethod
  readonly url: string
  readonly now: Date
  readonly redact: Redact
}

/** What a status means where the connector does not say otherwise. Any other 5xx is transient, any other status invalid. */
const statusCodes: StatusCodes = Object.freeze({
  401: 'auth',
  403: 'auth',
  404: 'notFound',
  408: 'transient',
  409: 'conflict',
  410: 'notFound',
  412: 'conflict',
  423: 'pending',
  425: 'transient',
  429: 'throttled',
  501: 'notEligible',
})

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/
const UNREACHABLE =
  /^(ECONN[A-Z]+|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|ERR_NETWORK|ERR_BAD_RESPONSE|ERR_STREAM_PREMATURE_CLOSE|HPE_[A-Z_]+)$/

const CORRELATION_HEADERS = [
  'ms-correlationid',
  'x-correlation-id',
  'x-ms-correlation-request-id',
  'ms-requestid',
  'x-ms-request-id',
  'request-id',
  'x-request-id',
]

/** The failure that an answer amounts to. */
export async function failureOf(asked: Asked, answer: TransportResponse, classify?: Classify): Promise<ProviderError> {
  const { status, headers } = answer
  const details = await describe(answer)
  const { code, advice } = meaningOf({ status, providerCode: details.code }, classify)
  return new ProviderError(
    code,
    asked.redact(`${asked.method} ${asked.url} answered ${status}`) + says(details.message, asked.redact) + advice,
    {
      status,
      retryAfterMs:
        retryAfterMs(headers['retry-after'], asked.now) ?? (code === 'throttled' ? waitIn(details) : undefined),
      providerCode: details.code && asked.redact(details.code),
      correlationId: correlationOf(headers, asked.redact) ?? (details.traceId && asked.redact(details.traceId)),
    },
  )
}

function meaningOf(refused: Refused, classify: Classify | undefined): { code: FailureCode; advice: string } {
  const { status } = refused
  const special = typeof classify === 'function' ? classify(refused) : classify?.[status]
  const meaning = special ?? statusCodes[status] ?? (status >= 500 ? 'transient' : 'invalid')
  return typeof meaning === 'string' ? { code: meaning, advice: '' } : { ...meaning, advice: ` ${meaning.advice}` }
}

/** Some say only in words how long to wait. */
function waitIn({ message = '' }: Description): number | undefined {
  const seconds = /\b(\d{1,5}) seconds?\b/i.exec(message)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

/** An answer of 2xx whose content is missing or cannot be read. What was asked may well have happened. */
export function unreadable(asked: Asked, answer: TransportResponse, as: ReadAs): ProviderError {
  const { status, headers, bytes } = answer
  const what =
    bytes.length === 0
      ? 'nothing'
      : (pageTitle(decodeText(bytes)) ?? `something that is not ${as === 'auto' ? 'JSON or XML' : as.toUpperCase()}`)
  const message = `${asked.method} ${asked.url} answered ${status} with ${what}: is the address in the settings that of the API?`
  return new ProviderError('transient', asked.redact(message), {
    status,
    correlationId: correlationOf(headers, asked.redact),
  })
}

/** The failure that the lack of an answer amounts to. The original error is not kept: it would carry the request, and with it the secrets. */
export function withoutAnswer({ method, url, redact }: Asked, error: unknown): ProviderError {
  const { code = '', name = '', message = '' } = (error ?? {}) as Partial<Record<'code' | 'name' | 'message', string>>
  const correlationId = correlationOf(headersBefore(error), redact)
  const failed = (failure: FailureCode, why: string) =>
    new ProviderError(failure, redact(`${method} ${url} got no answer that can be used: ${why}`), { correlationId })

  if (/maxContentLength/.test(message)) return failed('bug', 'it is longer than the connector allows (maxBytes).')
  if (CERTIFICATE.test(code)) return failed('invalid', `the certificate is not trusted (${code}).`)
  if (code === 'ENOTFOUND')
    return failed('transient', 'the host name is not known; look for a typing error in the address.')
  if (UNREACHABLE.test(code) || name === 'TimeoutError') return failed('transient', `${message || code}.`)
  return failed('bug', `${message || String(error)}.`)
}

/** The id under which the provider's support finds the request, in any of the headers in use. */
export function correlationOf(headers: Readonly<Record<string, string>>, redact: Redact): string | undefined {
  const id = CORRELATION_HEADERS.map((name) => headers[name]).find(Boolean)
  return id && redact(id)
}

interface Description {
  readonly message?: string | undefined
  readonly code?: string | undefined
  readonly traceId?: string | undefined
}

/** What the provider says about its refusal, in any of the shapes in use: problem details, an error object, XML, plain text, a page. */
async function describe({ bytes }: TransportResponse): Promise<Description> {
  const decoded = await decodeBody(bytes, 'auto')
  if (decoded.kind === 'empty') return {}
  if (decoded.kind === 'unreadable') {
    const text = decodeText(bytes)
    return { message: pageTitle(text) ?? text.trim() }
  }
  if (decoded.value instanceof XmlElement) return describeXml(decoded.value)
  if (!isPlainObject(decoded.value)) return { message: String(decoded.value) }

  const body = decoded.value
  const inner = isPlainObject(body.error) ? body.error : body
  return {
    message: firstText(
      inner.detail,
      inner.message,
      inner.error_description,
      inner.description,
      inner.title,
      inner.error,
    ),
    code: firstText(inner.code, inner.errorCode, inner.error_code),
    traceId: firstText(body.traceId, body.correlationId, body.requestId),
  }
}

/** What an error in XML says. A fault of XML-RPC is one too, when its status is that of an error. */
export function describeXml(root: XmlElement): Description {
  if (root.name === 'methodResponse') return describeFault(root)
  const inner = root.first('error') ?? root.first('Error') ?? root
  const first = (...names: readonly string[]) => firstText(...names.map((name) => inner.text(name)))
  return {
    message: first('message', 'Message', 'description', 'Description') ?? (inner.content || undefined),
    code: first('code', 'Code', 'errorCode', 'ErrorCode'),
  }
}

function describeFault(root: XmlElement): Description {
  try {
    const response = readMethodResponse(root)
    return 'fault' in response ? { message: response.fault.message, code: String(response.fault.code) } : {}
  } catch {
    return {}
  }
}

function firstText(...values: readonly unknown[]): string | undefined {
  const value = values.find((value) => (typeof value === 'string' && value !== '') || typeof value === 'number')
  return value === undefined ? undefined : String(value)
}

function pageTitle(text: string): string | undefined {
  if (!/^\s*<(!doctype html|html|head|body)/i.test(text)) return undefined
  const title = /<title[^>]*>([^<]{1,100})/i.exec(text)?.[1]?.trim()
  return title ? `an HTML page ("${title}")` : 'an HTML page'
}

/** Redacted before it is cut: half a secret would not be recognised. */
function says(message: string | undefined, redact: Redact): string {
  return message ? `: ${redact(message).slice(0, 500)}` : ''
}
