import { dataverseError, type Row, reference } from '../../service/index.ts'
import { readJsonObject } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import { MethodNotAllowed } from '../refusals.ts'
import { empty } from '../responses.ts'
import { inTransaction } from '../transaction.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { decodeRow } from './decode-row.ts'
import { idOf } from './locate.ts'
import { relatedTo } from './related-to.ts'

/**
 * Puts other parties in the place of those of an activity: the only rows within a row that can be written once it is there.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api
 */
export async function replaceParties(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { logicalName, collectionName, primaryKey } = type.table
  if (of?.collection.kind !== 'oneToMany' || logicalName !== 'activityparty') {
    throw new MethodNotAllowed('PUT', ['GET', 'POST'])
  }
  const { value } = await readJsonObject(exchange.request, collectionName, exchange.maxBodyBytes)
  if (!Array.isArray(value) || value.some((party) => typeof party !== 'object' || party === null)) {
    throw dataverseError('MalformedPayload', { set: collectionName, reason: 'Parties are given as {"value": […]}.' })
  }
  const activity = reference(of.row.type.table.logicalName, await idOf(of.row, exchange))
  const rows: Row[] = []
  for (const party of value) {
    rows.push({ ...(await decodeRow(type, party, exchange)), [of.collection.column]: activity })
  }
  const query = await relatedTo(exchange, of, { table: logicalName, columns: [primaryKey] })
  await inTransaction(exchange.service, 'Replacing the parties of an activity', async (inner) => {
    const before = await inner.retrieveMultiple(query)
    for (const row of before.rows) await inner.delete(logicalName, row[primaryKey] as string, exchange.requestOptions)
    for (const row of rows) await inner.create<string>(logicalName, row, exchange.requestOptions)
  })
  return empty(204)
}
