import type { TableDefinition } from '../../entities/index.ts'
import { layoutOf, type StoredValue } from '../../query/index.ts'
import type { Row } from '../../service/index.ts'
import type { Call } from './call.ts'
import { deriveValues } from './derive-values.ts'
import type { View } from './store.ts'
import { fill } from './write-row.ts'

/** The platform's own writing to a row, also to columns that only it writes: no steps, nobody's change. */
export function patchRow(call: Call, view: View, table: TableDefinition, id: string, values: Row): void {
  const before = view.get(table.logicalName, id)
  if (!before) return
  const cells: StoredValue[] = [...before]
  fill(table, cells, values)
  deriveValues(call, view, table, cells, values, false)
  cells[layoutOf(table).positions.get('versionnumber')!] = ++call.environment.counters.rowVersion
  view.put(table, cells)
}
