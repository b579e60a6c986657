import type { TableDefinition } from '../define-table.ts'

/** Tables that were read from a description of somebody else's. */
export interface ImportedTables {
  readonly tables: readonly TableDefinition[]
  /** What could not be read, each as a sentence: columns of kinds that there are not here. */
  readonly skipped: readonly string[]
}

/** What is wrong with a description; names the part. */
export class ImportError extends TypeError {
  constructor(what: string, reason: string) {
    super(`${what}: ${reason}`)
    this.name = 'ImportError'
  }
}
