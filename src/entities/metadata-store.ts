import type { Options } from './column.ts'
import type { TableDefinition } from './define-table.ts'

/** A choice that several columns share. */
export interface GlobalOptionSet {
  readonly name: string
  readonly displayName: string
  readonly description?: string | undefined
  readonly options: Options
}

/** What is to be different about the tables of an environment. All of it takes effect, or nothing. */
export interface MetadataChange {
  /** Tables that are new, or take the place of those of their names. Rows keep the values of columns that stay. */
  readonly tables?: readonly TableDefinition[]
  /** The logical names of tables that go, with their rows. */
  readonly removedTables?: readonly string[]
  readonly optionSets?: readonly GlobalOptionSet[]
  readonly removedOptionSets?: readonly string[]
}

/** The tables of an environment, which can be changed while it runs. */
export interface MetadataStore {
  /** Grows with every change. */
  readonly version: number
  readonly tables: readonly TableDefinition[]
  readonly optionSets: readonly GlobalOptionSet[]
  change(change: MetadataChange): Promise<void>
}
