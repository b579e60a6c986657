import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
// Straight from its file: the whole of `entities` would make importing the client slow.
import { intersectColumns } from '../../entities/intersect-columns.ts'
import type { ColumnInfo, ColumnKind, RelationshipInfo, TableInfo } from './table-info.ts'

/**
 * What a table's definition says of it. A navigation property is called after its lookup, with the target behind it where
 * there are several; a collection after its relationship.
 */
export function fromDefinition(table: TableDefinition, all: readonly TableDefinition[]): TableInfo {
  const { logicalName, collectionName, primaryKey } = table
  const columns = new Map<string, ColumnInfo>(
    Object.entries(table.columns).map(([name, definition]) => [
      name,
      { kind: kindOf(definition), targets: definition.type === 'lookup' ? definition.targets : [] },
    ]),
  )
  const navigationTo = (column: string, target: string) => {
    const { kind, targets = [] } = columns.get(column) ?? {}
    if (kind !== 'lookup' || (targets.length > 0 && !targets.includes(target))) return undefined
    if (column === 'ownerid' || targets.length === 1) return column
    const suffix = column === 'regardingobjectid' && logicalName !== 'activitypointer' ? `_${logicalName}` : ''
    return `${column}_${target}${suffix}`
  }
  const relationships = relationshipsOf(table, all, navigationTo)
  return {
    logicalName,
    entitySet: collectionName,
    primaryKey,
    columns,
    keys: Object.values(table.keys),
    navigationTo,
    anyNavigation: (column) => navigationTo(column, columns.get(column)?.targets[0] ?? all[0]?.logicalName ?? ''),
    relationship: (schemaName) => relationships.get(schemaName),
  }
}

function relationshipsOf(
  table: TableDefinition,
  all: readonly TableDefinition[],
  navigationTo: TableInfo['navigationTo'],
): ReadonlyMap<string, RelationshipInfo> {
  const relationships = new Map<string, RelationshipInfo>()
  for (const [name, { column, to }] of Object.entries(table.manyToOne)) {
    const navigation = navigationTo(column, to)
    if (navigation !== undefined) relationships.set(name, { kind: 'lookup', navigation })
  }
  for (const other of all) {
    const reaching = [
      ...Object.entries(other.manyToOne).filter(([, { to }]) => to === table.logicalName),
      ...Object.entries(other.manyToMany).filter(
        ([, { to }]) => to === table.logicalName || other.logicalName === table.logicalName,
      ),
    ]
    // A table that refers to itself has both sides of the relationship; the platform's Associate takes it for the parent.
    for (const [name] of reaching) relationships.set(name, { kind: 'collection', navigation: name })
  }
  return relationships
}

/** The tables between the two of each N:N relationship: they have both ids, and can be linked through. */
export function intersectsOf({ logicalName, manyToMany }: TableDefinition): TableInfo[] {
  return Object.values(manyToMany).map(({ to, intersect }) => {
    const names = [`${intersect}id`, ...intersectColumns(logicalName, to)]
    return {
      logicalName: intersect,
      entitySet: `${intersect}set`,
      primaryKey: `${intersect}id`,
      columns: new Map(names.map((name) => [name, { kind: 'id', targets: [] }])),
      keys: [],
      navigationTo: () => undefined,
      anyNavigation: () => undefined,
      relationship: () => undefined,
    }
  })
}

const kinds: Partial<Record<ColumnDefinition['type'], ColumnKind>> = {
  text: 'text',
  memo: 'text',
  autonumber: 'text',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  float: 'number',
  money: 'number',
  choice: 'number',
  state: 'number',
  status: 'number',
  boolean: 'boolean',
  dateTime: 'dateTime',
  dateOnly: 'dateOnly',
  multiChoice: 'multiChoice',
  lookup: 'lookup',
  primaryKey: 'id',
  uniqueIdentifier: 'id',
  file: 'file',
}

function kindOf({ type }: ColumnDefinition): ColumnKind {
  return kinds[type] ?? 'other'
}
