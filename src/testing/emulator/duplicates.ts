import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { labelOf } from '../../entities/states.ts'
import { type Comparable, comparable, idOf, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { dataverseError, type EntityReference } from '../../service/index.ts'
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

/** A rule as it is evaluated: one that was declared, or one that is a row. */
interface Rule {
  readonly table: string
  readonly matching: string
  readonly conditions: readonly Alike[]
  readonly excludeInactive: boolean
  readonly caseSensitive: boolean
}

/** In what two rows have to be alike. */
interface Alike {
  readonly column: string
  readonly with: string
  /** The `operatorcode` of a `duplicaterulecondition`. */
  readonly operator: number
  /** How many characters count, of those operators that compare some. */
  readonly length: number
  readonly ignoreBlank: boolean
}

const EXACT = 0
const FIRST = 1
const LAST = 2
const SAME_DATE = 3
const SAME_LABEL = 5

/** Refuses rules on what there is not. */
export function refuseWrongRules(schema: Schema, rules: readonly DuplicateRule[]): void {
  for (const rule of rules.map(declaredRule)) {
    const fault = faultOf(schema, rule)
    if (fault !== undefined) throw new TypeError(`duplicateRules: ${fault}`)
  }
}

function declaredRule({ table, columns, matching = table, excludeInactive = false }: DuplicateRule): Rule {
  const conditions = columns.map((column) => {
    return { column, with: column, operator: EXACT, length: 0, ignoreBlank: false }
  })
  return { table, matching, conditions, excludeInactive, caseSensitive: false }
}

/** What is wrong with a rule, as a sentence; `undefined`: nothing. */
function faultOf(schema: Schema, { table, matching, conditions }: Rule): string | undefined {
  for (const [name, columns] of [
    [table, conditions.map(({ column }) => column)],
    [matching, conditions.map((condition) => condition.with)],
  ] as const) {
    if (!schema.has(name)) return `'${name}' is not one of the tables.`
    const missing = columns.find((column) => !Object.hasOwn(schema.table(name).columns, column))
    if (missing !== undefined) return `'${name}' has no column '${missing}'.`
  }
  const short = conditions.find(({ operator, length }) => (operator === FIRST || operator === LAST) && length < 1)
  if (short) return `the condition on '${short.column}' does not say how many characters: its 'operatorparam'.`
  return conditions.length === 0 ? `a rule on '${table}' compares no columns.` : undefined
}

/** What keeps the rule that is this row from being published. */
export function faultOfRow(schema: Schema, view: View, row: StoredRow): string | undefined {
  return faultOf(schema, ruleOfRow(view, row))
}

const PUBLISHED = 2

/** The rules on a table: those declared, and those published as rows. */
function rulesOn(
  table: string,
  { environment: { schema, duplicateRules } }: Call,
  { open: view }: View,
): readonly Rule[] {
  const declared = duplicateRules.filter((rule) => rule.table === table).map(declaredRule)
  if (!schema.has('duplicaterule')) return declared
  const { positions } = layoutOf(schema.table('duplicaterule'))
  const [base, status] = [positions.get('baseentityname')!, positions.get('statuscode')!]
  const published = view
    .scan('duplicaterule', (row) => row[base] === table && row[status] === PUBLISHED)
    .map((row) => ruleOfRow(view, row))
    // The schema may have changed since.
    .filter((rule) => faultOf(schema, rule) === undefined)
  return [...declared, ...published]
}

function ruleOfRow(view: View, row: StoredRow): Rule {
  const cell = cellsOf(view.definition('duplicaterule'), row)
  const condition = view.definition('duplicaterulecondition')
  const regardingAt = layoutOf(condition).positions.get('regardingobjectid')!
  const conditions = view.find('duplicaterulecondition', regardingAt, idOf(row)).map((found): Alike => {
    const value = cellsOf(condition, found)
    return {
      column: value('baseattributename') as string,
      with: value('matchingattributename') as string,
      operator: value('operatorcode') as number,
      length: (value('operatorparam') as number | null) ?? 0,
      ignoreBlank: value('ignoreblankvalues') === true,
    }
  })
  return {
    table: cell('baseentityname') as string,
    matching: cell('matchingentityname') as string,
    conditions,
    excludeInactive: cell('excludeinactiverecords') === true,
    caseSensitive: cell('iscasesensitive') === true,
  }
}

function cellsOf(table: TableDefinition, row: StoredRow): (column: string) => StoredValue {
  const { positions } = layoutOf(table)
  return (column) => row[positions.get(column)!] ?? null
}

/** Refuses a row that a rule finds a duplicate of. Asked only where the caller turns detection on. */
export function refuseDuplicates(call: Call, view: View, table: TableDefinition, row: StoredRow): void {
  if (call.options.suppressDuplicateDetection !== false) return
  for (const rule of rulesOn(table.logicalName, call, view)) {
    if (duplicatesBy(view, rule, table, row).length > 0) throw dataverseError('DuplicateRecordsFound', {})
  }
}

/** The rows of a table that rules find alike with a row, in order of their ids. There must be a rule. */
export function duplicatesOf(
  call: Call,
  view: View,
  table: TableDefinition,
  row: StoredRow,
  matching: string,
): readonly StoredRow[] {
  const rules = rulesOn(table.logicalName, call, view).filter((rule) => rule.matching === matching)
  if (rules.length === 0) {
    const reason = `No published duplicate detection rule compares '${table.logicalName}' with '${matching}'.`
    throw dataverseError('InvalidArgument', { reason })
  }
  const found = new Map(rules.flatMap((rule) => duplicatesBy(view, rule, table, row)).map((one) => [idOf(one), one]))
  return [...found.values()].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
}

function duplicatesBy(view: View, rule: Rule, table: TableDefinition, row: StoredRow): readonly StoredRow[] {
  const [mine, theirs] = [layoutOf(table), layoutOf(view.definition(rule.matching))]
  const wanted = rule.conditions.map((condition) => {
    const [from, at] = [mine.positions.get(condition.column)!, theirs.positions.get(condition.with)!]
    const code = matchCode(condition, mine.columns[from]!, row[from] ?? null, rule.caseSensitive)
    return { condition, at, code, value: comparable(mine.columns[from]!, row[from] ?? null) }
  })
  // Rows without any of the values have nothing to be alike in.
  if (wanted.every(({ code }) => code === null)) return []
  if (wanted.some(({ code, condition }) => code === null && condition.ignoreBlank)) return []
  const stateAt = rule.excludeInactive ? (theirs.positions.get('statecode') ?? -1) : -1
  const isAlike = (other: StoredRow) =>
    !(other[0] === row[0] && theirs.table === table) &&
    (stateAt < 0 || other[stateAt] === 0) &&
    wanted.every(({ condition, at, code }) => {
      return matchCode(condition, theirs.columns[at]!, other[at] ?? null, rule.caseSensitive) === code
    })
  const name = theirs.table.logicalName
  const indexed = wanted.find(({ condition, at, value }) => {
    return condition.operator === EXACT && value !== null && view.isIndexed(name, at)
  })
  if (!indexed) return view.scan(name, isAlike)
  return view.find(name, indexed.at, indexed.value as Comparable).filter(isAlike)
}

const DAY = 86_400_000

/** What is compared of a value: values of equal codes are alike. */
function matchCode(
  { operator, length }: Alike,
  definition: ColumnDefinition,
  value: StoredValue,
  caseSensitive: boolean,
): Comparable | null {
  if (value === null) return null
  if (operator === SAME_DATE) {
    return typeof value === 'number' ? new Date(value - (value % DAY)).toISOString().slice(0, 10) : String(value)
  }
  if (operator === SAME_LABEL) return shownOf(definition, value)
  const code = caseSensitive && typeof value === 'string' ? value : comparable(definition, value)
  if (operator === FIRST) return String(code).slice(0, length)
  return operator === LAST ? String(code).slice(-length) : code
}

function shownOf(definition: ColumnDefinition, value: StoredValue): string {
  const label = 'options' in definition ? labelOf(definition.options, value as number) : undefined
  return label ?? String((value as EntityReference).id ?? value)
}
