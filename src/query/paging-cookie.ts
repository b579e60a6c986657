import { dataverseError } from '../service/index.ts'
import { type SortColumn, type SortKey, sortValue } from './sort.ts'
import type { StoredValue } from './stored-row.ts'

/**
 * A paging cookie: for each order column the values of the page's first and last rows, the primary key last. The next
 * page begins after the last one, so that it neither repeats nor skips rows when others come and go in between.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function printPagingCookie(
  page: number,
  columns: readonly SortColumn[],
  first: readonly StoredValue[],
  last: readonly StoredValue[],
): string {
  const parts = columns.map(
    (column, at) =>
      `<${column.name}${printValue('last', column, last[at]!)}${printValue('first', column, first[at]!)} />`,
  )
  return `<cookie page="${page}">${parts.join('')}</cookie>`
}

/** The last row's sort key. Throws the platform's error when the cookie is malformed or belongs to other orders. */
export function parsePagingCookie(cookie: string, columns: readonly SortColumn[]): SortKey {
  const outer = /^\s*<cookie page="\d+"[^>]*>(.*)<\/cookie>\s*$/s.exec(cookie)
  if (!outer) throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  const parts = [...outer[1]!.matchAll(/<([\w.]+)((?: \w+="[^"]*")*) ?\/>/g)]
  if (parts.map(([, name]) => name).join() !== columns.map(({ name }) => name).join()) {
    throw dataverseError('QueryBuilderPagingOrderBy', {})
  }
  return parts.map(([, , attributes = ''], at) => {
    const [, text] = / last="([^"]*)"/.exec(attributes) ?? []
    return text === undefined ? null : sortValue(columns[at]!, parseValue(columns[at]!, unescapeXml(text)))
  })
}

/** Ids stand in braces and capitals, as the platform writes them, date-times in ISO 8601. */
function printValue(attribute: 'first' | 'last', { place }: SortColumn, value: StoredValue): string {
  if (value === null) return ` ${attribute}null="1"`
  const { type } = place.layout.columns[place.position]!
  if (type === 'dateTime') return ` ${attribute}="${new Date(value as number).toISOString()}"`
  const isId = type === 'primaryKey' || type === 'uniqueIdentifier' || type === 'file'
  if (isId) return ` ${attribute}="{${(value as string).toUpperCase()}}"`
  return ` ${attribute}="${escapeXml(String(value))}"`
}

function parseValue({ place, isByLabel }: SortColumn, text: string): StoredValue {
  const definition = place.layout.columns[place.position]!
  switch (definition.type) {
    case 'primaryKey':
    case 'uniqueIdentifier':
    case 'file':
      return text.replace(/^\{(.*)\}$/, '$1').toLowerCase()
    case 'dateTime':
      return checked(Date.parse(text))
    case 'boolean':
      return text === 'true'
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
    case 'money':
      return checked(Number(text))
    case 'choice':
    case 'state':
    case 'status':
      return isByLabel ? text : checked(Number(text))
    case 'multiChoice':
      return text.split(',').map(Number)
    default:
      return text
  }
}

function checked(value: number): number {
  if (Number.isNaN(value)) throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  return value
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character]!)
}

function unescapeXml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (entity) => Object.keys(entities).find((key) => entities[key] === entity)!)
}
