import type { TableDefinition } from '../../entities/index.ts'
import { type Comparable, comparable, idOf, layoutOf, type StoredRow } from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'
import type { Call } from './call.ts'
import type { Schema } from './schema.ts'
import type { View } from './store.ts'

/**
 * When a row counts as a duplicate of another.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data-for-developers
 */
export interface DuplicateRule {
  /** The logical name of the table. */
  readonly table: string
  /** Two rows are duplicates when they are alike in all of these: texts without regard to case. */
  readonly columns: readonly string[]
  /** The table that is looked through; default: the same one. Its columns have the same names. */
  readonly matching?: string
  /** Whether rows that are not active are left out. Default `false`. */
  readonly excludeInactive?: boolean
}

/** Refuses rules on what there is not. */
export function refuseWrongRules(schema: Schema, rules: readonly DuplicateRule[]): void {
  for (const { table, matching = table, columns } of rules) {
    for (const name of [table, matching]) {
      if (!schema.has(name)) throw new TypeError(`duplicateRules: '${name}' is not one of the tables.`)
      const missing = columns.find((column) => !Object.hasOwn(schema.table(name).columns, column))
      if (missing !== undefined) throw new TypeError(`duplicateRules: '${name}' has no column '${missing}'.`)
    }
    if (columns.length === 0) throw new TypeError(`duplicateRules: a rule on '${table}' compares no columns.`)
  }
}

/** Refuses a row that a rule finds a duplicate of. Asked only where the caller turns detection on. */
export function refuseDuplicates(call: Call, view: View, table: TableDefinition, row: StoredRow): void {
  if (call.options.suppressDuplicateDetection !== false) return
  for (const rule of call.environment.duplicateRules) {
    if (rule.table === table.logicalName && hasDuplicate(view, rule, table, row)) {
      throw dataverseError('DuplicateRecordsFound', {})
    }
  }
}

function hasDuplicate(view: View, rule: DuplicateRule, table: TableDefinition, row: StoredRow): boolean {
  const [mine, theirs] = [layoutOf(table), layoutOf(view.definition(rule.matching ?? rule.table))]
  const wanted = rule.columns.map((column) => {
    const at = mine.positions.get(column)!
    return { at: theirs.positions.get(column)!, value: comparable(mine.columns[at]!, row[at] ?? null) }
  })
  // Rows without any of the values have nothing to be alike in.
  if (wanted.every(({ value }) => value === null)) return false
  const stateAt = rule.excludeInactive ? (theirs.positions.get('statecode') ?? -1) : -1
  const isAlike = (other: StoredRow) =>
    !(other[0] === row[0] && theirs.table === table) &&
    (stateAt < 0 || other[stateAt] === 0) &&
    wanted.every(({ at, value }) => comparable(theirs.columns[at]!, other[at] ?? null) === value)
  const name = theirs.table.logicalName
  const indexed = wanted.find(({ at, value }) => value !== null && view.isIndexed(name, at))
  if (indexed) return view.find(name, indexed.at, indexed.value as Comparable).some(isAlike)
  return view.scan(name, isAlike).some((other) => idOf(other) !== '')
}
