// Straight from its file: a client that prints queries needs nothing of what runs them.
import { printFetchXml } from '../../query/fetch-xml/print-fetch-xml.ts'
import type { QueryExpression, QueryResult, Row } from '../../service/index.ts'
import { dataverseError } from '../../service/index.ts'
import type { ApiAnswer, ApiRequest } from '../http/api.ts'
import { textOf, withQuery } from '../http/api.ts'
import { prefer } from '../http/prefer.ts'
import { decodeAll, decodeColumns, ROW_ANNOTATIONS, type WireRow } from '../rows/decode-row.ts'
import type { TableCatalog } from '../tables/table-catalog.ts'
import type { TableInfo } from '../tables/table-info.ts'
import { fetchCookieOf, isSkipToken, pageAfter, skipTokenOf } from './paging.ts'
import { onWire, resultDecoder, withAliases } from './result-shape.ts'
import { toOData } from './to-odata.ts'

/** How a query is asked, and how its answer is read. */
export interface QueryPlan {
  readonly request: ApiRequest
  read(answer: ApiAnswer): QueryResult
}

interface Collection {
  readonly value: readonly WireRow[]
  readonly '@odata.count'?: number
  readonly '@odata.nextLink'?: string
  readonly [MORE]?: boolean
  readonly [COOKIE]?: string
  readonly [TOTAL]?: number
}

const MAX_PAGE_SIZE = 5000
const COOKIE = '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
const MORE = '@Microsoft.Dynamics.CRM.morerecords'
const TOTAL = '@Microsoft.Dynamics.CRM.totalrecordcount'
const PAGING_ANNOTATIONS = [COOKIE, MORE, TOTAL].map((name) => name.slice(1)).join(',')

/** By OData where it says exactly this, by FetchXML otherwise. A page is asked for in the words of the one before it. */
export async function planQuery(tables: TableCatalog, query: QueryExpression): Promise<QueryPlan> {
  refuseImpossible(query)
  const table = await tables.get(query.table)
  const { cookie, number = 1 } = query.page ?? {}
  // OData cannot skip: only a cookie leads to a later page.
  const inWordsOfOData = cookie === undefined ? number === 1 : isSkipToken(cookie)
  const odata = inWordsOfOData ? toOData(query, table) : undefined
  return odata === undefined ? planFetch(tables, table, query) : planOData(table, query, odata)
}

function refuseImpossible({ top, page }: QueryExpression): void {
  if (top !== undefined && page !== undefined) {
    throw dataverseError('InvalidQuery', { reason: "'top' cannot be used together with 'page'" })
  }
  for (const [what, count = 1] of [
    ['top', top],
    ['page.size', page?.size],
  ] as const) {
    if (Number.isInteger(count) && count >= 1 && count <= MAX_PAGE_SIZE) continue
    // Asked for more, the environment would answer as many as it likes.
    throw dataverseError('InvalidQuery', { reason: `'${what}' is ${count}, but must be 1 to ${MAX_PAGE_SIZE}` })
  }
}

function planOData(table: TableInfo, query: QueryExpression, text: string): QueryPlan {
  const { page, columns, totalCount } = query
  const token = page?.cookie === undefined ? '' : `$skiptoken=${encodeURIComponent(page.cookie)}`
  return {
    request: {
      method: 'GET',
      path: withQuery(`${table.entitySet}${text}`, token),
      headers: prefer(ROW_ANNOTATIONS, page && totalCount !== 'only' ? `odata.maxpagesize=${page.size}` : undefined),
    },
    read(answer) {
      const body = JSON.parse(textOf(answer)) as Collection
      const next = body['@odata.nextLink']
      const decode = (row: WireRow): Row =>
        columns ? decodeColumns(table, columns as readonly string[], row) : decodeAll(table, row)
      return resultOf(query, {
        rows: body.value.map(decode),
        cookie: next === undefined ? undefined : skipTokenOf(next),
        moreRecords: next !== undefined,
        total: body['@odata.count'],
      })
    },
  }
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-fetchxml-web-api */
async function planFetch(tables: TableCatalog, table: TableInfo, query: QueryExpression): Promise<QueryPlan> {
  const named = withAliases(paged(query))
  const decode = await resultDecoder(tables, named)
  return {
    request: {
      method: 'GET',
      path: `${table.entitySet}?fetchXml=${encodeURIComponent(printFetchXml(onWire(named)))}`,
      headers: prefer(`${ROW_ANNOTATIONS},${PAGING_ANNOTATIONS}`),
    },
    read(answer) {
      const body = JSON.parse(textOf(answer)) as Collection
      const annotation = body[COOKIE]
      return resultOf(query, {
        rows: body.value.map(decode),
        cookie: annotation === undefined ? undefined : fetchCookieOf(annotation),
        moreRecords: body[MORE] ?? body['@odata.nextLink'] !== undefined,
        total: body[TOTAL] ?? body['@odata.count'],
      })
    },
  }
}

/** A cookie needs its page's number beside it. To count only, one row is enough. */
function paged({ page, ...query }: QueryExpression): QueryExpression {
  if (query.totalCount === 'only') return { ...query, page: { size: 1 } }
  if (page?.cookie === undefined) return page ? { ...query, page } : query
  return { ...query, page: { ...page, number: page.number ?? pageAfter(page.cookie) } }
}

function resultOf(
  { totalCount, top }: QueryExpression,
  found: {
    readonly rows: Row[]
    readonly cookie: string | undefined
    readonly moreRecords: boolean
    readonly total: number | undefined
  },
): QueryResult {
  const total = totalCount && found.total !== undefined ? { totalRecordCount: found.total } : {}
  if (totalCount === 'only') return { rows: [], moreRecords: false, ...total }
  // Asked for so many, there are no more to be had.
  if (top !== undefined || !found.moreRecords) return { rows: found.rows, moreRecords: false, ...total }
  const cookie = found.cookie === undefined ? {} : { pagingCookie: found.cookie }
  return { rows: found.rows, moreRecords: true, ...cookie, ...total }
}
