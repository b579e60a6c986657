import type { TableDefinition } from '../entities/index.ts'
import type { Comparable } from './comparable.ts'
import type { StoredRow } from './stored-row.ts'

/** A column of all rows of a table, as what the values compare as. */
export type Vector = readonly (Comparable | null)[]

/** A condition that looks at columns instead of rows, for a source that keeps them apart: a scan then touches no row. */
export interface ColumnTest {
  /** Whether a row that passes needs no further test. */
  readonly exact: boolean
  /** The test of the row at a place, given the columns by their position. */
  compile(vector: (position: number) => Vector): (at: number) => boolean
}

/** Where a query finds rows: what the emulator's store, or any other store, has to offer. */
export interface RowSource {
  /** The table of this name; throws the platform's error when there is none. */
  definition(table: string): TableDefinition
  get(table: string, id: string): StoredRow | undefined
  /**
   * The rows of the table that pass the test, or all, in no order that means anything. A source that keeps columns apart may look
   * at them first: a row that does not pass `columns` does not pass the test, and one that does passes it when `columns`
   * is exact.
   */
  scan(table: string, test?: (row: StoredRow) => boolean, columns?: ColumnTest): StoredRow[]
  /**
   * The rows of the table in the order of their primary keys, those behind `after` only, one by one; `undefined` where that
   * is not cheaper than sorting them.
   */
  inKeyOrder?(table: string, after?: string): Iterable<StoredRow> | undefined
  /** How many rows the table has, where that is cheaper to tell than by a scan. */
  count?(table: string): number
  /** Whether `find` on the column at this position is cheaper than a scan. */
  isIndexed(table: string, position: number): boolean
  /** The rows whose column at this position has this value. */
  find(table: string, position: number, value: Comparable): readonly StoredRow[]
}
