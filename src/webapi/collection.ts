import { MAX_PAGE_SIZE } from '../query/index.ts'
import type { Order, QueryExpression } from '../service/index.ts'
import { readJsonObject } from './body.ts'
import { parseConditions, refuseConditions } from './conditions.ts'
import { decodeRow } from './decode-row.ts'
import { encodeRow } from './encode-row.ts'
import type { Exchange } from './exchange.ts'
import { columnOfProperty, type EntityType } from './model.ts'
import { nextLinkOf, parseSkipToken } from './paging.ts'
import { appliedPreferences } from './preferences.ts'
import type { QueryOptions } from './query-options.ts'
import { badRequest, notEmulated } from './refusals.ts'
import { representation } from './representation.ts'
import { empty, json } from './responses.ts'
import { parseSelection } from './selection.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview */
export async function listRows(exchange: Exchange, type: EntityType): Promise<Response> {
  const { request, url, baseUrl, options, preferences, requestOptions, service } = exchange
  const { table } = type
  refuseConditions(parseConditions(request), 'GET of a collection', 'version', 'mustNotExist', 'otherThan')
  const selection = parseSelection(type, options)
  const count = parseCount(options)
  const bounds = parseBounds(options, preferences.maxPageSize)
  const query: QueryExpression = {
    table: table.logicalName,
    columns: selection.read,
    orders: parseOrders(type, options),
    totalCount: count,
    ...bounds,
  }
  const { rows, totalRecordCount, moreRecords, pagingCookie } = await service.retrieveMultiple(query, requestOptions)
  const next =
    moreRecords && pagingCookie !== undefined
      ? nextLinkOf(url.href, (bounds.page?.number ?? 1) + 1, pagingCookie)
      : undefined
  return json(
    200,
    {
      '@odata.context': `${baseUrl}/$metadata#${table.collectionName}${selection.context}`,
      ...(count ? { '@odata.count': totalRecordCount } : {}),
      value: rows.map((row) => encodeRow(table, row, selection.shown, preferences)),
      ...(next === undefined ? {} : { '@odata.nextLink': next }),
    },
    appliedPreferences(request, preferences, { paged: true }),
  )
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api */
export async function createRow(exchange: Exchange, type: EntityType): Promise<Response> {
  const { request, baseUrl, options, preferences, requestOptions, service, maxBodyBytes } = exchange
  const { logicalName, collectionName } = type.table
  refuseConditions(parseConditions(request), 'POST', 'version', 'otherThan')
  const selection = parseSelection(type, options)
  const row = await decodeRow(type, await readJsonObject(request, logicalName, maxBodyBytes), exchange)
  const id = await service.create<string>(logicalName, row, requestOptions)
  if (!preferences.representation) {
    const location = `${baseUrl}/${collectionName}(${id})`
    return empty(204, { 'OData-EntityId': location, Location: location })
  }
  const created = await service.retrieve<string, string>(logicalName, id, selection.read)
  return representation(exchange, type, created, selection, { status: 201, written: true })
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
