import type { EntityReference } from '../service/index.ts'
import { fold } from './collation.ts'
import { type Comparable, comparable } from './comparable.ts'
import type { Joined, Place } from './compile.ts'
import type { NameOf, QueryContext } from './query-context.ts'
import type { StoredRow, StoredValue } from './stored-row.ts'

/** The rows of a result side by side with what links joined to each; without links there is nothing to hold. */
export interface Matches {
  readonly rows: readonly StoredRow[]
  readonly joined: readonly Joined[] | undefined
}

/** The value in a place of the match at an index. */
export function valueAt({ rows, joined }: Matches, index: number, place: Place): StoredValue {
  return place.read(rows[index]!, joined ? joined[index]! : NONE)
}

const NONE: Joined = []

/** What a row sorts by: its values in the order columns, the primary key last. */
export type SortKey = readonly (Comparable | null)[]

/** A column that rows are sorted by. */
export interface SortColumn {
  /** What a paging cookie calls it. */
  readonly name: string
  readonly place: Place
  readonly isDescending: boolean
  /** Of a choice: by what it is called, instead of its integer. */
  readonly isByLabel: boolean
}

/** What of a value people see when rows are sorted by it: the name of a lookup's row, a choice's label where it counts. */
export type Shown = (column: SortColumn, value: StoredValue) => StoredValue

export function shownBy(nameOf: NameOf, { labelOf }: QueryContext): Shown {
  return ({ place, isByLabel }, value) => {
    if (value === null) return null
    const definition = place.layout.columns[place.position]!
    switch (definition.type) {
      case 'lookup':
        return nameOf(value as EntityReference) ?? null
      case 'choice':
      case 'state':
      case 'status':
        return isByLabel ? (labelOf(definition, value as number) ?? null) : value
      default:
        return value
    }
  }
}

/** The value that a row sorts by: texts without case and accents. */
export function sortValue(column: SortColumn, shown: StoredValue): Comparable | null {
  const { layout, position } = column.place
  const definition = layout.columns[position]!
  const isText = typeof shown === 'string' && definition.type !== 'primaryKey' && definition.type !== 'uniqueIdentifier'
  return isText ? fold(shown) : comparable(definition, shown)
}

/** As SQL Server sorts: rows without a value first. */
export function compareValues(a: Comparable | null, b: Comparable | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

export function compareKeys(a: SortKey, b: SortKey, columns: readonly { readonly isDescending: boolean }[]): number {
  for (let at = 0; at < columns.length; at++) {
    const order = compareValues(a[at]!, b[at]!)
    if (order !== 0) return columns[at]!.isDescending ? -order : order
  }
  return 0
}

/**
 * The indexes of the first `count` matches in order. When they are few among many, a heap holds the best so far with the
 * worst of them on top; most of the others are worse by their first value, and nothing more is worked out for them.
 */
export function sortFirst(
  count: number,
  length: number,
  columns: readonly { readonly isDescending: boolean }[],
  cellAt: (index: number, column: number) => Comparable | null,
): number[] {
  const isDescending = columns[0]!.isDescending
  const keyOf = (index: number): SortKey => columns.map((_, column) => cellAt(index, column))
  const before = (a: Entry, b: Entry) => compareKeys(a.key, b.key, columns)
  const heap: Entry[] = []
  const kept = Math.min(count, length)
  for (let index = 0; index < kept; index++) heap.push({ index, key: keyOf(index) })
  if (kept > 0 && kept < length) {
    for (let at = (kept >> 1) - 1; at >= 0; at--) sink(heap, at, before)
    for (let index = kept; index < length; index++) {
      const order = compareValues(cellAt(index, 0), heap[0]!.key[0]!)
      if (isDescending ? order < 0 : order > 0) continue
      const entry = { index, key: keyOf(index) }
      if (before(entry, heap[0]!) >= 0) continue
      heap[0] = entry
      sink(heap, 0, before)
    }
  }
  return heap.sort(before).map(({ index }) => index)
}

interface Entry {
  readonly index: number
  readonly key: SortKey
}

/** Moves an item down until both below it come before it. */
function sink<T>(heap: T[], start: number, compare: (a: T, b: T) => number): void {
  const item = heap[start]!
  let at = start
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) > 0) child++
    if (compare(heap[child]!, item) <= 0) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = item
}
