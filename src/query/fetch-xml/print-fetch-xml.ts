import {
  type Aggregate,
  type ColumnOrder,
  type ColumnValue,
  type Comparison,
  type Condition,
  dataverseError,
  type Grouping,
  isEntityReference,
  type Link,
  type LinkMatch,
  type Operator,
  type Order,
  type QueryExpression,
  type SelectedColumn,
} from '../../service/index.ts'
import { negativeOf } from '../negative-of.ts'

/**
 * Prints a query as FetchXML, on one line. Parsing it again gives the same question; where the tree says something in a
 * way that FetchXML has no words for (`not`), it is said in another way that finds the same rows.
 *
 * @example printFetchXml({ table: 'account', columns: ['name'], top: 5 })
 */
export function printFetchXml(query: QueryExpression): string {
  const { table, page, orders = [], links = [] } = query
  const isAggregate = query.aggregates !== undefined || query.groupBy !== undefined
  const attributes = {
    aggregate: isAggregate || undefined,
    aggregatelimit: query.aggregateLimit,
    distinct: query.distinct,
    top: query.top,
    count: page?.size,
    page: page?.number,
    'paging-cookie': page?.cookie,
    returntotalrecordcount: query.totalCount ? true : undefined,
    useraworderby: query.orderChoicesBy === 'label' ? undefined : true,
  }
  const body = [
    ...printColumns(query.columns ?? 'all', isAggregate),
    ...printResults(query, undefined),
    ...printFilter(query.filter),
    ...orders.map(printOrder),
    ...links.map((link) => printLink(link, query)),
  ]
  return element('fetch', attributes, [element('entity', { name: table }, body)])
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Kept as they are, a parser would take them for spaces.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}
/** What XML 1.0 cannot hold, however it is written. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

function escapeXml(text: string): string {
  if (IMPOSSIBLE.test(text)) {
    throw dataverseError('InvalidFetchXml', {
      reason: `XML cannot hold a control character of ${JSON.stringify(text)}.`,
    })
  }
  return text.replace(/[&<>"\n\r\t]/g, (character) => escapes[character]!)
}

function element(name: string, attributes: Attributes, body: readonly string[] = []): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('')
  return body.length === 0 ? `<${name}${written} />` : `<${name}${written}>${body.join('')}</${name}>`
}

function printColumns(columns: readonly (string | SelectedColumn)[] | 'all', isAggregate: boolean): string[] {
  if (isAggregate) return []
  if (columns === 'all') return [element('all-attributes', {})]
  if (columns.length === 0) return [element('no-attrs', {})]
  return columns.map((column) => {
    if (typeof column === 'string') return element('attribute', { name: column })
    const { column: name, alias, rowAggregate } = column
    return element('attribute', { name, alias, rowaggregate: rowAggregate })
  })
}

/** The aggregates and groups over columns of the query's table, or of the link with this alias. */
function printResults({ aggregates = [], groupBy = [] }: QueryExpression, link: string | undefined): string[] {
  const here = (result: Aggregate | Grouping) => result.link === link
  return [
    ...groupBy.filter(here).map(({ column, alias, dateGrouping, timeZone }) =>
      element('attribute', {
        name: column,
        alias,
        groupby: true,
        dategrouping: dateGrouping,
        usertimezone: timeZone === 'utc' ? 'false' : undefined,
      }),
    ),
    ...aggregates
      .filter(here)
      .map(({ column, alias, aggregate, distinct }) =>
        element('attribute', { name: column, alias, aggregate, distinct }),
      ),
  ]
}

function printOrder(order: Order): string {
  if ('alias' in order) return element('order', { alias: order.alias, descending: order.descending })
  const { column, link, descending } = order satisfies ColumnOrder
  return element('order', { attribute: column, entityname: link, descending })
}

function printLink(link: Link, query: QueryExpression): string {
  const { table, from, to, alias, type, columns, filter, orders = [], links = [], intersect } = link
  const isAggregate = query.aggregates !== undefined || query.groupBy !== undefined
  return element('link-entity', { name: table, from, to, 'link-type': type, alias, intersect }, [
    ...(columns === undefined || columns.length === 0 ? [] : printColumns(columns, isAggregate)),
    ...(alias === undefined ? [] : printResults(query, alias)),
    ...printFilter(filter),
    ...orders.map(printOrder),
    ...links.map((inner) => printLink(inner, query)),
  ])
}

function printFilter(filter: Condition | undefined): string[] {
  if (!filter) return []
  const isJunction = filter.kind === 'and' || filter.kind === 'or'
  return [printCondition(isJunction ? filter : { kind: 'and', conditions: [filter] })]
}

const matches: Readonly<Record<LinkMatch, string>> = { any: 'any', notAny: 'not any', all: 'all', notAll: 'not all' }

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const type = condition.kind === 'or' ? 'or' : undefined
      return element('filter', { type }, condition.conditions.map(printCondition))
    }
    case 'not':
      return printCondition(opposite(condition.condition))
    case 'compare':
      return printComparison(condition)
    case 'compareColumns': {
      const { column, link, operator, with: other } = condition
      const valueof = other.link === undefined ? other.column : `${other.link}.${other.column}`
      return element('condition', { attribute: column, entityname: link, operator, valueof })
    }
    case 'linked': {
      const { table, from, to, alias, filter, links = [], intersect } = condition.link
      const attributes = { name: table, from, to, 'link-type': matches[condition.match], alias, intersect }
      const inner: QueryExpression = { table }
      return element('link-entity', attributes, [
        ...printFilter(filter),
        ...links.map((link) => printLink(link, inner)),
      ])
    }
  }
}

function printComparison({ column, link, operator, values }: Comparison): string {
  const attributes = { attribute: column, entityname: link, operator }
  const [first, second] = values.map(printValue)
  if (first === undefined) return element('condition', attributes)
  const hasList = ['in', 'not-in', 'contain-values', 'not-contain-values'].includes(operator)
  if (second === undefined && !hasList) return element('condition', { ...attributes, value: first })
  return element(
    'condition',
    attributes,
    values.map((value) => `<value>${escapeXml(printValue(value))}</value>`),
  )
}

function printValue(value: ColumnValue): string {
  if (value instanceof Date) return value.toISOString()
  if (isEntityReference(value)) return value.id
  return String(value)
}

/** Opposites of which a row without a value satisfies neither. */
const reversed: Partial<Record<Operator, Operator>> = { gt: 'le', ge: 'lt', lt: 'ge', le: 'gt' }

function opposite(condition: Condition): Condition {
  switch (condition.kind) {
    case 'not':
      return condition.condition
    case 'and':
    case 'or': {
      const { kind, conditions } = condition
      if (conditions.length === 0) break
      return { kind: kind === 'and' ? 'or' : 'and', conditions: conditions.map(opposite) }
    }
    case 'compare': {
      const { operator, kind: _, values: __, ...path } = condition
      const negative = negativeOf.get(operator)
      if (negative) return { ...condition, operator: negative }
      const other = reversed[operator]
      if (!other) break
      const missing: Condition = { kind: 'compare', ...path, operator: 'null', values: [] }
      return { kind: 'or', conditions: [{ ...condition, operator: other }, missing] }
    }
    case 'linked': {
      const { match } = condition
      if (match !== 'all') return { ...condition, match: match === 'notAny' ? 'any' : 'notAny' }
      break
    }
    default:
      break
  }
  throw dataverseError('InvalidQuery', { reason: `FetchXML cannot say the opposite of ${JSON.stringify(condition)}.` })
}
