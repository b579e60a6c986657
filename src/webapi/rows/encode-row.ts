import type { ColumnDefinition } from '../../entities/index.ts'
import type { ColumnValue, EntityReference, Row } from '../../service/index.ts'
import { FORMATTED, LOOKUP_TABLE, NAVIGATION } from '../annotations.ts'
import { quoted } from '../json-text.ts'
import type { Preferences } from '../preferences.ts'
import { type Currency, type Formats, isInBaseCurrency } from './formatted-values.ts'
import { navigationOf, type RowShape, type ShownColumn } from './row-shape.ts'

/** What annotating a row takes; `undefined` where no annotations are asked for. */
export interface Annotating {
  readonly preferences: Preferences
  readonly formats: Formats
  /** The currencies that the rows refer to, by id. */
  readonly currencies: ReadonlyMap<string, Currency>
  /** That of the organization; `undefined` where no amount is in it. */
  readonly baseCurrency: Currency | undefined
}

/**
 * The members of a row's JSON object, each behind its annotations, behind the ETag.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns#formatted-values
 */
export function encodeRow(shape: RowShape, row: Row, annotating: Annotating | undefined, withEtag = true): string {
  const { columns, principal, type } = shape
  const { text: empty, begins, names } = emptyRowOf(columns)
  const values = valuesOf(row, names)
  const { versionnumber } = row
  const etag = withEtag && typeof versionnumber === 'number' ? `"@odata.etag":"W/\\"${versionnumber}\\""` : ''
  let text = etag
  let written = 0
  for (let at = 0; at < columns.length; at++) {
    const value = values[at]
    if (value === null || value === undefined) continue
    const shown = columns[at]!
    const begin = begins[at]!
    if (annotating !== undefined) {
      text += empty.slice(written, begin) + annotationsOf(shape, shown, value, row, annotating)
      written = begin
    }
    // What stands before the value, its own key included, in one piece: the fewer pieces the sooner a text is put together.
    text += empty.slice(written, begin + shown.key.length) + shown.write(value)
    written = begins[at + 1]!
  }
  text += empty.slice(written)
  if (principal) text += `,"ownerid":${quoted(String(row[type.table.primaryKey]))}`
  // Each member begins with a comma, also the first one where no ETag stands before it.
  return etag === '' ? text.slice(1) : text
}

/** The values of columns, in turn: all at once where the row has exactly these, as most have. One by one takes three times as long. */
function valuesOf(row: Row, names: readonly string[]): readonly (ColumnValue | undefined)[] {
  const own = Object.keys(row)
  let same = own.length === names.length
  for (let at = 0; same && at < own.length; at++) same = own[at] === names[at]
  return same ? Object.values(row) : names.map((name) => row[name])
}

/** A row without values as it is written, and where its members begin: most members of most rows have none. */
interface EmptyRow {
  readonly text: string
  readonly begins: readonly number[]
  readonly names: readonly string[]
}

const emptyRows = new WeakMap<readonly ShownColumn[], EmptyRow>()

function emptyRowOf(columns: readonly ShownColumn[]): EmptyRow {
  let row = emptyRows.get(columns)
  if (!row) {
    let text = ''
    const begins = [0]
    for (const { key } of columns) {
      text += `${key}null`
      begins.push(text.length)
    }
    row = { text, begins, names: columns.map(({ column }) => column) }
    emptyRows.set(columns, row)
  }
  return row
}

function annotationsOf(
  { type: { table } }: RowShape,
  { column, property, definition }: ShownColumn,
  value: NonNullable<ColumnValue>,
  row: Row,
  annotating: Annotating,
): string {
  const { preferences } = annotating
  let annotations = ''
  const add = (name: string, text: string | undefined) => {
    if (text !== undefined) annotations += `,"${property}@${name}":${quoted(text)}`
  }
  if (preferences.wantsAnnotation(FORMATTED)) add(FORMATTED, formatted(column, definition, value, row, annotating))
  if (definition.type === 'lookup') {
    if (preferences.wantsAnnotation(NAVIGATION)) add(NAVIGATION, navigationOf(table, column, value))
    if (preferences.wantsAnnotation(LOOKUP_TABLE)) add(LOOKUP_TABLE, (value as EntityReference).logicalName)
  }
  return annotations
}

function formatted(
  column: string,
  definition: ColumnDefinition,
  value: NonNullable<ColumnValue>,
  { transactioncurrencyid }: Row,
  { formats, currencies, baseCurrency }: Annotating,
): string | undefined {
  if (definition.type !== 'money') return formats.format(definition, value, undefined)
  const own = () => currencies.get((transactioncurrencyid as EntityReference | null)?.id ?? '')
  return formats.format(definition, value, isInBaseCurrency(column) ? baseCurrency : own())
}
