import type { Comparable } from './comparable.ts'
import { candidates, type JoinPlan, keyOf, matchesPlan } from './join.ts'
import type { Layout, StoredRow } from './stored-row.ts'

/** So many rows are asked one by one; for more, all linked rows that satisfy the plan are looked for once. */
const ONE_BY_ONE = 64

/**
 * Whether a row has linked rows that satisfy a plan. It is answered from either side: from the row, by looking at its
 * linked rows, or from the linked rows, by the set of keys that those which satisfy the plan have.
 */
export class SemiJoin {
  private run = -1
  private asked = 0
  private found: ReadonlySet<Comparable> | undefined

  constructor(
    /** How the linked rows are found. */
    private readonly plan: JoinPlan,
    /** The position of the linked table's column. */
    private readonly from: number,
    /** The position of the row's own column. */
    readonly to: number,
    private readonly parent: Layout,
  ) {}

  matches(row: StoredRow): boolean {
    return this.matchesKey(keyOf(this.parent, this.to, row))
  }

  /** Whether a row with this value in its column has linked rows that satisfy the plan. */
  matchesKey(key: Comparable | null): boolean {
    if (key === null) return false
    this.begin()
    if (this.found || ++this.asked > ONE_BY_ONE) return this.keys().has(key)
    return this.linkedTo(key).some((other) => matchesPlan(this.plan, other))
  }

  /** What "all" means on the platform: there are linked rows, and none of them satisfies the plan. */
  matchesNone(row: StoredRow): boolean {
    const key = keyOf(this.parent, this.to, row)
    if (key === null) return false
    const others = this.linkedTo(key)
    return others.length > 0 && !others.some((other) => matchesPlan(this.plan, other))
  }

  /** The values of `from` among the rows that satisfy the plan. */
  keys(): ReadonlySet<Comparable> {
    this.begin()
    if (!this.found) {
      const keys = new Set<Comparable>()
      for (const other of candidates(this.plan)) {
        const key = keyOf(this.plan.root, this.from, other)
        if (key === null || keys.has(key)) continue
        if (this.plan.links.length === 0 || matchesPlan(this.plan, other)) keys.add(key)
      }
      this.found = keys
    }
    return this.found
  }

  /** Forgets what was worked out for an earlier run. */
  private begin(): void {
    const { run } = this.plan.compilation
    if (run === this.run) return
    this.run = run
    this.asked = 0
    this.found = undefined
  }

  private linkedTo(key: Comparable): readonly StoredRow[] {
    return this.plan.compilation.rows.find(this.plan.root.table.logicalName, this.from, key)
  }
}
