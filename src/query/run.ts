import {
  type ColumnOrder,
  type ColumnValue,
  type Condition,
  dataverseError,
  type EntityReference,
  type Link,
  type QueryExpression,
  type QueryResult,
  type Row,
  type SelectedColumn,
} from '../service/index.ts'
import { type AggregatePlan, aggregate, planAggregate } from './aggregate.ts'
import { Compilation } from './compilation.ts'
import { locate, positionOf, type Scope } from './compile.ts'
import { isDeepFrozen } from './deep-frozen.ts'
import { countChildren, hierarchyOf } from './hierarchy.ts'
import { candidates, follow, type JoinPlan, NONE } from './join.ts'
import { parsePagingCookie, printPagingCookie } from './paging-cookie.ts'
import { planJoin } from './plan-join.ts'
import { type NameOf, type QueryContext, queryContext } from './query-context.ts'
import type { RowSource } from './row-source.ts'
import {
  compareKeys,
  compareValues,
  type Match,
  type Shown,
  type SortColumn,
  type SortKey,
  shownBy,
  sortFirst,
  sortValue,
} from './sort.ts'
import { fromStored, idOf, type Layout, type StoredRow, type StoredValue } from './stored-row.ts'

/** The most rows that one answer holds. @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results */
export const MAX_PAGE_SIZE = 5000
/** Conditions and links together, and links alone. */
const MAX_CONDITIONS = 500
const MAX_LINKS = 15
/** The most rows that pages without a cookie reach. */
const MAX_SIMPLE_PAGING = 50_000

/**
 * Runs a query: find candidates (by index where the query allows it), filter, join, filter what links brought in, sort,
 * cut, project. `context` says who asks and when; what it leaves out has a default, or is refused by what needs it.
 */
export function runQuery(
  query: QueryExpression,
  source: RowSource,
  nameOf: NameOf,
  context: Partial<QueryContext> = {},
): QueryResult {
  const full = queryContext(context)
  const known = plans.get(query)
  if (known?.compilation.fits(source, full)) return execute(known, source, full, nameOf)
  const compilation = new Compilation(full.negativesMatchNull)
  const plan = compilation.during(source, full, () => planQuery(query, compilation))
  if (!compilation.isForOneRun && isDeepFrozen(query)) plans.set(query, plan)
  return execute(plan, source, full, nameOf)
}

/** The plans of queries that cannot change, for as long as somebody has the query. */
const plans = new WeakMap<QueryExpression, Plan>()

interface Plan {
  readonly query: QueryExpression
  readonly compilation: Compilation
  readonly join: JoinPlan
  readonly aggregate: AggregatePlan | undefined
  readonly results: readonly ResultColumn[]
  readonly sort: readonly SortColumn[]
}

/** A column of the result. */
interface ResultColumn {
  readonly name: string
  readonly layout: Layout
  readonly position: number
  /** The link that it is of; -1: the query's own table. */
  readonly link: number
  readonly countsChildren: boolean
}

function planQuery(query: QueryExpression, compilation: Compilation): Plan {
  const definition = compilation.definition(query.table)
  refuseImpossible(query)
  const { plan: join, scope } = planJoin(definition, query.filter, query.links ?? [], compilation)
  const isAggregate = query.aggregates !== undefined || query.groupBy !== undefined
  return {
    query,
    compilation,
    join,
    aggregate: isAggregate ? planAggregate(query, scope) : undefined,
    results: isAggregate ? [] : planResults(query, join),
    sort: isAggregate ? [] : planSort(query, join, scope),
  }
}

function execute(plan: Plan, source: RowSource, context: QueryContext, nameOf: NameOf): QueryResult {
  return plan.compilation.during(source, context, () => {
    if (plan.aggregate) return executeAggregate(plan, plan.aggregate, nameOf)
    return executePlain(plan, nameOf, shownBy(nameOf, context))
  })
}

function executePlain(plan: Plan, nameOf: NameOf, shown: Shown): QueryResult {
  const { query, sort } = plan
  let matches = joinAll(plan.join)
  if (query.distinct) matches = distinct(plan, matches)
  const total = query.totalCount ? { totalRecordCount: Math.min(matches.length, MAX_PAGE_SIZE) } : {}
  if (query.totalCount === 'only') return { rows: [], moreRecords: false, ...total }

  const { size, number, skip } = bounds(query)
  const { rows: sorted, keyOf } = sorting(plan, matches, skip + size + 1, shown)
  const page = sorted.slice(skip, skip + size)
  const moreRecords = query.top === undefined && sorted.length > skip + size
  const rows = page.map((match) => project(plan, match, nameOf))
  const [first, last] = [page[0], page.at(-1)]
  if (!moreRecords || !first || !last) return { rows, moreRecords, ...total }
  return { rows, moreRecords, pagingCookie: printPagingCookie(number, sort, keyOf(first), keyOf(last)), ...total }
}

function executeAggregate({ query, compilation, join }: Plan, plan: AggregatePlan, nameOf: NameOf): QueryResult {
  const all = aggregate(plan, joinAll(join), compilation, nameOf, query.orderChoicesBy ?? 'value')
  const total = query.totalCount ? { totalRecordCount: Math.min(all.rows.length, MAX_PAGE_SIZE) } : {}
  if (query.totalCount === 'only') return { rows: [], moreRecords: false, ...total }
  const { size, skip } = bounds(query)
  const cut = <T>(items: readonly T[]) => items.slice(skip, skip + size)
  const formatted = cut(all.formatted)
  return {
    rows: cut(all.rows),
    moreRecords: query.top === undefined && all.rows.length > skip + size,
    ...(formatted.some((labels) => Object.keys(labels).length > 0) ? { formatted } : {}),
    ...total,
  }
}

/** How many rows, of which page, and how many come before it. */
function bounds({ top, page }: QueryExpression) {
  const size = top ?? page?.size ?? MAX_PAGE_SIZE
  const number = page?.number ?? 1
  return { size, number, skip: page?.cookie === undefined ? (number - 1) * size : 0 }
}

function joinAll(plan: JoinPlan): readonly Match[] {
  const rows = candidates(plan)
  if (plan.links.length === 0) return rows.map((row) => ({ row, joined: NONE }))
  const matches: Match[] = []
  for (const row of rows) {
    follow(plan, row, (joined) => {
      matches.push({ row, joined: [...joined] })
      return false
    })
  }
  return matches
}

// Sorting

function planSort(query: QueryExpression, { root, links }: JoinPlan, scope: Scope): SortColumn[] {
  const orders: ColumnOrder[] = (query.orders ?? []).map((order) => {
    if ('column' in order) return order
    throw dataverseError('QueryBuilderAliasNotAllowedForNonAggregateOrderBy', {})
  })
  // Keys tell apart what the orders leave equal. A row that a link joined to several is told apart by theirs.
  const keys = links
    .filter(
      ({ layout, from, isFirstOnly }) => query.page && !isFirstOnly && layout.columns[from]!.type !== 'primaryKey',
    )
    .map(({ alias, layout }) => ({ column: layout.table.primaryKey, link: alias }))
  return [...orders, ...linkOrders(query.links ?? [], { count: 0 }), { column: root.table.primaryKey }, ...keys].map(
    (order: ColumnOrder) => ({
      name: order.link ? `${order.link}.${order.column}` : order.column,
      place: locate(order, scope),
      isDescending: order.descending ?? false,
      isByLabel: query.orderChoicesBy === 'label',
    }),
  )
}

/** The orders that stand in links, which come after those of the query. */
function linkOrders(links: readonly Link[], position: { count: number }): ColumnOrder[] {
  return links.flatMap(({ table, alias, orders = [], links: inner = [] }) => {
    position.count++
    const link = alias ?? `${table}${position.count}`
    return [...orders.map((order) => ({ ...order, link })), ...linkOrders(inner, position)]
  })
}

/** The first rows in order, after the cookie's last one, and what they sort by as it is shown. */
function sorting(plan: Plan, matches: readonly Match[], count: number, shown: Shown) {
  const { sort, query } = plan
  const shownKey = ({ row, joined }: Match): StoredValue[] =>
    sort.map((column) => shown(column, column.place.read(row, joined)))
  const cookie = query.page?.cookie
  // By the primary key alone nothing has to be worked out.
  if (sort.length === 1 && cookie === undefined && !sort[0]!.isDescending) {
    return { rows: sortFirst(matches, count, (a, b) => compareValues(idOf(a.row), idOf(b.row))), keyOf: shownKey }
  }
  const sortKey = (match: Match): SortKey =>
    sort.map((column) => sortValue(column, shown(column, column.place.read(match.row, match.joined))))
  let keyed = matches.map((match) => ({ match, key: sortKey(match) }))
  if (cookie !== undefined) {
    const after = parsePagingCookie(cookie, sort)
    keyed = keyed.filter(({ key }) => compareKeys(key, after, sort) > 0)
  }
  const first = sortFirst(keyed, count, (a, b) => compareKeys(a.key, b.key, sort))
  return { rows: first.map(({ match }) => match), keyOf: shownKey }
}

// Results

function planResults({ columns, links = [] }: QueryExpression, { root, links: planned }: JoinPlan): ResultColumn[] {
  const results = resultsOf(columns ?? 'all', root, -1, undefined)
  const byAlias = new Map(planned.map((link, index) => [link.alias, index]))
  const position = { count: 0 }
  const addLinks = (links: readonly Link[]): void => {
    for (const link of links) {
      position.count++
      const alias = link.alias ?? `${link.table}${position.count}`
      const index = byAlias.get(alias)
      if (index !== undefined) results.push(...resultsOf(link.columns ?? [], planned[index]!.layout, index, alias))
      addLinks(link.links ?? [])
    }
  }
  addLinks(links)
  refuseSharedNames(results)
  return results
}

function resultsOf(
  columns: readonly (string | SelectedColumn)[] | 'all',
  layout: Layout,
  link: number,
  linkAlias: string | undefined,
): ResultColumn[] {
  return (columns === 'all' ? layout.names : columns).map((selected): ResultColumn => {
    const { column, alias, rowAggregate }: SelectedColumn =
      typeof selected === 'string' ? { column: selected } : selected
    if (rowAggregate !== undefined) {
      if (rowAggregate !== 'CountChildren') throw dataverseError('QueryBuilderDeserializeInvalidAggregate', {})
      hierarchyOf(layout.table)
    }
    return {
      name: alias ?? (linkAlias === undefined ? column : `${linkAlias}.${column}`),
      layout,
      position: positionOf(layout, column),
      link,
      countsChildren: rowAggregate !== undefined,
    }
  })
}

/** A name that stands for two columns would lose one of them. */
function refuseSharedNames(results: readonly ResultColumn[]): void {
  const byName = new Map<string, ResultColumn>()
  for (const result of results) {
    const other = byName.get(result.name)
    if (other && (other.position !== result.position || other.link !== result.link)) {
      throw dataverseError('QueryBuilderDuplicateAlias', {})
    }
    byName.set(result.name, result)
  }
}

function project({ results, compilation }: Plan, { row, joined }: Match, nameOf: NameOf): Row {
  const result: Row = {}
  for (const { name, layout, position, link, countsChildren } of results) {
    const from = link === -1 ? row : joined[link]
    if (!from) result[name] = null
    else if (countsChildren) result[name] = countChildren(layout.table, idOf(from), compilation.rows)
    else result[name] = valueWithName(layout, position, from, nameOf)
  }
  return result
}

/** A column's value for a caller, a lookup with its row's name. */
export function valueWithName(layout: Layout, position: number, row: StoredRow, nameOf: NameOf): ColumnValue {
  const definition = layout.columns[position]!
  const value = fromStored(definition, row[position])
  if (definition.type !== 'lookup' || value === null) return value
  const name = nameOf(value as EntityReference)
  return name === undefined ? value : { ...(value as EntityReference), name }
}

function distinct({ results }: Plan, matches: readonly Match[]): Match[] {
  const seen = new Set<string>()
  return matches.filter(({ row, joined }) => {
    const key = JSON.stringify(
      results.map(({ link, position }) => (link === -1 ? row : joined[link])?.[position] ?? null),
    )
    return !seen.has(key) && seen.add(key)
  })
}

// Limits

function refuseImpossible(query: QueryExpression): void {
  const { top, page, filter, links = [], aggregateLimit } = query
  if (top !== undefined && page !== undefined) {
    throw dataverseError('InvalidQuery', { reason: "'top' cannot be used together with 'page'" })
  }
  for (const [what, count, most] of [
    ['top', top, MAX_PAGE_SIZE],
    ['page.size', page?.size, MAX_PAGE_SIZE],
    ['aggregateLimit', aggregateLimit, MAX_SIMPLE_PAGING],
  ] as const) {
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= most)) {
      throw dataverseError('InvalidQuery', { reason: `'${what}' is ${count}, but must be 1 to ${most}` })
    }
  }
  if (page?.number !== undefined && !(Number.isInteger(page.number) && page.number >= 1)) {
    throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  }
  const { size, skip } = bounds(query)
  if (skip + size > MAX_SIMPLE_PAGING) {
    throw dataverseError('InvalidQuery', {
      reason: `Pages without a paging cookie reach ${MAX_SIMPLE_PAGING} rows: hand back the cookie of the page before.`,
    })
  }
  const total = { conditions: 0, links: 0 }
  measure(filter, total)
  measureLinks(links, total)
  if (total.links > MAX_LINKS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
  if (total.conditions + total.links > MAX_CONDITIONS) throw dataverseError('TooManyConditionsInQuery', {})
}

interface Measure {
  conditions: number
  links: number
}

function measure(condition: Condition | undefined, size: Measure): void {
  switch (condition?.kind) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) measure(part, size)
      break
    case 'not':
      measure(condition.condition, size)
      break
    case 'linked':
      measureLinks([condition.link], size)
      break
    case undefined:
      break
    default:
      size.conditions++
  }
}

function measureLinks(links: readonly Omit<Link, 'type'>[], size: Measure): void {
  for (const { filter, links: inner = [] } of links) {
    size.links++
    measure(filter, size)
    measureLinks(inner, size)
  }
}
