import type { ColumnDefinition, NumberColumn } from '../entities/index.ts'
import {
  type Aggregate,
  aggregateFunctions,
  type ColumnValue,
  dataverseError,
  dateGroupings,
  type EntityReference,
  type Grouping,
  type Order,
  type QueryExpression,
  type Row,
} from '../service/index.ts'
import { FiscalCalendar, fiscalPeriodLabel, fiscalYearLabel } from './calendar/fiscal.ts'
import { zoneClock } from './calendar/zone-clock.ts'
import { fold } from './collation.ts'
import { type Comparable, comparable } from './comparable.ts'
import type { Compilation } from './compilation.ts'
import { locate, type Place, type Scope } from './compile.ts'
import type { NameOf } from './query-context.ts'
import { compareKeys, type Match } from './sort.ts'
import { fromStored, type StoredValue } from './stored-row.ts'

/** The most rows that are aggregated over. */
const MAX_ROWS = 50_000

export interface AggregatePlan {
  readonly limit: number
  readonly groups: readonly PlannedGroup[]
  readonly aggregates: readonly PlannedAggregate[]
  readonly orders: readonly { readonly alias: string; readonly isDescending: boolean }[]
}

interface PlannedGroup {
  readonly grouping: Grouping
  readonly place: Place
  readonly definition: ColumnDefinition
}

interface PlannedAggregate {
  readonly aggregate: Aggregate
  readonly place: Place
  readonly definition: ColumnDefinition
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data */
export function planAggregate(query: QueryExpression, scope: Scope): AggregatePlan {
  const { aggregates = [], groupBy = [], aggregateLimit = MAX_ROWS } = query
  const aliases = [...groupBy, ...aggregates].map(({ alias }) => alias)
  if (aliases.some((alias) => typeof alias !== 'string' || alias === '')) {
    throw dataverseError('QueryBuilderInvalid_Alias', {})
  }
  if (aliases.length === 0) throw dataverseError('QueryBuilderDeserializeInvalidAggregate', {})
  if (new Set(aliases).size < aliases.length) throw dataverseError('QueryBuilderDuplicateAlias', {})
  if (query.columns && query.columns.length > 0) throw dataverseError('QueryBuilderAttribute_With_Aggregate', {})
  return {
    limit: Math.min(aggregateLimit, MAX_ROWS),
    groups: groupBy.map((grouping) => planGroup(grouping, scope)),
    aggregates: aggregates.map((aggregate) => planOne(aggregate, scope)),
    orders: (query.orders ?? []).map((order) => planOrder(order, aliases)),
  }
}

function planOrder(order: Order, aliases: readonly string[]) {
  if (!('alias' in order)) throw dataverseError('QueryBuilderAttributeNotAllowedForAggregateOrderBy', {})
  if (!aliases.includes(order.alias)) throw dataverseError('QueryBuilderInvalid_Alias', {})
  return { alias: order.alias, isDescending: order.descending ?? false }
}

function planGroup(grouping: Grouping, scope: Scope): PlannedGroup {
  const place = locate(grouping, scope)
  const definition = place.layout.columns[place.position]!
  const { dateGrouping } = grouping
  const isDate = definition.type === 'dateTime' || definition.type === 'dateOnly'
  if (dateGrouping !== undefined && !(isDate && dateGroupings.includes(dateGrouping))) {
    throw dataverseError('QueryBuilderInvalidDateGrouping', {})
  }
  return { grouping, place, definition }
}

const numeric: readonly string[] = ['integer', 'bigint', 'decimal', 'float', 'money']

function planOne(aggregate: Aggregate, scope: Scope): PlannedAggregate {
  const place = locate(aggregate, scope)
  const definition = place.layout.columns[place.position]!
  const name = aggregate.aggregate
  if (!aggregateFunctions.includes(name)) throw dataverseError('QueryBuilderDeserializeInvalidAggregate', {})
  const isCount = name === 'count' || name === 'countcolumn'
  const isOrdered = (name === 'min' || name === 'max') && ['dateTime', 'dateOnly'].includes(definition.type)
  if (!isCount && !isOrdered && !numeric.includes(definition.type)) {
    throw dataverseError('QueryBuilderInvalidAggregateAttribute', { aggregate: name, type: definition.type })
  }
  return { aggregate, place, definition }
}

/** A group while it is filled: what its rows have in common, and what has been gathered of them. */
interface Group {
  readonly values: readonly ColumnValue[]
  readonly labels: readonly (string | undefined)[]
  readonly tallies: readonly Tally[]
}

/** What `aggregate` answers: rows under their aliases, and texts for values that a number does not tell. */
export interface AggregateResult {
  readonly rows: Row[]
  readonly formatted: readonly Readonly<Record<string, string>>[]
}

export function aggregate(
  plan: AggregatePlan,
  matches: readonly Match[],
  compilation: Compilation,
  nameOf: NameOf,
  orderChoicesBy: 'value' | 'label',
): AggregateResult {
  if (matches.length > plan.limit) throw dataverseError('AggregateQueryRecordLimitExceeded', {})
  const readers = plan.groups.map((group) => readerOf(group, compilation))
  const groups = new Map<string | Comparable | null, Group>()
  const makeGroup = (parts: readonly GroupValue[]): Group => ({
    values: parts.map(({ value }, at) => named(plan.groups[at]!, value, nameOf)),
    labels: parts.map(({ label }) => label),
    tallies: plan.aggregates.map(tallyOf),
  })
  if (plan.groups.length === 0) groups.set('', makeGroup([]))
  for (const match of matches) {
    const parts = readers.map((read) => read(match))
    const key = parts.length === 1 ? parts[0]!.key : JSON.stringify(parts.map((part) => part.key))
    let group = groups.get(plan.groups.length === 0 ? '' : key)
    if (!group) {
      group = makeGroup(parts)
      groups.set(key, group)
    }
    for (let at = 0; at < plan.aggregates.length; at++) {
      const { place } = plan.aggregates[at]!
      group.tallies[at]!.add(place.read(match.row, match.joined))
    }
  }
  const rows = [...groups.values()].map((group) => rowOf(plan, group))
  sortRows(plan, rows, compilation, orderChoicesBy)
  return { rows: rows.map(({ row }) => row), formatted: rows.map(({ formatted }) => formatted) }
}

interface GroupValue {
  readonly key: Comparable | null
  readonly value: StoredValue
  readonly label?: string
}

function readerOf(
  { grouping, place, definition }: PlannedGroup,
  { calendar }: Compilation,
): (match: Match) => GroupValue {
  const { dateGrouping, timeZone = 'user' } = grouping
  if (dateGrouping === undefined) {
    return ({ row, joined }) => {
      const value = place.read(row, joined)
      return { key: comparable(definition, value), value }
    }
  }
  const clock = zoneClock(timeZone === 'utc' ? 'UTC' : calendar.timeZone)
  const isLocal = definition.type === 'dateTime' && definition.behavior === 'userLocal'
  const part = datePart(dateGrouping, calendar)
  return ({ row, joined }) => {
    const value = place.read(row, joined)
    if (value === null) return { key: null, value }
    const moment = typeof value === 'string' ? Date.parse(`${value}T00:00:00Z`) : (value as number)
    return part(isLocal ? clock.toWall(moment) : moment)
  }
}

function datePart(
  grouping: NonNullable<Grouping['dateGrouping']>,
  { fiscal: settings, firstDayOfWeek }: Compilation['calendar'],
): (wall: number) => GroupValue {
  const fiscal = new FiscalCalendar(settings)
  const plain = (value: number): GroupValue => ({ key: value, value })
  switch (grouping) {
    case 'day':
      return (wall) => plain(new Date(wall).getUTCDate())
    case 'week':
      return (wall) => plain(weekOf(wall, firstDayOfWeek))
    case 'month':
      return (wall) => plain(new Date(wall).getUTCMonth() + 1)
    case 'quarter':
      return (wall) => plain(Math.floor(new Date(wall).getUTCMonth() / 3) + 1)
    case 'year':
      return (wall) => plain(new Date(wall).getUTCFullYear())
    case 'fiscal-year':
      return (wall) => {
        const year = fiscal.yearOf(wall)
        return { ...plain(year), label: fiscalYearLabel(year) }
      }
    case 'fiscal-period':
      return (wall) => {
        const [year, period] = [fiscal.yearOf(wall), fiscal.periodOf(wall)]
        return { key: year * 100 + period, value: period, label: fiscalPeriodLabel(settings, year, period) }
      }
  }
}

/** The week of the year as SQL Server counts: the first is the one with the 1st of January, however short. */
function weekOf(wall: number, firstDayOfWeek: number): number {
  const date = new Date(wall)
  const newYear = Date.UTC(date.getUTCFullYear(), 0, 1)
  const dayOfYear = Math.floor((wall - newYear) / 86_400_000)
  const before = (new Date(newYear).getUTCDay() - firstDayOfWeek + 7) % 7
  return Math.floor((dayOfYear + before) / 7) + 1
}

function named({ grouping, definition }: PlannedGroup, value: StoredValue, nameOf: NameOf): ColumnValue {
  if (grouping.dateGrouping !== undefined) return value as number | null
  const shown = fromStored(definition, value)
  if (definition.type !== 'lookup' || shown === null) return shown
  const name = nameOf(shown as EntityReference)
  return name === undefined ? shown : { ...(shown as EntityReference), name }
}

function rowOf(plan: AggregatePlan, { values, labels, tallies }: Group) {
  const row: Row = {}
  const formatted: Record<string, string> = {}
  plan.groups.forEach(({ grouping }, at) => {
    row[grouping.alias] = values[at]!
    if (labels[at] !== undefined) formatted[grouping.alias] = labels[at]
  })
  plan.aggregates.forEach(({ aggregate }, at) => {
    row[aggregate.alias] = tallies[at]!.result()
  })
  return { row, formatted }
}

/** By the orders, then by the groups, so that the order is always the same. */
function sortRows(
  plan: AggregatePlan,
  rows: { readonly row: Row; readonly formatted: Readonly<Record<string, string>> }[],
  { calendar }: Compilation,
  orderChoicesBy: 'value' | 'label',
): void {
  const ties = plan.groups.map(({ grouping }) => ({ alias: grouping.alias, isDescending: false }))
  const orders = [...plan.orders, ...ties]
  const choices = new Map(
    plan.groups.flatMap(({ grouping, definition }) =>
      definition.type === 'choice' || definition.type === 'state' || definition.type === 'status'
        ? [[grouping.alias, definition] as const]
        : [],
    ),
  )
  const keyOf = (alias: string, value: ColumnValue): Comparable | null => {
    const choice = choices.get(alias)
    if (choice && orderChoicesBy === 'label' && typeof value === 'number') {
      return fold(calendar.labelOf(choice, value) ?? '')
    }
    if (value instanceof Date) return value.getTime()
    if (typeof value === 'string') return fold(value)
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? value.join() : fold((value as EntityReference).name ?? (value as EntityReference).id)
  }
  const keys = new Map(rows.map((row) => [row, orders.map(({ alias }) => keyOf(alias, row.row[alias] ?? null))]))
  rows.sort((a, b) => compareKeys(keys.get(a)!, keys.get(b)!, orders))
}

/** What gathers an aggregate, value by value. */
interface Tally {
  add(value: StoredValue): void
  result(): ColumnValue
}

function tallyOf({ aggregate: { aggregate, distinct = false }, definition }: PlannedAggregate): Tally {
  switch (aggregate) {
    case 'count':
      return counting(() => true)
    case 'countcolumn': {
      const seen = new Set<Comparable | null>()
      if (!distinct) return counting((value) => value !== null)
      return counting((value) => {
        const key = comparable(definition, value)
        return key !== null && !seen.has(key) && seen.add(key) !== undefined
      })
    }
    case 'sum':
    case 'avg':
      return summing(definition as NumberColumn, aggregate)
    case 'min':
      return extreme(definition, (value, best) => value < best)
    case 'max':
      return extreme(definition, (value, best) => value > best)
  }
}

function counting(counts: (value: StoredValue) => boolean): Tally {
  let count = 0
  return {
    add: (value) => void (counts(value) && count++),
    result: () => count,
  }
}

/** Adds up in units of the column's last digit, so that cents stay cents. */
function summing({ type, precision }: NumberColumn, aggregate: 'sum' | 'avg'): Tally {
  const scale = type === 'float' ? 1 : 10 ** precision
  const isWhole = type === 'integer' || type === 'bigint'
  let sum = 0
  let large = 0n
  let count = 0
  return {
    add(value) {
      if (value === null) return
      count++
      const units = type === 'float' ? (value as number) : Math.round((value as number) * scale)
      const next = sum + units
      if (type === 'float' || Number.isSafeInteger(next)) sum = next
      else {
        large += BigInt(sum) + (Number.isInteger(units) ? BigInt(units) : 0n)
        sum = 0
      }
    },
    result() {
      const total = large === 0n ? sum : Number(large + BigInt(sum))
      if (aggregate === 'sum') return total / scale
      if (count === 0) return null
      return isWhole ? Math.trunc(total / count) : total / (scale * count)
    },
  }
}

function extreme(
  definition: ColumnDefinition,
  isBetter: (value: StoredValue & {}, best: StoredValue & {}) => boolean,
): Tally {
  let best: StoredValue = null
  return {
    add(value) {
      if (value !== null && (best === null || isBetter(value, best))) best = value
    },
    result: () => fromStored(definition, best),
  }
}
