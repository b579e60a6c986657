import buildQuery, { guid, type PlainObject, raw, type Value } from 'odata-query'
import { isDay } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import {
  type ColumnValue,
  type Comparison,
  type Condition,
  isEntityReference,
  type QueryExpression,
} from '../../service/index.ts'
import { encodeMoment } from '../rows/encode-row.ts'
import { type ColumnInfo, columnOf, propertyOf, type TableInfo } from '../tables/table-info.ts'

/**
 * The query string, with its question mark, that says exactly this; `undefined` where OData cannot, or would mean
 * something else. Pages are the business of the caller: their size is a header, their place a `$skiptoken`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview
 */
export function toOData(query: QueryExpression, table: TableInfo): string | undefined {
  const { columns, filter, orders = [], links = [], aggregates, groupBy, distinct, orderChoicesBy } = query
  if (links.length > 0 || aggregates || groupBy || distinct) return undefined
  if (orderChoicesBy === 'label' && orders.length > 0) return undefined
  const select = selectOf(columns, table)
  const condition = filter && filterOf(filter, table)
  const orderBy = orders.map((order) => {
    if (!('column' in order) || order.link !== undefined) return undefined
    return `${propertyOf(table, order.column)}${order.descending ? ' desc' : ''}`
  })
  if (select === null || condition === null || orderBy.includes(undefined)) return undefined
  if (!propertiesOf(query).every((name) => NAME.test(name))) return undefined
  const { top } = query
  const text = buildQuery({
    ...(select ? { select: select as never } : {}),
    ...(condition ? { filter: condition } : {}),
    ...(orderBy.length > 0 ? { orderBy: orderBy.join(',') as never } : {}),
    ...(query.totalCount === 'only' ? { top: 1 } : top === undefined ? {} : { top }),
    ...(query.totalCount ? { count: true } : {}),
  })
  // Values are encoded already; what separates them is not, and a batch takes no spaces in an address.
  return text.replaceAll(' ', '%20')
}

/** What is no name would end up as a part of the address. */
const NAME = /^\w+$/

function propertiesOf({ columns = [], orders = [], filter }: QueryExpression): string[] {
  const named = columns.map((column) => (typeof column === 'string' ? column : column.column))
  const ordered = orders.map((order) => ('column' in order ? order.column : order.alias))
  return [...named, ...ordered, ...columnsIn(filter)]
}

function columnsIn(condition: Condition | undefined): string[] {
  switch (condition?.kind) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(columnsIn)
    case 'not':
      return columnsIn(condition.condition)
    case 'compare':
      return [condition.column]
    case 'compareColumns':
      return [condition.column, condition.with.column]
    default:
      return []
  }
}

/** `undefined`: every column. `null`: cannot be said. No columns at all are said by the key, which always comes. */
function selectOf(columns: QueryExpression['columns'], table: TableInfo): readonly string[] | undefined | null {
  if (columns === undefined) return undefined
  if (columns.length === 0) return [table.primaryKey]
  const properties = columns.map((column) => (typeof column === 'string' ? propertyOf(table, column) : undefined))
  return properties.includes(undefined) ? null : [...new Set(properties as string[])]
}

/** The filter as odata-query takes it. `undefined`: always true. `null`: cannot be said. */
function filterOf(condition: Condition, table: TableInfo): PlainObject | undefined | null {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      if (condition.conditions.length === 0) return undefined
      const parts = condition.conditions.map((part) => filterOf(part, table))
      // A part that is always true would have to be left out of an `and`, and decides an `or`: FetchXML keeps it.
      if (parts.some((part) => !part)) return null
      return parts.length === 1 ? parts[0] : { [condition.kind]: parts }
    }
    case 'compare':
      return comparisonOf(condition, table)
    case 'compareColumns': {
      if (condition.link !== undefined || condition.with.link !== undefined) return null
      const other = raw(propertyOf(table, condition.with.column))
      return { [propertyOf(table, condition.column)]: { [condition.operator]: other } }
    }
    // Whether a row without a value satisfies a negation is another matter in OData.
    case 'not':
    case 'linked':
      return null
  }
}

const WILDCARDS = /[%_[\]]/
const functions: Readonly<Partial<Record<Comparison['operator'], string>>> = {
  'begins-with': 'startswith',
  'ends-with': 'endswith',
}

function comparisonOf({ column, link, operator, values }: Comparison, table: TableInfo): PlainObject | null {
  if (link !== undefined) return null
  const property = propertyOf(table, column)
  const info = columnOf(table, column)
  switch (operator) {
    case 'null':
      return { [property]: { eq: null } }
    case 'not-null':
      return { [property]: { ne: null } }
    case 'eq':
    case 'ne':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le': {
      const value = values.length === 1 ? literalOf(info, values[0]!) : undefined
      return value === undefined ? null : { [property]: { [operator]: value } }
    }
    default: {
      const name = functions[operator]
      const [text] = values
      if (name === undefined || info.kind !== 'text' || values.length !== 1 || typeof text !== 'string') return null
      // Inside a literal Dataverse takes some characters for wildcards.
      return text === '' || WILDCARDS.test(text) ? null : { [property]: { [name]: text } }
    }
  }
}

/** A value as odata-query prints it exactly; `undefined` where the value is not of the column's type. */
function literalOf({ kind }: ColumnInfo, value: ColumnValue): Value | undefined {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? value : undefined
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? raw(encodeURIComponent(String(value))) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'dateTime':
      return value instanceof Date && !Number.isNaN(value.getTime()) && value.getUTCMilliseconds() === 0
        ? raw(encodeMoment(value))
        : undefined
    case 'dateOnly':
      return typeof value === 'string' && isDay(value) ? raw(value) : undefined
    case 'id':
      return isGuid(value) ? guid(value.toLowerCase()) : undefined
    case 'lookup': {
      const id = isEntityReference(value) ? value.id : value
      return isGuid(id) ? guid(id.toLowerCase()) : undefined
    }
    default:
      return undefined
  }
}
