import { parseODataFilter } from '../../query/index.ts'
import type { QueryExpression } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { content } from '../responses.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { relatedTo } from './related-to.ts'
import { countChanges } from './tracked-changes.ts'

/**
 * How many rows there are, at most 5000, as a plain number.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/count-rows
 */
export async function countRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { requestOptions, service, options } = exchange
  if (options.has('$deltatoken')) return countChanges(exchange, type)
  const text = options.get('$filter')
  const filtered = text === undefined ? {} : parseODataFilter(text, type.scope, options.aliases)
  const query: QueryExpression = {
    table: type.table.logicalName,
    columns: [type.table.primaryKey],
    totalCount: 'only',
    ...filtered,
  }
  const { totalRecordCount } = await service.retrieveMultiple(
    of ? await relatedTo(exchange, of, query) : query,
    requestOptions,
  )
  // The platform puts a byte order mark before the number.
  return content(200, 'text/plain', `\ufeff${totalRecordCount}`)
}
