import type { TableDefinition } from '../../entities/index.ts'
import {
  type ColumnTest,
  type Comparable,
  comparable,
  idOf,
  layoutOf,
  type RowSource,
  type StoredRow,
} from '../../query/index.ts'
import { type Concern, Layer, type TableLayer } from './layer.ts'
import type { Schema } from './schema.ts'

/** Layers up to this size are folded into one when a fork seals them, so that many small forks do not pile up. */
const SMALL = 1024

/** Rows seen through a stack of layers: reading looks from the top one down, writing goes into the top one. */
export class View implements RowSource {
  constructor(
    protected readonly schema: Schema,
    protected top: Layer,
  ) {}

  /** What this view is made of. */
  parts(): [schema: Schema, top: Layer] {
    return [this.schema, this.top]
  }

  /** The view in which nothing is hidden from anybody. */
  get open(): View {
    return this
  }

  /** Stands for one state of what rights follow from: while it is the same, so are they. */
  stamp(concern: Concern): number {
    let stamp = 0
    for (let layer: Layer | null = this.top; layer; layer = layer.parent) stamp = Math.max(stamp, layer[concern])
    return stamp
  }

  definition(table: string): TableDefinition {
    return this.schema.table(table)
  }

  get(table: string, id: string): StoredRow | undefined {
    for (let layer: Layer | null = this.top; layer; layer = layer.parent) {
      const row = layer.tables.get(table)?.rows.get(id)
      if (row !== undefined) return row ?? undefined
    }
    return undefined
  }

  put(table: TableDefinition, row: StoredRow): void {
    this.top.write(table, idOf(row), row)
  }

  delete(table: TableDefinition, id: string): void {
    this.top.write(table, id, null)
  }

  scan(table: string, test?: (row: StoredRow) => boolean, columns?: ColumnTest): StoredRow[] {
    const layers = this.layersOf(table)
    if (!test && layers.length === 1) return layers[0]!.scan().slice()
    const found: StoredRow[] = []
    layers.forEach((layer, depth) => {
      const rows = layer.scan()
      const byColumns = columns?.compile((position) => layer.vector(position))
      for (let at = 0; at < rows.length; at++) {
        if (byColumns && !byColumns(at)) continue
        const row = rows[at]!
        if ((columns?.exact || !test || test(row)) && !isHidden(layers, depth, idOf(row))) found.push(row)
      }
    })
    return found
  }

  inKeyOrder(table: string, after?: string): Iterable<StoredRow> | undefined {
    const layers = this.layersOf(table)
    const ids: (readonly string[])[] = []
    for (const layer of layers) {
      const inOrder = layer.inOrder()
      if (!inOrder) return undefined
      ids.push(inOrder)
    }
    return merged(layers, ids, after)
  }

  count(table: string): number {
    const layers = this.layersOf(table)
    if (layers.length === 1) return layers[0]!.scan().length
    return this.scan(table).length
  }

  isIndexed(table: string, position: number): boolean {
    return this.schema.isIndexed(table, position)
  }

  find(table: string, position: number, value: Comparable): readonly StoredRow[] {
    if (position === 0) {
      const row = this.get(table, String(value))
      return row ? [row] : []
    }
    const layers = this.layersOf(table)
    const found: StoredRow[] = []
    layers.forEach((layer, depth) => {
      for (const id of layer.find(position, value)) {
        if (!isHidden(layers, depth, id)) found.push(layer.rows.get(id)!)
      }
    })
    return found
  }

  /** The row that an alternate key's values identify. */
  findByKey(table: TableDefinition, columns: readonly string[], values: readonly Comparable[]): StoredRow | undefined {
    const layout = layoutOf(table)
    const [first, ...rest] = columns.map((column) => layout.positions.get(column)!)
    return this.find(table.logicalName, first!, values[0]!).find((row) =>
      rest.every((at, other) => comparable(layout.columns[at]!, row[at] ?? null) === values[other + 1]),
    )
  }

  /** The layers that hold something of the table, the top one first. */
  private layersOf(table: string): TableLayer[] {
    const layers: TableLayer[] = []
    for (let layer: Layer | null = this.top; layer; layer = layer.parent) {
      const held = layer.tables.get(table)
      if (held) layers.push(held)
    }
    return layers
  }
}

/** What is committed. Rows are frozen and shared by all forks; nothing is ever copied but the row that changes. */
export class Store extends View {
  static empty(schema: Schema): Store {
    return new Store(schema, new Layer(null))
  }

  /** A second store with the same rows; what is written in one is not seen in the other. Constant time. */
  fork(): Store {
    return new Store(this.schema, new Layer(this.seal()))
  }

  /** Opens a transaction. What is written in it is seen in it only, until it commits; rolling back is forgetting it. */
  begin(): Transaction {
    return new Transaction(this.schema, new Layer(this.top), (changes) => changes.handOverTo(this.top))
  }

  /** Ends the top layer, so that it can be shared, and puts an empty one on it. */
  private seal(): Layer {
    if (this.top.size === 0 && this.top.parent) return this.top.parent
    const sealed = flatten(this.top)
    this.top = new Layer(sealed)
    return sealed
  }
}

export class Transaction extends View {
  constructor(
    schema: Schema,
    changes: Layer,
    private readonly keep: (changes: Layer) => void,
  ) {
    super(schema, changes)
  }

  commit(): void {
    this.keep(this.top)
  }
}

/** The rows of several layers in the order of their ids, those that a layer above replaces or deletes left out. */
function* merged(
  layers: readonly TableLayer[],
  ids: readonly (readonly string[])[],
  after: string | undefined,
): Generator<StoredRow, void, undefined> {
  const places = ids.map((own) => (after === undefined ? 0 : placeBehind(own, after)))
  for (;;) {
    let next = -1
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]![places[at]!]
      if (id !== undefined && (next === -1 || id < ids[next]![places[next]!]!)) next = at
    }
    if (next === -1) return
    const id = ids[next]![places[next]!++]!
    const row = layers[next]!.rows.get(id)
    if (row && !isHidden(layers, next, id)) yield row
  }
}

/** The place of the first id that is greater. */
function placeBehind(ids: readonly string[], id: string): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ids[middle]! <= id) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether a layer above replaces or deletes the row. */
function isHidden(layers: readonly TableLayer[], depth: number, id: string): boolean {
  for (let above = 0; above < depth; above++) if (layers[above]!.rows.has(id)) return true
  return false
}

function flatten(layer: Layer): Layer {
  const { parent } = layer
  if (!parent || layer.size > SMALL || parent.size > SMALL) return layer
  const merged = new Layer(parent.parent)
  parent.mergeInto(merged)
  layer.mergeInto(merged)
  return flatten(merged)
}
