import { type Comparable, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import type { View } from './store.ts'

/** A column's value; `null` where there is no such row, column or value. */
export function columnValue(view: View, table: string, id: string, name: string): StoredValue {
  const row = view.get(table, id)
  const position = row && layoutOf(view.definition(table)).positions.get(name)
  return position === undefined ? null : (row?.[position] ?? null)
}

/** The rows whose column has the value; none where there is no such column. */
export function rowsWhere(view: View, table: string, column: string, value: Comparable): readonly StoredRow[] {
  const position = layoutOf(view.definition(table)).positions.get(column)
  return position === undefined ? [] : view.find(table, position, value)
}
