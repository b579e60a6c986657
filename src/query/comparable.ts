import type { ColumnDefinition } from '../entities/index.ts'
import { isDay, parseMoment } from '../internal/date-text.ts'
import { isGuid } from '../internal/ids.ts'
import { type ColumnValue, dataverseError, isEntityReference } from '../service/index.ts'
import type { ZoneClock } from './calendar/zone-clock.ts'
import { fold } from './collation.ts'
import type { StoredValue } from './stored-row.ts'

/**
 * A value that compares with `<`, `>` and `===`: what a stored value is to conditions, orders and indexes.
 * Texts are folded, lookups are their id, multi-select choices their values with commas around each.
 */
export type Comparable = string | number | boolean

export function comparable(definition: ColumnDefinition, value: StoredValue): Comparable | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return isText(definition) ? fold(value) : value
  if (typeof value === 'object') return Array.isArray(value) ? `,${value.join(',')},` : (value as { id: string }).id
  return value as Comparable
}

export function isText({ type }: ColumnDefinition): boolean {
  return type === 'text' || type === 'memo' || type === 'autonumber'
}

export function isDate({ type }: ColumnDefinition): boolean {
  return type === 'dateTime' || type === 'dateOnly'
}

export function invalidValue(reason: string) {
  return dataverseError('QueryBuilderInvalid_Value', { reason })
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i

/**
 * A condition's value as it compares with what is stored in the column. Numbers, truth values, ids and dates may be
 * texts, as FetchXML has nothing else. `clock` gives the caller's clock: a date without an offset is one of theirs.
 */
export function toComparable(
  definition: ColumnDefinition,
  value: ColumnValue,
  about: string,
  clock: () => ZoneClock,
): Comparable {
  const wrong = (): never => {
    const shown = String(value)
    throw invalidValue(
      `${about}: '${shown.length > 100 ? `${shown.slice(0, 100)}…` : shown}' is not a value of a ${definition.type} column.`,
    )
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
    case 'lookup':
      return toId(value) ?? wrong()
    case 'dateTime':
      return toTime(definition, value, clock) ?? wrong()
    case 'dateOnly':
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? wrong() : value.toISOString().slice(0, 10)
      return typeof value === 'string' && localTime(value) !== undefined ? value.slice(0, 10) : wrong()
    case 'boolean':
      if (value === 1 || value === '1' || value === 'true') return true
      if (value === 0 || value === '0' || value === 'false') return false
      return typeof value === 'boolean' ? value : wrong()
    case 'multiChoice': {
      const options = typeof value === 'string' ? value.split(',').map(toNumber) : [value].flat()
      if (!options.every((option) => Number.isInteger(option))) return wrong()
      return `,${[...(options as number[])].sort((a, b) => a - b).join(',')},`
    }
    default:
      return (
        (typeof value === 'string'
          ? toNumber(value)
          : typeof value === 'number' && !Number.isNaN(value)
            ? value
            : undefined) ?? wrong()
      )
  }
}

function toNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined
}

/** An id as it is kept; it may be given in braces, in any case, or as a reference. */
export function toId(value: ColumnValue): string | undefined {
  const id = isEntityReference(value) ? value.id : typeof value === 'string' ? value.replace(/^\{(.*)\}$/, '$1') : value
  return isGuid(id) ? id.toLowerCase() : undefined
}

function toTime(
  definition: ColumnDefinition & { type: 'dateTime' | 'dateOnly' },
  value: ColumnValue,
  clock: () => ZoneClock,
): number | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime()
  if (typeof value !== 'string') return undefined
  const moment = parseMoment(value)
  if (moment) return moment.getTime()
  const wall = localTime(value)
  if (wall === undefined || definition.behavior !== 'userLocal') return wall
  return clock().toMoment(wall)
}

/** A day, or a day and a time, as a clock shows it; an offset behind it is passed over. */
export function localTime(text: string): number | undefined {
  if (isDay(text)) return Date.parse(`${text}T00:00:00Z`)
  const written = text.replace(' ', 'T').replace(/(Z|[+-]\d\d:\d\d)$/i, '')
  return parseMoment(`${written}Z`)?.getTime()
}
