import type { ColumnDefinition, ColumnType, TableDefinition } from '../entities/index.ts'
import type { ColumnValue, EntityReference, Row } from '../service/index.ts'

/**
 * A value as it is kept and compared: immutable, so that sharing it needs no copy.
 * Date-times are milliseconds since 1970, lookups and multi-select choices are frozen.
 */
export type StoredValue = string | number | boolean | EntityReference | readonly number[] | null

/**
 * A row as it is kept: values at their columns' positions, the primary key first. Arrays read at one speed whatever
 * the column's name, which is what makes a scan with a compiled predicate nearly as fast as a hand-written loop.
 */
export type StoredRow = readonly StoredValue[]

/** Where each column of a table stands in its stored rows. */
export interface Layout {
  readonly table: TableDefinition
  readonly names: readonly string[]
  readonly columns: readonly ColumnDefinition[]
  /** The types of the columns: their definitions have many shapes, and what these have in common is slow to read. */
  readonly types: readonly ColumnType[]
  readonly positions: ReadonlyMap<string, number>
  /** Where the primary name stands, which others see of a row that they refer to. */
  readonly namePosition: number
}

const layouts = new WeakMap<TableDefinition, Layout>()

export function layoutOf(table: TableDefinition): Layout {
  let layout = layouts.get(table)
  if (!layout) {
    const names = [table.primaryKey, ...Object.keys(table.columns).filter((name) => name !== table.primaryKey)]
    layout = {
      table,
      names,
      columns: names.map((name) => table.columns[name]!),
      types: names.map((name) => table.columns[name]!.type),
      positions: new Map(names.map((name, position) => [name, position])),
      namePosition: names.indexOf(table.primaryName),
    }
    layouts.set(table, layout)
  }
  return layout
}

/** The id of a stored row. */
export function idOf(row: StoredRow): string {
  return row[0] as string
}

/** The value as callers see it: a fresh object each time, so that changing it changes nothing that is kept. */
export function fromStored(type: ColumnType, value: StoredValue | undefined): ColumnValue {
  if (value === null || value === undefined) return null
  if (type === 'dateTime') return new Date(value as number)
  if (typeof value !== 'object') return value
  return Array.isArray(value) ? [...value] : { ...(value as EntityReference) }
}

/** The row as callers see it, with the columns at these positions, or with all of them. */
export function toRow(layout: Layout, stored: StoredRow, positions?: readonly number[]): Row {
  const row: Row = {}
  if (positions) {
    for (const at of positions) row[layout.names[at]!] = fromStored(layout.types[at]!, stored[at])
  } else {
    for (let at = 0; at < layout.names.length; at++) row[layout.names[at]!] = fromStored(layout.types[at]!, stored[at])
  }
  return row
}
