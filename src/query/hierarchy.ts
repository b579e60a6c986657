import type { LookupColumn } from '../entities/column.ts'
import type { TableDefinition } from '../entities/index.ts'
import { dataverseError } from '../service/index.ts'
import { comparable } from './comparable.ts'
import type { RowSource } from './row-source.ts'
import { idOf, layoutOf } from './stored-row.ts'

/**
 * The lookup that arranges a table's rows in a hierarchy: the one that is declared `hierarchical`, or else the only one
 * that refers to the table itself and can be written.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-hierarchical-data
 */
export function hierarchyOf(table: TableDefinition): string {
  const lookups = Object.entries(table.columns).filter(
    (entry): entry is [string, LookupColumn] =>
      entry[1].type === 'lookup' && entry[1].targets.includes(table.logicalName),
  )
  const declared = lookups.filter(([, { hierarchical }]) => hierarchical === true)
  const [only, ...others] = declared.length > 0 ? declared : lookups.filter(([, { readOnly }]) => !readOnly)
  if (only && others.length === 0) return only[0]
  throw dataverseError('InvalidQuery', {
    reason: `The table '${table.logicalName}' has ${only ? 'several hierarchical relationships' : 'no hierarchical relationship'}.`,
  })
}

/** The rows that stand above a row, the nearest first, without it. */
export function ancestorsOf(table: TableDefinition, id: string, source: RowSource): Set<string> {
  const { columns, positions } = layoutOf(table)
  const position = positions.get(hierarchyOf(table))!
  const found = new Set<string>()
  let current = source.get(table.logicalName, id)
  while (current) {
    const parent = comparable(columns[position]!, current[position] ?? null)
    // Rows that stand above each other end somewhere too.
    if (parent === null || found.has(parent as string)) break
    found.add(parent as string)
    current = source.get(table.logicalName, parent as string)
  }
  return found
}

/** The rows that stand below a row, without it. */
export function descendantsOf(table: TableDefinition, id: string, source: RowSource): Set<string> {
  const position = layoutOf(table).positions.get(hierarchyOf(table))!
  const found = new Set<string>()
  const waiting = [id]
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    for (const row of source.find(table.logicalName, position, current)) {
      const child = idOf(row)
      if (found.has(child)) continue
      found.add(child)
      waiting.push(child)
    }
  }
  return found
}

/** How many rows stand directly below a row. */
export function countChildren(table: TableDefinition, id: string, source: RowSource): number {
  const position = layoutOf(table).positions.get(hierarchyOf(table))!
  return source.find(table.logicalName, position, id).length
}
