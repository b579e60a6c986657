import type { ColumnDefinition } from '../../entities/index.ts'
import { type ColumnValue, type EntityReference, isEntityReference } from '../../service/index.ts'
import { quoted } from '../json-text.ts'

/** Writes a value that is not null as JSON. */
export type ValueWriter = (value: NonNullable<ColumnValue>) => string

const asIs: ValueWriter = (value) => `${value as number | boolean}`
const asText: ValueWriter = (value) => quoted(value as string)
const asMoment: ValueWriter = (value) => `"${momentText(value as Date)}"`
const asId: ValueWriter = (value) => `"${value as string}"`
const asIdOf: ValueWriter = (value) => `"${(value as EntityReference).id}"`
const asChoices: ValueWriter = (value) => {
  const values = value as readonly number[]
  return values.length === 0 ? 'null' : `"${values.join(',')}"`
}
/** Money has four decimals in the database, whatever its currency's. */
const asMoney = asFixed(4)

/** How values of a column are written. */
export function valueWriter(definition: ColumnDefinition): ValueWriter {
  switch (definition.type) {
    case 'integer':
    case 'bigint':
    case 'float':
    case 'choice':
    case 'state':
    case 'status':
    case 'boolean':
      return asIs
    case 'money':
      return asMoney
    case 'decimal':
      return asFixed(definition.precision)
    case 'dateTime':
      return asMoment
    case 'multiChoice':
      return asChoices
    case 'primaryKey':
    case 'uniqueIdentifier':
      return asId
    case 'lookup':
      return asIdOf
    default:
      return asText
  }
}

/** A moment in UTC, in whole seconds: the platform knows no smaller ones. Rows often have the same moment several times. */
export function momentText(moment: Date): string {
  const time = moment.getTime()
  if (time !== last.time) last = { time, text: `${moment.toISOString().slice(0, -5)}Z` }
  return last.text
}

let last = { time: 0, text: '1970-01-01T00:00:00Z' }

/** A value whose column is not known, such as the result of an aggregate. */
export function writeUntyped(value: ColumnValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (value instanceof Date) return asMoment(value)
  if (isEntityReference(value)) return asIdOf(value)
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'object' ? asChoices(value) : String(value)
}

function asFixed(decimals: number): ValueWriter {
  const zeros = decimals === 0 ? '' : `.${'0'.repeat(decimals)}`
  return (amount) => {
    const value = amount as number
    // Most amounts are whole, and writing those is ten times as fast.
    if (Number.isSafeInteger(value)) return `${value}${zeros}`
    return Math.abs(value) < 1e21 ? value.toFixed(decimals) : String(value)
  }
}
