import type { Clock } from '../internal/clock.ts'
import { createTransport, type TransportOptions, type TransportResponse } from '../internal/http-transport.ts'
import { addressOf, redirectTarget, refuseRedirect, withoutQuery } from './http-address.ts'
import { acceptFor, decodeBody, encodeBody, type ReadAs } from './http-body.ts'
import { type Asked, type Classify, failureOf, unreadable, withoutAnswer } from './http-failure.ts'
import type { Limiter } from './limiter.ts'
import type { Log } from './log.ts'
import type { ProviderError } from './provider-error.ts'
import type { Redact } from './redaction.ts'

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface HttpOptions {
  /** Sent as JSON; a `URLSearchParams` as a form, bytes as they are. */
  readonly body?: unknown
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `Idempotency-Key`. It also makes a POST or PATCH one that may be repeated after a transient fault. */
  readonly idempotencyKey?: string
  /** How often a transient fault is tried in all. `1` leaves it to the next delivery, which looks first. Default: 3. */
  readonly tries?: number
  /** Milliseconds for the whole answer of one try. Default: 30,000. */
  readonly timeoutMs?: number
  /** Bytes that an answer may have. Default: 10 MB (10,000,000). */
  readonly maxBytes?: number
  /** How the answer is read; XML becomes an `XmlElement`. `auto` takes either, whatever the provider calls it. Default: `json`. */
  readonly as?: ReadAs
  /** Whether an answer without content is a failure: of a POST that reads, it would pass for one that found nothing. Default: of GET. */
  readonly needsContent?: boolean
  /** The customer whose request it is, where the connector's limits are counted per customer. */
  readonly customer?: string
  /** Whether a POST or PATCH may be repeated after a transient fault, because it says in another way which request it is. */
  readonly repeatable?: boolean
  /** What refusals mean at this provider where it is not the usual: by status, such as `{ 403: 'agreementRequired' }`, or by its own codes. */
  readonly failures?: Classify
}

export interface HttpResponse<T> {
  readonly status: number
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: T
}

/**
 * Requests to the provider. An address that starts with `/` is added to the base address, and only requests to that
 * host carry the secrets. A transient fault is tried three times in all, when repeating cannot do harm; a redirect is followed
 * on the same host and for reading only. An answer without content is `undefined`.
 *
 * @throws ProviderError for everything but an answer of 2xx that can be read: classified, with the provider's status and
 * correlation id, without secrets. Or the reason of `context.signal`, once it aborts.
 */
export interface Http {
  get<T>(url: string, options?: Omit<HttpOptions, 'body'>): Promise<T>
  post<T>(url: string, options?: HttpOptions): Promise<T>
  put<T>(url: string, options?: HttpOptions): Promise<T>
  patch<T>(url: string, options?: HttpOptions): Promise<T>
  delete<T>(url: string, options?: HttpOptions): Promise<T>
  /** As the others, for an author who needs status or headers. */
  request<T>(method: HttpMethod, url: string, options?: HttpOptions): Promise<HttpResponse<T>>
}

export interface CreateHttpOptions {
  readonly baseUrl?: string | undefined
  /** The headers that carry the secrets, to the base address's host only. */
  readonly secretHeaders?: Readonly<Record<string, string>>
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly random: () => number
  readonly signal: AbortSignal
  readonly redact: Redact
  readonly log: Log
  readonly limiter: Limiter
  readonly transport?: TransportOptions | undefined
}

const TRIES = 3
const FIRST_DELAY_MS = 800
const LONGEST_DELAY_MS = 60_000
const USER_AGENT = 'work365-sdk'

/** The HTTP that a connector gets in its context. */
export function createHttp(options: CreateHttpOptions): Http {
  const { clock, random, signal, log, redact, limiter } = options
  const transport = createTransport(options.transport)

  async function request<T>(method: HttpMethod, url: string, request: HttpOptions = {}): Promise<HttpResponse<T>> {
    const address = addressOf(options.baseUrl, url, request.query)
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted()
      try {
        const response = await attemptOnce<T>(method, address, request)
        log('http', { method, url: withoutQuery(address), status: response.status, attempt })
        return response
      } catch (thrown) {
        signal.throwIfAborted()
        const failure = thrown as ProviderError
        if (failure.code === 'throttled') limiter.rest(failure.retryAfterMs ?? 0, request.customer)
        log('http failed', {
          method,
          url: withoutQuery(address),
          code: failure.code,
          message: failure.message,
          attempt,
        })
        const delay = Math.max(backoff(attempt, random), failure.retryAfterMs ?? 0)
        const again =
          failure.code === 'transient' && attempt < (request.tries ?? TRIES) && isRepeatable(method, request)
        if (!again || delay > LONGEST_DELAY_MS) throw failure
        await clock.sleep(delay, signal)
      }
    }
  }

  async function attemptOnce<T>(method: HttpMethod, first: URL, request: HttpOptions): Promise<HttpResponse<T>> {
    let address = first
    for (let redirects = 0; ; redirects++) {
      const asked = { method, url: withoutQuery(address), now: clock.now(), redact }
      const answer = await send(asked, address, request)
      const target = redirectTarget(address, answer.status, answer.headers.location)
      if (target !== undefined) {
        refuseRedirect(asked.url, method, address, target, redirects)
        address = target
        continue
      }
      if (answer.status < 200 || answer.status > 299) throw await failureOf(asked, answer, request.failures)
      const as = request.as ?? 'json'
      const decoded = await decodeBody(answer.bytes, as)
      const { needsContent = method === 'GET' && answer.status === 200 } = request
      const isMissing = decoded.kind === 'empty' && needsContent
      if (decoded.kind === 'unreadable' || isMissing) throw unreadable(asked, answer, as)
      return { status: answer.status, headers: answer.headers, body: decoded.value as T }
    }
  }

  /** One request within the limits, one answer. */
  async function send(asked: Asked, address: URL, request: HttpOptions): Promise<TransportResponse> {
    const end = await limiter.turn(signal, request.customer)
    try {
      const body = encodeBody(request.body)
      return await transport({
        method: asked.method,
        url: address.href,
        headers: headersFor(address, request, body?.contentType),
        body: body?.content,
        timeoutMs: request.timeoutMs,
        maxBytes: request.maxBytes,
        signal,
      })
    } catch (error) {
      throw withoutAnswer(asked, error)
    } finally {
      end()
    }
  }

  function headersFor(
    address: URL,
    { headers, idempotencyKey, as = 'json' }: HttpOptions,
    contentType: string | undefined,
  ): Record<string, string> {
    const isProvider = options.baseUrl !== undefined && address.origin === new URL(options.baseUrl).origin
    return {
      accept: acceptFor(as),
      'user-agent': USER_AGENT,
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...headers,
      ...(isProvider && options.secretHeaders),
    }
  }

  const bodyOf =
    (method: HttpMethod) =>
    async <T>(url: string, options?: HttpOptions): Promise<T> =>
      (await request<T>(method, url, options)).body

  return Object.freeze({
    get: bodyOf('GET'),
    post: bodyOf('POST'),
    put: bodyOf('PUT'),
    patch: bodyOf('PATCH'),
    delete: bodyOf('DELETE'),
    request,
  })
}

/** 0.8 s, 1.6 s, … and up to half as much again, so that many workers do not come back together. */
function backoff(attempt: number, random: () => number): number {
  return Math.round(FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + random() / 2))
}

function isRepeatable(method: HttpMethod, { idempotencyKey, repeatable }: HttpOptions): boolean {
  if (repeatable !== undefined) return repeatable
  return idempotencyKey !== undefined || (method !== 'POST' && method !== 'PATCH')
}
