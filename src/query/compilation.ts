import type { TableDefinition } from '../entities/index.ts'
import { dataverseError } from '../service/index.ts'
import type { OperatorHost } from './operators.ts'
import type { QueryContext } from './query-context.ts'
import type { RowSource } from './row-source.ts'

/**
 * What a compiled query has in common: the rows and the context of the run that is going on, and whether what was
 * compiled outlives it. A plan is used again unless compiling it asked who runs it, when, or what rows there are.
 */
export class Compilation implements OperatorHost {
  private current: { readonly source: RowSource; readonly context: QueryContext } | undefined
  private asked = false
  private readonly definitions = new Map<string, TableDefinition>()
  /** Counts the runs, so that what was worked out for one is not taken for the next one's. */
  run = 0

  constructor(readonly negativesMatchNull: boolean) {}

  /** Whether the compiled query is right only for the run in which it was compiled. */
  get isForOneRun(): boolean {
    return this.asked
  }

  during<T>(source: RowSource, context: QueryContext, body: () => T): T {
    this.current = { source, context }
    this.run++
    try {
      return body()
    } finally {
      // A plan that is kept must not keep an environment alive.
      this.current = undefined
    }
  }

  context(): QueryContext {
    this.asked = true
    return this.running.context
  }

  source(): RowSource {
    this.asked = true
    return this.running.source
  }

  /** The rows, for what is asked of them while running, and not while compiling. */
  get rows(): RowSource {
    return this.running.source
  }

  get calendar(): QueryContext {
    return this.running.context
  }

  definition(table: string): TableDefinition {
    const definition = this.running.source.definition(table)
    this.definitions.set(table, definition)
    return definition
  }

  /** Whether the tables of this source are those that the query was compiled for. */
  fits(source: RowSource, { negativesMatchNull }: QueryContext): boolean {
    if (negativesMatchNull !== this.negativesMatchNull) return false
    for (const [table, definition] of this.definitions) if (source.definition(table) !== definition) return false
    return true
  }

  private get running() {
    if (!this.current) throw dataverseError('UnExpected', { reason: 'A query plan was used outside of a run.' })
    return this.current
  }
}
