import { changeTable } from '../../entities/change-table.ts'
import type { ColumnDefinition, GlobalOptionSet, TableDefinition } from '../../entities/index.ts'
import { changedSchema } from './change-schema.ts'
import type { Environment } from './environment.ts'
import { decodeGraph, encodeGraph } from './json-graph.ts'
import type { Schema } from './schema.ts'
import { type Snapshot, SnapshotError, type SnapshotSchema } from './snapshot-file.ts'

/** What was changed about the schema since `createEmulator` made it; `undefined`: nothing. */
export function encodeSchema({
  schema,
  declared,
  optionSets,
}: Pick<Environment, 'schema' | 'declared' | 'optionSets'>): SnapshotSchema | undefined {
  if (schema === declared) return undefined
  const changed = schema.declared().filter((table) => declared.find(table.logicalName) !== table)
  const removed = declared.declared().filter(({ logicalName }) => !schema.has(logicalName))
  return {
    tables: Object.fromEntries(changed.map((table) => [table.logicalName, encodeTable(table)])),
    removedTables: removed.map(({ logicalName }) => logicalName),
    optionSets: [...optionSets],
  }
}

/** The schema of a snapshot: the one that was declared here, with the changes that the snapshot brings. */
export function decodeSchema(
  { schema: changes }: Snapshot,
  declared: Schema,
  indexes: Readonly<Record<string, readonly string[]>> | undefined,
): Pick<Environment, 'schema' | 'optionSets'> {
  if (changes === undefined) return { schema: declared, optionSets: [] }
  const tables = Object.entries(changes.tables).map(([name, table]) => decodeTable(name, table, declared))
  const removedTables = changes.removedTables.filter((name) => declared.has(name))
  try {
    return { schema: changedSchema(declared, { tables, removedTables }, indexes), optionSets: changes.optionSets }
  } catch (error) {
    throw different(`Its tables do not fit to those here: ${(error as Error).message}`)
  }
}

/** A definition is data but for what calculated columns do: that is code, of which only the column's name is kept. */
function encodeTable({ description, columns, ...table }: TableDefinition): unknown {
  const data = Object.entries(columns).map(([name, { calculation, ...column }]) => [
    name,
    calculation ? { ...column, calculation: { from: calculation.from } } : column,
  ])
  return encodeGraph({ ...table, ...(description !== undefined && { description }), columns: Object.fromEntries(data) })
}

function decodeTable(name: string, encoded: unknown, declared: Schema): TableDefinition {
  const known = declared.find(name)
  const columns: Record<string, ColumnDefinition> = {}
  let table: TableDefinition
  try {
    table = decodeGraph(encoded) as TableDefinition
    for (const [column, definition] of Object.entries(table.columns)) {
      const calculation = known?.columns[column]?.calculation
      columns[column] = definition.calculation && calculation ? { ...definition, calculation } : definition
    }
    table = changeTable({ ...table, logicalName: name }, { columns })
  } catch {
    throw new SnapshotError(
      'malformed',
      `This is no snapshot of an environment: the definition of the table '${name}' cannot be read.`,
    )
  }
  const uncalculated = Object.entries(table.columns).find(
    ([, { calculation }]) => calculation && !calculation.calculate,
  )
  if (uncalculated) {
    throw different(`In the snapshot '${name}' calculates '${uncalculated[0]}', and nothing says here how.`)
  }
  return table
}

function different(what: string): SnapshotError {
  return new SnapshotError('different', `The snapshot is of another environment. ${what}`)
}

/** Whether a part of a document may be a {@link SnapshotSchema}; its definitions are looked at when they are read. */
export function isSchema(part: unknown): part is SnapshotSchema {
  if (typeof part !== 'object' || part === null) return false
  const { tables, removedTables, optionSets } = part as Record<keyof SnapshotSchema, unknown>
  const isText = (value: unknown) => typeof value === 'string'
  const isOptionSet = (value: Partial<GlobalOptionSet> | null) =>
    isText(value?.name) && isText(value?.displayName) && typeof value?.options === 'object' && value.options !== null
  return (
    typeof tables === 'object' &&
    tables !== null &&
    Array.isArray(removedTables) &&
    removedTables.every(isText) &&
    Array.isArray(optionSets) &&
    optionSets.every(isOptionSet)
  )
}
