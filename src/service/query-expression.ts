import type { ColumnValue, Row } from './values.ts'

/**
 * A query as a tree: the one shape that FetchXML text, OData text and the typed builder all become, that the client
 * prints and the emulator runs. The names are those of the platform's QueryExpression where it has them.
 *
 * `Result` is the type of the rows that come back; it exists for the compiler only.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/org-service/build-queries-with-queryexpression
 */
export interface QueryExpression<Result extends object = Row> {
  /** The logical name of the table whose rows are returned. */
  readonly table: string
  /** The columns to return; left out: every column. */
  readonly columns?: readonly string[]
  readonly filter?: Condition
  /** The first order counts most. Left out: by primary key. */
  readonly orders?: readonly Order[]
  readonly links?: readonly Link[]
  /** At most so many rows, 1 to 5000. Not together with `page`. */
  readonly top?: number
  readonly page?: Page
  /** Drop rows that are equal in every returned column. */
  readonly distinct?: boolean
  /** Also count all rows that match, whatever the page. */
  readonly totalCount?: boolean
  readonly result?: Result
}

/** Where a condition or an order looks: a column of the query's table, or of the link with this alias. */
export interface ColumnPath {
  readonly column: string
  readonly link?: string
}

export type Condition = Junction | Negation | Comparison | ColumnComparison | LinkCondition

/** `and`: every condition holds (none given: true). `or`: at least one does (none given: true, as in FetchXML). */
export interface Junction {
  readonly kind: 'and' | 'or'
  readonly conditions: readonly Condition[]
}

export interface Negation {
  readonly kind: 'not'
  readonly condition: Condition
}

/** A column against values: how many the operator takes is its own affair. */
export interface Comparison extends ColumnPath {
  readonly kind: 'compare'
  readonly operator: Operator
  readonly values: readonly ColumnValue[]
}

/** A column against another column of the same result row (FetchXML `valueof`). */
export interface ColumnComparison extends ColumnPath {
  readonly kind: 'compareColumns'
  readonly operator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
  readonly with: ColumnPath
}

/** Whether linked rows exist; returns no columns (FetchXML filter links, OData lambdas). */
export interface LinkCondition {
  readonly kind: 'linked'
  readonly match: 'any' | 'notAny' | 'all' | 'notAll'
  readonly link: Omit<Link, 'type' | 'columns'>
}

export interface Order extends ColumnPath {
  readonly descending?: boolean
}

/** A join from `to`, a column of the parent, to `from`, a column of the linked table. */
export interface Link {
  readonly table: string
  readonly from: string
  readonly to: string
  /** How results and conditions call this link; left out: `table` and the link's position, as the platform does. */
  readonly alias?: string
  readonly type: LinkType
  /** Returned as `alias.column`. Left out: none. */
  readonly columns?: readonly string[]
  readonly filter?: Condition
  readonly links?: readonly Link[]
}

export type LinkType = 'inner' | 'outer'

export interface Page {
  /** Rows on a page, 1 to 5000. */
  readonly size: number
  /** From 1. */
  readonly number?: number
  /** What the page before answered as `pagingCookie`. */
  readonly cookie?: string
}

/**
 * Condition operators, spelled as in FetchXML. This release runs these; any other fails by name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export const operators = [
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'in',
  'not-in',
  'between',
  'not-between',
  'null',
  'not-null',
  'like',
  'not-like',
  'begins-with',
  'not-begin-with',
  'ends-with',
  'not-end-with',
  'contain-values',
  'not-contain-values',
] as const
export type Operator = (typeof operators)[number]

/** The answer to a query. */
export interface QueryResult<Result extends object = Row> {
  readonly rows: Result[]
  /** Whether a next page would have rows. */
  readonly moreRecords: boolean
  /** Hand it back as `page.cookie` to get the next page; absent on the last one and for unpaged queries. */
  readonly pagingCookie?: string
  /** Only when the query asked for it. */
  readonly totalRecordCount?: number
}
