import type { Row } from '../../service/index.ts'
import { dataverseError } from '../../service/index.ts'
import { FORMATTED } from '../annotations.ts'
import { readJsonObject } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import { downloadAsJson, downloadFile, removeFile } from '../files/download.ts'
import { member, objectOf, quoted } from '../json-text.ts'
import { content, empty, json } from '../responses.ts'
import type { RowAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingFor } from './annotating.ts'
import { decodeValue } from './decode-row.ts'
import { momentText } from './encode-value.ts'
import { idOf, keyOf } from './locate.ts'
import { shapeOf } from './row-shape.ts'

/** One column of one row. */
export interface PropertyAddress {
  readonly row: RowAddress
  readonly column: string
  readonly property: string
}

/**
 * A column without a value is a 204, as OData has it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api#retrieve-a-single-property-value
 */
export async function readProperty(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  const kind = address.row.type.table.columns[address.column]!.type
  const ranged = exchange.request.header('range') !== undefined
  if (ranged && (kind === 'file' || kind === 'image')) return downloadAsJson(exchange, address)
  const { baseUrl, preferences } = exchange
  const { type } = address.row
  const shape = shapeOf(type, [address.column], address.property)
  const key = await keyOf(address.row, exchange)
  const row: Row = await exchange.service.retrieve<string, string>(
    type.table.logicalName,
    key,
    [...new Set([...shape.read, type.table.primaryKey])],
    exchange.requestOptions,
  )
  const value = row[address.column] ?? null
  if (value === null) return empty(204)
  const shown = shape.columns[0]!
  const annotating = await annotatingFor(exchange, shape, [row])
  const currency = annotating?.currencies.values().next().value
  const formatted = preferences.wantsAnnotation(FORMATTED)
    ? annotating?.formats.format(shown.definition, value, currency)
    : undefined
  const id = row[type.table.primaryKey] as string
  return json(
    200,
    objectOf(
      member('@odata.context', quoted(`${baseUrl}/$metadata#${type.table.collectionName}(${id})/${address.property}`)),
      member(`value@${FORMATTED}`, formatted === undefined ? undefined : quoted(formatted)),
      member('value', shown.write(value)),
    ),
    preferences.applied(),
  )
}

/** The bare value: text, or the bytes of a picture. */
export async function readRawValue(exchange: Exchange, property: PropertyAddress): Promise<WebAnswer> {
  const { row: address, column } = property
  if (address.type.table.columns[column]!.type === 'file') return downloadFile(exchange, property)
  const { table } = address.type
  const key = await keyOf(address, exchange)
  const row: Row = await exchange.service.retrieve<string, string>(
    table.logicalName,
    key,
    [column],
    exchange.requestOptions,
  )
  const value = row[column] ?? null
  if (value === null) return empty(204)
  if (table.columns[column]!.type === 'image') {
    return content(200, 'application/octet-stream', Buffer.from(String(value), 'base64'))
  }
  const text =
    value instanceof Date ? momentText(value) : typeof value === 'object' ? idOrChoices(value) : String(value)
  return content(200, 'text/plain', text)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#update-a-single-property-value */
export async function writeProperty(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  const { type } = address.row
  const { collectionName } = type.table
  const body = await readJsonObject(exchange.request, collectionName, exchange.maxBodyBytes)
  const [name, ...others] = Object.keys(body).filter((key) => !key.startsWith('@'))
  if (name !== 'value' || others.length > 0) {
    throw dataverseError('MalformedPayload', {
      set: collectionName,
      reason: 'The new value of a property is given as {"value": …}.',
    })
  }
  if (address.column !== address.property) {
    const reason = 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
    throw dataverseError('MalformedPayload', { set: collectionName, reason: `${reason} ('${address.property}')` })
  }
  const value = body.value === null ? null : decodeValue(type.table, address.column, body.value)
  return setProperty(exchange, address, value)
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#delete-a-single-property-value */
export function deleteProperty(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  if (address.row.type.table.columns[address.column]!.type === 'file') return removeFile(exchange, address)
  return setProperty(exchange, address, null)
}

async function setProperty(
  exchange: Exchange,
  { row, column }: PropertyAddress,
  value: Row[string],
): Promise<WebAnswer> {
  const id = await idOf(row, exchange)
  await exchange.service.update<string>(row.type.table.logicalName, id, { [column]: value }, exchange.requestOptions)
  return empty(204)
}

function idOrChoices(value: object): string {
  return 'id' in value ? String(value.id) : (value as readonly number[]).join(',')
}
