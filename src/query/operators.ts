import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import { parseMoment } from '../internal/date-text.ts'
import { type ColumnValue, dataverseError, type Operator } from '../service/index.ts'
import { FiscalCalendar } from './calendar/fiscal.ts'
import { elapsed, type MakeWindow, startOfDay, takesPeriod, type Window, windows } from './calendar/windows.ts'
import { type WallTime, type ZoneClock, zoneClock } from './calendar/zone-clock.ts'
import { type Comparable, invalidValue, isDate, isText, localTime, toComparable, toId } from './comparable.ts'
import { ancestorsOf, descendantsOf } from './hierarchy.ts'
import { compileFoldedLike } from './like.ts'
import type { QueryContext } from './query-context.ts'
import type { RowSource, Vector } from './row-source.ts'

/** What a compiled condition asks of a value. */
export interface Test {
  (value: Comparable | null): boolean
  /** The same asked of a column of values, by the place of a row. */
  inColumn?(cells: Vector): (at: number) => boolean
}

/** What operators may ask of the query that they stand in. What they are told holds for one run only. */
export interface OperatorHost {
  readonly negativesMatchNull: boolean
  context(): QueryContext
  source(): RowSource
}

/** An operator with its values on a column. */
interface Use {
  readonly operator: Operator
  readonly table: TableDefinition
  readonly name: string
  readonly definition: ColumnDefinition
  readonly values: readonly ColumnValue[]
  readonly host: OperatorHost
  /** What errors call it. */
  readonly about: string
}

interface OperatorDefinition {
  /** How many values it takes. */
  readonly takes: 0 | 1 | 2 | 'any'
  compile(use: Use): Test
}

const op = (takes: OperatorDefinition['takes'], compile: OperatorDefinition['compile']): OperatorDefinition => ({
  takes,
  compile,
})
/** The negative of an operator also matches rows without a value, unless the query's context says otherwise. */
const negative = ({ takes, compile }: OperatorDefinition): OperatorDefinition =>
  op(takes, (use) => {
    const test = compile(use)
    if (use.host.negativesMatchNull) return (value) => !test(value)
    return (value) => value !== null && !test(value)
  })

const equal = op(1, (use) => equals(valuesOf(use)[0]!))
const oneOf = op('any', (use) => isIn(notLongText(use, valuesOf)))
const between = op(2, (use) => {
  const [low, high] = notLongText(use, valuesOf)
  return present((value) => value >= low! && value <= high!)
})
const like = op(1, (use) => {
  const test = compileFoldedLike(textOf(use))
  return present((value) => test(value as string))
})
const begins = op(1, (use) => {
  const start = textOf(use)
  return present((value) => (value as string).startsWith(start))
})
const ends = op(1, (use) => {
  const end = textOf(use)
  return present((value) => (value as string).endsWith(end))
})
const contains = op('any', (use) => {
  const wanted = optionsOf(use).map((option) => `,${option},`)
  return present((value) => wanted.some((option) => (value as string).includes(option)))
})
const isUser = op(0, (use) => isIn(ids(use, ({ userId }) => [userId])))
const isBusiness = op(0, (use) => isIn(ids(use, ({ businessUnitId }) => [businessUnitId])))
const under = op(1, (use) => isIn(related(use, descendantsOf)))

/** Every operator: how many values it takes, and what it asks. */
const operatorTable: Readonly<Record<Operator, OperatorDefinition>> = {
  null: op(0, () => (value) => value === null),
  'not-null': op(0, () => (value) => value !== null),
  eq: equal,
  ne: negative(equal),
  gt: op(1, (use) => more(valuesOf(use)[0]!)),
  ge: op(1, (use) => notLess(valuesOf(use)[0]!)),
  lt: op(1, (use) => less(valuesOf(use)[0]!)),
  le: op(1, (use) => notMore(valuesOf(use)[0]!)),
  in: oneOf,
  'not-in': negative(oneOf),
  between,
  'not-between': negative(between),

  like,
  'not-like': negative(like),
  'begins-with': begins,
  'not-begin-with': negative(begins),
  'ends-with': ends,
  'not-end-with': negative(ends),

  'contain-values': contains,
  'not-contain-values': negative(contains),

  'eq-userid': isUser,
  'ne-userid': negative(isUser),
  'eq-businessid': isBusiness,
  'ne-businessid': negative(isBusiness),
  'eq-userteams': op(0, (use) => isIn(ids(use, ({ userId, teamsOf }) => teamsOf(userId)))),
  'eq-useroruserteams': op(0, (use) => isIn(ids(use, ({ userId, teamsOf }) => [userId, ...teamsOf(userId)]))),
  'eq-useroruserhierarchy': op(0, (use) =>
    isIn(ids(use, ({ userId, subordinatesOf }) => [userId, ...subordinatesOf(userId)])),
  ),
  'eq-useroruserhierarchyandteams': op(0, (use) =>
    isIn(
      ids(use, ({ userId, subordinatesOf, teamsOf }) =>
        [userId, ...subordinatesOf(userId)].flatMap((user) => [user, ...teamsOf(user)]),
      ),
    ),
  ),
  'eq-userlanguage': op(0, (use) => equals(toComparable(use.definition, use.host.context().language, use.about, utc))),

  above: op(1, (use) => isIn(related(use, ancestorsOf))),
  'eq-or-above': op(1, (use) => isIn([...related(use, ancestorsOf), hierarchyId(use)])),
  under,
  'eq-or-under': op(1, (use) => isIn([...related(use, descendantsOf), hierarchyId(use)])),
  'not-under': negative(under),

  on: op(1, (use) => within(use, daysFrom(use, 0, 1))),
  'on-or-before': op(1, (use) => within(use, daysFrom(use, undefined, 1))),
  'on-or-after': op(1, (use) => within(use, daysFrom(use, 0, undefined))),
  'in-fiscal-period': op(1, inFiscalPeriod),
  ...(Object.fromEntries(
    Object.entries(windows).map(([operator, [takes, make]]) => [operator, op(takes, (use) => inWindow(use, make))]),
  ) as Record<keyof typeof windows, OperatorDefinition>),
}

/**
 * Compiles an operator with its values to a test of what a column's values compare as.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export function compileOperator(
  table: TableDefinition,
  name: string,
  operator: Operator,
  values: readonly ColumnValue[],
  host: OperatorHost,
): Test {
  const found = Object.hasOwn(operatorTable, operator) ? operatorTable[operator] : undefined
  if (!found) throw dataverseError('QueryBuilderInvalidConditionOperator', { operator: String(operator) })
  const about = `${operator} on '${name}' of '${table.logicalName}'`
  const { takes } = found
  if (takes !== 'any' && values.length !== takes) {
    const count = ['no value', 'one value', 'two values'][takes]
    throw invalidValue(`${about} takes ${count}, but got ${values.length}.`)
  }
  return found.compile({ operator, table, name, definition: table.columns[name]!, values, host, about })
}

const utc = () => zoneClock('UTC')

// What tests are made of

/**
 * A comparison with a value. There are three of each, alike on purpose: engines make code for what a function has met, and
 * one that has met numbers and texts is slow for both. Numbers are compared in their column, without a call for each.
 */
function comparison(
  ofNumbers: (limit: number) => Test,
  inColumn: (limit: number, cells: Vector) => (at: number) => boolean,
  ofOthers: (limit: Comparable) => Test,
): (limit: Comparable) => Test {
  return (limit) => {
    if (typeof limit !== 'number') return ofOthers(limit)
    return Object.assign(ofNumbers(limit), { inColumn: (cells: Vector) => inColumn(limit, cells) })
  }
}

const equals = comparison(
  (limit) => (value) => value === limit,
  (limit, cells) => (at) => cells[at] === limit,
  (limit) => (value) => value === limit,
)
// null compares as 0 does, and has to be told apart.
const more = comparison(
  (limit) => (value) => value !== null && (value as number) > limit,
  (limit, cells) => (at) => cells[at] !== null && (cells[at] as number) > limit,
  (limit) => (value) => value !== null && value > limit,
)
const notLess = comparison(
  (limit) => (value) => value !== null && (value as number) >= limit,
  (limit, cells) => (at) => cells[at] !== null && (cells[at] as number) >= limit,
  (limit) => (value) => value !== null && value >= limit,
)
const less = comparison(
  (limit) => (value) => value !== null && (value as number) < limit,
  (limit, cells) => (at) => cells[at] !== null && (cells[at] as number) < limit,
  (limit) => (value) => value !== null && value < limit,
)
const notMore = comparison(
  (limit) => (value) => value !== null && (value as number) <= limit,
  (limit, cells) => (at) => cells[at] !== null && (cells[at] as number) <= limit,
  (limit) => (value) => value !== null && value <= limit,
)

/** A missing value satisfies nothing but what asks for it. */
function present(test: (value: Comparable) => boolean): Test {
  return (value) => value !== null && test(value)
}

function isIn(values: Iterable<Comparable>): Test {
  const set = new Set(values)
  return (value) => value !== null && set.has(value)
}

// What values are

function valuesOf({ definition, values, about, host }: Use): Comparable[] {
  return values.map((value) => toComparable(definition, value, about, () => zoneClock(host.context().timeZone)))
}

/** These operators do not go with long texts. */
function notLongText<T>(use: Use, then: (use: Use) => T): T {
  if (use.definition.type === 'memo') throw dataverseError('unManagedidsfetchbetweentext', {})
  return then(use)
}

function textOf({ definition, values: [value], about }: Use): string {
  if (!isText(definition)) throw invalidValue(`${about} compares texts, and the column is of type ${definition.type}.`)
  if (typeof value !== 'string') throw invalidValue(`${about} takes a text.`)
  return toComparable(definition, value, about, utc) as string
}

function optionsOf({ definition, values, about }: Use): readonly number[] {
  if (definition.type !== 'multiChoice') throw invalidValue(`${about}: the column is not a multi-select choice.`)
  const options = values.flatMap((value) => {
    if (typeof value === 'string') return /^\s*-?\d+\s*$/.test(value) ? Number(value) : Number.NaN
    return Array.isArray(value) ? (value as readonly number[]) : (value as number)
  })
  if (!options.every(Number.isInteger)) throw invalidValue(`${about} takes the integer values of the choice.`)
  return options
}

/** A count of units, a year or a period: a whole number above 0. */
function wholeNumber(value: ColumnValue | undefined, about: string): number {
  const number = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 1_000_000) {
    throw invalidValue(`${about} takes a whole number above 0, but got '${String(value)}'.`)
  }
  return number
}

// Who asks

function ids({ definition, about, host }: Use, take: (context: QueryContext) => readonly string[]): readonly string[] {
  if (definition.type !== 'lookup' && definition.type !== 'primaryKey' && definition.type !== 'uniqueIdentifier') {
    throw invalidValue(`${about} compares ids, and the column is of type ${definition.type}.`)
  }
  return take(host.context()).map((id) => id.toLowerCase())
}

// Hierarchies

/** The table whose hierarchy is meant: the column's own, or the one that a lookup refers to. */
function hierarchyTable({ table, definition, about, host }: Use): TableDefinition {
  if (definition.type === 'primaryKey') return table
  if (definition.type === 'lookup' && definition.targets.length === 1) {
    return host.source().definition(definition.targets[0]!)
  }
  throw invalidValue(
    `${about} looks at a hierarchy, and the column is neither the primary key nor a lookup of one table.`,
  )
}

function hierarchyId({ values: [value], about }: Use): string {
  const id = toId(value ?? null)
  if (id === undefined) throw invalidValue(`${about} takes the id of a row, but got '${String(value)}'.`)
  return id
}

function related(
  use: Use,
  find: (table: TableDefinition, id: string, source: RowSource) => ReadonlySet<string>,
): ReadonlySet<string> {
  return find(hierarchyTable(use), hierarchyId(use), use.host.source())
}

// Dates

/** How the column's values stand to the clock on the caller's wall. */
interface Scale {
  readonly clock: ZoneClock
  toComparable(wall: WallTime, rounding: 'floor' | 'ceil'): Comparable
  toWall(value: Comparable): WallTime
}

function scaleOf({ definition, about, host }: Use): Scale {
  if (!isDate(definition)) throw invalidValue(`${about} compares dates, and the column is of type ${definition.type}.`)
  const clock = zoneClock(host.context().timeZone)
  if (definition.type === 'dateOnly') {
    return {
      clock,
      toComparable: (wall, rounding) => {
        const day = startOfDay(rounding === 'ceil' ? wall + 86_399_999 : wall)
        return dayText(day)
      },
      toWall: (value) => Date.parse(`${value as string}T00:00:00Z`),
    }
  }
  const isLocal = definition.type === 'dateTime' && definition.behavior === 'userLocal'
  return {
    clock,
    toComparable: (wall) => (isLocal ? clock.toMoment(wall) : wall),
    toWall: (value) => (isLocal ? clock.toWall(value as number) : (value as number)),
  }
}

/** A day as it is kept; those before and after all that can be kept are as good as the first and the last of those. */
function dayText(wall: WallTime): string {
  const kept = Math.min(Math.max(wall, Date.UTC(1, 0, 1)), Date.UTC(9999, 11, 31))
  return Number.isNaN(kept) ? '9999-12-31' : new Date(kept).toISOString().slice(0, 10)
}

function within(use: Use, { from, to }: Window): Test {
  const scale = scaleOf(use)
  const low = from === undefined ? undefined : scale.toComparable(from, 'floor')
  // Of days, the one that a window ends in belongs to it; what is older than a moment is of an earlier day.
  const high = to === undefined ? undefined : scale.toComparable(to, from === undefined ? 'floor' : 'ceil')
  if (low === undefined) return present((value) => value < high!)
  if (high === undefined) return present((value) => value >= low)
  return present((value) => value >= low && value < high)
}

/** Whole days around the one that the value names. */
function daysFrom(use: Use, from: number | undefined, to: number | undefined): Window {
  const [value] = use.values
  const { clock } = scaleOf(use)
  let wall: WallTime | undefined
  if (value instanceof Date) wall = clock.toWall(value.getTime())
  else if (typeof value === 'string') {
    const moment = use.definition.type === 'dateOnly' ? undefined : parseMoment(value)
    wall = moment ? clock.toWall(moment.getTime()) : localTime(value)
  }
  if (wall === undefined || Number.isNaN(wall)) {
    throw invalidValue(`${use.about} takes a day, but got '${String(value)}'.`)
  }
  const day = startOfDay(wall)
  return {
    ...(from === undefined ? {} : { from: day + from * 86_400_000 }),
    ...(to === undefined ? {} : { to: day + to * 86_400_000 }),
  }
}

function inWindow(use: Use, make: MakeWindow): Test {
  const { definition, values, about, operator, host } = use
  const { clock } = scaleOf(use)
  const context = host.context()
  const fiscal = new FiscalCalendar(context.fiscal)
  const [first = 0, second = 0] = values.map((value) => wholeNumber(value, about))
  if (takesPeriod.has(operator)) checkPeriod(first, fiscal, about)
  const calendar = { firstDayOfWeek: context.firstDayOfWeek, fiscal }
  if (!elapsed.has(operator)) {
    return within(use, make({ ...calendar, now: clock.toWall(context.now.getTime()) }, first, second))
  }
  if (definition.type === 'dateOnly') throw invalidValue(`${about} counts hours, and the column holds days.`)
  // Hours are counted in moments: by the clock on the wall some are missing and some are twice there.
  const isLocal = definition.type === 'dateTime' && definition.behavior === 'userLocal'
  const now = isLocal ? context.now.getTime() : clock.toWall(context.now.getTime())
  const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = make({ ...calendar, now }, first, second)
  return present((value) => (value as number) >= from && (value as number) < to)
}

function inFiscalPeriod(use: Use): Test {
  const { toWall } = scaleOf(use)
  const fiscal = new FiscalCalendar(use.host.context().fiscal)
  const period = wholeNumber(use.values[0], use.about)
  checkPeriod(period, fiscal, use.about)
  return present((value) => fiscal.periodOf(toWall(value)) === period)
}

function checkPeriod(period: number, { periodsInYear }: FiscalCalendar, about: string): void {
  if (period > periodsInYear)
    throw invalidValue(`${about}: the fiscal year has ${periodsInYear} periods, not ${period}.`)
}
