import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { labelOf } from '../../entities/states.ts'
import { isDay, parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import type { StoredValue } from '../../query/index.ts'
import { type ColumnValue, dataverseError, isEntityReference, type Row } from '../../service/index.ts'
import { refuseNoObject } from './arguments.ts'

/** Refuses columns that the table does not have, and values of another type than their column's. */
export function refuseWrongTypes(table: TableDefinition, row: object): void {
  refuseNoObject(`A row of '${table.logicalName}'`, row)
  for (const [name, value] of Object.entries(row as Row)) {
    if (value === undefined) continue
    const definition = columnOf(table, name)
    if (value !== null && !hasType(definition, value)) throw wrongType(table, name, definition, value)
  }
}

export function columnOf(table: TableDefinition, name: string): ColumnDefinition {
  if (!Object.hasOwn(table.columns, name)) throw undeclared(table, name)
  return table.columns[name]!
}

export function undeclared({ collectionName, logicalName }: TableDefinition, column: string) {
  return dataverseError('UndeclaredProperty', { set: collectionName, table: logicalName, column })
}

/**
 * The value as it is kept: checked against everything that its column says, rounded and normalised.
 * Whether a lookup's row exists is checked by the caller, who knows the rows.
 */
export function encode(table: TableDefinition, name: string, value: ColumnValue): StoredValue {
  if (value === null) return null
  const definition = columnOf(table, name)
  if (!hasType(definition, value)) throw wrongType(table, name, definition, value)
  switch (definition.type) {
    case 'text':
    case 'memo':
    case 'autonumber':
      return checkLength(table, name, value as string, definition.maxLength)
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
    case 'money':
      return checkRange(table, name, round(value as number, definition.precision), definition)
    case 'choice':
    case 'state':
    case 'status':
      return checkOption(table, name, value as number, definition)
    case 'multiChoice':
      return Object.freeze(
        [...(value as readonly number[])]
          .map((option) => checkOption(table, name, option, definition))
          .sort((a, b) => a - b),
      )
    case 'dateTime':
      // The platform keeps whole seconds.
      return Math.floor(new Date(value as Date | string).getTime() / 1000) * 1000
    case 'dateOnly':
      return value as string
    case 'lookup': {
      const { logicalName, id } = value as { logicalName: string; id: string }
      if (definition.targets.length > 0 && !definition.targets.includes(logicalName)) {
        throw wrongType(table, name, definition, value)
      }
      return Object.freeze({ logicalName, id: id.toLowerCase() })
    }
    case 'primaryKey':
    case 'uniqueIdentifier':
    case 'file':
      return (value as string).toLowerCase()
    default:
      return value as StoredValue
  }
}

/** The first and the last day that the platform can keep. */
const [FIRST, LAST] = [Date.UTC(1753, 0, 1), Date.UTC(9999, 11, 31, 23, 59, 59, 999)]

function isKept(moment: Date | undefined): boolean {
  const time = moment?.getTime() ?? Number.NaN
  return time >= FIRST && time <= LAST
}

function hasType(definition: ColumnDefinition, value: ColumnValue): boolean {
  switch (definition.type) {
    case 'text':
    case 'memo':
    case 'autonumber':
    case 'image':
      return typeof value === 'string'
    case 'integer':
    case 'bigint':
    case 'choice':
    case 'state':
    case 'status':
      return Number.isInteger(value)
    case 'decimal':
    case 'float':
    case 'money':
      return Number.isFinite(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'multiChoice':
      return Array.isArray(value) && value.every(Number.isInteger)
    case 'dateTime':
      if (value instanceof Date) return isKept(value)
      return typeof value === 'string' && isKept(parseMoment(value))
    case 'dateOnly':
      return typeof value === 'string' && isDay(value) && isKept(new Date(value))
    case 'lookup':
      return isEntityReference(value) && isGuid(value.id)
    default:
      return isGuid(value)
  }
}

const expectations: Partial<Record<ColumnDefinition['type'], string>> = {
  text: 'a string',
  memo: 'a string',
  autonumber: 'a string',
  image: 'a base64 string',
  integer: 'a whole number',
  bigint: 'a whole number',
  choice: "one of the choice's integer values",
  state: "one of the choice's integer values",
  status: "one of the choice's integer values",
  decimal: 'a number',
  float: 'a number',
  money: 'a number',
  boolean: 'true or false',
  multiChoice: "an array of the choice's integer values",
  dateTime: 'a Date or an ISO 8601 date and time with an offset',
  dateOnly: "a day as 'YYYY-MM-DD'",
}

function wrongType(table: TableDefinition, name: string, definition: ColumnDefinition, value: ColumnValue) {
  const expected =
    definition.type === 'lookup'
      ? `a reference { logicalName, id } to ${definition.targets.join(' or ') || 'a row'}`
      : (expectations[definition.type] ?? 'a GUID')
  return dataverseError('WrongValueType', { column: name, set: table.collectionName, expected, actual: show(value) })
}

function show(value: ColumnValue): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function checkLength(table: TableDefinition, column: string, value: string, max: number): string {
  if (value.length > max) throw dataverseError('StringLengthTooLong', { column, table: table.logicalName, max })
  return value
}

function checkRange(
  table: TableDefinition,
  column: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (value < min || value > max) {
    throw dataverseError('ValueOutOfRange', { value, column, table: table.logicalName, min, max })
  }
  return value
}

function checkOption(
  table: TableDefinition,
  column: string,
  value: number,
  { options }: { readonly options: Readonly<Record<string, number>> },
): number {
  const accepted = Object.values(options)
  // A choice without options is one whose labels no source lists: any integer may be right.
  if (accepted.length > 0 && labelOf(options, value) === undefined) {
    const { logicalName } = table
    throw dataverseError('PicklistValueOutOfRange', { value, column, table: logicalName, accepted: accepted.join(',') })
  }
  return value
}

/** Rounds the decimal number that is written, half away from zero: 1.005 to two digits is 1.01. */
function round(value: number, digits: number): number {
  if (Number.isSafeInteger(value)) return value + 0
  const [written, exponent = '0'] = String(Math.abs(value)).split('e')
  const shifted = Math.round(Number(`${written}e${Number(exponent) + digits}`))
  if (!Number.isSafeInteger(shifted)) return value
  // Adding zero makes -0 a plain 0.
  return Math.sign(value) * Number(`${shifted}e-${digits}`) + 0
}
