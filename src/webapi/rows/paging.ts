import { dataverseError, type Page } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'

/**
 * The URL of the next page: the one asked for, with a token that says where to go on. The service's paging cookie is
 * in it, encoded twice.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results
 */
export function nextLinkOf(
  { baseUrl, address }: Pick<Exchange, 'baseUrl' | 'address'>,
  page: number,
  cookie: string,
): string {
  const options = address.query.split('&').filter((option) => option !== '' && !/^(\$|%24)skiptoken=/i.test(option))
  return `${baseUrl}${address.path}?${[...options, `$skiptoken=${skipTokenOf(page, cookie)}`].join('&')}`
}

/** The value of `$skiptoken` that leads to a page, encoded for a URL. */
export function skipTokenOf(page: number, cookie: string): string {
  return encodeURIComponent(cookieText(page, cookie)).replaceAll('%3D', '=').replaceAll('%2F', '/')
}

/** The service's cookie in the one that clients see. */
export function cookieText(page: number, cookie: string): string {
  const inner = encodeURIComponent(encodeURIComponent(cookie))
  return `<cookie pagenumber="${page}" pagingcookie="${inner}" istracking="False" />`
}

/** The page that a `$skiptoken` names; without one the first. */
export function parseSkipToken(token: string | undefined, size: number): Page {
  if (token === undefined) return { size }
  const [, number, inner] =
    /^<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)" istracking="False" \/>$/.exec(token) ?? []
  const cookie = inner === undefined ? undefined : decodeTwice(inner)
  if (number === undefined || cookie === undefined) throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  return { size, number: Number(number), cookie }
}

function decodeTwice(text: string): string | undefined {
  try {
    return decodeURIComponent(decodeURIComponent(text))
  } catch {
    return undefined
  }
}
