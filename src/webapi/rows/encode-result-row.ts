import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { type AggregateFunction, type ColumnValue, isEntityReference, type Row } from '../../service/index.ts'
import { ATTRIBUTE_NAME, FORMATTED, LOOKUP_TABLE, NAVIGATION } from '../annotations.ts'
import { quoted } from '../json-text.ts'
import { navigationName } from '../model.ts'
import type { Annotating } from './encode-row.ts'
import { valueWriter, writeUntyped } from './encode-value.ts'
import type { Currency } from './formatted-values.ts'

/** A column of a result: what it is called there, and where its values come from. */
export interface ResultColumn {
  /** Its name in the rows of the result. */
  readonly name: string
  /** Its name on the wire. */
  readonly property: string
  readonly column: string
  readonly definition: ColumnDefinition | undefined
  readonly aggregate?: AggregateFunction | undefined
  /** Groups of dates hold parts of dates. */
  readonly datePart?: boolean
  /** The table, where the column stands under its own name. */
  readonly table?: TableDefinition
  /** Whether to say which column it is made of. */
  readonly namesColumn?: boolean
}

/** Sums and averages of money have more decimals than money itself. */
const AGGREGATE_DECIMALS = 9
const counts: ColumnDefinition = { type: 'integer' } as ColumnDefinition

/** What values are called, by name, where the query itself says so: fiscal periods. */
type Labels = Readonly<Record<string, string>>
const none: Labels = {}

/** The members of a row of a result; those without a value are left out. */
export function encodeResultRow(
  columns: readonly ResultColumn[],
  row: Row,
  annotating: Annotating | undefined,
  currencyOf: (row: Row, column: string) => Currency | undefined,
  labels: Labels = none,
): string {
  const members: string[] = []
  for (const column of columns) {
    const value: ColumnValue = row[column.name] ?? null
    if (value === null) continue
    if (annotating) members.push(...annotationsOf(column, value, row, annotating, currencyOf, labels))
    members.push(`${quoted(column.property)}:${writeResult(column, value)}`)
  }
  return members.join(',')
}

function annotationsOf(
  column: ResultColumn,
  value: NonNullable<ColumnValue>,
  row: Row,
  { preferences, formats }: Annotating,
  currencyOf: (row: Row, column: string) => Currency | undefined,
  labels: Labels,
): string[] {
  const annotations: string[] = []
  const add = (name: string, text: string | undefined) => {
    if (text !== undefined && preferences.wantsAnnotation(name)) {
      annotations.push(`${quoted(`${column.property}@${name}`)}:${quoted(text)}`)
    }
  }
  const definition = writtenAs(column)
  if (column.namesColumn) add(ATTRIBUTE_NAME, column.column)
  if (labels[column.name] !== undefined) add(FORMATTED, labels[column.name])
  else if (definition) {
    const currency = definition.type === 'money' ? currencyOf(row, column.column) : undefined
    add(FORMATTED, formats.format(definition, value, currency))
  }
  if (isEntityReference(value)) {
    if (column.table) add(NAVIGATION, navigationName(column.table, column.column, value.logicalName))
    add(LOOKUP_TABLE, value.logicalName)
  }
  return annotations
}

/** The column whose values these are like: counts, and parts of dates, are integers whatever they are made of. */
function writtenAs({ definition, aggregate, datePart }: ResultColumn): ColumnDefinition | undefined {
  return aggregate === 'count' || aggregate === 'countcolumn' || datePart ? counts : definition
}

function writeResult(column: ResultColumn, value: NonNullable<ColumnValue>): string {
  const definition = writtenAs(column)
  if (!definition || typeof value === 'string') return writeUntyped(value)
  const { type } = definition
  if (column.aggregate !== undefined && (type === 'money' || type === 'decimal') && typeof value === 'number') {
    return value.toFixed(AGGREGATE_DECIMALS)
  }
  return valueWriter(definition)(value)
}
