import { dataverseError } from '../../service/index.ts'

/**
 * Two kinds of cookies come from the platform: those of next links, which say their page and belong behind `$skiptoken`,
 * and those of FetchXML. Which it is shows how to go on.
 */
export function isSkipToken(cookie: string): boolean {
  return /^<cookie\s+pagenumber=/.test(cookie)
}

/** The `$skiptoken` of a next link, decoded. */
export function skipTokenOf(nextLink: string): string | undefined {
  const token = /[?&](?:\$|%24)skiptoken=([^&]*)/.exec(nextLink)?.[1]
  return token === undefined ? undefined : decodeURIComponent(token.replaceAll('+', ' '))
}

/**
 * The FetchXML cookie within the annotation: it is encoded twice there, and the text around it says the next page.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function fetchCookieOf(annotation: string): string | undefined {
  const inner = /pagingcookie="([^"]*)"/.exec(annotation)?.[1]
  return inner === undefined ? undefined : decodeURIComponent(decodeURIComponent(inner))
}

/** The page after the one that a FetchXML cookie was made for. */
export function pageAfter(cookie: string): number {
  const page = /^<cookie\s+page="(\d+)"/.exec(cookie)?.[1]
  if (page === undefined) throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  return Number(page) + 1
}
