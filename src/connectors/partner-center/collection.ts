import type { HttpOptions } from '../http.ts'
import { type PageRequest, pages } from '../pages.ts'
import type { PartnerCenterApi } from './api.ts'

/** A page of any collection. */
export interface Collection<T> {
  readonly items?: readonly T[]
  readonly continuationToken?: string | null
  readonly links?: { readonly next?: Link | null }
}

interface Link {
  readonly uri: string
  readonly headers?: readonly { readonly key: string; readonly value: string }[]
}

/** Everything in a collection, page by page, in whichever of the three ways it is paged. */
export function collection<T>(api: PartnerCenterApi, url: string, query?: HttpOptions['query']): AsyncIterable<T> {
  return pages<Collection<T>, T>({
    first: { url, ...(query && { query }) },
    get: (request) => api.page(request),
    items: ({ items }) => items ?? [],
    next: (page, request) => nextByLink(page) ?? nextByToken(page, request) ?? nextByOffset(page, request),
  })
}

/** @see https://learn.microsoft.com/partner-center/developer/get-invoiceline-items */
function nextByLink({ links }: Collection<unknown>): PageRequest | undefined {
  const next = links?.next
  if (!next?.uri) return undefined
  const headers = Object.fromEntries((next.headers ?? []).map(({ key, value }) => [key.toLowerCase(), value]))
  return { url: underVersion(next.uri), headers }
}

/** Links begin below the version. Whatever host one names, the token goes to Partner Center only. */
function underVersion(uri: string): string {
  const path = /^https?:/i.test(uri) ? new URL(uri).pathname + new URL(uri).search : `/${uri.replace(/^\/+/, '')}`
  return path.startsWith('/v1/') ? path : `/v1${path}`
}

/** @see https://learn.microsoft.com/partner-center/developer/get-a-list-of-customers */
function nextByToken({ continuationToken }: Collection<unknown>, request: PageRequest): PageRequest | undefined {
  if (!continuationToken) return undefined
  return {
    url: request.url,
    query: { ...request.query, seekOperation: 'Next' },
    headers: { 'ms-continuationtoken': continuationToken },
  }
}

/** Where the request counts from an offset, a full page may not be the last. */
function nextByOffset({ items = [] }: Collection<unknown>, request: PageRequest): PageRequest | undefined {
  const { offset, size } = request.query ?? {}
  if (offset === undefined || items.length === 0 || items.length < Number(size)) return undefined
  return { ...request, query: { ...request.query, offset: Number(offset) + items.length } }
}
