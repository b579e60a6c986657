import { intersectColumns, type MetadataStore, type TableDefinition } from '../entities/index.ts'
import type { ODataNavigation, ODataScope } from '../query/index.ts'
import { dataverseError } from '../service/index.ts'
import { isPrincipal, principalScope } from './principal.ts'

/** A single-valued navigation property: which lookup it sets, to rows of which tables. */
export interface Navigation {
  readonly kind: 'toOne'
  readonly name: string
  readonly column: string
  /** Logical names; one, unless the column is an owner. */
  readonly targets: readonly string[]
  /** The schema name of the 1:N relationship; of an owner the one to users. */
  readonly relationship: string
}

/** A collection-valued navigation property: the rows of `target` whose `column` refers to this one. */
export interface OneToManyCollection {
  readonly kind: 'oneToMany'
  readonly name: string
  readonly target: string
  readonly relationship: string
  readonly column: string
}

/** A collection-valued navigation property through an intersect table, with the columns that hold both ids. */
export interface ManyToManyCollection {
  readonly kind: 'manyToMany'
  readonly name: string
  readonly target: string
  readonly relationship: string
  readonly intersect: string
  readonly mine: string
  readonly theirs: string
}
export type Collection = OneToManyCollection | ManyToManyCollection

/** A table as the Web API shows it. */
export interface EntityType {
  readonly table: TableDefinition
  /** The columns by the property that shows them: lookups as `_column_value`. */
  readonly columns: ReadonlyMap<string, string>
  readonly navigations: ReadonlyMap<string, Navigation>
  readonly collections: ReadonlyMap<string, Collection>
  /** What query options can name of its rows. */
  readonly scope: ODataScope
}

/** What the Web API serves: entity types by the name of their set, and by logical name. */
export interface Model {
  /** Grows with every change of the tables. */
  readonly version: number
  readonly sets: ReadonlyMap<string, EntityType>
  /** The entity type of a set; throws the platform's 404 when there is no such set. */
  set(name: string): EntityType
  /** The entity type of a table; throws the platform's 400 when it is not served. */
  table(logicalName: string): EntityType
  find(logicalName: string): EntityType | undefined
}

const models = new WeakMap<readonly TableDefinition[], Model>()

/** The model of a store's tables. Made once for each list of tables, so that the forks of an environment share it. */
export function modelOf({ tables, version }: MetadataStore): Model {
  const known = models.get(tables)
  if (known?.version === version) return known
  const model = createModel(tables, version)
  models.set(tables, model)
  return model
}

export function createModel(tables: readonly TableDefinition[], version = 1): Model {
  const schema = new Relationships(tables)
  const sets = new Map<string, EntityType>()
  const byName = new Map<string, EntityType>()
  for (const table of tables) {
    const other = sets.get(table.collectionName)?.table
    if (other) {
      throw new TypeError(
        `createWebApi: the tables '${other.logicalName}' and '${table.logicalName}' both have the entity set ` +
          `'${table.collectionName}'. Give one of them another collectionName.`,
      )
    }
    const type = new ServedTable(table, schema, (name) => byName.get(name))
    sets.set(table.collectionName, type)
    byName.set(table.logicalName, type)
  }
  return {
    version,
    sets,
    set(name) {
      const found = sets.get(name)
      if (!found) throw dataverseError('CrmHttpError', { segment: name })
      return found
    },
    table(logicalName) {
      const found = byName.get(logicalName)
      if (!found) throw dataverseError('QueryBuilderNoEntity', { table: logicalName })
      return found
    },
    find: (logicalName) => byName.get(logicalName),
  }
}

/** Makes what the names of a table stand for when it is first asked: few of the tables are. */
class ServedTable implements EntityType {
  private readonly made: { -readonly [K in Exclude<keyof EntityType, 'table'>]?: EntityType[K] } = {}

  constructor(
    readonly table: TableDefinition,
    private readonly schema: Relationships,
    private readonly find: (logicalName: string) => EntityType | undefined,
  ) {}

  get columns() {
    const { table } = this
    this.made.columns ??= new Map([
      ...Object.keys(table.columns).map((column) => [propertyOf(table, column), column] as const),
      ...(isPrincipal(table) ? [[principalScope.definition.primaryKey, table.primaryKey] as const] : []),
    ])
    return this.made.columns
  }
  get navigations() {
    this.made.navigations ??= navigationsOf(this.table, this.schema.names)
    return this.made.navigations
  }
  get collections() {
    this.made.collections ??= new Map(this.schema.collectionsOf(this.table).map((found) => [found.name, found]))
    return this.made.collections
  }
  get scope() {
    this.made.scope ??= scopeOf(this, this.find)
    return this.made.scope
  }
}

/** The property that shows a column. */
export function propertyOf(table: TableDefinition, column: string): string {
  return table.columns[column]?.type === 'lookup' ? `_${column}_value` : column
}

/**
 * The navigation property that sets a lookup to a row of `target`. A lookup to several tables has one for each; the
 * regarding row of an activity is told apart by the activity's table too, as on the platform.
 */
export function navigationName(table: TableDefinition, column: string, target: string): string {
  const definition = table.columns[column]
  const targets = definition?.type === 'lookup' ? definition.targets : []
  if (column === 'ownerid' || targets.length === 1) return column
  const suffix =
    column === 'regardingobjectid' && table.logicalName !== 'activitypointer' ? `_${table.logicalName}` : ''
  return `${column}_${target}${suffix}`
}

/** The names of a type, as query options look them up. */
function scopeOf(type: Omit<EntityType, 'scope'>, find: (logicalName: string) => EntityType | undefined): ODataScope {
  const { table } = type
  const known = new Map<string, ODataNavigation>()
  const toOne = ({ name, column, targets: [only, ...others] }: Navigation): ODataNavigation => {
    if (others.length > 0) return toOwner(name, column)
    const target = () => (only === undefined ? undefined : find(only))
    return {
      name,
      collection: false,
      get joins() {
        const to = target()?.table
        return to ? [{ table: to.logicalName, from: to.primaryKey, to: column }] : []
      },
      target: () => target()?.scope,
    }
  }
  const toMany = (collection: Collection): ODataNavigation => ({
    name: collection.name,
    collection: true,
    get joins() {
      if (collection.kind === 'oneToMany') {
        return [{ table: collection.target, from: collection.column, to: table.primaryKey }]
      }
      const { target, intersect, mine, theirs } = collection
      const from = find(target)?.table.primaryKey ?? `${target}id`
      return [
        { table: intersect, from: mine, to: table.primaryKey },
        { table: target, from, to: theirs },
      ]
    },
    target: () => find(collection.target)?.scope,
  })
  return {
    definition: table,
    columnOf: (property) => type.columns.get(property),
    navigation(property) {
      let found = known.get(property)
      if (found) return found
      const [one, many] = [type.navigations.get(property), type.collections.get(property)]
      found = one ? toOne(one) : many ? toMany(many) : undefined
      if (found) known.set(property, found)
      return found
    },
  }
}

/** Only an owner is of several tables by one navigation property. Its key is what the lookup holds: nothing is joined. */
function toOwner(name: string, column: string): ODataNavigation {
  const { logicalName, primaryKey } = principalScope.definition
  return {
    name,
    collection: false,
    joins: [{ table: logicalName, from: primaryKey, to: column }],
    target: () => principalScope,
  }
}

function navigationsOf(table: TableDefinition, all: readonly string[]): Map<string, Navigation> {
  const navigations = new Map<string, Navigation>()
  const relationships = new Map(
    Object.entries(table.manyToOne).map(([name, { column, to }]) => [`${column} ${to}`, name]),
  )
  for (const [column, definition] of Object.entries(table.columns)) {
    if (definition.type !== 'lookup') continue
    // A lookup whose targets no source lists may refer to any table.
    const targets = definition.targets.length === 0 ? all : definition.targets
    for (const target of targets) {
      const name = navigationName(table, column, target)
      if (navigations.has(name)) continue
      navigations.set(name, {
        kind: 'toOne',
        name,
        column,
        targets: name === column ? targets : [target],
        relationship: relationships.get(`${column} ${target}`) ?? `${target}_${table.logicalName}_${column}`,
      })
    }
  }
  return navigations
}

/** The relationships of all tables, by the table that they lead to. */
class Relationships {
  readonly names: readonly string[]
  private readonly towards = new Map<string, Collection[]>()

  constructor(tables: readonly TableDefinition[]) {
    this.names = tables.map(({ logicalName }) => logicalName)
    for (const { logicalName, manyToOne, manyToMany } of tables) {
      for (const [name, { to, column }] of Object.entries(manyToOne)) {
        this.add(to, { kind: 'oneToMany', name, target: logicalName, relationship: name, column })
      }
      for (const [name, { to, intersect }] of Object.entries(manyToMany)) {
        const [mine, theirs] = intersectColumns(logicalName, to)
        const link = { kind: 'manyToMany', name, relationship: name, intersect } as const
        this.add(logicalName, { ...link, target: to, mine, theirs })
        if (to !== logicalName) this.add(to, { ...link, target: logicalName, mine: theirs, theirs: mine })
      }
    }
  }

  /** The collection-valued navigation properties of a table. */
  collectionsOf({ logicalName }: TableDefinition): readonly Collection[] {
    return this.towards.get(logicalName) ?? []
  }

  private add(to: string, collection: Collection): void {
    const known = this.towards.get(to)
    if (known) known.push(collection)
    else this.towards.set(to, [collection])
  }
}
