import { column } from '../../entities/column.ts'
import { defineTable, type ManyToOne, type TableDefinition } from '../../entities/define-table.ts'
import { intersectColumns } from '../../entities/intersect-columns.ts'
import { layoutOf } from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'

/** A lookup seen from the table it refers to. */
export interface OneToMany extends ManyToOne {
  readonly name: string
  readonly from: TableDefinition
}

/** What the platform itself looks rows up by. */
function alwaysIndexed(tables: ReadonlyMap<string, TableDefinition>) {
  const indexes: Readonly<Record<string, readonly string[]>> = {
    principalobjectaccess: ['objectid', 'principalid'],
    deleteditemreference: ['deletedobjecttypecode'],
    fileattachment: ['objectid'],
  }
  return Object.fromEntries(Object.entries(indexes).filter(([name]) => tables.has(name)))
}

/** One side of an N:N link: the table whose row it is, and the column that holds the row's id. */
export interface LinkSide {
  readonly table: string
  readonly column: string
}

/** The tables of an emulator, and what follows from them taken together. */
export class Schema {
  private readonly tables = new Map<string, TableDefinition>()
  private list: readonly TableDefinition[] | undefined
  private readonly referrers = new Map<string, OneToMany[]>()
  private readonly indexed = new Map<string, Set<number>>()
  private readonly intersects = new Map<string, TableDefinition>()
  private readonly links = new Map<string, readonly LinkSide[]>()

  /** `indexes` names further columns to index, by table. */
  constructor(tables: readonly TableDefinition[], indexes: Readonly<Record<string, readonly string[]>> = {}) {
    for (const table of tables) {
      const known = this.tables.get(table.logicalName)
      if (known && known !== table) {
        throw new TypeError(`createEmulator: two tables are called '${table.logicalName}'. Pass one of them.`)
      }
      this.tables.set(table.logicalName, table)
    }
    for (const table of [...this.tables.values()]) this.addIntersects(table)
    for (const table of this.tables.values()) {
      const { positions, columns } = layoutOf(table)
      const indexed = new Set([0])
      columns.forEach(({ type }, position) => {
        if (type === 'lookup' || this.isIntersect(table)) indexed.add(position)
      })
      for (const [first] of Object.values(table.keys)) indexed.add(positions.get(first!)!)
      this.indexed.set(table.logicalName, indexed)
      for (const [name, relationship] of Object.entries(table.manyToOne)) {
        const referrers = this.referrers.get(relationship.to) ?? []
        referrers.push({ ...relationship, name, from: table })
        this.referrers.set(relationship.to, referrers)
      }
    }
    for (const [name, columns] of Object.entries({ ...indexes, ...alwaysIndexed(this.tables) })) {
      const { positions } = layoutOf(this.table(name))
      for (const column of columns) {
        const position = positions.get(column)
        if (position === undefined) throw dataverseError('QueryBuilderNoAttribute', { table: name, column })
        this.indexed.get(name)!.add(position)
      }
    }
  }

  /** Throws the platform's error when there is no such table. */
  table(logicalName: string): TableDefinition {
    const table = this.tables.get(logicalName)
    if (!table) throw dataverseError('QueryBuilderNoEntity', { table: String(logicalName) })
    return table
  }

  find(logicalName: string): TableDefinition | undefined {
    return this.tables.get(logicalName)
  }

  has(logicalName: string): boolean {
    return this.tables.has(logicalName)
  }

  /** The same list every time. */
  all(): readonly TableDefinition[] {
    this.list ??= [...this.tables.values()]
    return this.list
  }

  /** Those that were defined; intersect tables follow from them. */
  declared(): readonly TableDefinition[] {
    const made = new Set(this.intersects.values())
    return this.all().filter((table) => !made.has(table))
  }

  isIndexed(table: string, position: number): boolean {
    return this.indexed.get(table)?.has(position) ?? false
  }

  /** The intersect tables in which rows of the table stand, and the columns that hold their ids. */
  intersectsWith(table: string): readonly { readonly intersect: TableDefinition; readonly column: string }[] {
    return [...this.intersects.values()].flatMap((intersect) =>
      idColumnsOf(table)
        .filter((column) => column !== intersect.primaryKey && Object.hasOwn(intersect.columns, column))
        .map((column) => ({ intersect, column })),
    )
  }

  /** The intersect table of the N:N relationship with this schema name. */
  intersectOf(relationship: string): TableDefinition | undefined {
    return this.intersects.get(relationship)
  }

  /** The two sides of the links that an intersect table holds: first the table that declares the relationship. */
  sidesOf(intersect: string): readonly LinkSide[] {
    return this.links.get(intersect) ?? []
  }

  /** Whether the table holds the links of an N:N relationship. */
  isIntersect(table: TableDefinition): boolean {
    return [...this.intersects.values()].includes(table)
  }

  private addIntersects(table: TableDefinition): void {
    for (const [name, { to, intersect }] of Object.entries(table.manyToMany)) {
      const [mine, theirs] = intersectColumns(table.logicalName, to)
      const declared = this.tables.get(intersect)
      // A table of its own, such as the privileges of roles, says more than which rows are linked, and is written as one.
      if (declared && Object.hasOwn(declared.columns, mine) && Object.hasOwn(declared.columns, theirs)) continue
      if (declared) {
        throw new TypeError(
          `createEmulator: the relationship '${name}' of '${table.logicalName}' has the intersect table '${intersect}', and there is another table of that name. Rename one.`,
        )
      }
      const definition = intersectOf(table, name, to, intersect)
      this.tables.set(intersect, definition)
      this.intersects.set(name, definition)
      this.links.set(intersect, [
        { table: table.logicalName, column: mine },
        { table: to, column: theirs },
      ])
    }
  }

  /** The lookups of all tables that refer to this one. */
  referrersOf(table: string): readonly OneToMany[] {
    return this.referrers.get(table) ?? []
  }
}

/** A relationship's intersect table is defined once, however many environments have it. */
const intersects = new WeakMap<TableDefinition, Map<string, TableDefinition>>()

function intersectOf(table: TableDefinition, name: string, to: string, intersect: string): TableDefinition {
  const known = intersects.get(table) ?? new Map<string, TableDefinition>()
  intersects.set(table, known)
  let definition = known.get(name)
  if (!definition) {
    const [mine, theirs] = intersectColumns(table.logicalName, to)
    const id = (label: string) => column.uniqueIdentifier({ label, standard: true, required: 'system' })
    definition = defineTable({
      logicalName: intersect,
      displayName: name,
      primaryName: mine,
      ownership: 'none',
      states: null,
      columns: { [mine]: id(table.displayName), [theirs]: id(to) },
    })
    known.set(name, definition)
  }
  return definition
}

function idColumnsOf(table: string): readonly string[] {
  return [`${table}id`, `${table}idone`, `${table}idtwo`]
}
