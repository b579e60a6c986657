import { dataverseError, type QueryExpression, type RowKey } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { idOf } from './locate.ts'
import { readRow } from './record.ts'
import { relatedTo } from './related-to.ts'

/** One of the rows that a row is linked with, by its key: a 404 when it is not linked. */
export async function readMember(
  exchange: Exchange,
  { rows: { type, of }, key }: { readonly rows: RowsAddress; readonly key: RowKey },
): Promise<WebAnswer> {
  const { logicalName, primaryKey } = type.table
  const id = await idOf({ type, key }, exchange)
  const query: QueryExpression = {
    table: logicalName,
    columns: [primaryKey],
    filter: { kind: 'compare', column: primaryKey, operator: 'eq', values: [id] },
  }
  const { rows } = await exchange.service.retrieveMultiple(of ? await relatedTo(exchange, of, query) : query)
  if (rows.length === 0) throw dataverseError('ObjectDoesNotExist', { table: logicalName, id })
  return readRow(exchange, { type, key: id })
}
