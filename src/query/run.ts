import {
  type ColumnOrder,
  type ColumnValue,
  type Condition,
  dataverseError,
  type EntityReference,
  type Link,
  type Order,
  type QueryExpression,
  type QueryResult,
  type Row,
  type SelectedColumn,
} from '../service/index.ts'
import {
  columnTestOf,
  compileCondition,
  type Joined,
  type Lookup,
  locate,
  lookupsOf,
  type Place,
  type Predicate,
  positionOf,
  type Scope,
} from './compile.ts'
import { type Comparable, comparable } from './operators.ts'
import { parsePagingCookie, printPagingCookie, type SortKey } from './paging-cookie.ts'
import type { RowSource } from './row-source.ts'
import { fromStored, idOf, type Layout, layoutOf, type StoredRow } from './stored-row.ts'

/** The most rows that one answer holds. @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/page-results */
export const MAX_PAGE_SIZE = 5000
const MAX_CONDITIONS = 500
const MAX_LINKS = 15

interface Match {
  readonly row: StoredRow
  readonly joined: Joined
}

/** Adds to lookups their rows' primary names; given by the store, because only it knows who may be seen. */
export type NameOf = (reference: EntityReference) => string | undefined

/**
 * Runs a query: find candidates (by index where an equality allows it), filter, join, filter what links brought in,
 * sort, cut, project.
 */
export function runQuery(query: QueryExpression, source: RowSource, nameOf: NameOf): QueryResult {
  const plan = planQuery(query, source)
  let matches = join(plan, candidates(plan))
  if (query.distinct) matches = distinct(plan, matches)
  const total = query.totalCount ? { totalRecordCount: Math.min(matches.length, MAX_PAGE_SIZE) } : {}
  const size = query.top ?? query.page?.size ?? MAX_PAGE_SIZE
  const number = query.page?.number ?? 1

  const compare = comparison(plan, nameOf)
  if (query.page?.cookie !== undefined) {
    const after = parsePagingCookie(query.page.cookie, plan.sortColumns)
    matches = matches.filter((match) => compareKeys(sortKey(plan, match, nameOf), after, plan.descending) > 0)
  }
  const skip = query.page?.cookie === undefined ? (number - 1) * size : 0
  const sorted = sortFirst(matches, skip + size + 1, compare)
  const page = sorted.slice(skip, skip + size)
  const moreRecords = query.top === undefined && sorted.length > skip + size
  const rows = page.map((match) => project(plan, match, nameOf))

  const [first, last] = [page[0], page.at(-1)]
  if (!moreRecords || !first || !last) return { rows, moreRecords, ...total }
  const pagingCookie = printPagingCookie(
    number,
    plan.sortColumns,
    sortKey(plan, first, nameOf),
    sortKey(plan, last, nameOf),
  )
  return { rows, moreRecords, pagingCookie, ...total }
}

interface Plan {
  readonly query: QueryExpression
  readonly source: RowSource
  readonly root: Layout
  readonly columns: readonly number[]
  readonly links: readonly PlannedLink[]
  /** The conditions that need only the query's own table, and those that need what links joined. */
  readonly before: Predicate
  readonly after: Predicate | undefined
  readonly lookups: readonly Lookup[]
  readonly sort: readonly Place[]
  readonly descending: readonly boolean[]
  readonly sortColumns: readonly string[]
}

interface PlannedLink {
  readonly link: Link
  readonly alias: string
  readonly layout: Layout
  /** The link that this one hangs on; -1: the query's own table. */
  readonly parent: number
  readonly parentLayout: Layout
  readonly from: number
  readonly to: number
  readonly columns: readonly number[]
  readonly filter: Predicate
}

function planQuery(query: QueryExpression, source: RowSource): Plan {
  const root = layoutOf(source.definition(query.table))
  refuseImpossible(query)
  const links = planLinks(query.links ?? [], root, -1, source, [])
  if (links.length > MAX_LINKS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
  if (new Set(links.map(({ alias }) => alias)).size < links.length)
    throw dataverseError('QueryBuilderDuplicateAlias', {})
  const scope: Scope = {
    root,
    links: new Map(links.map(({ alias, layout }, index) => [alias, { index, layout }])),
    source,
  }
  const predicate = query.filter ? compileCondition(query.filter, scope) : () => true
  const needsLinks = query.filter !== undefined && mentionsLink(query.filter)
  const orders = [...(query.orders ?? []).map(columnOrder), ...tieBreakers(query, root, links)]
  return {
    query,
    source,
    root,
    columns:
      query.columns?.map((column) => positionOf(root, nameOfColumn(column))) ??
      root.names.map((_, position) => position),
    links,
    before: needsLinks ? () => true : predicate,
    after: needsLinks ? predicate : undefined,
    lookups: lookupsOf(query.filter, root),
    sort: orders.map((order) => locate(order, scope)),
    descending: orders.map(({ descending = false }) => descending),
    sortColumns: orders.map(({ column, link }) => (link ? `${link}.${column}` : column)),
  }
}

function nameOfColumn(column: string | SelectedColumn): string {
  if (typeof column === 'string') return column
  throw dataverseError('InvalidQuery', { reason: `'${column.column}': column aliases are not supported yet.` })
}

function columnOrder(order: Order): ColumnOrder {
  if ('column' in order) return order
  throw dataverseError('QueryBuilderAliasNotAllowedForNonAggregateOrderBy', {})
}

/** Keys that tell apart what the orders leave equal. A row that links joined to several is on the next page by theirs. */
function tieBreakers({ page }: QueryExpression, root: Layout, links: readonly PlannedLink[]): ColumnOrder[] {
  const linked = page ? links.map(({ alias, layout }) => ({ column: layout.table.primaryKey, link: alias })) : []
  return [{ column: root.table.primaryKey }, ...linked]
}

function refuseImpossible({ top, page, filter, aggregates, groupBy, links = [] }: QueryExpression): void {
  if (aggregates || groupBy) throw dataverseError('InvalidQuery', { reason: 'aggregates are not supported yet.' })
  if (links.some(({ type }) => type !== 'inner' && type !== 'outer')) {
    throw dataverseError('QueryBuilderInvalidJoinOperator', {})
  }
  if (top !== undefined && page !== undefined) {
    throw dataverseError('InvalidQuery', { reason: "'top' cannot be used together with 'page'" })
  }
  for (const [what, count] of [
    ['top', top],
    ['page.size', page?.size],
  ] as const) {
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= MAX_PAGE_SIZE)) {
      throw dataverseError('InvalidQuery', { reason: `'${what}' is ${count}, but must be 1 to ${MAX_PAGE_SIZE}` })
    }
  }
  if (page?.number !== undefined && !(Number.isInteger(page.number) && page.number >= 1)) {
    throw dataverseError('QueryBuilderInvalidPagingCookie', {})
  }
  if (countConditions(filter) + countConditionsOf(links) > MAX_CONDITIONS) {
    throw dataverseError('TooManyConditionsInQuery', {})
  }
}

function countConditionsOf(links: readonly Link[]): number {
  return links.reduce((sum, link) => sum + countConditions(link.filter) + countConditionsOf(link.links ?? []), 0)
}

function countConditions(condition: Condition | undefined): number {
  if (!condition) return 0
  if (condition.kind === 'and' || condition.kind === 'or') {
    return condition.conditions.reduce((sum, part) => sum + countConditions(part), 0)
  }
  if (condition.kind === 'not') return countConditions(condition.condition)
  return 1
}

function mentionsLink(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.conditions.some(mentionsLink)
    case 'not':
      return mentionsLink(condition.condition)
    case 'compare':
      return condition.link !== undefined
    case 'compareColumns':
      return condition.link !== undefined || condition.with.link !== undefined
    case 'linked':
      return false
  }
}

function planLinks(
  links: readonly Link[],
  parentLayout: Layout,
  parent: number,
  source: RowSource,
  planned: PlannedLink[],
): PlannedLink[] {
  for (const link of links) {
    const layout = layoutOf(source.definition(link.table))
    const index = planned.length
    planned.push({
      link,
      alias: link.alias ?? `${link.table}${index + 1}`,
      layout,
      parent,
      parentLayout,
      from: positionOf(layout, link.from),
      to: positionOf(parentLayout, link.to),
      columns: (link.columns === 'all' ? layout.names : (link.columns ?? [])).map((column) =>
        positionOf(layout, nameOfColumn(column)),
      ),
      filter: link.filter ? compileCondition(link.filter, { root: layout, links: new Map(), source }) : () => true,
    })
    planLinks(link.links ?? [], layout, index, source, planned)
  }
  return planned
}

const NONE: Joined = []

/** The rows of the query's own table: through the index that leaves the fewest, or by a scan. */
function candidates({ query, source, root, lookups, before }: Plan): StoredRow[] {
  let best: StoredRow[] | undefined
  for (const { position, values } of lookups) {
    if (!source.isIndexed(query.table, position)) continue
    const rows = values.flatMap((value) => source.find(query.table, position, value))
    if (!best || rows.length < best.length) best = rows
  }
  if (best) return best.filter((row) => before(row, NONE))
  return source.scan(query.table, (row) => before(row, NONE), columnTestOf(query.filter, root))
}

function join({ links, source, after }: Plan, rows: readonly StoredRow[]): Match[] {
  if (links.length === 0) return rows.map((row) => ({ row, joined: NONE }))
  const matches: Match[] = []
  const follow = (row: StoredRow, joined: (StoredRow | null)[]) => {
    const planned = links[joined.length]
    if (!planned) {
      if (!after || after(row, joined)) matches.push({ row, joined: [...joined] })
      return
    }
    const parent = planned.parent === -1 ? row : (joined[planned.parent] ?? null)
    const key = parent && comparable(planned.parentLayout.columns[planned.to]!, parent[planned.to] ?? null)
    const found =
      key === null
        ? []
        : source.find(planned.link.table, planned.from, key).filter((other) => planned.filter(other, NONE))
    if (found.length === 0 && planned.link.type === 'outer') follow(row, [...joined, null])
    for (const other of found) follow(row, [...joined, other])
  }
  for (const row of rows) follow(row, [])
  return matches
}

function distinct(plan: Plan, matches: readonly Match[]): Match[] {
  const seen = new Set<string>()
  return matches.filter((match) => {
    const key = JSON.stringify([
      plan.columns.map((at) => match.row[at] ?? null),
      plan.links.map(({ columns }, index) => columns.map((at) => match.joined[index]?.[at] ?? null)),
    ])
    return !seen.has(key) && seen.add(key)
  })
}

/** What rows sort by: lookups by the name of their row, choices by value, texts without case and accents. */
function sortKey({ sort }: Plan, { row, joined }: Match, nameOf: NameOf): SortKey {
  return sort.map(({ layout, position, read }) => {
    const value = read(row, joined)
    const definition = layout.columns[position]!
    if (definition.type === 'lookup' && value !== null) {
      const name = nameOf(value as EntityReference)
      return name === undefined ? null : comparable({ ...definition, type: 'text' } as never, name)
    }
    return comparable(definition, value)
  })
}

function comparison(plan: Plan, nameOf: NameOf): (a: Match, b: Match) => number {
  if (plan.sort.length === 1) {
    return (a, b) => compareValues(idOf(a.row), idOf(b.row))
  }
  const keys = new Map<Match, SortKey>()
  const keyOf = (match: Match) => {
    let key = keys.get(match)
    if (!key) {
      key = sortKey(plan, match, nameOf)
      keys.set(match, key)
    }
    return key
  }
  return (a, b) => compareKeys(keyOf(a), keyOf(b), plan.descending)
}

function compareKeys(a: SortKey, b: SortKey, descending: readonly boolean[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareValues(a[at] ?? null, b[at] ?? null)
    if (order !== 0) return descending[at] ? -order : order
  }
  return 0
}

/** As SQL Server sorts: rows without a value first. */
function compareValues(a: Comparable | null, b: Comparable | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

/** The first `count` of the matches in order; keeps no more than those in order while it looks at the rest. */
function sortFirst(matches: Match[], count: number, compare: (a: Match, b: Match) => number): Match[] {
  if (matches.length <= count * 4) return matches.sort(compare).slice(0, count)
  const first: Match[] = []
  for (const match of matches) {
    if (first.length === count && compare(match, first[count - 1]!) >= 0) continue
    let low = 0
    let high = first.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(first[middle]!, match) <= 0) low = middle + 1
      else high = middle
    }
    first.splice(low, 0, match)
    if (first.length > count) first.pop()
  }
  return first
}

function project({ root, columns, links }: Plan, { row, joined }: Match, nameOf: NameOf): Row {
  const result: Row = {}
  for (const at of columns) result[root.names[at]!] = valueWithName(root, at, row, nameOf)
  links.forEach((planned, index) => {
    const other = joined[index]
    for (const at of planned.columns) {
      result[`${planned.alias}.${planned.layout.names[at]!}`] = other
        ? valueWithName(planned.layout, at, other, nameOf)
        : null
    }
  })
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
