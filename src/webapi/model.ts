import type { TableDefinition } from '../entities/index.ts'
import { dataverseError } from '../service/index.ts'
import { notEmulated } from './refusals.ts'

/** A single-valued navigation property: which lookup it sets, and to rows of which tables. */
export interface Navigation {
  readonly column: string
  readonly targets: readonly string[]
}

/** A table as the Web API shows it. */
export interface EntityType {
  readonly table: TableDefinition
  /** The columns by the property that shows them: lookups as `_column_value`. */
  readonly columns: ReadonlyMap<string, string>
  readonly navigations: ReadonlyMap<string, Navigation>
  /** The names of collection-valued navigation properties. */
  readonly collections: ReadonlySet<string>
}

/** What the Web API serves: entity types by the name of their set. */
export interface Model {
  readonly sets: ReadonlyMap<string, EntityType>
  /** The entity type of a set; throws the platform's 404 when there is no such set. */
  set(name: string): EntityType
}

export function createModel(tables: readonly TableDefinition[]): Model {
  const names = tables.map(({ logicalName }) => logicalName)
  const sets = new Map<string, EntityType>()
  for (const table of tables) {
    const other = sets.get(table.collectionName)?.table
    if (other) {
      throw new TypeError(
        `createWebApi: the tables '${other.logicalName}' and '${table.logicalName}' both have the entity set ` +
          `'${table.collectionName}'. Give one of them another collectionName.`,
      )
    }
    sets.set(table.collectionName, {
      table,
      columns: new Map(Object.keys(table.columns).map((column) => [propertyOf(table, column), column])),
      navigations: navigationsOf(table, names),
      collections: collectionsOf(table, tables),
    })
  }
  return {
    sets,
    set(name) {
      const found = sets.get(name)
      if (!found) throw dataverseError('CrmHttpError', { segment: name })
      return found
    },
  }
}

/** The property that shows a column. */
export function propertyOf(table: TableDefinition, column: string): string {
  return table.columns[column]?.type === 'lookup' ? `_${column}_value` : column
}

/** The navigation property that sets a lookup to a row of this table. */
export function navigationName(column: string, targets: readonly string[], target: string): string {
  return column === 'ownerid' || targets.length === 1 ? column : `${column}_${target}`
}

/** The column behind a property; throws the platform's 400 when there is none. */
export function columnOfProperty({ table, columns, navigations }: EntityType, property: string): string {
  const column = columns.get(property)
  if (column !== undefined) return column
  const navigation = navigations.get(property)
  if (navigation) {
    throw notEmulated(`Naming the navigation property '${property}' here, instead of '_${navigation.column}_value',`)
  }
  throw dataverseError('PropertyNotFoundOnType', { property, table: table.logicalName })
}

function navigationsOf(table: TableDefinition, all: readonly string[]): Map<string, Navigation> {
  const navigations = new Map<string, Navigation>()
  for (const [column, definition] of Object.entries(table.columns)) {
    if (definition.type !== 'lookup') continue
    // A lookup whose targets no source lists may refer to any table.
    const targets = definition.targets.length === 0 ? all : definition.targets
    for (const target of targets) {
      const name = navigationName(column, definition.targets, target)
      navigations.set(name, { column, targets: name === column ? targets : [target] })
    }
  }
  return navigations
}

function collectionsOf(table: TableDefinition, tables: readonly TableDefinition[]): Set<string> {
  const { logicalName } = table
  const names = new Set<string>()
  for (const other of tables) {
    for (const [name, { to }] of Object.entries(other.manyToOne)) if (to === logicalName) names.add(name)
    for (const [name, { to }] of Object.entries(other.manyToMany)) {
      if (other === table || to === logicalName) names.add(name)
    }
  }
  return names
}
