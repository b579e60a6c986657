import { dataverseError } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { content, json } from '../responses.ts'
import { parseArguments, parseLiteral } from '../url/literal.ts'
import { NAMESPACE } from '../url/resource.ts'
import type { Segment } from '../url/segments.ts'
import type { WebAnswer } from '../web-request.ts'
import { parseMetadataFilter } from './metadata-filter.ts'
import { type MetadataNode, nodesOfSet } from './metadata-node.ts'
import { type MetadataOptions, parseMetadataOptions } from './metadata-options.ts'

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where a path over metadata has led so far. */
type Place =
  | {
      readonly kind: 'many'
      readonly nodes: readonly MetadataNode[]
      readonly context: string
      readonly cast?: boolean
    }
  | { readonly kind: 'one'; readonly node: MetadataNode; readonly context: string; readonly of?: string }
  | { readonly kind: 'value'; readonly value: unknown; readonly context: string }
  | { readonly kind: 'count'; readonly count: number }

/**
 * Reads the schema: tables, columns, option sets, relationships, keys.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export function readMetadata(exchange: Exchange, segments: readonly Segment[]): WebAnswer {
  const { options, baseUrl } = exchange
  const asked = parseMetadataOptions({
    select: options.get('$select'),
    filter: options.get('$filter'),
    expand: options.get('$expand'),
  })
  const place = placeOf(exchange, segments)
  switch (place.kind) {
    case 'count':
      return content(200, 'text/plain', `\ufeff${place.count}`)
    case 'value': {
      const context = { '@odata.context': `${baseUrl}/$metadata#${place.context}` }
      const isComplex = typeof place.value === 'object' && place.value !== null && !Array.isArray(place.value)
      return json(200, { ...context, ...(isComplex ? (place.value as object) : { value: place.value }) })
    }
    case 'one': {
      if (asked.filter !== undefined) throw badRequest("'$filter' has no meaning for a single row of metadata.")
      const context = `${baseUrl}/$metadata#${place.context}${contextOf(asked)}/$entity`
      return json(200, { '@odata.context': context, ...shown(place.node, asked, place.of === undefined) })
    }
    case 'many': {
      const test = asked.filter === undefined ? () => true : parseMetadataFilter(asked.filter)
      const context = `${baseUrl}/$metadata#${place.context}${contextOf(asked)}`
      const found = place.nodes.filter(({ object }) => test(object))
      const value = found.map((node) => shown(node, asked, place.cast !== true))
      return json(200, {
        '@odata.context': context,
        ...(options.get('$count') === 'true' ? { '@odata.count': found.length } : {}),
        value,
      })
    }
  }
}

/** The object that a path names; throws the platform's error when it names none, or several. */
export function nodeAt(exchange: Exchange, segments: readonly Segment[]): MetadataNode {
  const place = placeOf(exchange, segments)
  if (place.kind === 'one') return place.node
  throw badRequest('The path does not name one part of the schema.')
}

function placeOf(exchange: Exchange, [first, ...rest]: readonly Segment[]): Place {
  const { model, optionSets } = exchange
  const set = first!.name
  const tables = [...model.sets.values()].map(({ table }) => table)
  let place: Place = { kind: 'many', nodes: nodesOfSet(set, tables, optionSets), context: set }
  if (first!.inside !== undefined) place = keyed(place, first!, exchange)
  for (const segment of rest) place = step(place, segment, exchange)
  return place
}

function step(place: Place, segment: Segment, exchange: Exchange): Place {
  const { name, inside } = segment
  const notFound = () => dataverseError('ResourceNotFoundForSegment', { segment: name })
  if (place.kind === 'many') {
    if (name === '$count' && inside === undefined) return { kind: 'count', count: place.nodes.length }
    const type = castOf(name)
    if (type === undefined) throw notFound()
    const nodes = place.nodes.filter((node) => node.type === type)
    const cast: Place = { kind: 'many', nodes, context: `${place.context}/${name}`, cast: true }
    return inside === undefined ? cast : keyed(cast, segment, exchange)
  }
  if (place.kind !== 'one') throw notFound()
  const { node, context } = place
  const type = castOf(name)
  if (type !== undefined && inside === undefined) {
    if (node.type !== type) throw notFound()
    return { ...place, context: `${context}/${name}`, of: type }
  }
  const collection = Object.hasOwn(node.collections, name) ? node.collections[name] : undefined
  if (collection) {
    const many: Place = { kind: 'many', nodes: collection(), context: `${context}('${nameOf(node)}')/${name}` }
    return inside === undefined ? many : keyed(many, segment, exchange)
  }
  if (inside === undefined && Object.hasOwn(node.parts, name)) {
    const part = node.parts[name]
    if (part) return { kind: 'one', node: part, context: `${context}('${nameOf(node)}')/${name}` }
    return { kind: 'value', value: null, context: `${context}('${nameOf(node)}')/${name}` }
  }
  if (inside === undefined && Object.hasOwn(node.object, name)) {
    return { kind: 'value', value: node.object[name], context: `${context}('${nameOf(node)}')/${name}` }
  }
  throw notFound()
}

function castOf(name: string): string | undefined {
  return name.startsWith(NAMESPACE) ? name.slice(NAMESPACE.length) : undefined
}

/** One of several, by its id or its name. */
function keyed(
  place: Extract<Place, { kind: 'many' }>,
  { inside = '', name, text }: Segment,
  exchange: Exchange,
): Place {
  const [property, value] = keyIn(inside, text, exchange)
  const node = place.nodes.find(({ object }) => object[property] === value)
  if (node) return { kind: 'one', node, context: place.context, ...(place.cast ? { of: node.type } : {}) }
  if (name === 'EntityDefinitions' && property === 'LogicalName') {
    throw dataverseError('QueryBuilderNoEntity', { table: String(value) }, { status: 404 })
  }
  const message = `Could not find the part '${text}' of the schema.`
  throw dataverseError('ObjectDoesNotExist', { table: name, id: String(value) }, { message })
}

function keyIn(inside: string, text: string, { options }: Exchange): readonly [property: string, value: string] {
  const id = inside.trim().replace(/^'(.*)'$/, '$1')
  if (GUID.test(id)) return ['MetadataId', id.toLowerCase()]
  const [[name, literal] = [], ...others] = [...(inside.includes('=') ? parseArguments(inside) : [])]
  if (name === undefined || literal === undefined || others.length > 0) {
    throw badRequest(`The key of '${text}' is neither a GUID nor a name such as (LogicalName='account').`)
  }
  if (!['LogicalName', 'MetadataId', 'SchemaName', 'Name'].includes(name)) {
    throw badRequest(`'${name}' is not a key of the schema: LogicalName, SchemaName, Name and MetadataId are.`)
  }
  return [name, String(parseLiteral(literal, options.aliases))]
}

function nameOf({ object }: MetadataNode): unknown {
  return object.LogicalName ?? object.SchemaName ?? object.Name
}

/** An object with the properties asked for, its id always, and what is expanded. */
function shown(node: MetadataNode, { select, expand }: MetadataOptions, withType: boolean): Record<string, unknown> {
  const { object, type } = node
  const result: Record<string, unknown> = {}
  if (withType && Object.hasOwn(object, '@odata.type')) result['@odata.type'] = object['@odata.type']
  for (const name of select ?? Object.keys(object)) {
    if (name === '@odata.type') continue
    if (Object.hasOwn(object, name)) result[name] = object[name]
    else if (!Object.hasOwn(node.parts, name) && !Object.hasOwn(node.collections, name)) throw unknown(name, type)
  }
  if (Object.hasOwn(object, 'MetadataId')) result.MetadataId = object.MetadataId
  for (const { name, ...options } of expand) {
    if (Object.hasOwn(node.collections, name)) {
      const test = options.filter === undefined ? () => true : parseMetadataFilter(options.filter)
      result[name] = node.collections[name]!()
        .filter(({ object }) => test(object))
        .map((inner) => shown(inner, options, true))
    } else if (Object.hasOwn(node.parts, name)) {
      const part = node.parts[name]
      result[name] = part ? shown(part, options, true) : null
    } else throw unknown(name, type)
  }
  return result
}

function unknown(property: string, table: string): Error {
  return dataverseError('PropertyNotFoundOnType', { property, table })
}

function contextOf({ select, expand }: MetadataOptions): string {
  const names = [...(select ?? []), ...expand.map((item) => `${item.name}${contextOf(item) || '()'}`)]
  return names.length === 0 ? '' : `(${names.join(',')})`
}
