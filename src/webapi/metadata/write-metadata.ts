import { columnFromAttribute } from '../../entities/import/column-from-attribute.ts'
import { behaviorFrom, tableFromEntity } from '../../entities/import/tables-from-entity-definitions.ts'
import { type ColumnDefinition, changeTable, type MetadataChange, type TableDefinition } from '../../entities/index.ts'
import { type DataverseError, dataverseError } from '../../service/index.ts'
import { readJsonObject } from '../body.ts'
import type { Exchange } from '../exchange.ts'
import { MethodNotAllowed, notEmulated } from '../refusals.ts'
import { empty } from '../responses.ts'
import type { Segment } from '../url/segments.ts'
import type { WebAnswer } from '../web-request.ts'
import { addToSolution, solutionOf } from './add-to-solution.ts'
import { attributeMetadataOf } from './attribute-metadata.ts'
import { globalOptionSetFrom } from './global-option-set.ts'
import { textOfLabel } from './label.ts'
import { metadataId } from './metadata-id.ts'
import type { MetadataNode } from './metadata-node.ts'
import type { MetadataObject } from './option-set.ts'
import { nodeAt } from './read-metadata.ts'

type Body = Readonly<Record<string, unknown>>

/** What a request would do to the schema, and the URL of the part that it would make, behind the base. */
interface Writing {
  readonly change: MetadataChange
  readonly created?: string
}

/**
 * Changes the schema: tables, columns, relationships, alternate keys and shared choices are created by POST, replaced by
 * PUT and removed by DELETE. What a PUT leaves out stays as it is.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */
export async function writeMetadata(exchange: Exchange, segments: readonly Segment[]): Promise<WebAnswer> {
  const { request, metadata, baseUrl, maxBodyBytes } = exchange
  if (!metadata) throw notEmulated("Changing the schema, for a Web API made without 'metadata',")
  const body = request.method === 'DELETE' ? {} : await readJsonObject(request, segments[0]!.name, maxBodyBytes)
  const { change, created } = writing(exchange, segments, body)
  const solution = request.method === 'DELETE' ? undefined : await solutionOf(exchange)
  const changed = solution && (created === undefined ? nodeAt(exchange, segments).object.MetadataId : idIn(created))
  try {
    await metadata.change(change)
  } catch (error) {
    throw asRefusal(error)
  }
  if (solution) await addToSolution(exchange, solution, segments, String(changed))
  return created === undefined ? empty(204) : empty(204, { 'OData-EntityId': `${baseUrl}/${created}` })
}

/** The id at the end of a URL such as `EntityDefinitions(id)`. */
function idIn(url: string): string {
  return url.slice(url.lastIndexOf('(') + 1, -1)
}

function writing(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const method = exchange.request.method
  const shape = segments
    .filter(({ name }) => !name.includes('.'))
    .map(({ name, inside }) => (inside === undefined ? name : `${name}(key)`))
    .join('/')
  const write = Object.hasOwn(writings, shape) ? writings[shape] : undefined
  const handle = write && Object.hasOwn(write, method) ? write[method] : undefined
  if (!handle) throw new MethodNotAllowed(method, ['GET', ...Object.keys(write ?? {})])
  try {
    return handle(exchange, segments, body)
  } catch (error) {
    throw asRefusal(error)
  }
}

type Write = (exchange: Exchange, segments: readonly Segment[], body: Body) => Writing

/** What can be written, by the form of the path and the method. */
const writings: Readonly<Record<string, Readonly<Record<string, Write>>>> = {
  EntityDefinitions: { POST: createTable },
  'EntityDefinitions(key)': { PUT: updateTable, DELETE: deleteTable },
  'EntityDefinitions(key)/Attributes': { POST: createColumn },
  'EntityDefinitions(key)/Attributes(key)': { PUT: updateColumn, DELETE: deleteColumn },
  'EntityDefinitions(key)/Keys': { POST: createKey },
  'EntityDefinitions(key)/Keys(key)': { DELETE: deleteKey },
  RelationshipDefinitions: { POST: createRelationship },
  'RelationshipDefinitions(key)': { PUT: updateRelationship, DELETE: deleteRelationship },
  GlobalOptionSetDefinitions: { POST: createOptionSet },
  'GlobalOptionSetDefinitions(key)': { PUT: updateOptionSet, DELETE: deleteOptionSet },
}

// Tables

function createTable({ model, metadata }: Exchange, _: unknown, body: Body): Writing {
  const skipped: string[] = []
  const table = tableFromEntity(body, metadata!.optionSets, skipped)
  if (skipped.length > 0) throw invalid(skipped.join(' '))
  if (model.find(table.logicalName)) throw invalid(`There is a table '${table.logicalName}' already.`)
  return { change: { tables: [table] }, created: `EntityDefinitions(${metadataId('entity', table.logicalName)})` }
}

function updateTable(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const table = tableAt(exchange, segments)
  const displayName = textOfLabel(body.DisplayName)
  const description = textOfLabel(body.Description)
  const changed = changeTable(table, {
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    // Once it is on, tracking cannot be turned off.
    changeTracking: table.changeTracking || body.ChangeTrackingEnabled === true,
  })
  return { change: { tables: [changed] } }
}

function deleteTable(exchange: Exchange, segments: readonly Segment[]): Writing {
  const { logicalName } = tableAt(exchange, segments)
  const referring = tablesOf(exchange).some(
    (other) => other.logicalName !== logicalName && Object.values(other.manyToOne).some(({ to }) => to === logicalName),
  )
  if (referring) throw dataverseError('CannotDeleteDueToAssociation', {})
  return { change: { removedTables: [logicalName] } }
}

// Columns

function createColumn(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const table = tableAt(exchange, segments)
  const { name, definition } = columnIn(exchange, body)
  if (definition.type === 'lookup') throw invalid(`The lookup '${name}' is created by its relationship.`)
  if (Object.hasOwn(table.columns, name)) throw invalid(`'${table.logicalName}' has a column '${name}' already.`)
  const id = metadataId('attribute', `${table.logicalName}.${name}`)
  return {
    change: { tables: [changeTable(table, { columns: { [name]: definition } })] },
    created: `EntityDefinitions(${metadataId('entity', table.logicalName)})/Attributes(${id})`,
  }
}

function updateColumn(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const table = tableAt(exchange, segments)
  const name = columnAt(exchange, segments)
  const { '@odata.type': _, ...changes } = body
  const { definition } = columnIn(exchange, { ...attributeMetadataOf(table, name), ...changes, LogicalName: name })
  const before = table.columns[name]!
  if (definition.type !== before.type) throw invalid(`The type of the column '${name}' cannot be changed.`)
  const changed = { ...before, ...definition } as ColumnDefinition
  return { change: { tables: [changeTable(table, { columns: { [name]: changed } })] } }
}

function deleteColumn(exchange: Exchange, segments: readonly Segment[]): Writing {
  const table = tableAt(exchange, segments)
  const name = columnAt(exchange, segments)
  if (name === table.primaryKey || name === table.primaryName) throw invalid(`The column '${name}' cannot be deleted.`)
  return { change: { tables: [changeTable(table, { removedColumns: [name] })] } }
}

// Alternate keys

function createKey(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const table = tableAt(exchange, segments)
  const { SchemaName: name, KeyAttributes: columns } = body
  if (typeof name !== 'string' || !Array.isArray(columns) || columns.length === 0) {
    throw invalid("An alternate key has a 'SchemaName' and 'KeyAttributes'.")
  }
  if (Object.hasOwn(table.keys, name)) throw invalid(`'${table.logicalName}' has a key '${name}' already.`)
  const id = metadataId('key', `${table.logicalName}.${name}`)
  return {
    change: { tables: [changeTable(table, { keys: { [name]: columns.map(String) } })] },
    created: `EntityDefinitions(${metadataId('entity', table.logicalName)})/Keys(${id})`,
  }
}

function deleteKey(exchange: Exchange, segments: readonly Segment[]): Writing {
  const { object } = nodeAt(exchange, segments)
  return {
    change: { tables: [changeTable(tableAt(exchange, segments), { removedKeys: [String(object.SchemaName)] })] },
  }
}

// Relationships

function createRelationship(exchange: Exchange, _: unknown, body: Body): Writing {
  const { SchemaName: name, '@odata.type': type } = body
  if (typeof name !== 'string' || name === '') throw invalid("A relationship has a 'SchemaName'.")
  const taken = tablesOf(exchange).some(
    ({ manyToOne, manyToMany }) => Object.hasOwn(manyToOne, name) || Object.hasOwn(manyToMany, name),
  )
  if (taken) throw invalid(`There is a relationship '${name}' already.`)
  const isMany = String(type).endsWith('ManyToManyRelationshipMetadata')
  const table = isMany ? withManyToMany(exchange, name, body) : withLookup(exchange, name, body)
  return { change: { tables: [table] }, created: `RelationshipDefinitions(${metadataId('relationship', name)})` }
}

/** A 1:N relationship is its lookup. One that is there already gets one target more. */
function withLookup(exchange: Exchange, name: string, body: Body): TableDefinition {
  const table = tableNamed(exchange, body, 'ReferencingEntity')
  const to = tableNamed(exchange, body, 'ReferencedEntity').logicalName
  const lookup = asBody(body.Lookup)
  const { name: column, definition } = columnIn(exchange, {
    ...lookup,
    '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata',
  })
  if (definition.type !== 'lookup') throw invalid(`'${column}' is not a lookup.`)
  const before = table.columns[column]
  if (before !== undefined && before.type !== 'lookup') throw invalid(`'${column}' is a column already.`)
  const targets = [...new Set([...(before?.targets ?? []), to])]
  const behavior = behaviorFrom(body.CascadeConfiguration)
  const relationships = { ...before?.relationships, [to]: name }
  return changeTable(table, { columns: { [column]: { ...definition, ...before, targets, behavior, relationships } } })
}

function withManyToMany(exchange: Exchange, name: string, body: Body): TableDefinition {
  const table = tableNamed(exchange, body, 'Entity1LogicalName')
  const to = tableNamed(exchange, body, 'Entity2LogicalName').logicalName
  const intersect = typeof body.IntersectEntityName === 'string' ? body.IntersectEntityName.toLowerCase() : name
  if (exchange.model.find(intersect)) throw invalid(`There is a table '${intersect}' already.`)
  return changeTable(table, { manyToMany: { [name]: { to, intersect } } })
}

function updateRelationship(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const { object } = nodeAt(exchange, segments)
  if (object.RelationshipType !== 'OneToManyRelationship') return { change: {} }
  const table = tableNamed(exchange, object, 'ReferencingEntity')
  const column = String(object.ReferencingAttribute)
  const configuration = { ...asBody(object.CascadeConfiguration), ...asBody(body.CascadeConfiguration) }
  const changed = { ...table.columns[column], behavior: behaviorFrom(configuration) } as ColumnDefinition
  return { change: { tables: [changeTable(table, { columns: { [column]: changed } })] } }
}

function deleteRelationship(exchange: Exchange, segments: readonly Segment[]): Writing {
  const { object } = nodeAt(exchange, segments)
  const name = String(object.SchemaName)
  if (object.RelationshipType === 'ManyToManyRelationship') {
    const table = tableNamed(exchange, object, 'Entity1LogicalName')
    return { change: { tables: [changeTable(table, { removedManyToMany: [name] })] } }
  }
  const table = tableNamed(exchange, object, 'ReferencingEntity')
  const column = String(object.ReferencingAttribute)
  const definition = table.columns[column]!
  const targets = definition.type === 'lookup' ? definition.targets.filter((to) => to !== object.ReferencedEntity) : []
  const change =
    targets.length === 0
      ? { removedColumns: [column] }
      : { columns: { [column]: { ...definition, targets } as ColumnDefinition } }
  return { change: { tables: [changeTable(table, change)] } }
}

// Shared choices

function createOptionSet({ metadata }: Exchange, _: unknown, body: Body): Writing {
  const set = globalOptionSetFrom(body)
  if (metadata!.optionSets.some(({ name }) => name === set.name))
    throw invalid(`There is a choice '${set.name}' already.`)
  return {
    change: { optionSets: [set] },
    created: `GlobalOptionSetDefinitions(${metadataId('optionset', set.name)})`,
  }
}

function updateOptionSet(exchange: Exchange, segments: readonly Segment[], body: Body): Writing {
  const { object } = nodeAt(exchange, segments)
  return { change: { optionSets: [globalOptionSetFrom({ ...object, ...body, Name: object.Name })] } }
}

function deleteOptionSet(exchange: Exchange, segments: readonly Segment[]): Writing {
  return { change: { removedOptionSets: [String(nodeAt(exchange, segments).object.Name)] } }
}

// What paths and bodies name

function tablesOf({ model }: Exchange): readonly TableDefinition[] {
  return [...model.sets.values()].map(({ table }) => table)
}

function tableAt(exchange: Exchange, [first]: readonly Segment[]): TableDefinition {
  const { object } = nodeAt(exchange, [first!])
  return exchange.model.table(String(object.LogicalName)).table
}

function columnAt(exchange: Exchange, segments: readonly Segment[]): string {
  const node: MetadataNode = nodeAt(exchange, segments)
  return String(node.object.LogicalName)
}

function tableNamed({ model }: Exchange, body: Body, property: string): TableDefinition {
  const name = body[property]
  if (typeof name !== 'string') throw invalid(`'${property}' must name a table by its logical name.`)
  return model.table(name).table
}

function columnIn({ metadata }: Exchange, attribute: MetadataObject) {
  const imported = columnFromAttribute(attribute, metadata!.optionSets)
  if (imported) return imported
  throw invalid(
    `Columns of the type '${String(attribute['@odata.type'] ?? attribute.AttributeType)}' cannot be created.`,
  )
}

function asBody(value: unknown): Body {
  return typeof value === 'object' && value !== null ? (value as Body) : {}
}

function invalid(reason: string): DataverseError {
  return dataverseError('InvalidArgument', { reason })
}

/** A definition that contradicts itself is the caller's mistake. */
function asRefusal(error: unknown): unknown {
  return error instanceof TypeError || error instanceof RangeError ? invalid(error.message) : error
}
