import type { Row } from '../../service/index.ts'
import { readJsonObject } from '../body.ts'
import { parseConditions, refuseConditions } from '../conditions.ts'
import type { Exchange } from '../exchange.ts'
import { empty } from '../responses.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { createRows, createWithin } from './create-rows.ts'
import { decodeRows } from './decode-row.ts'
import { readPlanOf } from './read-plan.ts'
import { representation } from './representation.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api */
export async function createRow(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { request, baseUrl, options, preferences, service, maxBodyBytes } = exchange
  const { logicalName, collectionName } = type.table
  refuseConditions(parseConditions(request), 'POST', 'version', 'otherThan')
  const plan = readPlanOf(exchange.model, type, options)
  const decoded = await decodeRows(type, await readJsonObject(request, collectionName, maxBodyBytes), exchange)
  const id = of ? await createWithin(exchange, decoded, of) : await createRows(exchange, decoded)
  const entity = `${baseUrl}/${collectionName}(${id})`
  if (!preferences.representation) return { ...empty(204, { Location: entity, 'OData-EntityId': entity }), entity }
  const created: Row = await service.retrieve<string, string>(logicalName, id, plan.read)
  return { ...(await representation(exchange, plan, created, { status: 201, written: true })), entity }
}
