import { type Comparable, comparable } from './comparable.ts'
import type { Compilation } from './compilation.ts'
import type { Joined, Lookup, Predicate } from './compile.ts'
import type { ColumnTest } from './row-source.ts'
import type { SemiJoin } from './semi-join.ts'
import type { Layout, StoredRow } from './stored-row.ts'

/** How the rows of a table are found, and others joined to them. */
export interface JoinPlan {
  readonly compilation: Compilation
  readonly root: Layout
  /** In an order in which each comes after the one that it hangs on. */
  readonly links: readonly PlannedLink[]
  /** The conditions that need only the table itself, and those that need what links joined. */
  readonly before: Predicate
  readonly after: Predicate | undefined
  /** What `before` says of columns alone. */
  columnTest(): ColumnTest | undefined
  /** Equalities, and linked rows, that every row of the result has: ways to find it without a scan. */
  readonly lookups: readonly Lookup[]
  readonly semiJoins: readonly SemiJoin[]
  /** Whether every row of the table is in the result, once. */
  readonly isEverything: boolean
}

export interface PlannedLink {
  readonly table: string
  readonly alias: string
  readonly layout: Layout
  /** The link that this one hangs on; -1: the query's own table. */
  readonly parent: number
  readonly parentLayout: Layout
  readonly from: number
  readonly to: number
  /** A row without a counterpart stays, with nulls. */
  readonly isOuter: boolean
  /** One counterpart is enough. */
  readonly isFirstOnly: boolean
  readonly filter: Predicate
}

export const NONE: Joined = []

/** Few enough rows to look at the linked rows of each. */
const FEW = 64
/** With more keys than this a scan is no slower than looking each of them up. */
const MANY = 1000

/** The rows of the plan's own table: through the index that leaves the fewest, or by a scan. */
export function candidates(plan: JoinPlan): readonly StoredRow[] {
  const { root, before, compilation } = plan
  const { rows } = compilation
  const { logicalName: table } = root.table
  let best: readonly StoredRow[] | undefined
  for (const { position, values } of plan.lookups) {
    if (!rows.isIndexed(table, position)) continue
    const found = values.flatMap((value) => rows.find(table, position, value))
    if (!best || found.length < best.length) best = found
  }
  for (const semiJoin of plan.semiJoins) {
    if ((best && best.length <= FEW) || !rows.isIndexed(table, semiJoin.to)) continue
    const keys = semiJoin.keys()
    if (keys.size > MANY || (best && keys.size >= best.length)) continue
    best = [...keys].flatMap((key) => rows.find(table, semiJoin.to, key))
  }
  if (best) return best.filter((row) => before(row, NONE))
  if (plan.isEverything) return rows.scan(table)
  return rows.scan(table, (row) => before(row, NONE), plan.columnTest())
}

/**
 * Joins to a row what its links find, and hands on each combination that satisfies the plan's conditions. Stops, and
 * answers true, as soon as `found` does.
 */
export function follow(plan: JoinPlan, row: StoredRow, found: (joined: Joined) => boolean): boolean {
  const { links, after, compilation } = plan
  const { rows } = compilation
  const joined: (StoredRow | null)[] = []
  const step = (): boolean => {
    const link = links[joined.length]
    if (!link) return (!after || after(row, joined)) && found(joined)
    const parent = link.parent === -1 ? row : joined[link.parent]!
    const key = parent && keyOf(link.parentLayout, link.to, parent)
    let isMatched = false
    if (key !== null && link.from === 0) {
      // By primary key there is one row at most.
      const other = rows.get(link.table, String(key))
      if (other && link.filter(other, joined)) return go(other)
    } else if (key !== null) {
      for (const other of rows.find(link.table, link.from, key)) {
        if (!link.filter(other, joined)) continue
        isMatched = true
        if (go(other)) return true
        if (link.isFirstOnly) break
      }
    }
    return !isMatched && link.isOuter && go(null)
  }
  const go = (other: StoredRow | null): boolean => {
    joined.push(other)
    const stop = step()
    joined.pop()
    return stop
  }
  return step()
}

/** Whether the row satisfies the plan in at least one combination with linked rows. */
export function matchesPlan(plan: JoinPlan, row: StoredRow): boolean {
  if (!plan.before(row, NONE)) return false
  return plan.links.length === 0 || follow(plan, row, () => true)
}

export function keyOf(layout: Layout, position: number, row: StoredRow): Comparable | null {
  return comparable(layout.columns[position]!, row[position] ?? null)
}
