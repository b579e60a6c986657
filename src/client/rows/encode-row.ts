import { isDay, parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import {
  type ColumnValue,
  dataverseError,
  type EntityReference,
  isEntityReference,
  type Row,
} from '../../service/index.ts'
import type { TableCatalog } from '../tables/table-catalog.ts'
import { type ColumnInfo, columnOf, type TableInfo } from '../tables/table-info.ts'

/**
 * The JSON object that describes a row. A column that holds `undefined` says nothing.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
 */
export async function encodeRow(tables: TableCatalog, table: TableInfo, row: Row): Promise<Record<string, unknown>> {
  const payload: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    if (value === undefined) continue
    const column = columnOf(table, name)
    if (isEntityReference(value)) {
      const navigation = table.navigationTo(name, value.logicalName) ?? table.anyNavigation(name) ?? name
      payload[`${navigation}@odata.bind`] = await pathOf(tables, value)
    } else if (column.kind === 'lookup') {
      if (value !== null) throw wrongType(table, name, column, value)
      payload[`${table.anyNavigation(name) ?? name}@odata.bind`] = null
    } else {
      payload[name] = encodeValue(table, name, column, value)
    }
  }
  return payload
}

/** Where a row is, below the base address. */
export async function pathOf(tables: TableCatalog, { logicalName, id }: EntityReference): Promise<string> {
  if (!isGuid(id)) throw notAnId(logicalName, id)
  const { entitySet } = await tables.get(logicalName)
  return `${entitySet}(${id.toLowerCase()})`
}

export function notAnId(table: string, id: string) {
  return dataverseError('InvalidArgument', { reason: `'${id}' is not an id of '${table}': an id is a GUID.` })
}

/** JSON would make `null` of a number or a date that is none, and the column would be emptied. */
function encodeValue(table: TableInfo, name: string, column: ColumnInfo, value: ColumnValue): unknown {
  if (value === null) return null
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw wrongType(table, name, column, value)
    return encodeMoment(value)
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw wrongType(table, name, column, value)
  if (Array.isArray(value)) {
    if (column.kind !== 'multiChoice' || !value.every(Number.isInteger)) throw wrongType(table, name, column, value)
    return value.length === 0 ? null : value.join(',')
  }
  if (column.kind === 'multiChoice') throw wrongType(table, name, column, value)
  if (column.kind === 'dateOnly' && !(typeof value === 'string' && isDay(value))) {
    throw wrongType(table, name, column, value)
  }
  if (column.kind === 'dateTime' && !(typeof value === 'string' && (parseMoment(value) ?? isDay(value)))) {
    throw wrongType(table, name, column, value)
  }
  return value
}

/** Dataverse keeps whole seconds; a moment must not move into the future. */
export function encodeMoment(value: Date): string {
  return `${value.toISOString().slice(0, -5)}Z`
}

const expectations: Partial<Record<ColumnInfo['kind'], string>> = {
  number: 'a number',
  dateTime: 'a Date or an ISO 8601 date and time with an offset',
  dateOnly: "a day as 'YYYY-MM-DD'",
  multiChoice: "an array of the choice's integer values",
  lookup: 'a reference { logicalName, id }',
}

function wrongType(table: TableInfo, column: string, { kind }: ColumnInfo, value: ColumnValue) {
  const actual = typeof value === 'number' || value instanceof Date ? String(value) : JSON.stringify(value)
  return dataverseError('WrongValueType', {
    column,
    set: table.entitySet,
    expected: expectations[kind] ?? 'another type of value',
    actual: actual.length > 60 ? `${actual.slice(0, 57)}…` : actual,
  })
}
