import type { EntityReference } from '../service/index.ts'
import { fold } from './collation.ts'
import { type Comparable, comparable } from './comparable.ts'
import type { Joined, Place } from './compile.ts'
import type { NameOf, QueryContext } from './query-context.ts'
import type { StoredRow, StoredValue } from './stored-row.ts'

/** A row of the result, with what links joined to it. */
export interface Match {
  readonly row: StoredRow
  readonly joined: Joined
}

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
 * The first `count` items in order. When they are few among many, a heap holds the best so far with the worst of them
 * on top, and most items are compared with that one only.
 */
export function sortFirst<T>(items: readonly T[], count: number, compare: (a: T, b: T) => number): T[] {
  if (items.length <= count * 2) return [...items].sort(compare).slice(0, count)
  const heap = items.slice(0, count)
  for (let at = (count >> 1) - 1; at >= 0; at--) sink(heap, at, compare)
  for (let at = count; at < items.length; at++) {
    if (compare(items[at]!, heap[0]!) >= 0) continue
    heap[0] = items[at]!
    sink(heap, 0, compare)
  }
  return heap.sort(compare)
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
