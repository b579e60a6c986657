import type { ColumnDefinition } from './column.ts'
import { defineTable, type ManyToMany, type TableDefinition, type TableOptions } from './define-table.ts'

/** What is to be different about a table. */
export interface TableChange
  extends Partial<Pick<TableOptions, 'displayName' | 'description' | 'primaryName' | 'changeTracking'>> {
  /** Columns that are new, or take the place of those of their names. */
  readonly columns?: Readonly<Record<string, ColumnDefinition>>
  readonly removedColumns?: readonly string[]
  readonly keys?: Readonly<Record<string, readonly string[]>>
  readonly removedKeys?: readonly string[]
  readonly manyToMany?: Readonly<Record<string, ManyToMany>>
  readonly removedManyToMany?: readonly string[]
}

/**
 * The same table with changes. Throws a `TypeError` when it then contradicts itself, as `defineTable` does.
 *
 * @example changeTable(Account, { columns: { new_grade: column.text({ label: 'Grade' }) } })
 */
export function changeTable(table: TableDefinition, change: TableChange): TableDefinition {
  const columns = without({ ...table.columns, ...change.columns }, [table.primaryKey, ...(change.removedColumns ?? [])])
  return defineTable<
    string,
    Record<string, ColumnDefinition>,
    TableOptions['states'] & object,
    TableDefinition['ownership'],
    string
  >({
    logicalName: table.logicalName,
    displayName: change.displayName ?? table.displayName,
    ...optional('description', change.description ?? table.description),
    collectionName: table.collectionName,
    documented: table.documented,
    primaryKey: table.primaryKey,
    primaryName: change.primaryName ?? table.primaryName,
    ownership: table.ownership,
    states: table.states as never,
    columns,
    keys: without({ ...table.keys, ...change.keys }, change.removedKeys ?? []),
    manyToMany: without({ ...table.manyToMany, ...change.manyToMany }, change.removedManyToMany ?? []),
    changeTracking: change.changeTracking ?? table.changeTracking,
  })
}

function without<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
}
