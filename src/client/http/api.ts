import type { TransportResponse } from '../../internal/http-transport.ts'
/** A request to the Web API, before it has an address and a token. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below the API's base address, without a slash before it; or complete, within the same environment. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** What was answered. */
export type ApiAnswer = TransportResponse

/** How requests reach the environment. Both reject with a `DataverseError` where the answer is a failure. */
export interface Exchange {
  send(request: ApiRequest): Promise<ApiAnswer>
  /** All in one transaction, answered in the same order; a failure is the failure of the request that caused it. */
  sendTogether(requests: readonly ApiRequest[]): Promise<readonly ApiAnswer[]>
}

export function textOf({ bytes }: ApiAnswer): string {
  return new TextDecoder().decode(bytes)
}

/** A part of the query that is added to a path which may have one already. */
export function withQuery(path: string, query: string): string {
  return query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
}

/** How a request is called in messages: without its query, which may hold values. */
export function titleOf({ method, path }: ApiRequest): string {
  return `${method} ${path.replace(/[?#].*$/s, '')}`
}
