import { createHash } from 'node:crypto'
import type { HttpOptions } from './http.ts'
import { ProviderError } from './provider-error.ts'

/** Where a page is. */
export interface PageRequest {
  readonly url: string
  readonly query?: HttpOptions['query']
  readonly headers?: Readonly<Record<string, string>>
}

/** How a provider tells its pages apart. */
export interface PagesOptions<P, T> {
  readonly first: PageRequest
  /** Asks for one page. */
  get(request: PageRequest): Promise<P>
  readonly items: (page: P) => readonly T[]
  /** Where the page after this one is, by whatever it names: a link, a token, an offset. `undefined` after the last. */
  readonly next: (page: P, request: PageRequest) => PageRequest | undefined
}

/**
 * The items of all pages, one after the other. A page is asked for when the one before it is used up, and none is kept;
 * whoever stops reading asks for no more.
 *
 * @throws ProviderError `transient` when the provider leads back to a page that was read already.
 * @example
 * pages({
 *   first: { url: '/customers' },
 *   get: ({ url, query }) => http.get<CustomerPage>(url, { query }),
 *   items: ({ customers }) => customers,
 *   next: ({ token }, request) => (token ? { ...request, query: { token } } : undefined),
 * })
 */
export async function* pages<P, T>({ first, get, items, next }: PagesOptions<P, T>): AsyncGenerator<T, void, void> {
  const read = new Set<string>()
  let request: PageRequest | undefined = first
  while (request) {
    const mark = digestOf(request)
    if (read.has(mark)) {
      throw new ProviderError(
        'transient',
        `The provider lists in a circle: ${request.url} led back to a page before it.`,
      )
    }
    read.add(mark)
    const page: P = await get(request)
    yield* items(page)
    request = next(page, request)
  }
}

/** A few bytes stand for a page, however long its token is. */
function digestOf({ url, query, headers }: PageRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([url, query, headers]))
    .digest('base64')
    .slice(0, 22)
}
