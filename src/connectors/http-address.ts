import type { HttpMethod, HttpOptions } from './http.ts'
import { ProviderError } from './provider-error.ts'

const MOST_REDIRECTS = 5

/** Where a request goes. @throws ProviderError `bug` when it is no address */
export function addressOf(baseUrl: string | undefined, url: string, query: HttpOptions['query'] = {}): URL {
  const isAbsolute = /^https?:\/\//i.test(url)
  if (!isAbsolute && baseUrl === undefined) {
    throw new ProviderError(
      'bug',
      `A request went to ${url}, but the connector has no base address: declare a url setting.`,
    )
  }
  const whole = isAbsolute ? url : `${baseUrl?.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`
  if (!URL.canParse(whole)) throw new ProviderError('bug', `A request went to ${url}, which is not an address.`)
  const address = new URL(whole)
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) address.searchParams.append(name, String(value))
  }
  return address
}

/** For messages and notes: a query may hold what they must not show. */
export const withoutQuery = (address: URL) => address.origin + address.pathname

/** Where an answer sends the request on to. */
export function redirectTarget(from: URL, status: number, location: string | undefined): URL | undefined {
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, from.href)) return undefined
  return new URL(location, from)
}

/** Only reading is sent on, and only on the same host: anything else would hand secrets or orders to who knows whom. */
export function refuseRedirect(url: string, method: HttpMethod, from: URL, to: URL, redirects: number): void {
  const isReading = method === 'GET' || method === 'HEAD'
  if (isReading && to.origin === from.origin && redirects < MOST_REDIRECTS) return
  const why =
    to.origin !== from.origin ? `to another host, ${to.origin}` : isReading ? 'in a circle' : 'a request that writes'
  throw new ProviderError(
    'invalid',
    `${method} ${url} was redirected (${why}): enter the final address in the settings.`,
  )
}
