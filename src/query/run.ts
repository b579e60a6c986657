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
import { type Joined, locate, positionOf, type Scope } from './compile.ts'
import { isDeepFrozen } from './deep-frozen.ts'
import { countChildren, hierarchyOf } from './hierarchy.ts'
import { candidates, follow, type JoinPlan, NONE } from './join.ts'
import { parsePagingCookie, printPagingCookie } from './paging-cookie.ts'
import { planJoin } from './plan-join.ts'
import { FilledContext, type NameOf, type QueryContext } from './query-context.ts'
import type { RowSource } from './row-source.ts'
import {
  compareValues,
  type Matches,
  type Shown,
  type SortColumn,
  shownBy,
  sortFirst,
  sortValue,
  valueAt,
} from './sort.ts'
import { fromStored, idOf, type Layout, type StoredRow } from './stored-row.ts'

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
  const full = new FilledContext(context)
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
  const { plan: join, scope } = planJoin(definition, query.filter, query.links ?? [], compilation, linksNeeded(query))
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

/** The links of which the result shows, sorts by, groups by or counts something, by alias. */
function linksNeeded({ orders = [], groupBy = [], aggregates = [], links = [] }: QueryExpression): Set<string> {
  const needed = new Set<string>()
  for (const { link } of [...orders, ...groupBy, ...aggregates].filter((path) => 'column' in path)) {
    if (link !== undefined) needed.add(link)
  }
  const position = { count: 0 }
  const visit = (links: readonly Link[]): void => {
    for (const { table, alias, columns = [], orders = [], links: inner = [] } of links) {
      position.count++
      if (columns.length > 0 || orders.length > 0) needed.add(alias ?? `${table}${position.count}`)
      visit(inner)
    }
  }
  visit(links)
  return needed
}

function execute(plan: Plan, source: RowSource, context: QueryContext, nameOf: NameOf): QueryResult {
  return plan.compilation.during(source, context, () => {
    if (plan.aggregate) return executeAggregate(plan, plan.aggregate, nameOf)
    return executePlain(plan, nameOf, shownBy(nameOf, context))
  })
}

function executePlain(plan: Plan, nameOf: NameOf, shown: Shown): QueryResult {
  const { query, sort } = plan
  if (query.totalCount === 'only' && !query.distinct) return countOnly(countAll(plan.join))
  const { size, skip } = bounds(query)
  const first = firstInKeyOrder(plan, skip + size + 1)
  if (first) return cut(plan, first, [...first.rows.keys()], nameOf, shown)

  let matches = joinAll(plan.join)
  if (query.distinct) matches = distinct(plan, matches)
  if (query.totalCount === 'only') return countOnly(matches.rows.length)
  const total = query.totalCount ? { totalRecordCount: Math.min(matches.rows.length, MAX_PAGE_SIZE) } : {}
  if (query.page?.cookie !== undefined) matches = after(query.page.cookie, sort, matches, shown)
  const cellAt = (index: number, at: number) => {
    const column = sort[at]!
    return sortValue(column, shown(column, valueAt(matches, index, column.place)))
  }
  const sorted = sortFirst(skip + size + 1, matches.rows.length, sort, cellAt)
  return { ...cut(plan, matches, sorted, nameOf, shown), ...total }
}

/** The page that a query asks for, of matches in order, one more than the page where there are more. */
function cut(plan: Plan, matches: Matches, sorted: readonly number[], nameOf: NameOf, shown: Shown): QueryResult {
  const { query, sort } = plan
  const { size, number, skip } = bounds(query)
  const page = sorted.slice(skip, skip + size)
  const moreRecords = query.top === undefined && sorted.length > skip + size
  const rows = page.map((index) => project(plan, matches, index, nameOf))
  const [first, last] = [page[0], page.at(-1)]
  if (!moreRecords || first === undefined || last === undefined) return { rows, moreRecords }
  const shownAt = (index: number) => sort.map((column) => shown(column, valueAt(matches, index, column.place)))
  return { rows, moreRecords, pagingCookie: printPagingCookie(number, sort, shownAt(first), shownAt(last)) }
}

/** So many rows are looked at for each match, and at the beginning, before a scan, which looks at columns, is the better way. */
const PATIENCE = 8
const FIRST_LOOK = 500

/**
 * The first matches of a query that is ordered by nothing but the primary key, read in that order until there are enough: a
 * page costs what it has, however long the table. `undefined` where the rows do not come in that order, where an index
 * finds them sooner, or where too few of them match.
 */
function firstInKeyOrder({ query, sort, join }: Plan, wanted: number): Matches | undefined {
  const [byKey, ...others] = sort
  if (!byKey || others.length > 0 || byKey.isDescending || query.distinct || query.totalCount) return undefined
  const table = join.root.table.logicalName
  const { rows: source } = join.compilation
  if (join.semiJoins.length > 0 || join.lookups.some(({ position }) => source.isIndexed(table, position)))
    return undefined
  const { cookie } = query.page ?? {}
  const [behind] = cookie === undefined ? [] : parsePagingCookie(cookie, sort)
  const inOrder = source.inKeyOrder?.(table, behind === undefined ? undefined : String(behind))
  if (!inOrder) return undefined

  const rows: StoredRow[] = []
  const joined: Joined[] = []
  let looked = 0
  for (const row of inOrder) {
    if (rows.length >= wanted) break
    if (++looked > FIRST_LOOK + PATIENCE * rows.length) return undefined
    if (!join.before(row, NONE)) continue
    if (join.links.length === 0) rows.push(row)
    else {
      follow(join, row, (others) => {
        rows.push(row)
        joined.push([...others])
        return rows.length >= wanted
      })
    }
  }
  return { rows, joined: join.links.length === 0 ? undefined : joined }
}

function countOnly(count: number): QueryResult {
  return { rows: [], moreRecords: false, totalRecordCount: Math.min(count, MAX_PAGE_SIZE) }
}

/** The matches that come after the last one of the page before. */
function after(cookie: string, sort: readonly SortColumn[], matches: Matches, shown: Shown): Matches {
  const last = parsePagingCookie(cookie, sort)
  return keep(matches, (index) => {
    for (const [at, column] of sort.entries()) {
      const order = compareValues(sortValue(column, shown(column, valueAt(matches, index, column.place))), last[at]!)
      if (order !== 0) return column.isDescending ? order < 0 : order > 0
    }
    return false
  })
}

function keep({ rows, joined }: Matches, test: (index: number) => boolean): Matches {
  const kept = rows.map((_, index) => index).filter(test)
  return { rows: kept.map((index) => rows[index]!), joined: joined && kept.map((index) => joined[index]!) }
}

function executeAggregate({ query, compilation, join }: Plan, plan: AggregatePlan, nameOf: NameOf): QueryResult {
  const all = aggregate(plan, joinAll(join), compilation, nameOf, query.orderChoicesBy ?? 'value')
  if (query.totalCount === 'only') return countOnly(all.rows.length)
  const total = query.totalCount ? { totalRecordCount: Math.min(all.rows.length, MAX_PAGE_SIZE) } : {}
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

function joinAll(plan: JoinPlan): Matches {
  const found = candidates(plan)
  if (plan.links.length === 0) return { rows: found, joined: undefined }
  const rows: StoredRow[] = []
  const joined: Joined[] = []
  for (const row of found) {
    follow(plan, row, (others) => {
      rows.push(row)
      joined.push([...others])
      return false
    })
  }
  return { rows, joined }
}

function countAll(plan: JoinPlan): number {
  const { rows } = plan.compilation
  if (plan.isEverything && rows.count) return rows.count(plan.root.table.logicalName)
  return joinAll(plan).rows.length
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
    // An object takes this name for its prototype.
    if (alias === '__proto__') throw dataverseError('QueryBuilderInvalid_Alias', {})
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

function project({ results, compilation }: Plan, matches: Matches, index: number, nameOf: NameOf): Row {
  const result: Row = {}
  const row = matches.rows[index]!
  const joined = matches.joined?.[index] ?? NONE
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
  const type = layout.types[position]!
  const value = row[position] ?? null
  if (type !== 'lookup' || value === null) return fromStored(type, value)
  const { logicalName, id } = value as EntityReference
  const name = nameOf(value as EntityReference)
  return name === undefined ? { logicalName, id } : { logicalName, id, name }
}

function distinct({ results }: Plan, matches: Matches): Matches {
  const seen = new Set<string>()
  return keep(matches, (index) => {
    const row = matches.rows[index]!
    const key = JSON.stringify(
      results.map(({ link, position }) => (link === -1 ? row : matches.joined?.[index]?.[link])?.[position] ?? null),
    )
    return !seen.has(key) && seen.add(key) !== undefined
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
  if (total.conditions + total.links > MAX_CONDITIONS) throw dataverseError('TooManyConditionsInQuery', {})
}

interface Measure {
  conditions: number
  links: number
}

/** Deeper than any text gets; a tree made in code could even contain itself. */
const MAX_DEPTH = 200

function measure(condition: Condition | undefined, size: Measure, depth = 0): void {
  if (depth > MAX_DEPTH) throw dataverseError('InvalidQuery', { reason: 'Its conditions nest too deep.' })
  switch (condition?.kind) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) measure(part, size, depth + 1)
      break
    case 'not':
      measure(condition.condition, size, depth + 1)
      break
    case 'linked':
      measureLinks([condition.link], size, depth + 1)
      break
    case undefined:
      break
    default:
      size.conditions++
  }
}

function measureLinks(links: readonly Omit<Link, 'type'>[], size: Measure, depth = 0): void {
  for (const { filter, links: inner = [] } of links) {
    size.links++
    if (size.links > MAX_LINKS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
    measure(filter, size, depth + 1)
    measureLinks(inner, size, depth + 1)
  }
}
