import type { TableDefinition } from '../../entities/index.ts'
import { isGuid } from '../../internal/ids.ts'
import { type Comparable, comparable, idOf, layoutOf, type StoredRow } from '../../query/index.ts'
import { dataverseError, type RowKey } from '../../service/index.ts'
import { refuseNoObject } from './arguments.ts'
import { columnOf, encode } from './encode.ts'
import type { View } from './store.ts'

/** The row with this id or alternate key; throws the platform's 404 when there is none. */
export function findRow(view: View, table: TableDefinition, key: RowKey): StoredRow {
  return existing(lookUp(view, table, key), table, key)
}

/** The row with an id that is known to be one. */
export function rowWithId(view: View, table: TableDefinition, id: string): StoredRow {
  return existing(view.get(table.logicalName, id), table, id)
}

function existing(row: StoredRow | undefined, table: TableDefinition, key: RowKey): StoredRow {
  if (row) return row
  if (typeof key === 'string') throw dataverseError('ObjectDoesNotExist', { table: table.logicalName, id: key })
  throw dataverseError('RecordNotFoundByEntityKey', { table: table.logicalName })
}

export function lookUp(view: View, table: TableDefinition, key: RowKey): StoredRow | undefined {
  if (typeof key === 'string') {
    // What there is a row by is an id.
    const row = view.get(table.logicalName, key)
    if (row) return row
    if (!isGuid(key)) {
      throw dataverseError('InvalidArgument', {
        reason: `'${key}' is not an id of '${table.logicalName}': an id is a GUID.`,
      })
    }
    return view.get(table.logicalName, key.toLowerCase())
  }
  refuseNoObject(`The key of a row of '${table.logicalName}'`, key)
  const columns = keyColumns(table, key)
  return view.findByKey(
    table,
    columns,
    columns.map((name) => comparable(columnOf(table, name), encode(table, name, key[name]!))!),
  )
}

/** The columns of the alternate key that these values belong to. */
function keyColumns(table: TableDefinition, key: Exclude<RowKey, string>): readonly string[] {
  const given = Object.keys(key)
  const columns = Object.values(table.keys).find(
    (names) => names.length === given.length && names.every((name) => given.includes(name)),
  )
  if (!columns) throw dataverseError('EntityKeyNotDefined', { table: table.logicalName })
  return columns
}

/** Refuses a row that would have the alternate key of another one. Rows without a value in the key are free. */
export function refuseDuplicateKeys(view: View, table: TableDefinition, row: StoredRow): void {
  const layout = layoutOf(table)
  for (const key in table.keys) {
    const columns = table.keys[key]!
    const values: (Comparable | null)[] = columns.map((name) => {
      const at = layout.positions.get(name)!
      return comparable(layout.columns[at]!, row[at] ?? null)
    })
    if (values.includes(null)) continue
    const taken = view.findByKey(table, columns, values as Comparable[])
    if (taken && idOf(taken) !== idOf(row)) {
      throw dataverseError('DuplicateRecordEntityKey', { key, column: columns.join(', ') })
    }
  }
}
