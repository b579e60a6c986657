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
import { type Comparable, comparable, isText } from './comparable.ts'
import type { Compilation } from './compilation.ts'
import { locate, type Place, type Scope } from './compile.ts'
import type { NameOf } from './query-context.ts'
import { compareKeys, type Matches, valueAt } from './sort.ts'
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
  if (aliases.some((alias) => typeof alias !== 'string' || alias === '' || alias === '__proto__')) {
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
  /** How many rows it has. */
  size: number
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
  matches: Matches,
  compilation: Compilation,
  nameOf: NameOf,
  orderChoicesBy: 'value' | 'label',
): AggregateResult {
  const { length } = matches.rows
  if (length > plan.limit) throw dataverseError('AggregateQueryRecordLimitExceeded', {})
  const readers = plan.groups.map((group) => readerOf(group, compilation))
  const groups: Group[] = []
  const makeGroup = (values: readonly StoredValue[]): Group => {
    const group: Group = {
      size: 0,
      values: readers.map((reader, at) => named(plan.groups[at]!, reader.result(values[at]!), nameOf)),
      labels: readers.map((reader, at) => reader.label?.(values[at]!)),
      tallies: plan.aggregates.map(tallyOf),
    }
    groups.push(group)
    return group
  }
  // Counting rows looks at no value.
  const gathered = [...plan.aggregates.keys()].filter((at) => plan.aggregates[at]!.aggregate.aggregate !== 'count')
  const only = plan.groups.length === 0 ? makeGroup([]) : undefined
  const groupOf = groupFinder(plan.groups, readers, matches, makeGroup)
  for (let index = 0; index < length; index++) {
    const group = only ?? groupOf(index)
    group.size++
    for (const at of gathered) group.tallies[at]!.add(valueAt(matches, index, plan.aggregates[at]!.place))
  }
  const rows = groups.map((group) => rowOf(plan, group))
  sortRows(plan, rows, compilation, orderChoicesBy)
  return { rows: rows.map(({ row }) => row), formatted: rows.map(({ formatted }) => formatted) }
}

/** Groups by the key of their first column, then of their second, and so on. */
type GroupTree = Map<Comparable | null, GroupTree | Group>

/** Finds the group of a row. That of one text by the text as it stands: even looking up how it is folded takes twice as long. */
function groupFinder(
  groups: readonly PlannedGroup[],
  readers: readonly GroupReader[],
  matches: Matches,
  make: (values: readonly StoredValue[]) => Group,
): (index: number) => Group {
  const tree: GroupTree = new Map()
  const find = (index: number) => findGroup(tree, readers, matches, index, make)
  if (groups.length !== 1 || !isText(groups[0]!.definition)) return find
  const known = new Map<StoredValue, Group>()
  return (index) => {
    const text = valueAt(matches, index, groups[0]!.place)
    let group = known.get(text)
    if (!group) {
      group = find(index)
      known.set(text, group)
    }
    return group
  }
}

function findGroup(
  tree: GroupTree,
  readers: readonly GroupReader[],
  matches: Matches,
  index: number,
  make: (values: readonly StoredValue[]) => Group,
): Group {
  let level = tree
  const last = readers.length - 1
  for (let at = 0; ; at++) {
    const { place, key } = readers[at]!
    const value = key(valueAt(matches, index, place))
    const next = level.get(value)
    if (at === last) {
      if (next) return next as Group
      const group = make(readers.map((reader) => valueAt(matches, index, reader.place)))
      level.set(value, group)
      return group
    }
    if (next) level = next as GroupTree
    else {
      const below: GroupTree = new Map()
      level.set(value, below)
      level = below
    }
  }
}

/** What makes a group of a value: what tells it apart, what stands in its row, and what it is called. */
interface GroupReader {
  readonly place: Place
  key(value: StoredValue): Comparable | null
  result(value: StoredValue): StoredValue
  label?(value: StoredValue): string | undefined
}

function readerOf({ grouping, place, definition }: PlannedGroup, { calendar }: Compilation): GroupReader {
  const { dateGrouping, timeZone = 'user' } = grouping
  if (dateGrouping === undefined) {
    const key = (value: StoredValue) => comparable(definition, value)
    return { place, key: isText(definition) ? remembered(key) : key, result: (value) => value }
  }
  const clock = zoneClock(timeZone === 'utc' ? 'UTC' : calendar.timeZone)
  const isLocal = definition.type === 'dateTime' && definition.behavior === 'userLocal'
  const wallOf = (value: StoredValue & {}) => {
    const moment = typeof value === 'string' ? Date.parse(`${value}T00:00:00Z`) : (value as number)
    return isLocal ? clock.toWall(moment) : moment
  }
  const { key, result = key, label } = datePart(dateGrouping, calendar)
  return {
    place,
    key: (value) => (value === null ? null : key(wallOf(value))),
    result: (value) => (value === null ? null : result(wallOf(value))),
    ...(label ? { label: (value) => (value === null ? undefined : label(wallOf(value))) } : {}),
  }
}

/** Groups are of texts that come again and again: folding each takes longer than finding it. */
function remembered(key: (value: StoredValue) => Comparable | null): (value: StoredValue) => Comparable | null {
  const known = new Map<StoredValue, Comparable | null>()
  return (value) => {
    let found = known.get(value)
    if (found === undefined) {
      found = key(value)
      known.set(value, found)
    }
    return found
  }
}

/** The part of a date that groups are made by; of a fiscal period the year tells groups apart too. */
interface DatePart {
  readonly key: (wall: number) => number
  readonly result?: (wall: number) => number
  readonly label?: (wall: number) => string
}

function datePart(
  grouping: NonNullable<Grouping['dateGrouping']>,
  { fiscal: settings, firstDayOfWeek }: Compilation['calendar'],
): DatePart {
  const fiscal = new FiscalCalendar(settings)
  switch (grouping) {
    case 'day':
      return { key: (wall) => new Date(wall).getUTCDate() }
    case 'week':
      return { key: (wall) => weekOf(wall, firstDayOfWeek) }
    case 'month':
      return { key: (wall) => new Date(wall).getUTCMonth() + 1 }
    case 'quarter':
      return { key: (wall) => Math.floor(new Date(wall).getUTCMonth() / 3) + 1 }
    case 'year':
      return { key: (wall) => new Date(wall).getUTCFullYear() }
    case 'fiscal-year':
      return { key: (wall) => fiscal.yearOf(wall), label: (wall) => fiscalYearLabel(fiscal.yearOf(wall)) }
    case 'fiscal-period':
      return {
        key: (wall) => fiscal.yearOf(wall) * 100 + fiscal.periodOf(wall),
        result: (wall) => fiscal.periodOf(wall),
        label: (wall) => fiscalPeriodLabel(settings, fiscal.yearOf(wall), fiscal.periodOf(wall)),
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
  const shown = fromStored(definition.type, value)
  if (definition.type !== 'lookup' || shown === null) return shown
  const name = nameOf(shown as EntityReference)
  return name === undefined ? shown : { ...(shown as EntityReference), name }
}

function rowOf(plan: AggregatePlan, { size, values, labels, tallies }: Group) {
  const row: Row = {}
  const formatted: Record<string, string> = {}
  plan.groups.forEach(({ grouping }, at) => {
    row[grouping.alias] = values[at]!
    if (labels[at] !== undefined) formatted[grouping.alias] = labels[at]
  })
  plan.aggregates.forEach(({ aggregate }, at) => {
    row[aggregate.alias] = tallies[at]!.result(size)
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
  /** @param size how many rows the group has */
  result(size: number): ColumnValue
}

function tallyOf({ aggregate: { aggregate, distinct = false }, definition }: PlannedAggregate): Tally {
  switch (aggregate) {
    case 'count':
      return { add: () => {}, result: (size) => size }
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
    result: () => fromStored(definition.type, best),
  }
}
