import type { ChoiceColumn, TableDefinition } from '../../entities/index.ts'
import { canMove, defaultReason, labelOf, stateOfReason } from '../../entities/states.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { dataverseError, type EntityReference, type Row } from '../../service/index.ts'
import { encode, undeclared } from './encode.ts'
import type { View } from './store.ts'

/** Columns that the platform writes itself: what a caller sends in them is ignored, as the platform ignores it. */
export function withoutReadOnly(table: TableDefinition, row: Row): Row {
  const writable: Row = {}
  for (const [name, value] of Object.entries(row)) {
    if (value !== undefined && !table.columns[name]?.readOnly) writable[name] = value
  }
  return writable
}

/** Puts the values into the row's cells, each checked and as it is kept. */
export function fill(table: TableDefinition, cells: StoredValue[], values: Row): void {
  const { positions } = layoutOf(table)
  for (const name in values) {
    const value = values[name]
    if (value === undefined) continue
    const at = positions.get(name)
    if (at === undefined) throw undeclared(table, name)
    cells[at] = encode(table, name, value)
  }
}

/** Refuses lookups to rows that do not exist, among the columns of `values`. */
export function refuseDangling(view: View, table: TableDefinition, cells: readonly StoredValue[], values: Row): void {
  const { positions } = layoutOf(table)
  for (const name in values) {
    if (table.columns[name]!.type !== 'lookup') continue
    const reference = cells[positions.get(name)!] as EntityReference | null
    if (reference) refuseMissing(view, reference)
  }
}

export function refuseMissing(view: View, { logicalName, id }: EntityReference): void {
  view.definition(logicalName)
  if (!view.get(logicalName, id)) throw dataverseError('ObjectDoesNotExist', { table: logicalName, id })
}

/** Refuses a row that lacks what the platform itself requires. */
export function refuseMissingRequired(table: TableDefinition, cells: readonly StoredValue[]): void {
  for (const at of requiredIn(table)) {
    if ((cells[at] ?? null) === null) {
      throw dataverseError('RequiredFieldMissing', { column: layoutOf(table).names[at]!, table: table.logicalName })
    }
  }
}

const required = new WeakMap<TableDefinition, readonly number[]>()

/** The positions of the columns that the platform itself requires; the key is settled elsewhere. */
function requiredIn(table: TableDefinition): readonly number[] {
  let positions = required.get(table)
  if (!positions) {
    positions = layoutOf(table).columns.flatMap(({ required }, at) => (required === 'system' && at > 0 ? [at] : []))
    required.set(table, positions)
  }
  return positions
}

/**
 * Settles state and status reason: a reason brings its state along, a state alone its default reason. Refuses pairs
 * that do not belong together and moves that the table does not allow.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/define-custom-state-model-transitions
 */
export function settleState(table: TableDefinition, cells: StoredValue[], values: Row, before?: StoredRow): void {
  const { states } = table
  if (!states || (values.statecode === undefined && values.statuscode === undefined && before)) return
  if (before && (values.statecode === null || values.statuscode === null)) {
    const column = values.statecode === null ? 'statecode' : 'statuscode'
    throw dataverseError('RequiredFieldMissing', { column, table: table.logicalName })
  }
  const { positions } = layoutOf(table)
  const [stateAt, reasonAt] = [positions.get('statecode')!, positions.get('statuscode')!]
  const first = Object.values(states)[0]!.value

  const reason = values.statuscode as number | null | undefined
  const state = (values.statecode ?? (reason == null ? undefined : stateOfReason(states, reason)) ?? first) as number
  const settled = reason ?? defaultReason(states, state)
  if (settled === undefined || stateOfReason(states, settled) !== state) {
    throw dataverseError('InvalidStateCodeStatusCode', {
      // A state that there is not has no default reason: the platform says -1.
      status: settled ?? -1,
      state: labelIn(table, 'statecode', state),
      table: table.logicalName,
      id: before ? idOf(before) : String(values[table.primaryKey]),
    })
  }
  const previous = before?.[reasonAt] as number | undefined
  if (previous !== undefined && !canMove(states, previous, settled)) {
    throw dataverseError('InvalidStatusTransition', {
      from: labelIn(table, 'statuscode', previous),
      to: labelIn(table, 'statuscode', settled),
      table: table.logicalName,
    })
  }
  cells[stateAt] = state
  cells[reasonAt] = settled
}

function labelIn(table: TableDefinition, column: 'statecode' | 'statuscode', value: number): string {
  const definition = table.columns[column] as ChoiceColumn
  return labelOf(definition.options, value) ?? String(value)
}
