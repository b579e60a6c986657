import { type ColumnDefinition, column } from './column.ts'

type Columns = Record<string, ColumnDefinition>

/**
 * The columns that the platform adds beside those of a declaration: amounts in the base currency, names of files, and
 * what goes with pictures and rollups.
 */
export function derivedColumns(columns: Readonly<Columns>): Columns {
  const derived: Columns = {}
  const hasCurrency = Object.hasOwn(columns, 'transactioncurrencyid')
  for (const name in columns) {
    const { type, label, documented, rollup } = columns[name]!
    if (type !== 'money' && type !== 'file' && type !== 'image' && !rollup) continue
    const common = { standard: true, documented, readOnly: true }
    if (hasCurrency && type === 'money' && !name.endsWith('_base')) {
      derived[`${name}_base`] = column.money({
        ...common,
        label: `${label} (Base)`,
        description: "In the organization's base currency.",
      })
    }
    if (type === 'file') derived[`${name}_name`] = column.text({ ...common, label: `${label} (Name)`, maxLength: 255 })
    if (type === 'image') {
      derived[`${name}_timestamp`] = column.bigint({ ...common, label: `${label} (Timestamp)` })
      derived[`${name}_url`] = column.text({ ...common, label: `${label} (URL)`, maxLength: 200, format: 'url' })
      derived[`${name}id`] = column.uniqueIdentifier({ ...common, label: `${label} (Id)` })
    }
    if (rollup) {
      derived[`${name}_date`] = column.dateTime({ ...common, label: `${label} (Last Updated On)` })
      derived[`${name}_state`] = column.integer({ ...common, label: `${label} (State)` })
    }
  }
  if (hasCurrency) {
    derived.exchangerate = column.decimal({
      label: 'Exchange Rate',
      precision: 12,
      standard: true,
      readOnly: true,
      description: "The currency's, as of the last change of an amount or of the currency.",
    })
  }
  return derived
}
