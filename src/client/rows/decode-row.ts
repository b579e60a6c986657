import type { ColumnValue, EntityReference, Row } from '../../service/index.ts'
import type { ColumnInfo, TableInfo } from '../tables/table-info.ts'
import { columnOf, propertyOf } from '../tables/table-info.ts'

/** A row as it comes over the wire. */
export type WireRow = Readonly<Record<string, unknown>>

const FORMATTED = '@OData.Community.Display.V1.FormattedValue'
const LOGICAL_NAME = '@Microsoft.Dynamics.CRM.lookuplogicalname'

/** What decoding needs to be told by the environment; asked for with `Prefer`. */
export const ROW_ANNOTATIONS = `${LOGICAL_NAME.slice(1)},${FORMATTED.slice(1)}`

/** Exactly these columns, `null` where there is no value. */
export function decodeColumns(table: TableInfo, columns: readonly string[], row: WireRow): Row {
  const decoded: Row = {}
  for (const name of columns) decoded[name] = decodeValue(columnOf(table, name), row, propertyOf(table, name))
  return decoded
}

/** Every column of the row: those that the wire shows, and those that the table has and the wire left out. */
export function decodeAll(table: TableInfo, row: WireRow): Row {
  const decoded: Row = {}
  for (const [name, column] of table.columns) decoded[name] = decodeValue(column, row, propertyOf(table, name))
  for (const property of Object.keys(row)) {
    if (property.includes('@') || property in decoded || LOOKUP.test(property)) continue
    const value = row[property]
    if (typeof value !== 'object' || value === null) decoded[property] = value as ColumnValue
  }
  return decoded
}

/** Only what the row shows: a template of a row has few values. */
export function decodePresent(table: TableInfo | undefined, row: WireRow): Row {
  const decoded: Row = {}
  for (const property of Object.keys(row)) {
    if (property.includes('@')) continue
    const name = LOOKUP.exec(property)?.[1] ?? property
    const column = table?.columns.get(name) ?? { kind: name === property ? 'other' : 'lookup', targets: [] }
    decoded[name] = decodeValue(column, row, property)
  }
  return decoded
}

const LOOKUP = /^_(\w+)_value$/

/** The value of one property, by what its column holds. Properties of FetchXML links have a dot in their name. */
export function decodeValue({ kind, targets }: ColumnInfo, row: WireRow, property: string): ColumnValue {
  const value = row[property]
  if (value === undefined || value === null) return null
  switch (kind) {
    case 'lookup':
      return referenceIn(row, property, String(value), targets)
    case 'dateTime':
      return typeof value === 'string' ? decodeMoment(value) : (value as ColumnValue)
    case 'multiChoice':
      return typeof value === 'string' ? value.split(',').map(Number) : (value as ColumnValue)
    case 'id':
      return typeof value === 'string' ? value.toLowerCase() : (value as ColumnValue)
    default:
      return value as ColumnValue
  }
}

/** A date without a time is a day, whatever the metadata call the column. */
function decodeMoment(text: string): Date | string {
  return text.length === 10 ? text : new Date(text)
}

function referenceIn(row: WireRow, property: string, id: string, targets: readonly string[]): EntityReference {
  const logicalName = row[`${property}${LOGICAL_NAME}`] ?? targets[0] ?? ''
  const name = row[`${property}${FORMATTED}`]
  return {
    logicalName: String(logicalName),
    id: id.toLowerCase(),
    ...(typeof name === 'string' ? { name } : {}),
  }
}
