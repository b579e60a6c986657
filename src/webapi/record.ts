import type { OrganizationService, Row, RowKey } from '../service/index.ts'
import { readJsonObject } from './body.ts'
import { type Conditions, parseConditions, refuseConditions } from './conditions.ts'
import { decodeRow } from './decode-row.ts'
import { etagOf } from './encode-row.ts'
import type { Exchange } from './exchange.ts'
import type { EntityType } from './model.ts'
import { representation } from './representation.ts'
import { empty } from './responses.ts'
import { parseSelection } from './selection.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api */
export async function readRow(exchange: Exchange, type: EntityType, key: RowKey): Promise<Response> {
  const { request, options, preferences, requestOptions, service } = exchange
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'GET', 'version', 'mustNotExist')
  const selection = parseSelection(type, options)
  const row = await service.retrieve<string, string>(type.table.logicalName, key, selection.read, requestOptions)
  const etag = etagOf(row)
  // What annotations say may change although the row does not.
  const unchanged = etag !== undefined && etag === conditions.otherThan && !preferences.annotated
  if (unchanged) return empty(304, { ETag: etag })
  return representation(exchange, type, row, selection, { status: 200, written: false })
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api */
export async function writeRow(exchange: Exchange, type: EntityType, key: RowKey): Promise<Response> {
  const { request, baseUrl, url, options, preferences, service, maxBodyBytes } = exchange
  const { logicalName } = type.table
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'PATCH', 'otherThan')
  const selection = parseSelection(type, options)
  const row = await decodeRow(type, await readJsonObject(request, logicalName, maxBodyBytes), exchange)
  const { id, created } = await write(exchange, type, key, row, conditions)
  if (!preferences.representation) {
    return empty(204, { 'OData-EntityId': `${baseUrl}${url.pathname.slice(exchange.basePath.length)}` })
  }
  const written = await service.retrieve<string, string>(logicalName, id, selection.read)
  return representation(exchange, type, written, selection, { status: created ? 201 : 200, written: true })
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#basic-delete */
export async function deleteRow(exchange: Exchange, { table }: EntityType, key: RowKey): Promise<Response> {
  const { request, requestOptions, service } = exchange
  const conditions = parseConditions(request)
  refuseConditions(conditions, 'DELETE', 'mustNotExist', 'otherThan')
  await service.delete(table.logicalName, key, { ...requestOptions, ...versionOf(conditions) })
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
    const identity: Row = typeof key === 'string' ? { [primaryKey]: key } : { ...key }
    return { id: await service.create<string>(logicalName, { ...row, ...identity }, requestOptions), created: true }
  }
  if (conditions.mustExist || conditions.version !== undefined) {
    const id = await idOf(service, table.logicalName, primaryKey, key)
    await service.update<string>(logicalName, id, row, { ...requestOptions, ...versionOf(conditions) })
    return { id, created: false }
  }
  return service.upsert<string>(logicalName, key, row, requestOptions)
}

/** The id behind a key, found before the update, which may change the key's own columns. */
async function idOf(service: OrganizationService, table: string, primaryKey: string, key: RowKey): Promise<string> {
  if (typeof key === 'string') return key
  const row: Row = await service.retrieve<string, string>(table, key, [primaryKey])
  return row[primaryKey] as string
}

function versionOf({ version }: Conditions): { readonly rowVersion?: number } {
  return version === undefined ? {} : { rowVersion: version }
}
