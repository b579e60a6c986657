/** What a column holds, as far as the wire spells it in its own way. */
export type ColumnKind =
  | 'text'
  | 'number'
  | 'boolean'
  | 'dateTime'
  | 'dateOnly'
  | 'multiChoice'
  | 'lookup'
  | 'id'
  | 'file'
  | 'other'

export interface ColumnInfo {
  readonly kind: ColumnKind
  /** Of a lookup: the logical names of the tables; empty: any. */
  readonly targets: readonly string[]
}

/** A relationship as seen from one of its tables. */
export interface RelationshipInfo {
  /** `collection`: the rows on the other side are many. `lookup`: this table has the lookup. */
  readonly kind: 'collection' | 'lookup'
  /** The navigation property of this table. */
  readonly navigation: string
}

/** What talking about a table over the Web API takes. */
export interface TableInfo {
  readonly logicalName: string
  readonly entitySet: string
  readonly primaryKey: string
  readonly columns: ReadonlyMap<string, ColumnInfo>
  /** The columns of each alternate key. */
  readonly keys: readonly (readonly string[])[]
  /** The navigation property that sets a lookup to a row of `target`; `undefined`: it cannot refer to one. */
  navigationTo(column: string, target: string): string | undefined
  /** A navigation property of the lookup, whichever: to clear it. */
  anyNavigation(column: string): string | undefined
  /** By the relationship's schema name. */
  relationship(schemaName: string): RelationshipInfo | undefined
}

const noColumn: ColumnInfo = { kind: 'other', targets: [] }

/** A column of the table; what the table does not have is sent as it is, for the environment to refuse. */
export function columnOf({ columns }: TableInfo, name: string): ColumnInfo {
  return columns.get(name) ?? noColumn
}

/** The property that shows a column. */
export function propertyOf(table: TableInfo, column: string): string {
  return columnOf(table, column).kind === 'lookup' ? `_${column}_value` : column
}
