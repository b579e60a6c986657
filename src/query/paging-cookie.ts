import { dataverseError } from '../service/index.ts'
import type { Comparable } from './operators.ts'

/** What a row sorts by: its values in the order columns, the primary key last. */
export type SortKey = readonly (Comparable | null)[]

/**
 * A paging cookie: for each order column the values of the page's first and last rows. The next page begins after the
 * last one, so that it neither repeats nor skips rows when others come and go in between.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function printPagingCookie(page: number, columns: readonly string[], first: SortKey, last: SortKey): string {
  const parts = columns.map((column, at) => `<${column}${value('last', last[at])}${value('first', first[at])} />`)
  return `<cookie page="${page}">${parts.join('')}</cookie>`
}

/** The last row's sort key. Throws the platform's error when the cookie is malformed or belongs to other orders. */
export function parsePagingCookie(cookie: string, columns: readonly string[]): SortKey {
  const outer = /^<cookie page="\d+">(.*)<\/cookie>$/s.exec(cookie)
  if (!outer) throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  const parts = [...outer[1]!.matchAll(/<([\w.]+)((?: \w+="[^"]*")*) ?\/>/g)]
  if (parts.map(([, name]) => name).join() !== columns.join()) throw dataverseError('QueryBuilderPagingOrderBy', {})
  return parts.map(([, , attributes = '']) => {
    const [, type, text] = / last(n|b)?="([^"]*)"/.exec(attributes) ?? []
    if (text === undefined) return null
    if (type === 'n') return Number(text)
    return type === 'b' ? text === 'true' : unescapeXml(text)
  })
}

/** Attributes say by a letter what type the value has: the cookie is opaque to its callers, and ours to shape. */
function value(name: string, part: Comparable | null | undefined): string {
  if (part === null || part === undefined) return ''
  const type = typeof part === 'number' ? 'n' : typeof part === 'boolean' ? 'b' : ''
  return ` ${name}${type}="${escapeXml(String(part))}"`
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!)
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (entity) => Object.keys(entities).find((key) => entities[key] === entity)!)
}
