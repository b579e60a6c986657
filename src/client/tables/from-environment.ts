import type { ApiRequest } from '../http/api.ts'
import type { ColumnInfo, ColumnKind, RelationshipInfo, TableInfo } from './table-info.ts'

interface OneToManyMetadata {
  readonly SchemaName: string
  readonly ReferencingEntity: string
  readonly ReferencingAttribute: string
  readonly ReferencedEntity: string
  readonly ReferencingEntityNavigationPropertyName: string
  readonly ReferencedEntityNavigationPropertyName: string
}

interface ManyToManyMetadata {
  readonly SchemaName: string
  readonly Entity1LogicalName: string
  readonly Entity1NavigationPropertyName: string
  readonly Entity2NavigationPropertyName: string
}

/** The part of an EntityDefinition that is asked for. */
export interface TableMetadata {
  readonly LogicalName: string
  readonly EntitySetName: string
  readonly PrimaryIdAttribute: string
  readonly Attributes: readonly {
    readonly LogicalName: string
    readonly AttributeType?: string
    readonly AttributeTypeName?: { readonly Value: string } | null
    readonly AttributeOf?: string | null
    readonly IsValidForRead?: boolean
  }[]
  readonly ManyToOneRelationships: readonly OneToManyMetadata[]
  readonly OneToManyRelationships: readonly OneToManyMetadata[]
  readonly ManyToManyRelationships: readonly ManyToManyMetadata[]
  readonly Keys?: readonly { readonly KeyAttributes: readonly string[] }[]
}

const oneToMany =
  '$select=SchemaName,ReferencingEntity,ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName'

/**
 * Asks for everything that talking about a table takes, in one request.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export function metadataRequest(logicalName: string): ApiRequest {
  const expand = [
    'Attributes($select=LogicalName,AttributeType,AttributeTypeName,AttributeOf,IsValidForRead)',
    'Keys($select=KeyAttributes)',
    `ManyToOneRelationships(${oneToMany})`,
    `OneToManyRelationships(${oneToMany})`,
    'ManyToManyRelationships($select=SchemaName,Entity1LogicalName,Entity1NavigationPropertyName,Entity2NavigationPropertyName)',
  ].join(',')
  const name = encodeURIComponent(logicalName.replaceAll("'", "''"))
  const path = `EntityDefinitions(LogicalName='${name}')?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$expand=${expand}`
  // Strong: what was published a moment ago is seen.
  return { method: 'GET', path, headers: { Consistency: 'Strong' } }
}

/** What an environment says of a table. */
export function fromMetadata(metadata: TableMetadata): TableInfo {
  const { LogicalName, ManyToOneRelationships, OneToManyRelationships, ManyToManyRelationships } = metadata
  const columns = new Map<string, ColumnInfo>()
  for (const { LogicalName: name, AttributeOf, IsValidForRead, ...attribute } of metadata.Attributes) {
    // What only shows another column, such as the name of a lookup, is no column of its own.
    if (AttributeOf || IsValidForRead === false) continue
    const targets = ManyToOneRelationships.filter(({ ReferencingAttribute }) => ReferencingAttribute === name).map(
      ({ ReferencedEntity }) => ReferencedEntity,
    )
    columns.set(name, { kind: kindOf(attribute.AttributeTypeName?.Value ?? attribute.AttributeType ?? ''), targets })
  }
  const navigations = new Map<string, Map<string, string>>()
  for (const { ReferencingAttribute, ReferencedEntity, ...names } of ManyToOneRelationships) {
    const byTarget = navigations.get(ReferencingAttribute) ?? new Map<string, string>()
    byTarget.set(ReferencedEntity, names.ReferencingEntityNavigationPropertyName)
    navigations.set(ReferencingAttribute, byTarget)
  }
  const relationships = new Map<string, RelationshipInfo>()
  for (const { SchemaName, ReferencingEntityNavigationPropertyName: navigation } of ManyToOneRelationships) {
    relationships.set(SchemaName, { kind: 'lookup', navigation })
  }
  for (const { SchemaName, ReferencedEntityNavigationPropertyName: navigation } of OneToManyRelationships) {
    relationships.set(SchemaName, { kind: 'collection', navigation })
  }
  for (const { SchemaName, Entity1LogicalName, ...names } of ManyToManyRelationships) {
    const isFirst = Entity1LogicalName === LogicalName
    const navigation = isFirst ? names.Entity1NavigationPropertyName : names.Entity2NavigationPropertyName
    relationships.set(SchemaName, { kind: 'collection', navigation })
  }
  return {
    logicalName: LogicalName,
    entitySet: metadata.EntitySetName,
    primaryKey: metadata.PrimaryIdAttribute,
    columns,
    keys: (metadata.Keys ?? []).map(({ KeyAttributes }) => KeyAttributes),
    navigationTo: (column, target) => navigations.get(column)?.get(target) ?? ownerNavigation(columns, column),
    anyNavigation: (column) => [...(navigations.get(column)?.values() ?? [])][0] ?? ownerNavigation(columns, column),
    relationship: (schemaName) => relationships.get(schemaName),
  }
}

/** The owner is one navigation property for users and teams, and has a relationship with neither of them. */
function ownerNavigation(columns: ReadonlyMap<string, ColumnInfo>, column: string): string | undefined {
  return column === 'ownerid' && columns.get(column)?.kind === 'lookup' ? 'ownerid' : undefined
}

const kinds: Readonly<Record<string, ColumnKind>> = {
  string: 'text',
  memo: 'text',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  double: 'number',
  money: 'number',
  picklist: 'number',
  state: 'number',
  status: 'number',
  boolean: 'boolean',
  datetime: 'dateTime',
  multiselectpicklist: 'multiChoice',
  lookup: 'lookup',
  customer: 'lookup',
  owner: 'lookup',
  uniqueidentifier: 'id',
  file: 'file',
}

/** `StringType` and `String`: the newer and the older way to say it. */
function kindOf(type: string): ColumnKind {
  return kinds[type.replace(/Type$/, '').toLowerCase()] ?? 'other'
}
