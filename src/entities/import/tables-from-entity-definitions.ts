import { behaviors, type Cascade, type CascadeBehavior, type ColumnDefinition } from '../column.ts'
import { defineTable, type ManyToMany, type TableDefinition } from '../define-table.ts'
import type { GlobalOptionSet } from '../metadata-store.ts'
import type { States } from '../states.ts'
import { asObject, columnFromAttribute, kindOf, labelText, nameOf, optional } from './column-from-attribute.ts'
import { ImportError, type ImportedTables } from './imported-tables.ts'

type Json = Readonly<Record<string, unknown>>

const owned = { UserOwned: 'user', OrganizationOwned: 'organization', None: 'none' } as const
const cascades: Readonly<Record<string, Cascade>> = {
  NoCascade: 'none',
  Cascade: 'all',
  RemoveLink: 'removeLink',
  Restrict: 'restrict',
  Active: 'active',
  UserOwned: 'userOwned',
}

/** Columns that `defineTable` adds by itself. */
const PLATFORM = new Set([
  'createdon',
  'createdby',
  'createdonbehalfby',
  'modifiedon',
  'modifiedby',
  'modifiedonbehalfby',
  'overriddencreatedon',
  'versionnumber',
])
const OWNER = new Set(['ownerid', 'owninguser', 'owningteam', 'owningbusinessunit'])
const STATE = new Set(['statecode', 'statuscode'])

/**
 * Tables from the answer to `EntityDefinitions?$expand=Attributes,Keys,ManyToOneRelationships,ManyToManyRelationships`,
 * or from one of its rows. Option sets are read where they were expanded (by casts) or put into the attributes.
 *
 * Throws an {@link ImportError} that names the table and the column when the description contradicts itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 * @example const { tables } = tablesFromEntityDefinitions(JSON.parse(await readFile('tables.json', 'utf8')))
 */
export function tablesFromEntityDefinitions(
  definitions: unknown,
  optionSets: readonly GlobalOptionSet[] = [],
): ImportedTables {
  const skipped: string[] = []
  const tables = listOf(definitions).map((one) => tableFromEntity(asObject(one), optionSets, skipped))
  return { tables, skipped }
}

function listOf(definitions: unknown): readonly unknown[] {
  if (Array.isArray(definitions)) return definitions
  const { value } = asObject(definitions)
  if (Array.isArray(value)) return value
  if ('LogicalName' in asObject(definitions) || 'SchemaName' in asObject(definitions)) return [definitions]
  throw new ImportError('Entity definitions', "a list of them, or an answer with a 'value', is expected.")
}

/** One table from its `EntityMetadata`. */
export function tableFromEntity(
  entity: Json,
  optionSets: readonly GlobalOptionSet[],
  skipped: string[],
): TableDefinition {
  const logicalName = nameOf(entity)
  const attributes = listIn(entity, 'Attributes').map(asObject)
  const primaryName = primaryNameOf(logicalName, entity, attributes)
  const primaryKey = typeof entity.PrimaryIdAttribute === 'string' ? entity.PrimaryIdAttribute : `${logicalName}id`
  const ownership = owned[String(entity.OwnershipType ?? 'UserOwned') as keyof typeof owned] ?? 'none'
  const states = statesOf(attributes)
  const own = (name: string) =>
    !PLATFORM.has(name) && !STATE.has(name) && !(ownership === 'user' && OWNER.has(name)) && name !== primaryKey
  const columns: Record<string, ColumnDefinition> = {}
  for (const attribute of attributes) {
    const name = nameOf(attribute)
    if (!own(name) || isShadow(attribute)) continue
    const imported = columnFromAttribute(attribute, optionSets)
    if (imported) columns[name] = imported.definition
    else skipped.push(`The column '${name}' of '${logicalName}' is a ${kindOf(attribute)}, which there is not here.`)
  }
  applyRelationships(columns, listIn(entity, 'ManyToOneRelationships').map(asObject))
  try {
    return defineTable({
      logicalName,
      displayName: labelText(entity.DisplayName) ?? logicalName,
      ...optional('description', labelText(entity.Description)),
      ...(typeof entity.EntitySetName === 'string' ? { collectionName: entity.EntitySetName } : {}),
      primaryKey,
      primaryName,
      ownership,
      states: states as never,
      columns,
      keys: keysOf(entity),
      manyToMany: manyToManyOf(logicalName, entity),
      changeTracking: entity.ChangeTrackingEnabled === true,
    })
  } catch (error) {
    throw new ImportError(`The table '${logicalName}'`, (error as Error).message)
  }
}

/** A column that only shows another one in words, as the name of a lookup, or belongs to one. */
function isShadow({ AttributeOf }: Json): boolean {
  return typeof AttributeOf === 'string' && AttributeOf !== ''
}

function primaryNameOf(logicalName: string, { PrimaryNameAttribute }: Json, attributes: readonly Json[]): string {
  if (typeof PrimaryNameAttribute === 'string' && PrimaryNameAttribute !== '') return PrimaryNameAttribute
  const marked = attributes.find(({ IsPrimaryName }) => IsPrimaryName === true)
  // A table without a name, such as one of intersections, is called by its key.
  return marked ? nameOf(marked) : `${logicalName}id`
}

/** The states and their reasons, from the options of both columns; a table without them has none. */
function statesOf(attributes: readonly Json[]): States | null {
  const options = (name: string) => {
    const attribute = attributes.find((one) => nameOf(one) === name)
    const found = asObject(attribute?.OptionSet).Options
    return attribute === undefined ? undefined : Array.isArray(found) ? found.map(asObject) : []
  }
  const [states, reasons] = [options('statecode'), options('statuscode')]
  // A description of all columns that lacks these means a table without; one of some columns leaves them to the platform.
  const isComplete = attributes.some((one) => nameOf(one) === 'createdon' || one.IsPrimaryId === true)
  if (!states || !reasons) return isComplete ? null : activeInactive()
  if (states.length === 0) return activeInactive()
  const result: Record<string, { value: number; reasons: Record<string, number> }> = {}
  for (const { Value, Label } of states) {
    if (typeof Value !== 'number') continue
    const own = reasons.filter(({ State }) => State === Value)
    result[labelText(Label) ?? String(Value)] = {
      value: Value,
      reasons: Object.fromEntries(
        own.flatMap((reason) =>
          typeof reason.Value === 'number' ? [[uniqueLabel(reasons, reason), reason.Value] as const] : [],
        ),
      ),
    }
  }
  return result
}

/** Two reasons may be called alike; `defineTable` needs them apart. */
function uniqueLabel(all: readonly Json[], reason: Json): string {
  const label = labelText(reason.Label) ?? String(reason.Value)
  const same = all.filter((other) => labelText(other.Label) === label)
  return same.length > 1 && same[0] !== reason ? `${label} (${String(reason.Value)})` : label
}

function activeInactive(): States {
  return { Active: { value: 0, reasons: { Active: 1 } }, Inactive: { value: 1, reasons: { Inactive: 2 } } }
}

/** Relationships give lookups their schema names, and say what happens to rows that refer to a deleted one. */
function applyRelationships(columns: Record<string, ColumnDefinition>, relationships: readonly Json[]): void {
  for (const { SchemaName, ReferencingAttribute, ReferencedEntity, CascadeConfiguration } of relationships) {
    const name = String(ReferencingAttribute ?? '')
    const definition = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (definition?.type !== 'lookup' || typeof ReferencedEntity !== 'string' || typeof SchemaName !== 'string')
      continue
    const targets = definition.targets.includes(ReferencedEntity)
      ? definition.targets
      : [...definition.targets, ReferencedEntity]
    columns[name] = {
      ...definition,
      targets,
      relationships: { ...definition.relationships, [ReferencedEntity]: SchemaName },
      behavior: behaviorFrom(CascadeConfiguration),
    }
  }
}

/** The behaviours of a relationship, from its `CascadeConfiguration`. */
export function behaviorFrom(configuration: unknown): CascadeBehavior {
  const given = asObject(configuration)
  const of = (name: string, usual: Cascade): Cascade => cascades[String(given[name])] ?? usual
  return {
    delete: of('Delete', behaviors.referential.delete),
    assign: of('Assign', 'none'),
    share: of('Share', 'none'),
    unshare: of('Unshare', 'none'),
    reparent: of('Reparent', 'none'),
    merge: of('Merge', 'none'),
  }
}

function keysOf(entity: Json): Record<string, string[]> {
  const keys = listIn(entity, 'Keys').map(asObject)
  return Object.fromEntries(
    keys.flatMap(({ SchemaName, LogicalName, KeyAttributes }) =>
      Array.isArray(KeyAttributes) ? [[String(SchemaName ?? LogicalName), KeyAttributes.map(String)] as const] : [],
    ),
  )
}

/** An N:N relationship is declared on its first table. */
function manyToManyOf(logicalName: string, entity: Json): Record<string, ManyToMany> {
  const relationships = listIn(entity, 'ManyToManyRelationships').map(asObject)
  return Object.fromEntries(
    relationships.flatMap(({ SchemaName, Entity1LogicalName, Entity2LogicalName, IntersectEntityName }) =>
      Entity1LogicalName === logicalName
        ? [
            [
              String(SchemaName),
              {
                to: String(Entity2LogicalName),
                ...(typeof IntersectEntityName === 'string' ? { intersect: IntersectEntityName } : {}),
              },
            ] as const,
          ]
        : [],
    ),
  )
}

function listIn(entity: Json, name: string): readonly unknown[] {
  const list = entity[name]
  return Array.isArray(list) ? list : []
}
