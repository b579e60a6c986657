import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import { isDay, parseMoment } from '../internal/date-text.ts'
import { isGuid } from '../internal/ids.ts'
import { type ColumnValue, dataverseError, isEntityReference, type Operator } from '../service/index.ts'
import { fold } from './collation.ts'
import { compileFoldedLike } from './like.ts'
import type { StoredValue } from './stored-row.ts'

/**
 * A value that compares with `<`, `>` and `===`: what a stored value is to conditions, orders and indexes.
 * Texts are folded, lookups are their id, multi-select choices their values with commas around each.
 */
export type Comparable = string | number | boolean

/** What a compiled condition asks of a value. */
export type Test = (value: Comparable | null) => boolean

export function comparable(definition: ColumnDefinition, value: StoredValue): Comparable | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return isText(definition) ? fold(value) : value
  if (typeof value === 'object') return Array.isArray(value) ? `,${value.join(',')},` : (value as { id: string }).id
  return value as Comparable
}

/**
 * Compiles an operator with its values to a test of what a column's values compare as.
 *
 * A row without a value fails every condition but `null` and the negative ones (`ne`, `not-in`, `not-like`, …),
 * which it passes: Dataverse writes them to SQL as "different, or null".
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export function compileOperator(
  table: TableDefinition,
  name: string,
  operator: Operator,
  values: readonly ColumnValue[],
): Test {
  const definition = table.columns[name]!
  const about = `${operator} on '${name}' of '${table.logicalName}'`
  const one = () => {
    if (values.length !== 1) throw invalid(`${about} takes one value, but got ${values.length}.`)
    return toComparable(definition, values[0]!, about)
  }
  const many = () => values.map((value) => toComparable(definition, value, about))
  const text = () => {
    const value = one()
    if (typeof value !== 'string') throw invalid(`${about} takes a text.`)
    return value
  }
  switch (operator) {
    case 'null':
      return (value) => value === null
    case 'not-null':
      return (value) => value !== null
    case 'eq':
      return equals(one())
    case 'ne':
      return not(equals(one()))
    case 'gt': {
      const limit = one()
      return present((value) => value > limit)
    }
    case 'ge': {
      const limit = one()
      return present((value) => value >= limit)
    }
    case 'lt': {
      const limit = one()
      return present((value) => value < limit)
    }
    case 'le': {
      const limit = one()
      return present((value) => value <= limit)
    }
    case 'in':
      return oneOf(many())
    case 'not-in':
      return not(oneOf(many()))
    case 'between':
      return between(many(), about)
    case 'not-between':
      return not(between(many(), about))
    case 'like':
      return like(definition, text())
    case 'not-like':
      return not(like(definition, text()))
    case 'begins-with':
      return present(startsWith(text()))
    case 'not-begin-with':
      return not(present(startsWith(text())))
    case 'ends-with':
      return present(endsWith(text()))
    case 'not-end-with':
      return not(present(endsWith(text())))
    case 'contain-values':
      return contains(definition, values, about)
    case 'not-contain-values':
      return not(contains(definition, values, about))
    default:
      throw dataverseError('QueryBuilderInvalidConditionOperator', { operator: String(operator) satisfies string })
  }
}

/** The condition's value as it compares with what is stored in the column. */
export function toComparable(definition: ColumnDefinition, value: ColumnValue, about: string): Comparable {
  const wrong = (): never => {
    throw invalid(`${about}: '${String(value)}' is not a value of a ${definition.type} column.`)
  }
  switch (definition.type) {
    case 'text':
    case 'memo':
    case 'autonumber':
      return typeof value === 'string' ? fold(value) : typeof value === 'number' ? String(value) : wrong()
    case 'primaryKey':
    case 'uniqueIdentifier':
    case 'file':
    case 'image':
      return isGuid(value) ? value.toLowerCase() : wrong()
    case 'lookup': {
      const id = isEntityReference(value) ? value.id : value
      return isGuid(id) ? id.toLowerCase() : wrong()
    }
    case 'dateTime': {
      const moment = value instanceof Date ? value : typeof value === 'string' ? toMoment(value) : undefined
      return moment === undefined || Number.isNaN(moment.getTime()) ? wrong() : moment.getTime()
    }
    case 'dateOnly':
      if (value instanceof Date) return value.toISOString().slice(0, 10)
      return typeof value === 'string' && toMoment(value) ? value.slice(0, 10) : wrong()
    case 'boolean':
      if (value === 1 || value === 0) return value === 1
      return typeof value === 'boolean' ? value : wrong()
    default:
      return typeof value === 'number' && !Number.isNaN(value) ? value : wrong()
  }
}

/** A day, from its beginning in UTC, or a moment with an offset. */
function toMoment(text: string): Date | undefined {
  return isDay(text) ? new Date(text) : parseMoment(text)
}

function isText({ type }: ColumnDefinition): boolean {
  return type === 'text' || type === 'memo' || type === 'autonumber'
}

function equals(expected: Comparable): Test {
  return (value) => value === expected
}

/** A missing value is null, and null compares as 0 does: it has to be told apart. */
function present(test: (value: Comparable) => boolean): Test {
  return (value) => value !== null && test(value)
}

function oneOf(values: readonly Comparable[]): Test {
  const set = new Set(values)
  return present((value) => set.has(value))
}

function between(values: readonly Comparable[], about: string): Test {
  const [low, high] = values
  if (values.length !== 2 || low === undefined || high === undefined) {
    throw invalid(`${about} takes two values, but got ${values.length}.`)
  }
  return present((value) => value >= low && value <= high)
}

function like(definition: ColumnDefinition, pattern: string): Test {
  if (!isText(definition)) throw invalid(`like compares texts, and the column is of type ${definition.type}.`)
  const test = compileFoldedLike(pattern)
  return present((value) => test(value as string))
}

const startsWith = (start: string) => (value: Comparable) => String(value).startsWith(start)
const endsWith = (end: string) => (value: Comparable) => String(value).endsWith(end)

function contains(definition: ColumnDefinition, values: readonly ColumnValue[], about: string): Test {
  if (definition.type !== 'multiChoice') throw invalid(`${about}: the column is not a multi-select choice.`)
  const wanted = values.flatMap((value) => (Array.isArray(value) ? (value as number[]) : [value as number]))
  if (!wanted.every(Number.isInteger)) throw invalid(`${about} takes the integer values of the choice.`)
  return present((value) => wanted.some((option) => (value as string).includes(`,${option},`)))
}

const not =
  (test: Test): Test =>
  (value) =>
    !test(value)

function invalid(reason: string) {
  return dataverseError('QueryBuilderInvalid_Value', { reason })
}
