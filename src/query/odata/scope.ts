import type { TableDefinition } from '../../entities/index.ts'

/**
 * What an OData text can name: the properties of a table's rows, and what they lead to. Whoever knows the model of a Web
 * API gives it; the parsers know no other names.
 */
export interface ODataScope {
  readonly definition: TableDefinition
  /** The column that a property shows (`_ownerid_value` shows `ownerid`); `undefined` where there is no such property. */
  columnOf(property: string): string | undefined
  navigation(property: string): ODataNavigation | undefined
}

/** A navigation property: from a row to the row that a lookup refers to, or to the rows that refer to it. */
export interface ODataNavigation {
  readonly name: string
  /** Whether it leads to any number of rows instead of one at most. */
  readonly collection: boolean
  /** The joins that it stands for, nearest first: one, or two for an N:N relationship. */
  readonly joins: readonly ODataJoin[]
  /** What can be named of the rows at its end; `undefined`: they can be of several tables. */
  target(): ODataScope | undefined
}

/** A join from `to`, a column of the table at hand, to `from`, a column of `table`. */
export interface ODataJoin {
  readonly table: string
  readonly from: string
  readonly to: string
}

/** The values of parameter aliases, as they are written in the URL, by name with the `@`. */
export type ParameterAliases = ReadonlyMap<string, string>
