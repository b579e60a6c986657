import { dataverseError, type EntityReference, type RowKey, reference } from '../../service/index.ts'
import { readJsonObject } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import type { Collection, Navigation } from '../model.ts'
import { badRequest } from '../refusals.ts'
import { empty, json } from '../responses.ts'
import type { RowAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { idOf, lookUp, referenceOf } from './locate.ts'
import { readRow } from './record.ts'
import { relatedTo } from './related-to.ts'

interface NavigationAddress {
  readonly row: RowAddress
  readonly navigation: Navigation
}
interface CollectionAddress {
  readonly row: RowAddress
  readonly collection: Collection
  readonly key: RowKey | undefined
}

/**
 * The row that a lookup refers to; a 204 when it refers to none.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api#retrieve-navigation-property-values
 */
export async function readRelated(exchange: Exchange, { row, navigation }: NavigationAddress): Promise<WebAnswer> {
  const found = await referredTo(exchange, row, navigation)
  if (!found) return empty(204)
  return readRow(exchange, { type: exchange.model.table(found.logicalName), key: found.id })
}

/** The URL of the row that a lookup refers to. */
export async function readReference(exchange: Exchange, { row, navigation }: NavigationAddress): Promise<WebAnswer> {
  const found = await referredTo(exchange, row, navigation)
  if (!found) return empty(204)
  const { baseUrl, model } = exchange
  return json(200, {
    '@odata.context': `${baseUrl}/$metadata#$ref`,
    '@odata.id': `${baseUrl}/${model.table(found.logicalName).table.collectionName}(${found.id})`,
  })
}

/** The URLs of the rows that a row is linked with. */
export async function readReferences(exchange: Exchange, address: CollectionAddress): Promise<WebAnswer> {
  const { baseUrl, model, service, requestOptions } = exchange
  const { logicalName, primaryKey, collectionName } = model.table(address.collection.target).table
  const query = await relatedTo(exchange, address, { table: logicalName, columns: [primaryKey] })
  const { rows } = await service.retrieveMultiple(query, requestOptions)
  return json(200, {
    '@odata.context': `${baseUrl}/$metadata#Collection($ref)`,
    value: rows.map((row) => ({ '@odata.id': `${baseUrl}/${collectionName}(${row[primaryKey]})` })),
  })
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api#associate-a-record-with-a-reference-property */
export async function setReference(exchange: Exchange, { row, navigation }: NavigationAddress): Promise<WebAnswer> {
  const { logicalName, collectionName } = row.type.table
  const value = await referenceInBody(exchange, collectionName)
  refuseOtherTable(collectionName, navigation.name, navigation.targets, value)
  await exchange.service.update<string>(
    logicalName,
    await idOf(row, exchange),
    { [navigation.column]: value },
    exchange.requestOptions,
  )
  return empty(204)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api#disassociate-with-a-reference-property */
export async function clearReference(exchange: Exchange, { row, navigation }: NavigationAddress): Promise<WebAnswer> {
  await exchange.service.update<string>(
    row.type.table.logicalName,
    await idOf(row, exchange),
    { [navigation.column]: null },
    exchange.requestOptions,
  )
  return empty(204)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api#add-a-record-to-a-collection */
export async function addReference(exchange: Exchange, address: CollectionAddress): Promise<WebAnswer> {
  const { row, collection } = address
  const { logicalName, collectionName } = row.type.table
  if (address.key !== undefined) throw badRequest(`Which row to add to '${collection.name}' is said in the content.`)
  const related = await referenceInBody(exchange, collectionName)
  refuseOtherTable(collectionName, collection.name, [collection.target], related)
  const id = await idOf(row, exchange)
  await exchange.service.associate(logicalName, id, collection.relationship, [related], exchange.requestOptions)
  return empty(204)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api#remove-a-record-from-a-collection */
export async function removeReference(exchange: Exchange, address: CollectionAddress): Promise<WebAnswer> {
  const { row, collection } = address
  const related = await relatedIn(exchange, address)
  refuseOtherTable(row.type.table.collectionName, collection.name, [collection.target], related)
  await exchange.service.disassociate(
    row.type.table.logicalName,
    await idOf(row, exchange),
    collection.relationship,
    [related],
    exchange.requestOptions,
  )
  return empty(204)
}

/** Which of the linked rows is meant: `nav(key)/$ref`, or `nav/$ref?$id=url`. */
async function relatedIn(exchange: Exchange, { collection, key }: CollectionAddress): Promise<EntityReference> {
  const url = exchange.options.get('$id')
  if (key !== undefined) {
    const type = exchange.model.table(collection.target)
    return reference(collection.target, await idOf({ type, key }, exchange))
  }
  if (url === undefined)
    throw badRequest(`Which row to remove from '${collection.name}' is said by its key, or by $id.`)
  return referenceOf(url, exchange)
}

function referredTo(
  exchange: Exchange,
  row: RowAddress,
  { column, targets }: Navigation,
): Promise<EntityReference | undefined> {
  return lookUp(row, column, exchange).then((found) =>
    found && targets.includes(found.logicalName) ? found : undefined,
  )
}

async function referenceInBody(exchange: Exchange, set: string): Promise<EntityReference> {
  const body = await readJsonObject(exchange.request, set, exchange.maxBodyBytes)
  const url = body['@odata.id']
  if (typeof url !== 'string') {
    throw dataverseError('MalformedPayload', { set, reason: 'A row is referred to as {"@odata.id": "set(id)"}.' })
  }
  return referenceOf(url, exchange)
}

function refuseOtherTable(set: string, column: string, targets: readonly string[], found: EntityReference): void {
  if (targets.includes(found.logicalName)) return
  const expected = `a row of ${targets.join(' or ')}`
  throw dataverseError('WrongValueType', { set, column, expected, actual: `a row of ${found.logicalName}` })
}
