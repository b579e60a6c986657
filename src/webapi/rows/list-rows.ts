import { deepFreeze } from '../../internal/freeze.ts'
import { MAX_PAGE_SIZE, mergeLinks, parseODataFilter, parseOrderBy, parseTop } from '../../query/index.ts'
import type { QueryExpression, Row } from '../../service/index.ts'
import { METADATA_VERSION, TOTAL_COUNT, TOTAL_COUNT_EXCEEDED } from '../annotations.ts'
import { parseConditions, refuseConditions } from '../conditions.ts'
import type { Exchange } from '../exchange.ts'
import { quoted } from '../json-text.ts'
import type { EntityType, Model } from '../model.ts'
import type { Preferences } from '../preferences.ts'
import { badRequest } from '../refusals.ts'
import { json } from '../responses.ts'
import type { QueryOptions } from '../url/query-options.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { aggregateRows } from './aggregate-rows.ts'
import { annotatingFor } from './annotating.ts'
import { encodeRow } from './encode-row.ts'
import { expansionsOf } from './expand.ts'
import { fetchRows, viewedRows } from './fetch-rows.ts'
import { KeptPlans } from './kept-plans.ts'
import { nextLinkOf, parseSkipToken } from './paging.ts'
import { type ReadPlan, readPlanOf } from './read-plan.ts'
import { relatedTo } from './related-to.ts'
import { trackedChanges } from './tracked-changes.ts'

/**
 * The rows of a set, or those that a row is linked with.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview
 */
export async function listRows(exchange: Exchange, rows: RowsAddress): Promise<WebAnswer> {
  const { type, of } = rows
  const { request, options, preferences, requestOptions, service, model } = exchange
  // A collection has no ETag of its own: there is none that could be the one the caller has.
  refuseConditions(parseConditions(request), 'GET of a collection', 'version', 'mustNotExist')
  if (options.has('$deltatoken') || preferences.trackChanges) {
    if (of) throw badRequest('Changes are tracked of whole tables only.')
    return trackedChanges(exchange, type)
  }
  if (options.has('fetchXml')) return fetchRows(exchange, rows)
  if (options.has('savedQuery') || options.has('userQuery')) return viewedRows(exchange, rows)
  if (options.has('$apply')) return aggregateRows(exchange, rows)
  const plan = listPlanOf(model, type, options, preferences)
  const page = plan.query.top === undefined ? pageOf(options, preferences) : undefined
  let { query } = plan
  if (page) query = { ...query, page }
  if (of) query = await relatedTo(exchange, of, query)
  const {
    rows: found,
    totalRecordCount,
    moreRecords,
    pagingCookie,
  } = await service.retrieveMultiple(query, requestOptions)
  const next =
    moreRecords && pagingCookie !== undefined ? nextLinkOf(exchange, (page?.number ?? 1) + 1, pagingCookie) : undefined
  const body = await collectionBody(exchange, plan.read, found, { count: totalRecordCount, next })
  return json(200, body, preferences.applied({ paged: true }))
}

/** What the options of a query ask for. */
interface ListPlan {
  readonly read: ReadPlan
  /** The query, without the page that a token names. */
  readonly query: QueryExpression
}

const plans = new KeptPlans<ListPlan>({ most: 1000, longest: 2000 })

function listPlanOf(model: Model, type: EntityType, options: QueryOptions, preferences: Preferences): ListPlan {
  const paged = preferences.maxPageSize !== undefined
  const key = `${type.table.logicalName}${paged ? '!' : '?'}${options.text}`
  return plans.get(model, key, () => planOf(model, type, options, paged), !options.has('$skiptoken'))
}

function planOf(model: Model, type: EntityType, options: QueryOptions, paged: boolean): ListPlan {
  const read = readPlanOf(model, type, options)
  const [filterText, orderText] = [options.get('$filter'), options.get('$orderby')]
  const filtered = filterText === undefined ? undefined : parseODataFilter(filterText, type.scope, options.aliases)
  const ordered = orderText === undefined ? undefined : parseOrderBy(orderText, type.scope, options.aliases)
  const links = mergeLinks(filtered?.links ?? [], ordered?.links ?? [])
  const top = topOf(options, paged)
  const query: QueryExpression = {
    table: type.table.logicalName,
    columns: read.read,
    ...(filtered ? { filter: filtered.filter } : {}),
    ...(ordered ? { orders: ordered.orders } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(wantsCount(options) ? { totalCount: true } : {}),
    ...(top === undefined ? {} : { top }),
  }
  return { read, query: deepFreeze(query) }
}

/** With a page size `$top` has no effect, as in Dataverse. */
function topOf(options: QueryOptions, paged: boolean): number | undefined {
  const text = options.get('$top')
  if (text === undefined) return undefined
  const top = parseTop(text)
  if (paged) return undefined
  if (options.has('$skiptoken')) throw badRequest("'$top' and '$skiptoken' cannot be used together.")
  return Math.min(top, MAX_PAGE_SIZE)
}

function pageOf(options: QueryOptions, { maxPageSize = MAX_PAGE_SIZE }: Preferences) {
  return parseSkipToken(options.get('$skiptoken'), maxPageSize)
}

/** Whether `$count` asks for the number of all rows. */
export function wantsCount(options: QueryOptions): boolean {
  const text = options.get('$count') ?? 'false'
  if (text === 'true' || text === 'false') return text === 'true'
  throw badRequest(`The query option '$count' is '${text}', not true or false.`)
}

async function collectionBody(
  exchange: Exchange,
  plan: ReadPlan,
  rows: readonly Row[],
  { count, next }: { readonly count: number | undefined; readonly next: string | undefined },
): Promise<string> {
  const { shape, context } = plan
  const annotating = await annotatingFor(exchange, shape, rows)
  const expanded = await expansionsOf(exchange, plan, rows, { single: false, nested: false })
  let text = `{"@odata.context":"${exchange.baseUrl}/$metadata#${shape.type.table.collectionName}${context}"`
  if (annotating) text += collectionAnnotations(exchange, count)
  if (count !== undefined) text += `,"@odata.count":${count}`
  text += ',"value":['
  for (let at = 0; at < rows.length; at++) {
    text += `${at === 0 ? '' : ','}{${encodeRow(shape, rows[at]!, annotating)}${expanded[at] ?? ''}}`
  }
  text += ']'
  if (next !== undefined) text += `,"@odata.nextLink":${quoted(next)}`
  return `${text}}`
}

/** What a `Prefer` header may ask to be told of a collection. */
export function collectionAnnotations({ preferences, model }: Exchange, count: number | undefined): string {
  const values = {
    [TOTAL_COUNT]: count ?? -1,
    [TOTAL_COUNT_EXCEEDED]: count !== undefined && count >= MAX_PAGE_SIZE,
    [METADATA_VERSION]: String(model.version),
  }
  return Object.entries(values)
    .filter(([name]) => preferences.wantsAnnotation(name))
    .map(([name, value]) => `,"@${name}":${JSON.stringify(value)}`)
    .join('')
}
