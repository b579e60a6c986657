import type { AxiosAdapter, AxiosInstance } from 'axios'

/** How requests leave the machine; tests replace it. */
export interface TransportOptions {
  /** An axios adapter that takes the place of the network. */
  readonly adapter?: AxiosAdapter | undefined
  /** Milliseconds for one whole answer, unless the request says otherwise. Default: 30,000. */
  readonly timeoutMs?: number | undefined
  /** Bytes that an answer may have, unless the request says otherwise. Default: 10 MB (10,000,000). */
  readonly maxBytes?: number | undefined
}

/** A request as it goes out. */
export interface TransportRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  readonly timeoutMs?: number | undefined
  readonly maxBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** What was answered. */
export interface TransportResponse {
  readonly status: number
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
}

export type Transport = (request: TransportRequest) => Promise<TransportResponse>

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_MAX_BYTES = 10_000_000

/** Thrown when an answer did not end in time, however steadily it dripped. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** One request, one answer, whatever its status; rejects where there is none. Time here is real: a network does not turn with a test's clock. */
export function createTransport(options: TransportOptions = {}): Transport {
  let instance: Promise<AxiosInstance> | undefined

  return async ({ method, url, headers, body, timeoutMs, maxBytes, signal }) => {
    signal?.throwIfAborted()
    instance ??= createInstance(options.adapter)
    const axios = await instance
    const limit = timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(new TimeoutError(`no whole answer within ${limit} ms`)), limit)
    const abort = () => stop.abort(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const response = await axios.request<Uint8Array>({
        method,
        url,
        headers: { ...headers },
        // Of bytes axios takes Node's own kind only.
        data: body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.byteLength) : body,
        maxContentLength: maxBytes ?? options.maxBytes ?? DEFAULT_MAX_BYTES,
        maxBodyLength: Number.POSITIVE_INFINITY,
        signal: stop.signal,
      })
      return { status: response.status, headers: toHeaders(response.headers), bytes: toBytes(response.data) }
    } catch (error) {
      const thrown = stop.signal.aborted ? stop.signal.reason : error
      keepHeaders(thrown, error)
      throw thrown
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
  }
}

const begun = new WeakMap<object, Readonly<Record<string, string>>>()

/** The headers of an answer that began, but did not come whole, from what its request rejected with. */
export function headersBefore(error: unknown): Readonly<Record<string, string>> {
  return (typeof error === 'object' && error !== null && begun.get(error)) || {}
}

function keepHeaders(thrown: unknown, error: unknown): void {
  const { request } = error as { readonly request?: { readonly res?: { readonly headers?: object } } }
  const headers = request?.res?.headers
  if (headers && typeof thrown === 'object' && thrown !== null) begun.set(thrown, toHeaders(headers))
}

/** Loaded with the first request, so that a program which only declares clients or connectors starts without it. */
async function createInstance(adapter: AxiosAdapter | undefined): Promise<AxiosInstance> {
  const { default: axios } = await import('axios')
  return axios.create({
    ...(adapter && { adapter }),
    responseType: 'arraybuffer',
    // A redirect would carry the token to wherever it points.
    maxRedirects: 0,
    validateStatus: () => true,
    transformRequest: [(data) => data],
    transformResponse: [(data) => data],
  })
}

function toHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value == null ? [] : [[name.toLowerCase(), String(value)]])),
  )
}

function toBytes(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return new TextEncoder().encode(data == null ? '' : String(data))
}
