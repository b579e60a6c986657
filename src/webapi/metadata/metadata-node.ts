import type { TableDefinition } from '../../entities/index.ts'
import { attributeMetadataOf } from './attribute-metadata.ts'
import { entityMetadataOf } from './entity-metadata.ts'
import { keysOf } from './key-metadata.ts'
import type { MetadataObject } from './option-set.ts'
import { manyToManyOf, manyToOneOf } from './relationship-metadata.ts'

/** An object of the schema, and what can be reached from it. */
export interface MetadataNode {
  readonly object: MetadataObject
  /** Its class, such as `PicklistAttributeMetadata`. */
  readonly type: string
  /** Collections of further objects, each made when it is looked at. */
  readonly collections: Readonly<Record<string, () => readonly MetadataNode[]>>
  /** Single further objects. */
  readonly parts: Readonly<Record<string, MetadataNode | null>>
}

/** The names of the parts of an attribute that are shown only when they are expanded. */
const OPTION_SETS = ['OptionSet', 'GlobalOptionSet'] as const

const none = {} as const

/** The objects of a root set, such as `EntityDefinitions`. */
export function nodesOfSet(
  set: string,
  tables: readonly TableDefinition[],
  optionSets: readonly MetadataObject[],
): readonly MetadataNode[] {
  switch (set) {
    case 'EntityDefinitions':
      return tables.map((table) => entityNode(table, tables))
    case 'RelationshipDefinitions': {
      const manyToMany = new Map(
        tables.flatMap((table) => manyToManyOf(table, tables)).map((object) => [object.SchemaName, object]),
      )
      return [...tables.flatMap((table) => manyToOneOf(table, tables)), ...manyToMany.values()].map(leaf)
    }
    case 'GlobalOptionSetDefinitions':
      return optionSets.map(leaf)
    default:
      return []
  }
}

function entityNode(table: TableDefinition, tables: readonly TableDefinition[]): MetadataNode {
  return {
    object: entityMetadataOf(table),
    type: 'EntityMetadata',
    collections: {
      Attributes: () => Object.keys(table.columns).map((name) => attributeNode(table, name)),
      Keys: () => keysOf(table).map(leaf),
      ManyToOneRelationships: () => manyToOneOf(table, tables).map(leaf),
      OneToManyRelationships: () =>
        tables.flatMap((other) =>
          manyToOneOf(other, tables)
            .filter(({ ReferencedEntity }) => ReferencedEntity === table.logicalName)
            .map(leaf),
        ),
      ManyToManyRelationships: () => manyToManyOf(table, tables).map(leaf),
    },
    parts: none,
  }
}

function attributeNode(table: TableDefinition, name: string): MetadataNode {
  const object: Record<string, unknown> = { ...attributeMetadataOf(table, name) }
  const parts: Record<string, MetadataNode | null> = {}
  for (const part of OPTION_SETS) {
    if (!Object.hasOwn(object, part)) continue
    const inner = object[part] as MetadataObject | null
    parts[part] = inner === null ? null : leaf(inner)
    delete object[part]
  }
  return { object, type: classOf(object), collections: none, parts }
}

function leaf(object: MetadataObject): MetadataNode {
  return { object, type: classOf(object), collections: none, parts: none }
}

function classOf(object: MetadataObject): string {
  const type = object['@odata.type']
  return typeof type === 'string' ? type.replace('#Microsoft.Dynamics.CRM.', '') : 'EntityKeyMetadata'
}
