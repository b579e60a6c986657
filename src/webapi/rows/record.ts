import type { TableDefinition } from '../../entities/index.ts'
import { DataverseError, dataverseError, type OrganizationService, type Row, type RowKey } from '../../service/index.ts'
import { readJsonObject } from '../body.ts'
import { type Conditions, parseConditions, refuseConditions } from '../conditions.ts'
import type { Exchange } from '../exchange.ts'
import type { EntityType } from '../model.ts'
import { empty } from '../responses.ts'
import type { RowAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { decodeRow } from './decode-row.ts'
import { keyOf } from './locate.ts'
import { readPlanOf } from './read-plan.ts'
import { representation } from './representation.ts'
import { etagOf } from './row-shape.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api */
export async function readRow(exchange: Exchange, address: RowAddress): Promise<WebAnswer> {
  const { request, options, preferences, requestOptions, service } = exchange
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'GET', 'version', 'mustNotExist')
  const plan = readPlanOf(exchange.model, address.type, options)
  const key = 'key' in address ? address.key : await keyOf(address, exchange)
  const { logicalName } = address.type.table
  const row: Row = await service.retrieve<string, string>(logicalName, key, plan.read, requestOptions)
  const etag = etagOf(row)
  // What annotations and expanded rows say may change although the row does not.
  const comparable = !preferences.annotated && plan.expansions.length === 0
  if (comparable && etag !== undefined && etag === conditions.otherThan) return empty(304, { ETag: etag })
  return representation(exchange, plan, row, { status: 200, written: false })
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api */
export async function writeRow(exchange: Exchange, address: RowAddress): Promise<WebAnswer> {
  const { request, baseUrl, options, preferences, service, maxBodyBytes } = exchange
  const { type } = address
  const { logicalName, collectionName } = type.table
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'PATCH', 'otherThan')
  const plan = readPlanOf(exchange.model, type, options)
  const row = await decodeRow(type, await readJsonObject(request, collectionName, maxBodyBytes), exchange)
  const { id, created } = await write(exchange, type, await keyOf(address, exchange), row, conditions)
  const entity = `${baseUrl}${exchange.address.path}`
  if (!preferences.representation) return { ...empty(204, { 'OData-EntityId': entity }), entity }
  const written: Row = await service.retrieve<string, string>(logicalName, id, plan.read)
  return { ...(await representation(exchange, plan, written, { status: created ? 201 : 200, written: true })), entity }
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#basic-delete */
export async function deleteRow(exchange: Exchange, address: RowAddress): Promise<WebAnswer> {
  const { request, requestOptions, service } = exchange
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'DELETE', 'mustNotExist', 'otherThan')
  const key = await keyOf(address, exchange)
  await service.delete(address.type.table.logicalName, key, { ...requestOptions, ...versionOf(conditions) })
  return empty(204)
}

/** An upsert, unless the conditions allow one half of it only. */
async function write(
  { service, requestOptions }: Exchange,
  { table }: EntityType,
  key: RowKey,
  row: Row,
  conditions: Conditions,
): Promise<{ readonly id: string; readonly created: boolean }> {
  const { logicalName, primaryKey } = table
  if (conditions.mustNotExist) {
    if (typeof key !== 'string') await refuseExisting(service, table, key)
    const identity: Row = typeof key === 'string' ? { [primaryKey]: key } : { ...key }
    return { id: await service.create<string>(logicalName, { ...identity, ...row }, requestOptions), created: true }
  }
  if (conditions.mustExist || conditions.version !== undefined) {
    const id = await idBehind(service, table.logicalName, primaryKey, key)
    await service.update<string>(logicalName, id, row, { ...requestOptions, ...versionOf(conditions) })
    return { id, created: false }
  }
  return service.upsert<string>(logicalName, key, row, requestOptions)
}

/** The row may get other key values from its payload than those that it is addressed by: these have to be free too. */
async function refuseExisting(service: OrganizationService, table: TableDefinition, key: RowKey): Promise<void> {
  try {
    await service.retrieve<string, string>(table.logicalName, key, [table.primaryKey])
  } catch (error) {
    if (DataverseError.isInstance(error) && error.name === 'RecordNotFoundByEntityKey') return
    throw error
  }
  throw dataverseError('DuplicateRecord', {})
}

/** The id behind a key, found before the update, which may change the key's own columns. */
async function idBehind(service: OrganizationService, table: string, primaryKey: string, key: RowKey): Promise<string> {
  if (typeof key === 'string') return key
  const row: Row = await service.retrieve<string, string>(table, key, [primaryKey])
  return row[primaryKey] as string
}

function versionOf({ version }: Conditions): { readonly rowVersion?: number } {
  return version === undefined ? {} : { rowVersion: version }
}
