import type { Rollup, TableDefinition } from '../../entities/index.ts'
import { idOf, layoutOf, runQuery } from '../../query/index.ts'
import type { Condition, Row } from '../../service/index.ts'
import type { Call } from './call.ts'
import { encode } from './encode.ts'
import { namesIn } from './messages/retrieve.ts'
import { patchRow } from './patch-row.ts'
import type { Schema } from './schema.ts'
import type { View } from './store.ts'

/** How the platform marks a rollup that was calculated without an error. */
const CALCULATED = 1

/** The rollup columns of a table. */
function rollupsOf(table: TableDefinition): readonly (readonly [name: string, rollup: Rollup])[] {
  return Object.entries(table.columns).flatMap(([name, { rollup }]) => (rollup ? [[name, rollup] as const] : []))
}

/**
 * Calculates a rollup column of one row anew, and says what was written.
 *
 * @see https://learn.microsoft.com/power-apps/maker/data-platform/define-rollup-fields
 */
export function calculateRollup(call: Call, view: View, table: TableDefinition, id: string, name: string): Row {
  const rollup = table.columns[name]!.rollup!
  const values = {
    [name]: view.definition(rollup.of) ? gather(view, table, id, rollup) : null,
    [`${name}_date`]: call.now(),
    [`${name}_state`]: CALCULATED,
  }
  patchRow(call, view, table, id, values)
  return values
}

/** Whether there is anything to calculate: a rollup column, and a row to gather. */
export function hasRollups(schema: Schema, view: View): boolean {
  return schema
    .all()
    .flatMap(rollupsOf)
    .some(([, { of }]) => schema.has(of) && view.scan(of).length > 0)
}

/** Calculates all rollup columns of all rows; those of tables that are not there stay as they are. */
export function calculateAllRollups(call: Call, view: View): void {
  const { schema } = call.environment
  for (const table of schema.all()) {
    const rollups = rollupsOf(table).filter(([, { of }]) => schema.has(of))
    if (rollups.length === 0) continue
    const { positions } = layoutOf(table)
    for (const row of [...view.scan(table.logicalName)]) {
      for (const [name, rollup] of rollups) {
        const before = row[positions.get(name)!] ?? null
        const isNew = row[positions.get(`${name}_date`)!] === null
        // A row whose value is right already is not written again: its version would tell of a change.
        if (isNew || encode(table, name, gather(view, table, idOf(row), rollup)) !== before) {
          calculateRollup(call, view, table, idOf(row), name)
        }
      }
    }
  }
}

function gather(view: View, table: TableDefinition, id: string, rollup: Rollup): number | null {
  const { rows, amounts } = gathered(view, id, rollup)
  if (rollup.with === 'count') return rows
  if (amounts.length === 0) return null
  const rate = exchangeRateOf(view, table, id, rollup)
  switch (rollup.with) {
    case 'sum':
      return sum(amounts) * rate
    case 'average':
      return (sum(amounts) / amounts.length) * rate
    case 'min':
      return Math.min(...amounts) * rate
    case 'max':
      return Math.max(...amounts) * rate
  }
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

/** Amounts of different currencies are gathered in the base currency. */
function sourceColumn(view: View, { of, column }: Rollup): string | undefined {
  if (column === undefined) return undefined
  return Object.hasOwn(view.definition(of).columns, `${column}_base`) ? `${column}_base` : column
}

function gathered(view: View, id: string, rollup: Rollup): { rows: number; amounts: number[] } {
  const column = sourceColumn(view, rollup)
  const refers: Condition = { kind: 'compare', column: rollup.by, operator: 'eq', values: [id] }
  const filter: Condition = rollup.where ? { kind: 'and', conditions: [refers, rollup.where] } : refers
  const amounts: number[] = []
  let rows = 0
  let cookie: string | undefined
  for (let number = 1; number === 1 || cookie !== undefined; number++) {
    const page = { size: 5000, number, ...(cookie === undefined ? {} : { cookie }) }
    const query = { table: rollup.of, columns: column === undefined ? [] : [column], filter, page }
    const result = runQuery(query, view, namesIn(view))
    rows += result.rows.length
    for (const row of result.rows) {
      const amount = column === undefined ? null : row[column]
      if (typeof amount === 'number') amounts.push(amount)
    }
    cookie = result.pagingCookie
  }
  return { rows, amounts }
}

/** By how much an amount in the base currency is multiplied to be in the row's own. */
function exchangeRateOf(view: View, table: TableDefinition, id: string, rollup: Rollup): number {
  if (!sourceColumn(view, rollup)?.endsWith('_base')) return 1
  const at = layoutOf(table).positions.get('exchangerate')
  const rate = at === undefined ? null : view.get(table.logicalName, id)?.[at]
  return typeof rate === 'number' ? rate : 1
}
