import { isGuid } from '../../internal/ids.ts'
import { type ColumnValue, isEntityReference, type RowKey } from '../../service/index.ts'
import { propertyOf, type TableInfo } from '../tables/table-info.ts'
import { encodeMoment, notAnId } from './encode-row.ts'

/**
 * Where a row is, below the base address: `accounts(<id>)` or `accounts(accountnumber='A1')`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record#using-the-web-api
 */
export function keyPath(table: TableInfo, key: RowKey): string {
  if (typeof key === 'string') {
    if (!isGuid(key)) throw notAnId(table.logicalName, key)
    return `${table.entitySet}(${key.toLowerCase()})`
  }
  const parts = Object.entries(key).map(([column, value]) => `${propertyOf(table, column)}=${literal(value)}`)
  return `${table.entitySet}(${parts.join(',')})`
}

function literal(value: ColumnValue): string {
  if (isEntityReference(value)) return value.id.toLowerCase()
  if (value instanceof Date) return encodeURIComponent(encodeMoment(value))
  if (typeof value !== 'string') return encodeURIComponent(String(value))
  return `'${encodeURIComponent(value.replaceAll("'", "''"))}'`
}
