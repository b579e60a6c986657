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
  /** The columns to return; left out: every column. An aggregate query has none. */
  readonly columns?: readonly (string | SelectedColumn)[]
  /**
   * Makes this an aggregate query: one result row per group, or one in all without `groupBy`. Its rows hold values under
   * the aliases of `aggregates` and `groupBy` and nothing else.
   */
  readonly aggregates?: readonly Aggregate[]
  readonly groupBy?: readonly Grouping[]
  /** Refuse to aggregate over more rows than this; default, and most: 50,000. */
  readonly aggregateLimit?: number
  readonly filter?: Condition
  /** The first order counts most. Left out: by primary key. */
  readonly orders?: readonly Order[]
  /** What choices sort by: their integer (default, as OData does) or their label (as FetchXML does). */
  readonly orderChoicesBy?: 'value' | 'label'
  readonly links?: readonly Link[]
  /** At most so many rows, 1 to 5000. Not together with `page`. */
  readonly top?: number
  readonly page?: Page
  /** Drop rows that are equal in every returned column. */
  readonly distinct?: boolean
  /** Also count all rows that match, whatever the page, up to 5000; `'only'`: count, and return no rows. */
  readonly totalCount?: boolean | 'only'
  readonly result?: Result
}

/** A column to return under another name, or something counted for each row. */
export interface SelectedColumn {
  readonly column: string
  /** The name in the result, without the link's alias before it. */
  readonly alias?: string
  /** Return how many rows stand directly below this one in the table's hierarchy, instead of the column. */
  readonly rowAggregate?: 'CountChildren'
}

/** Where a condition or an order looks: a column of the query's table, or of the link with this alias. */
export interface ColumnPath {
  readonly column: string
  readonly link?: string
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/aggregate-data */
export interface Aggregate extends ColumnPath {
  /** `count` counts rows, `countcolumn` those with a value. `avg`, `max`, `min` and `sum` pass over missing values. */
  readonly aggregate: AggregateFunction
  readonly alias: string
  /** With `countcolumn`: count different values. */
  readonly distinct?: boolean
}

export const aggregateFunctions = ['avg', 'count', 'countcolumn', 'max', 'min', 'sum'] as const
export type AggregateFunction = (typeof aggregateFunctions)[number]

/** Rows with the same value form a group; so do those without one. */
export interface Grouping extends ColumnPath {
  readonly alias: string
  /** Group dates by a part of them. */
  readonly dateGrouping?: DateGrouping
  /** Whose calendar tells the part: the caller's (default) or UTC. */
  readonly timeZone?: 'user' | 'utc'
}

export const dateGroupings = ['day', 'week', 'month', 'quarter', 'year', 'fiscal-period', 'fiscal-year'] as const
export type DateGrouping = (typeof dateGroupings)[number]

export type Condition = Junction | Negation | Comparison | ColumnComparison | LinkCondition

/** `and`: every condition holds (none given: true). `or`: at least one does (none given: true, as in FetchXML). */
export interface Junction {
  readonly kind: 'and' | 'or'
  readonly conditions: readonly Condition[]
}

/** True where the condition is not: also for rows that the condition fails for want of a value. */
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
  readonly match: LinkMatch
  readonly link: Omit<Link, 'type' | 'columns' | 'orders'>
}

/**
 * `any`: a linked row satisfies the link's filter. `notAny`: none does. `all`: there are linked rows, and none satisfies
 * the filter. `notAll`: the same as `any`. That is how the platform documents the last two.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows#filter-on-column-values-in-related-records
 */
export type LinkMatch = 'any' | 'notAny' | 'all' | 'notAll'

/** By a column, or, in an aggregate query, by a result. */
export type Order = ColumnOrder | ResultOrder

export interface ColumnOrder extends ColumnPath {
  readonly descending?: boolean
}

export interface ResultOrder {
  /** The alias of an aggregate or a group. */
  readonly alias: string
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
  /** Returned as `alias.column`; `'all'`: every column. Left out: none. */
  readonly columns?: readonly (string | SelectedColumn)[] | 'all'
  readonly filter?: Condition
  /** Come after the orders of the query and of the links before this one. */
  readonly orders?: readonly Omit<ColumnOrder, 'link'>[]
  readonly links?: readonly Link[]
  /** The table between the two of an N:N relationship; says so to readers, and changes nothing. */
  readonly intersect?: boolean
}

/**
 * `inner`: one result row per match. `outer`: a row without a match too, with nulls. `exists` and `in`: a row once when
 * there is a match, without columns of the link. `matchfirstrowusingcrossapply`: a row once, with one of its matches.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/join-tables#link-type-options
 */
export const linkTypes = ['inner', 'outer', 'exists', 'in', 'matchfirstrowusingcrossapply'] as const
export type LinkType = (typeof linkTypes)[number]

export interface Page {
  /** Rows on a page, 1 to 5000. */
  readonly size: number
  /** From 1. */
  readonly number?: number
  /** What the page before answered as `pagingCookie`. */
  readonly cookie?: string
}

/**
 * Condition operators, spelled as in FetchXML. What each takes and means stands in one table, `query/operators.ts`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators
 */
export const operators = [
  // Values
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
  // Texts
  'like',
  'not-like',
  'begins-with',
  'not-begin-with',
  'ends-with',
  'not-end-with',
  // Multi-select choices
  'contain-values',
  'not-contain-values',
  // Who asks
  'eq-userid',
  'ne-userid',
  'eq-businessid',
  'ne-businessid',
  'eq-userteams',
  'eq-useroruserteams',
  'eq-useroruserhierarchy',
  'eq-useroruserhierarchyandteams',
  'eq-userlanguage',
  // Hierarchies
  'above',
  'eq-or-above',
  'under',
  'eq-or-under',
  'not-under',
  // Days
  'on',
  'on-or-before',
  'on-or-after',
  'today',
  'yesterday',
  'tomorrow',
  'last-seven-days',
  'next-seven-days',
  // Spans of the calendar
  'this-week',
  'last-week',
  'next-week',
  'this-month',
  'last-month',
  'next-month',
  'this-year',
  'last-year',
  'next-year',
  'last-x-hours',
  'next-x-hours',
  'last-x-days',
  'next-x-days',
  'last-x-weeks',
  'next-x-weeks',
  'last-x-months',
  'next-x-months',
  'last-x-years',
  'next-x-years',
  'olderthan-x-minutes',
  'olderthan-x-hours',
  'olderthan-x-days',
  'olderthan-x-weeks',
  'olderthan-x-months',
  'olderthan-x-years',
  // The fiscal calendar
  'this-fiscal-year',
  'last-fiscal-year',
  'next-fiscal-year',
  'this-fiscal-period',
  'last-fiscal-period',
  'next-fiscal-period',
  'last-x-fiscal-years',
  'next-x-fiscal-years',
  'last-x-fiscal-periods',
  'next-x-fiscal-periods',
  'in-fiscal-year',
  'in-fiscal-period',
  'in-fiscal-period-and-year',
  'in-or-before-fiscal-period-and-year',
  'in-or-after-fiscal-period-and-year',
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
  /** Of groups by fiscal year or period: for each row what they are called, by alias (`Quarter 1 FY2026`). */
  readonly formatted?: readonly Readonly<Record<string, string>>[]
}
