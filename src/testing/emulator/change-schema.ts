import type { MetadataChange, TableDefinition } from '../../entities/index.ts'
import { layoutOf, type StoredRow } from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'
import { Schema } from './schema.ts'
import { Store } from './store.ts'

/**
 * The schema with a change, which refuses what would contradict itself.
 *
 * @param indexes further columns to index, by table; those of columns that are gone are left out
 */
export function changedSchema(
  schema: Schema,
  { tables = [], removedTables = [] }: MetadataChange,
  indexes: Readonly<Record<string, readonly string[]>> = {},
): Schema {
  const kept = new Map(schema.declared().map((table) => [table.logicalName, table]))
  for (const name of removedTables)
    if (!kept.delete(name)) throw dataverseError('QueryBuilderNoEntity', { table: name })
  for (const table of tables) kept.set(table.logicalName, table)
  const known = Object.entries(indexes).flatMap(([name, columns]) => {
    const table = kept.get(name)
    return table ? [[name, columns.filter((column) => Object.hasOwn(table.columns, column))] as const] : []
  })
  return new Schema([...kept.values()], Object.fromEntries(known))
}

/**
 * A store for the changed schema, with the rows of another: columns that stay keep their values, new ones have none. Takes
 * as long as there are rows, as a change of the schema is no everyday matter.
 *
 * Throws the platform's error when rows would not fit into an alternate key that is new.
 */
export function storeFor(schema: Schema, before: Store, beforeSchema: Schema): Store {
  const store = Store.empty(schema)
  for (const table of schema.all()) {
    if (!beforeSchema.has(table.logicalName)) continue
    const relay = relayingTo(table, before.definition(table.logicalName))
    for (const row of before.scan(table.logicalName)) store.put(table, relay(row))
  }
  for (const table of schema.all()) refuseSharedKeys(store, table)
  return store
}

/** Puts a row's values where the table has them now. */
function relayingTo(table: TableDefinition, before: TableDefinition): (row: StoredRow) => StoredRow {
  if (table === before) return (row) => row
  const { names } = layoutOf(table)
  const { positions } = layoutOf(before)
  const from = names.map((name) =>
    table.columns[name]!.type === before.columns[name]?.type ? positions.get(name) : undefined,
  )
  return (row) => from.map((position) => (position === undefined ? null : (row[position] ?? null)))
}

function refuseSharedKeys(store: Store, table: TableDefinition): void {
  const { positions } = layoutOf(table)
  for (const [key, columns] of Object.entries(table.keys)) {
    const seen = new Set<string>()
    for (const row of store.scan(table.logicalName)) {
      const values = columns.map((name) => row[positions.get(name)!] ?? null)
      if (values.includes(null)) continue
      const text = JSON.stringify(values).toLowerCase()
      if (seen.has(text)) throw dataverseError('DuplicateRecordEntityKey', { key, column: columns.join(', ') })
      seen.add(text)
    }
  }
}
