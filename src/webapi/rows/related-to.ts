import type { Condition, Link, QueryExpression } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import type { RowsAddress } from '../url/resource.ts'
import { idOf } from './locate.ts'

/** The query, for those rows only that a row is linked with. */
export async function relatedTo(
  exchange: Exchange,
  { row, collection }: Omit<NonNullable<RowsAddress['of']>, never>,
  query: QueryExpression,
): Promise<QueryExpression> {
  const id = await idOf(row, exchange)
  const is = (column: string): Condition => ({ kind: 'compare', column, operator: 'eq', values: [id] })
  if (collection.kind === 'oneToMany') return { ...query, filter: both(is(collection.column), query.filter) }
  const { intersect, mine, theirs, target } = collection
  const { primaryKey } = exchange.model.table(target).table
  const link: Link = {
    table: intersect,
    from: theirs,
    to: primaryKey,
    type: 'inner',
    filter: is(mine),
    intersect: true,
  }
  return { ...query, links: [...(query.links ?? []), link] }
}

/** Both conditions, of which one may be missing. */
export function both(some: Condition, other: Condition | undefined): Condition {
  return other ? { kind: 'and', conditions: [some, other] } : some
}
