import type { ColumnDefinition } from '../../entities/index.ts'
import { type EntityReference, isEntityReference, type OrganizationService, type Row } from '../../service/index.ts'
import { FORMATTED } from '../annotations.ts'
import type { Exchange } from '../exchange.ts'
import type { Annotating } from './encode-row.ts'
import { type Currency, type Formats, formatsFor as formatsOfSettings, isInBaseCurrency } from './formatted-values.ts'
import type { RowShape } from './row-shape.ts'

/** Enough for all that does not depend on a time zone. */
const plainFormats = formatsOfSettings()

const noCurrencies: ReadonlyMap<string, Currency> = new Map()

/** What annotating these rows takes: the currencies of their money are looked up, once each. */
export async function annotatingFor(
  exchange: Exchange,
  shape: RowShape,
  rows: readonly Row[],
): Promise<Annotating | undefined> {
  const { preferences, service } = exchange
  if (!preferences.annotated) return undefined
  const formats = await formatsFor(exchange, shape.columns)
  const money = preferences.wantsAnnotation(FORMATTED)
    ? shape.columns.filter(({ definition }) => definition.type === 'money').map(({ column }) => column)
    : []
  const inBase = money.filter(isInBaseCurrency)
  const hasBase = rows.some((row) => inBase.some((column) => typeof row[column] === 'number'))
  return {
    preferences,
    formats,
    currencies: money.length > inBase.length ? await currenciesOf(service, rows) : noCurrencies,
    baseCurrency: hasBase ? await baseCurrencyOf(service) : undefined,
  }
}

export async function currenciesOf(
  service: OrganizationService,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, Currency>> {
  const ids = new Set<string>()
  for (const { transactioncurrencyid } of rows) {
    if (isEntityReference(transactioncurrencyid)) ids.add((transactioncurrencyid as EntityReference).id)
  }
  const currencies = new Map<string, Currency>()
  for (const id of ids) {
    const row: Row = await service.retrieve<string, string>('transactioncurrency', id, [
      'currencysymbol',
      'currencyprecision',
    ])
    currencies.set(id, { symbol: String(row.currencysymbol ?? ''), precision: Number(row.currencyprecision ?? 2) })
  }
  return currencies
}

/** What annotating results takes that belong to no row. */
export async function annotatingResults(
  exchange: Exchange,
  columns: readonly Defined[],
): Promise<Annotating | undefined> {
  const { preferences } = exchange
  if (!preferences.annotated) return undefined
  return {
    preferences,
    formats: await formatsFor(exchange, columns),
    currencies: noCurrencies,
    baseCurrency: undefined,
  }
}

interface Defined {
  readonly definition: ColumnDefinition | undefined
}

/** The caller's settings are looked up only where times are to be written. */
function formatsFor({ preferences, formats }: Exchange, columns: readonly Defined[]): Promise<Formats> | Formats {
  const times =
    preferences.wantsAnnotation(FORMATTED) && columns.some(({ definition }) => definition?.type === 'dateTime')
  return times ? formats() : plainFormats
}

/** The currency of the organization, in which sums over rows are written. */
export async function baseCurrencyOf(service: OrganizationService): Promise<Currency | undefined> {
  const { rows } = await service.retrieveMultiple({ table: 'organization', columns: ['basecurrencyid'], top: 1 })
  const id = rows[0]?.basecurrencyid
  if (!isEntityReference(id)) return undefined
  return (await currenciesOf(service, [{ transactioncurrencyid: id }])).get((id as EntityReference).id)
}
