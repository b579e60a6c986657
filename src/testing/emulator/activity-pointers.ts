import type { TableDefinition } from '../../entities/index.ts'
import { defaultReason, stateOfReason } from '../../entities/states.ts'
import { layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import type { Schema } from './schema.ts'
import type { View } from './store.ts'

const POINTER = 'activitypointer'

/** Whether rows of the table are activities: they have that key in common. */
export function isActivity({ primaryKey, logicalName }: TableDefinition): boolean {
  return primaryKey === 'activityid' && logicalName !== POINTER
}

/**
 * Keeps the row of `activitypointer` beside an activity: the same id, and the columns that all activities have. On the
 * platform both are one row.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/activity-entities
 */
export function mirrorActivity(schema: Schema, view: View, table: TableDefinition, row: StoredRow): void {
  if (!schema.has(POINTER)) return
  const pointer = schema.table(POINTER)
  const [from, to] = [layoutOf(table), layoutOf(pointer)]
  const cells: StoredValue[] = to.names.map((name) => {
    const at = from.positions.get(name)
    return at === undefined ? null : (row[at] ?? null)
  })
  const state = row[from.positions.get('statecode')!] as number
  const reason = defaultReason(pointer.states!, state) ?? 1
  cells[to.positions.get('statecode')!] = stateOfReason(pointer.states!, reason) ?? state
  cells[to.positions.get('statuscode')!] = reason
  view.put(pointer, cells)
}

/** An activity that is gone takes its pointer along. */
export function forgetActivity(schema: Schema, view: View, id: string): void {
  if (schema.has(POINTER) && view.get(POINTER, id)) view.delete(schema.table(POINTER), id)
}
