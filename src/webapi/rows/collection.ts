import { MAX_PAGE_SIZE } from '../../query/index.ts'
import {
  type Condition,
  dataverseError,
  type Link,
  type Order,
  type QueryExpression,
  type Row,
  type RowKey,
} from '../../service/index.ts'
import { METADATA_VERSION, TOTAL_COUNT, TOTAL_COUNT_EXCEEDED } from '../annotations.ts'
import { readJsonObject } from '../body.ts'
import { parseConditions, refuseConditions } from '../conditions.ts'
import type { Exchange } from '../exchange.ts'
import { columnOfProperty, type EntityType } from '../model.ts'
import { badRequest, notEmulated } from '../refusals.ts'
import { content, empty, json } from '../responses.ts'
import type { QueryOptions } from '../url/query-options.ts'
import type { RowAddress, RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingFor } from './annotating.ts'
import { createRows } from './create-rows.ts'
import { decodeRows } from './decode-row.ts'
import { encodeRow } from './encode-row.ts'
import { expansionsOf } from './expand.ts'
import { idOf } from './locate.ts'
import { nextLinkOf, parseSkipToken } from './paging.ts'
import { type ReadPlan, readPlanOf } from './read-plan.ts'
import { readRow } from './record.ts'
import { representation } from './representation.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview */
export async function listRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { request, options, preferences, requestOptions, service } = exchange
  const { table } = type
  refuseConditions(parseConditions(request), 'GET of a collection', 'version', 'mustNotExist', 'otherThan')
  const plan = readPlanOf(exchange.model, type, options)
  const count = parseCount(options)
  const bounds = parseBounds(options, preferences.maxPageSize)
  const query: QueryExpression = {
    table: table.logicalName,
    columns: plan.read,
    orders: parseOrders(type, options),
    totalCount: count,
    ...(of === undefined ? {} : await relatedTo(exchange, of)),
    ...bounds,
  }
  const { rows, totalRecordCount, moreRecords, pagingCookie } = await service.retrieveMultiple(query, requestOptions)
  const next =
    moreRecords && pagingCookie !== undefined
      ? nextLinkOf(exchange, (bounds.page?.number ?? 1) + 1, pagingCookie)
      : undefined
  return json(
    200,
    await collectionBody(exchange, plan, rows, { count: count ? totalRecordCount : undefined, next }),
    preferences.applied({ paged: true }),
  )
}

/** The condition, and the join, that leave the rows that a row is linked with. */
export async function relatedTo(
  exchange: Exchange,
  { row, collection }: { readonly row: RowAddress; readonly collection: NonNullable<RowsAddress['of']>['collection'] },
): Promise<{ readonly filter?: Condition; readonly links?: readonly Link[] }> {
  const id = await idOf(row, exchange)
  if (collection.kind === 'oneToMany') {
    return { filter: { kind: 'compare', column: collection.column, operator: 'eq', values: [id] } }
  }
  const { intersect, mine, theirs, target } = collection
  const filter: Condition = { kind: 'compare', column: mine, operator: 'eq', values: [id] }
  const { primaryKey } = exchange.model.table(target).table
  return { links: [{ table: intersect, from: theirs, to: primaryKey, type: 'inner', filter, intersect: true }] }
}

async function collectionBody(
  exchange: Exchange,
  plan: ReadPlan,
  rows: readonly Row[],
  { count, next }: { readonly count: number | undefined; readonly next: string | undefined },
): Promise<string> {
  const { shape, context } = plan
  const annotating = await annotatingFor(exchange, shape, rows)
  const expanded = await expansionsOf(exchange, plan, rows, { single: false })
  let text = `{"@odata.context":"${exchange.baseUrl}/$metadata#${shape.type.table.collectionName}${context}"`
  if (annotating) text += collectionAnnotations(exchange, count)
  if (count !== undefined) text += `,"@odata.count":${count}`
  text += ',"value":['
  rows.forEach((row, at) => {
    text += `${at === 0 ? '' : ','}{${encodeRow(shape, row, annotating)}${expanded[at] ?? ''}}`
  })
  text += ']'
  if (next !== undefined) text += `,"@odata.nextLink":${JSON.stringify(next)}`
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

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/count-rows */
export async function countRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { requestOptions, service } = exchange
  const query: QueryExpression = {
    table: type.table.logicalName,
    columns: [type.table.primaryKey],
    top: 1,
    totalCount: true,
    ...(of === undefined ? {} : await relatedTo(exchange, of)),
  }
  const { totalRecordCount } = await service.retrieveMultiple(query, requestOptions)
  // The platform puts a byte order mark before the number.
  return content(200, 'text/plain', `\ufeff${totalRecordCount}`)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api */
export async function createRow(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { request, baseUrl, options, preferences, service, maxBodyBytes } = exchange
  const { logicalName, collectionName } = type.table
  if (of) throw notEmulated(`Creating a row through '${of.collection.name}'`)
  refuseConditions(parseConditions(request), 'POST', 'version', 'otherThan')
  const plan = readPlanOf(exchange.model, type, options)
  const decoded = await decodeRows(type, await readJsonObject(request, logicalName, maxBodyBytes), exchange)
  const id = await createRows(exchange, decoded)
  const entity = `${baseUrl}/${collectionName}(${id})`
  if (!preferences.representation) return { ...empty(204, { Location: entity, 'OData-EntityId': entity }), entity }
  const created: Row = await service.retrieve<string, string>(logicalName, id, plan.read)
  return { ...(await representation(exchange, plan, created, { status: 201, written: true })), entity }
}

/** How many rows: with a page size `$top` has no effect, as in Dataverse. */
function parseBounds(options: QueryOptions, maxPageSize: number | undefined): Pick<QueryExpression, 'top' | 'page'> {
  const text = options.get('$top')
  if (text !== undefined && !(/^\d{1,9}$/.test(text) && Number(text) > 0)) {
    throw badRequest(`The query option '$top' is '${text}', but must be a whole number above 0.`)
  }
  if (text !== undefined && maxPageSize === undefined) {
    if (options.has('$skiptoken')) throw badRequest("'$top' and '$skiptoken' cannot be used together.")
    return { top: Number(text) }
  }
  return { page: parseSkipToken(options.get('$skiptoken'), maxPageSize ?? MAX_PAGE_SIZE) }
}

function parseCount(options: QueryOptions): boolean {
  const text = options.get('$count') ?? 'false'
  if (text !== 'true' && text !== 'false')
    throw badRequest(`The query option '$count' is '${text}', not true or false.`)
  return text === 'true'
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/order-rows */
function parseOrders(type: EntityType, options: QueryOptions): readonly Order[] {
  const text = options.get('$orderby')
  if (text === undefined) return []
  return text.split(',').map((part) => {
    const [property = '', direction = 'asc', ...rest] = part.trim().split(/\s+/)
    if (property.includes('/')) throw notEmulated(`Ordering by '${property}', a column of another table,`)
    if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc') || property === '') {
      throw badRequest(`The query option '$orderby' has '${part.trim()}', which is not a column with asc or desc.`)
    }
    return { column: columnOfProperty(type, property), descending: direction === 'desc' }
  })
}

/** One of the rows that a row is linked with, by its key: a 404 when it is not linked. */
export async function readMember(
  exchange: Exchange,
  { rows: { type, of }, key }: { readonly rows: RowsAddress; readonly key: RowKey },
): Promise<WebAnswer> {
  const { logicalName, primaryKey } = type.table
  const id = await idOf({ type, key }, exchange)
  const { filter, links = [] } = of === undefined ? {} : await relatedTo(exchange, of)
  const itself: Condition = { kind: 'compare', column: primaryKey, operator: 'eq', values: [id] }
  const { rows } = await exchange.service.retrieveMultiple({
    table: logicalName,
    columns: [primaryKey],
    filter: filter ? { kind: 'and', conditions: [itself, filter] } : itself,
    links,
  })
  if (rows.length === 0) throw dataverseError('ObjectDoesNotExist', { table: logicalName, id })
  return readRow(exchange, { type, key: id })
}
