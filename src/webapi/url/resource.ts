import { dataverseError, type RowKey } from '../../service/index.ts'
import type { Operation } from '../../service/operation.ts'
import type { Collection, EntityType, Model, Navigation } from '../model.ts'
import { badRequest, notEmulated } from '../refusals.ts'
import { parseKey } from './key.ts'
import type { Aliases } from './literal.ts'
import { parseSegments, type Segment } from './segments.ts'

/** Which row a path names: by its key, or as the one that another row's lookup refers to. */
export type RowAddress =
  | { readonly type: EntityType; readonly key: RowKey }
  | { readonly type: EntityType; readonly from: RowAddress; readonly navigation: Navigation }

/** The rows of a set, or those that a row is linked with. */
export interface RowsAddress {
  readonly type: EntityType
  readonly of?: { readonly row: RowAddress; readonly collection: Collection }
}

/** What a path names. */
export type Resource =
  | { readonly kind: 'service' | 'document' | 'batch' }
  | { readonly kind: 'collection'; readonly rows: RowsAddress }
  | { readonly kind: 'count'; readonly rows: RowsAddress }
  | { readonly kind: 'record'; readonly row: RowAddress }
  | { readonly kind: 'member'; readonly rows: RowsAddress; readonly key: RowKey }
  | {
      readonly kind: 'property' | 'value'
      readonly row: RowAddress
      readonly column: string
      readonly property: string
    }
  | { readonly kind: 'related'; readonly row: RowAddress; readonly navigation: Navigation }
  | { readonly kind: 'reference'; readonly row: RowAddress; readonly navigation: Navigation }
  | {
      readonly kind: 'references'
      readonly row: RowAddress
      readonly collection: Collection
      /** `nav(key)/$ref`: which of them. */
      readonly key: RowKey | undefined
    }
  | { readonly kind: 'operation'; readonly operation: Operation; readonly on: Bound; readonly text: string | undefined }
  | { readonly kind: 'metadata'; readonly segments: readonly Segment[] }
  | { readonly kind: 'backgroundOperation'; readonly id: string }
  | { readonly kind: 'metadataChanges'; readonly text: string | undefined }

/** What an operation is called on. */
export type Bound = { readonly row: RowAddress } | { readonly set: EntityType } | undefined

/** What reading a path takes. */
export interface PathContext {
  readonly model: Model
  readonly operations: ReadonlyMap<string, Operation>
  readonly aliases: Aliases
}

export const NAMESPACE = 'Microsoft.Dynamics.CRM.'
const metadataSets: ReadonlySet<string> = new Set([
  'EntityDefinitions',
  'RelationshipDefinitions',
  'GlobalOptionSetDefinitions',
  'ManagedPropertyDefinitions',
])
const RECORD = /^\/?(\w+)\(([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})\)$/

/**
 * Reads the path behind the base path.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#web-api-url-and-versions
 */
export function parseResource(path: string, context: PathContext): Resource {
  // What is asked for most needs no more than one look.
  const [, set, id] = RECORD.exec(path) ?? []
  if (set !== undefined && id !== undefined && context.model.sets.has(set)) {
    return { kind: 'record', row: { type: context.model.set(set), key: id.toLowerCase() } }
  }
  const [first, ...rest] = parseSegments(path)
  if (!first) return { kind: 'service' }
  const { name, inside } = first
  if (context.model.sets.has(name)) {
    const type = context.model.set(name)
    if (inside === undefined) return afterRows(rest, { type }, context)
    return afterRow(rest, { type, key: parseKey(type.table, inside, context.aliases) }, context)
  }
  if (metadataSets.has(name)) return { kind: 'metadata', segments: [first, ...rest] }
  if (rest.length > 0) throw dataverseError('CrmHttpError', { segment: name })
  if (name === '$metadata' && inside === undefined) return { kind: 'document' }
  if (name === '$batch' && inside === undefined) return { kind: 'batch' }
  if (name === 'RetrieveMetadataChanges') return { kind: 'metadataChanges', text: inside }
  const operation = context.operations.get(name)
  if (!operation || operation.bound) throw dataverseError('CrmHttpError', { segment: name })
  return { kind: 'operation', operation, on: undefined, text: inside }
}

/** Reads a path that must name one row, in a payload or a query option. */
export function parseRowAddress(path: string, context: PathContext): RowAddress {
  const resource = parseResource(path, context)
  if (resource.kind !== 'record') throw badRequest(`'${path}' does not name a row: write 'set(id)'.`)
  return resource.row
}

/** What follows a collection. */
function afterRows([segment, ...rest]: readonly Segment[], rows: RowsAddress, context: PathContext): Resource {
  if (!segment) return { kind: 'collection', rows }
  refuseMore(rest)
  const { name, inside } = segment
  if (name === '$count' && inside === undefined) return { kind: 'count', rows }
  if (name === '$ref' && rows.of && inside === undefined) return { kind: 'references', ...rows.of, key: undefined }
  const operation = operationOn(segment, rows.type, 'collection', context)
  if (operation && !rows.of) return { kind: 'operation', operation, on: { set: rows.type }, text: inside }
  throw dataverseError('ResourceNotFoundForSegment', { segment: name })
}

/** What follows a row. */
function afterRow([segment, ...rest]: readonly Segment[], row: RowAddress, context: PathContext): Resource {
  if (!segment) return { kind: 'record', row }
  const { name, inside } = segment
  const { type } = row
  const column = inside === undefined ? type.columns.get(name) : undefined
  if (column !== undefined) return afterProperty(rest, { row, column, property: name })
  const navigation = type.navigations.get(name)
  if (navigation && inside === undefined) return afterNavigation(rest, row, navigation, context)
  const collection = type.collections.get(name)
  if (collection) return afterCollection(segment, rest, row, collection, context)
  const operation = operationOn(segment, type, 'record', context)
  if (operation) {
    refuseMore(rest)
    return { kind: 'operation', operation, on: { row }, text: inside }
  }
  throw dataverseError('ResourceNotFoundForSegment', { segment: name })
}

function afterProperty(
  [segment, ...rest]: readonly Segment[],
  property: { readonly row: RowAddress; readonly column: string; readonly property: string },
): Resource {
  if (!segment) return { kind: 'property', ...property }
  refuseMore(rest)
  if (segment.text === '$value') return { kind: 'value', ...property }
  throw dataverseError('ResourceNotFoundForSegment', { segment: segment.name })
}

function afterNavigation(
  rest: readonly Segment[],
  row: RowAddress,
  navigation: Navigation,
  context: PathContext,
): Resource {
  const [segment, ...others] = rest
  if (!segment) return { kind: 'related', row, navigation }
  if (segment.text === '$ref') {
    refuseMore(others)
    return { kind: 'reference', row, navigation }
  }
  const [target, ...more] = navigation.targets
  if (more.length > 0) throw notEmulated(`What follows '${navigation.name}', which may be a row of several tables,`)
  return afterRow(rest, { type: context.model.table(target!), from: row, navigation }, context)
}

function afterCollection(
  { inside }: Segment,
  rest: readonly Segment[],
  row: RowAddress,
  collection: Collection,
  context: PathContext,
): Resource {
  const type = context.model.table(collection.target)
  const rows = { type, of: { row, collection } }
  if (inside === undefined) return afterRows(rest, rows, context)
  const key = parseKey(type.table, inside, context.aliases)
  if (rest.length === 0) return { kind: 'member', rows, key }
  if (rest[0]!.text === '$ref') {
    refuseMore(rest.slice(1))
    return { kind: 'references', row, collection, key }
  }
  return afterRow(rest, { type, key }, context)
}

/** The operation that a segment names, which must be one of this table. */
function operationOn(
  { name }: Segment,
  { table }: EntityType,
  to: 'record' | 'collection',
  { operations }: PathContext,
): Operation | undefined {
  if (!name.startsWith(NAMESPACE)) {
    const known = operations.get(name)
    if (known?.bound?.to === to) throw badRequest('Request message has unresolved parameters')
    return undefined
  }
  const operation = operations.get(name.slice(NAMESPACE.length))
  if (operation?.bound?.to !== to) return undefined
  const { tables } = operation.bound
  return tables === undefined || tables.includes(table.logicalName) ? operation : undefined
}

function refuseMore([segment]: readonly Segment[]): void {
  if (segment) throw dataverseError('ResourceNotFoundForSegment', { segment: segment.name })
}
