import type { Calculation, TableDefinition } from '../../entities/index.ts'
import { fromStored, idOf, layoutOf, type StoredValue } from '../../query/index.ts'
import { type ColumnValue, dataverseError, type EntityReference, type Row } from '../../service/index.ts'
import type { Call } from './call.ts'
import { encode } from './encode.ts'
import type { View } from './store.ts'

/** What follows from other columns of a row, by table; nothing at all for most tables. */
interface Derivations {
  readonly calculated: readonly { readonly name: string; readonly at: number; readonly calculation: Calculation }[]
  readonly amounts: readonly {
    readonly name: string
    readonly at: number
    readonly base: string
    readonly baseAt: number
  }[]
  readonly images: readonly string[]
  readonly currencyAt: number
  readonly rateAt: number
}

const derivations = new WeakMap<TableDefinition, Derivations | null>()

function derivationsOf(table: TableDefinition): Derivations | null {
  let known = derivations.get(table)
  if (known === undefined) {
    const { names, columns, positions } = layoutOf(table)
    const calculated = names.flatMap((name, at) => {
      const { calculation } = columns[at]!
      return calculation ? [{ name, at, calculation }] : []
    })
    const [currencyAt, rateAt] = [positions.get('transactioncurrencyid') ?? -1, positions.get('exchangerate') ?? -1]
    const amounts = names.flatMap((name, at) => {
      const baseAt = positions.get(`${name}_base`)
      return columns[at]!.type === 'money' && baseAt !== undefined ? [{ name, at, base: `${name}_base`, baseAt }] : []
    })
    const hasCurrency = table.primaryKey !== 'transactioncurrencyid' && currencyAt >= 0 && rateAt >= 0
    const images = names.filter((_, at) => columns[at]!.type === 'image')
    const isEmpty = calculated.length === 0 && images.length === 0 && !hasCurrency
    known = isEmpty
      ? null
      : { calculated, images, amounts: hasCurrency ? amounts : [], currencyAt: hasCurrency ? currencyAt : -1, rateAt }
    derivations.set(table, known)
  }
  return known
}

/**
 * Brings up to date what follows from the columns in `values`: amounts in the base currency, and calculated columns. A
 * value that is given for such a column itself, as only seeds can, stays.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/transaction-currency-currency-entity
 */
export function deriveValues(
  call: Call,
  view: View,
  table: TableDefinition,
  cells: StoredValue[],
  values: Row,
  isNew: boolean,
): void {
  const derived = derivationsOf(table)
  if (!derived) return
  if (derived.currencyAt >= 0) settleAmounts(call, view, table, derived, cells, values, isNew)
  for (const name of derived.images) if (values[name] !== undefined) settleImage(call, table, cells, name)
  const layout = layoutOf(table)
  for (const { name, at, calculation } of derived.calculated) {
    const { from, calculate } = calculation
    if (values[name] !== undefined || !(isNew || from.some((column) => values[column] !== undefined))) continue
    const row: Row = {}
    for (const column of from) {
      const position = layout.positions.get(column)!
      row[column] = fromStored(layout.types[position]!, cells[position])
    }
    cells[at] = encode(table, name, (calculate(row) ?? null) as ColumnValue)
  }
}

/** What goes with a picture: an id of its own, when it was written, and where it would be fetched from. */
function settleImage(call: Call, table: TableDefinition, cells: StoredValue[], name: string): void {
  const { positions } = layoutOf(table)
  const image = cells[positions.get(name)!] as string | null
  const { maxSizeInKb } = table.columns[name] as { readonly maxSizeInKb: number }
  if (image !== null && image.length * 0.75 > maxSizeInKb * 1024) {
    throw dataverseError('unManagedidsattachmentinvalidfilesize', {})
  }
  const timestamp = call.now().getTime()
  const url = `/Image/download.aspx?Entity=${table.logicalName}&Attribute=${name}&Id=${idOf(cells)}&Timestamp=${timestamp}`
  cells[positions.get(`${name}id`)!] = image === null ? null : call.environment.newId()
  cells[positions.get(`${name}_timestamp`)!] = image === null ? null : timestamp
  cells[positions.get(`${name}_url`)!] = image === null ? null : url
}

function settleAmounts(
  call: Call,
  view: View,
  table: TableDefinition,
  { amounts, currencyAt, rateAt }: Derivations,
  cells: StoredValue[],
  values: Row,
  isNew: boolean,
): void {
  const touched = amounts.some(({ name }) => values[name] !== undefined)
  if (!isNew && !touched && values.transactioncurrencyid === undefined) return
  if (cells[currencyAt] === null && amounts.some(({ at }) => cells[at] !== null)) {
    cells[currencyAt] = baseCurrency(call, view)
  }
  const rate = exchangeRate(view, cells[currencyAt] as EntityReference | null)
  if (values.exchangerate === undefined) cells[rateAt] = rate
  for (const { at, base, baseAt } of amounts) {
    if (values[base] !== undefined) continue
    const amount = cells[at] as number | null
    cells[baseAt] = amount === null || rate === null ? null : encode(table, base, amount / rate)
  }
}

/** The currency of the organization, which amounts have unless their row says otherwise. */
function baseCurrency(call: Call, view: View): EntityReference | null {
  const row = view.get('organization', call.environment.organization.organizationId)
  return (row?.[layoutOf(view.definition('organization')).positions.get('basecurrencyid')!] ??
    null) as EntityReference | null
}

function exchangeRate(view: View, currency: EntityReference | null): number | null {
  const row = currency && view.get('transactioncurrency', currency.id)
  const rate = row?.[layoutOf(view.definition('transactioncurrency')).positions.get('exchangerate')!]
  return typeof rate === 'number' && rate > 0 ? rate : null
}
