import type { TableDefinition } from '../../entities/index.ts'
import { type Comparable, comparable, idOf, layoutOf, type StoredRow, type Vector } from '../../query/index.ts'

/** What rights follow from: roles, teams, units and profiles, or the sharing of single rows. */
export type Concern = 'security' | 'sharing'

const SECURITY_TABLES = new Set([
  'role',
  'roleprivileges',
  'systemuserroles',
  'teamroles',
  'teammembership',
  'systemuser',
  'team',
  'businessunit',
  'organization',
  'position',
  'fieldpermission',
  'systemuserprofiles',
  'teamprofiles',
])

function concernOf(table: string): Concern | undefined {
  return SECURITY_TABLES.has(table) ? 'security' : table === 'principalobjectaccess' ? 'sharing' : undefined
}

/** Counts the writes that rights may follow from, in all layers of all emulators: a count stands for one state. */
let stamps = 0

/** Sorting more ids than this takes longer than the scan that it would save. */
const MOST_TO_SORT = 50_000

type Index = Map<Comparable, Set<string>>

/** What one layer knows of one table: the rows written in it, `null` where it deletes one of a layer below. */
export class TableLayer {
  readonly rows = new Map<string, StoredRow | null>()
  private readonly indexes = new Map<number, Index>()
  /** The layer's rows in a plain array, for scans; made by the first one and kept up to date from then on. */
  private dense: StoredRow[] | undefined
  /** Where in `dense` a row stands; made by the first write after a scan. */
  private places: Map<string, number> | undefined
  /** Columns of `dense` as what their values compare as: scanning one touches no row. */
  private readonly vectors = new Map<number, (Comparable | null)[]>()

  /** The ids of the layer's rows in ascending order; made by the first reader who wants it, and kept while rows are added at the end. */
  private ascending: string[] | undefined

  /** What a write to the table may change the rights of somebody by. */
  readonly concerns: Concern | undefined

  constructor(readonly table: TableDefinition) {
    this.concerns = concernOf(table.logicalName)
  }

  set(id: string, row: StoredRow | null): void {
    const before = this.rows.get(id)
    this.rows.set(id, row)
    if (this.ascending && row && !before) this.extend(this.ascending, id, before)
    if (this.dense) this.patch(this.dense, id, row)
    for (const [position, index] of this.indexes) {
      if (before) index.get(keyAt(this.table, position, before)!)?.delete(id)
      if (row) add(index, keyAt(this.table, position, row), id)
    }
  }

  /** A new row at the end is in order; one anywhere else, or one that was deleted before, ends the order. */
  private extend(ascending: string[], id: string, before: StoredRow | null | undefined): void {
    const last = ascending.at(-1)
    if (before === undefined && (last === undefined || last < id)) ascending.push(id)
    else this.ascending = undefined
  }

  /**
   * The ids of the layer's rows in ascending order, some of which may have been deleted since; `undefined` for so many rows
   * out of order that sorting them costs more than it saves.
   */
  inOrder(): readonly string[] | undefined {
    if (this.ascending) return this.ascending
    const ids: string[] = []
    let isAscending = true
    for (const [id, row] of this.rows) {
      if (!row) continue
      if (ids.length > 0 && ids[ids.length - 1]! > id) isAscending = false
      ids.push(id)
    }
    if (!isAscending) {
      if (ids.length > MOST_TO_SORT) return undefined
      ids.sort()
    }
    this.ascending = ids
    return ids
  }

  /** Brings the arrays that scans use up to date: a deleted row gives its place to the last one. */
  private patch(dense: StoredRow[], id: string, row: StoredRow | null): void {
    this.places ??= new Map(dense.map((known, place) => [idOf(known), place]))
    const place = this.places.get(id)
    if (row) {
      const at = place ?? dense.length
      this.places.set(id, at)
      this.place(dense, at, row)
    } else if (place !== undefined) {
      const last = dense.pop()!
      for (const vector of this.vectors.values()) vector.pop()
      this.places.delete(id)
      if (idOf(last) === id) return
      this.places.set(idOf(last), place)
      this.place(dense, place, last)
    }
  }

  private place(dense: StoredRow[], at: number, row: StoredRow): void {
    dense[at] = row
    for (const [position, vector] of this.vectors) vector[at] = keyAt(this.table, position, row)
  }

  scan(): readonly StoredRow[] {
    if (!this.dense) {
      this.dense = []
      for (const row of this.rows.values()) if (row) this.dense.push(row)
    }
    return this.dense
  }

  /** The column at this position of every row of {@link scan}, in the same order. */
  vector(position: number): Vector {
    let vector = this.vectors.get(position)
    if (!vector) {
      vector = this.scan().map((row) => keyAt(this.table, position, row))
      this.vectors.set(position, vector)
    }
    return vector
  }

  /** The ids of this layer's rows with the value in the column at this position. */
  find(position: number, value: Comparable): Iterable<string> {
    let index = this.indexes.get(position)
    if (!index) {
      index = new Map()
      for (const row of this.scan()) add(index, keyAt(this.table, position, row), idOf(row))
      this.indexes.set(position, index)
    }
    return index.get(value) ?? []
  }
}

function keyAt(table: TableDefinition, position: number, row: StoredRow): Comparable | null {
  return comparable(layoutOf(table).columns[position]!, row[position] ?? null)
}

function add(index: Index, key: Comparable | null, id: string): void {
  if (key === null) return
  const ids = index.get(key)
  if (ids) ids.add(id)
  else index.set(key, new Set([id]))
}

/**
 * A set of changes on top of a parent that no longer changes. A transaction is a layer: commit merges it, rollback
 * forgets it. A fork is two layers on one parent, however large the parent is.
 */
export class Layer {
  readonly tables = new Map<string, TableLayer>()
  /** How many rows were written in this layer. */
  size = 0
  /** When what rights follow from was last written in this layer; 0: never. */
  security = 0
  sharing = 0

  constructor(readonly parent: Layer | null) {}

  write(table: TableDefinition, id: string, row: StoredRow | null): void {
    let layer = this.tables.get(table.logicalName)
    if (!layer) {
      layer = new TableLayer(table)
      this.tables.set(table.logicalName, layer)
    }
    layer.set(id, row)
    if (layer.concerns) this[layer.concerns] = ++stamps
    this.size++
  }

  /** Writes this layer's changes into another one. */
  mergeInto(target: Layer): void {
    for (const { table, rows } of this.tables.values()) {
      for (const [id, row] of rows) target.write(table, id, row)
    }
  }

  /** The same for a layer that nobody else has, and that is not used any more: what it has of a new table goes over whole. */
  handOverTo(target: Layer): void {
    for (const [name, layer] of this.tables) {
      if (target.tables.has(name)) continue
      target.tables.set(name, layer)
      target.size += layer.rows.size
      if (layer.concerns) target[layer.concerns] = ++stamps
      this.tables.delete(name)
    }
    this.mergeInto(target)
  }
}
