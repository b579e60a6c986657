import { dataverseError, type EntityReference, type Row, type RowKey, reference } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { pathOfUrl } from '../url/address.ts'
import { parseRowAddress, type RowAddress } from '../url/resource.ts'

type Context = Pick<Exchange, 'model' | 'operations' | 'service' | 'basePath' | 'contentIds'>

/** The key of the row that an address names; follows lookups where it leads through some. */
export async function keyOf(address: RowAddress, context: Context): Promise<RowKey> {
  if ('key' in address) return address.key
  const found = await lookUp(address.from, address.navigation.column, context)
  if (found) return found.id
  throw dataverseError('ResourceNotFoundForSegment', { segment: address.navigation.name })
}

/** What a row's lookup refers to. */
export async function lookUp(
  from: RowAddress,
  column: string,
  context: Context,
): Promise<EntityReference | null | undefined> {
  const key = await keyOf(from, context)
  const row: Row = await context.service.retrieve<string, string>(from.type.table.logicalName, key, [column])
  return row[column] as EntityReference | null
}

/** The id of the row that an address names: alternate keys are looked up. */
export async function idOf(address: RowAddress, context: Context): Promise<string> {
  const key = await keyOf(address, context)
  if (typeof key === 'string') return key
  const { logicalName, primaryKey } = address.type.table
  const row: Row = await context.service.retrieve<string, string>(logicalName, key, [primaryKey])
  return row[primaryKey] as string
}

/** Reads a URL in a payload or an option: relative, complete, or the content id of an earlier part of the change set. */
export function addressOf(url: string, context: Context): RowAddress {
  const path = pathOfUrl(resolveContentId(url, context.contentIds), context.basePath)
  if (path === undefined) throw badRequest(`'${url}' is not a URL of this environment.`)
  return parseRowAddress(path, { ...context, aliases: new Map() })
}

/** The row that a URL in a payload names. */
export async function referenceOf(url: string, context: Context): Promise<EntityReference> {
  const address = addressOf(url, context)
  return reference(address.type.table.logicalName, await idOf(address, context))
}

/** A URL that begins with a content id, such as `$1` or `$1/lastname`, with what stands for it. */
export function resolveContentId(url: string, contentIds: ReadonlyMap<string, string>): string {
  const [, id] = /^\/?(\$[^/?]+)/.exec(url) ?? []
  if (id === undefined) return url
  const entity = contentIds.get(id)
  if (entity === undefined) throw badRequest(`Content-ID Reference: '${id}' does not exist in the batch context.`)
  return entity + url.slice(url.indexOf(id) + id.length)
}
