import {
  type ColumnOf,
  type ColumnValue,
  type Condition,
  type Link,
  logicalNameOf,
  type Operator,
  type Order,
  type QueryExpression,
  type Selected,
  type TableRef,
} from '../service/index.ts'
import { isDeepFrozen } from './deep-frozen.ts'

/** A query under construction. Each method returns a new one; a builder is itself a query that can be run. */
export interface SelectBuilder<T extends TableRef, C extends string> extends QueryExpression<Selected<T, C>> {
  /** Adds a condition; a row must satisfy all of them. */
  where<const K extends ColumnOf<T>>(column: K, operator: Operator, ...values: ColumnValue[]): SelectBuilder<T, C>
  /** Adds any condition tree. */
  matching(condition: Condition): SelectBuilder<T, C>
  orderBy(column: ColumnOf<T>, direction?: 'ascending' | 'descending'): SelectBuilder<T, C>
  /** At most so many rows. */
  first(count: number): SelectBuilder<T, C>
  /** Joins another table; its columns come back as `alias.column`. */
  linked(link: Link): SelectBuilder<T, C>
  /** One page of so many rows. */
  paged(size: number, cookie?: string): SelectBuilder<T, C>
}

/**
 * Starts a query of a table.
 *
 * @example
 * const { rows } = await service.retrieveMultiple(
 *   select(Account, ['name']).where('creditonhold', 'eq', true).orderBy('name').first(10),
 * )
 */
export function select<const T extends TableRef, const C extends ColumnOf<T>>(
  table: T,
  columns: readonly C[],
): SelectBuilder<T, C>
export function select<const T extends TableRef>(table: T): SelectBuilder<T, ColumnOf<T>>
export function select(table: TableRef, columns?: readonly string[]): SelectBuilder<TableRef, string> {
  return builder({ table: logicalNameOf(table), ...(columns ? { columns } : {}) })
}

function builder(query: QueryExpression): SelectBuilder<TableRef, string> {
  const matching = (condition: Condition) => {
    const conditions = query.filter?.kind === 'and' ? query.filter.conditions : query.filter ? [query.filter] : []
    return builder({ ...query, filter: { kind: 'and', conditions: [...conditions, condition] } })
  }
  const methods = {
    matching,
    where: (column: string, operator: Operator, ...values: ColumnValue[]) =>
      matching({ kind: 'compare', column, operator, values }),
    orderBy: (column: string, direction: 'ascending' | 'descending' = 'ascending') => {
      const order: Order = { column, descending: direction === 'descending' }
      return builder({ ...query, orders: [...(query.orders ?? []), order] })
    },
    first: (count: number) => builder({ ...query, top: count }),
    linked: (link: Link) => builder({ ...query, links: [...(query.links ?? []), link] }),
    paged: (size: number, cookie?: string) =>
      builder({ ...query, page: { ...query.page, size, ...(cookie === undefined ? {} : { cookie }) } }),
  }
  return Object.freeze(Object.defineProperties({ ...ownCopy({ ...query }) }, hidden(methods))) as SelectBuilder<
    TableRef,
    string
  >
}

/** A copy that nobody can change, frozen all through: such a query is planned once, however often it is run. */
function ownCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || value instanceof Date || isDeepFrozen(value)) return value
  const copy = Array.isArray(value)
    ? value.map(ownCopy)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ownCopy(part)]))
  return Object.freeze(copy) as T
}

/** Methods stay out of the query's own properties, so that it prints and compares as the tree it is. */
function hidden(methods: object): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(methods).map(([name, value]) => [name, { value, enumerable: false }]))
}
