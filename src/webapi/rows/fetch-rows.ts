import { deepFreeze } from '../../internal/freeze.ts'
import { isGuid } from '../../internal/ids.ts'
import { MAX_PAGE_SIZE, mergeLinks, parseFetchXml, parseODataFilter, parseSelect } from '../../query/index.ts'
import {
  dataverseError,
  isEntityReference,
  type QueryExpression,
  type QueryResult,
  type Row,
} from '../../service/index.ts'
import { CURRENT_FIELD, MORE_RECORDS, PAGING_COOKIE } from '../annotations.ts'
import type { Exchange } from '../exchange.ts'
import { quoted } from '../json-text.ts'
import type { EntityType, Model } from '../model.ts'
import { badRequest } from '../refusals.ts'
import { json } from '../responses.ts'
import type { QueryOption, QueryOptions } from '../url/query-options.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingResults, baseCurrencyOf, currenciesOf } from './annotating.ts'
import { encodeResultRow, type ResultColumn } from './encode-result-row.ts'
import type { Annotating } from './encode-row.ts'
import { type Currency, isInBaseCurrency } from './formatted-values.ts'
import { KeptPlans } from './kept-plans.ts'
import { collectionAnnotations, wantsCount } from './list-rows.ts'
import { cookieText, nextLinkOf, parseSkipToken } from './paging.ts'
import { both, relatedTo } from './related-to.ts'
import { lookupsOfLinks, resultColumnsOf } from './result-columns.ts'

/** A query in FetchXML, ready to be run and its results to be written. */
interface FetchPlan {
  readonly query: QueryExpression
  readonly columns: readonly ResultColumn[]
  readonly context: string
  /** @see lookupsOfLinks */
  readonly lookups: ReadonlyMap<string, string>
}

/** The options that choose a query, of which there is one. */
const queryChoices = ['fetchXml', 'savedQuery', 'userQuery'] as const

/**
 * The rows that a query in FetchXML selects. Columns without a value are left out.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/retrieve-data?tabs=webapi
 */
export async function fetchRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { options } = exchange
  refuseBeside(options, ['$select', '$filter', '$orderby', '$expand', '$apply', '$top', '$skiptoken', '$deltatoken'])
  const plan = fetchPlanOf(exchange.model, type, options.get('fetchXml')!)
  let { query } = plan
  if (wantsCount(options) && !query.totalCount) query = { ...query, totalCount: true }
  if (query.top === undefined && query.page === undefined) {
    query = { ...query, page: { size: exchange.preferences.maxPageSize ?? MAX_PAGE_SIZE } }
  }
  if (of) query = await relatedTo(exchange, of, query)
  const result = await exchange.service.retrieveMultiple(query, exchange.requestOptions)
  return json(
    200,
    await resultBody(exchange, plan, result, query.page?.number ?? 1, undefined),
    exchange.preferences.applied(),
  )
}

/**
 * The rows that a view selects: one that everybody has, or one of a user's own. Further conditions and other columns can
 * be asked for.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-and-execute-predefined-queries
 */
export async function viewedRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { options, model, preferences } = exchange
  refuseBeside(options, ['$orderby', '$expand', '$apply', '$top', '$deltatoken'])
  const plan = withOptions(model, type, fetchPlanOf(model, type, await viewOf(exchange, type)), options)
  let query: QueryExpression = { ...plan.query, totalCount: wantsCount(options) }
  if (query.top === undefined) {
    query = { ...query, page: parseSkipToken(options.get('$skiptoken'), preferences.maxPageSize ?? MAX_PAGE_SIZE) }
  }
  if (of) query = await relatedTo(exchange, of, query)
  const result = await exchange.service.retrieveMultiple(query, exchange.requestOptions)
  const number = query.page?.number ?? 1
  const next =
    result.moreRecords && result.pagingCookie !== undefined
      ? nextLinkOf(exchange, number + 1, result.pagingCookie)
      : undefined
  return json(200, await resultBody(exchange, plan, result, number, next), preferences.applied({ paged: true }))
}

/** The FetchXML of the view that is asked for, which must be one of this table. */
async function viewOf({ options, service }: Exchange, { table }: EntityType): Promise<string> {
  const name = options.has('savedQuery') ? 'savedQuery' : 'userQuery'
  const id = options.get(name)!.trim()
  if (!isGuid(id)) throw badRequest(`The query option '${name}' is '${id}', which is not a GUID.`)
  const columns = ['fetchxml', 'returnedtypecode']
  const view: Row = await service.retrieve<string, string>(name.toLowerCase(), id, columns)
  if (view.returnedtypecode !== null && view.returnedtypecode !== table.logicalName) {
    throw dataverseError('QueryBuilderEntitiesDontMatch', {})
  }
  return String(view.fetchxml ?? '')
}

const plans = new KeptPlans<FetchPlan>({ most: 500, longest: 8000 })

function fetchPlanOf(model: Model, type: EntityType, text: string): FetchPlan {
  const key = `${type.table.logicalName} ${text}`
  return plans.get(model, key, () => planOf(model, type, parseFetchXml(text)))
}

function planOf(model: Model, type: EntityType, asked: QueryExpression): FetchPlan {
  if (asked.table !== type.table.logicalName) throw dataverseError('QueryBuilderEntitiesDontMatch', {})
  const query = deepFreeze(withColumnsBeside(type, asked))
  const columns = resultColumnsOf(query, model).filter(({ name }) => name !== 'versionnumber' || isNamed(asked, name))
  return { query, columns, context: contextOf(type, query, columns), lookups: lookupsOfLinks(query, model) }
}

/** The key, the version that makes the ETag, and beside money its currency. Groups and distinct rows have none of them. */
function withColumnsBeside({ table }: EntityType, query: QueryExpression): QueryExpression {
  if (query.columns === undefined || query.distinct || query.aggregates || query.groupBy) return query
  const names = query.columns.map((one) => (typeof one === 'string' ? one : one.column))
  const wanted = [
    ...(names.some((name) => table.columns[name]?.type === 'money') ? ['transactioncurrencyid'] : []),
    table.primaryKey,
    'versionnumber',
  ]
  const beside = wanted.filter((name) => !isNamed(query, name) && Object.hasOwn(table.columns, name))
  return { ...query, columns: [...query.columns, ...beside] }
}

function isNamed({ columns }: QueryExpression, name: string): boolean {
  return columns === undefined || columns.includes(name)
}

/** A lookup is there three times: as its id, as its navigation property, and as one that is not expanded. */
function contextOf(
  { table, navigations }: EntityType,
  query: QueryExpression,
  columns: readonly ResultColumn[],
): string {
  if (query.aggregates || query.groupBy) return ''
  const lookups: string[] = []
  const names = columns.flatMap((column) => {
    if (!column.table || column.definition?.type !== 'lookup') return [column.property]
    const navigation = navigations.has(column.column) ? [column.column] : []
    lookups.push(...navigation.map((name) => `${name}()`))
    return [column.property, ...navigation]
  })
  return names.length === Object.keys(table.columns).length ? '' : `(${[...names, ...lookups].join(',')})`
}

/** A view with further conditions, and with other columns. */
function withOptions(model: Model, type: EntityType, plan: FetchPlan, options: QueryOptions): FetchPlan {
  const [filterText, selectText] = [options.get('$filter'), options.get('$select')]
  if (filterText === undefined && selectText === undefined) return plan
  let { query } = plan
  if (filterText !== undefined) {
    const { filter, links } = parseODataFilter(filterText, type.scope, options.aliases)
    query = { ...query, filter: both(filter, query.filter), links: mergeLinks(query.links ?? [], links) }
  }
  if (selectText !== undefined) {
    const { all, columns } = parseSelect(selectText, type.scope)
    const { columns: _, ...rest } = query
    query = all ? rest : { ...rest, columns }
  }
  return planOf(model, type, query)
}

async function resultBody(
  exchange: Exchange,
  { query, columns, context, lookups }: FetchPlan,
  { rows, totalRecordCount, moreRecords, pagingCookie, formatted }: QueryResult,
  page: number,
  next: string | undefined,
): Promise<string> {
  const { baseUrl, options, preferences, model } = exchange
  const annotating = await annotatingOf(exchange, columns, rows)
  const set = model.table(query.table).table.collectionName
  let text = `{"@odata.context":"${baseUrl}/$metadata#${set}${context}"`
  if (preferences.annotated) text += collectionAnnotations(exchange, totalRecordCount)
  if (preferences.annotated && preferences.wantsAnnotation(MORE_RECORDS)) text += `,"@${MORE_RECORDS}":${moreRecords}`
  if (preferences.wantsAnnotation(PAGING_COOKIE) && moreRecords && pagingCookie !== undefined) {
    text += `,"@${PAGING_COOKIE}":${quoted(cookieText(page + 1, pagingCookie))}`
  }
  if (preferences.wantsAnnotation(CURRENT_FIELD)) {
    for (const [alias, column] of lookups) text += `,${quoted(`@${alias}.${CURRENT_FIELD}`)}:${quoted(column)}`
  }
  if (wantsCount(options) && totalRecordCount !== undefined) text += `,"@odata.count":${totalRecordCount}`
  const texts = rows.map((row, at) => encodeRow(row, columns, annotating, formatted?.[at]))
  text += `,"value":[${texts.join(',')}]`
  return next === undefined ? `${text}}` : `${text},"@odata.nextLink":${quoted(next)}}`
}

function encodeRow(
  row: Row,
  columns: readonly ResultColumn[],
  annotating: ResultAnnotating | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): string {
  const { versionnumber } = row
  const etag = typeof versionnumber === 'number' ? `"@odata.etag":"W/\\"${versionnumber}\\""` : ''
  const members = encodeResultRow(columns, row, annotating?.annotating, annotating?.currencyOf ?? noCurrency, labels)
  return `{${[etag, members].filter((text) => text !== '').join(',')}}`
}

interface ResultAnnotating {
  readonly annotating: Annotating
  readonly currencyOf: (row: Row, column: string) => Currency | undefined
}

const noCurrency = () => undefined

/** Money is in its row's currency, and where there is none in the organization's. */
async function annotatingOf(
  exchange: Exchange,
  columns: readonly ResultColumn[],
  rows: readonly Row[],
): Promise<ResultAnnotating | undefined> {
  const annotating = await annotatingResults(exchange, columns)
  if (!annotating) return undefined
  if (!columns.some(({ definition }) => definition?.type === 'money')) return { annotating, currencyOf: noCurrency }
  const currencies = await currenciesOf(exchange.service, rows)
  const base = await baseCurrencyOf(exchange.service)
  return {
    annotating,
    currencyOf: ({ transactioncurrencyid: of }, column) =>
      (isEntityReference(of) && !isInBaseCurrency(column) ? currencies.get(of.id) : undefined) ?? base,
  }
}

function refuseBeside(options: QueryOptions, names: readonly QueryOption[]): void {
  const chosen = queryChoices.filter((name) => options.has(name))
  if (chosen.length > 1) throw badRequest(`'${chosen[0]}' and '${chosen[1]}' cannot be used together.`)
  const beside = names.find((name) => options.has(name))
  if (beside) throw badRequest(`The query option '${beside}' cannot be used together with '${chosen[0]}'.`)
}
