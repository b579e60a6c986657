import type { ColumnOrder, Link } from '../../service/index.ts'
import { Cursor } from './cursor.ts'
import { FilterParser } from './filter.ts'
import { Names } from './paths.ts'
import type { ODataScope, ParameterAliases } from './scope.ts'

/** Orders, and the joins that their paths through lookups need. */
export interface ParsedOrderBy {
  readonly orders: readonly ColumnOrder[]
  readonly links: readonly Link[]
}

/**
 * Parses the text of `$orderby`: columns, of the row or through lookups, each with `asc` (the default) or `desc`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/order-rows
 */
export function parseOrderBy(text: string, scope: ODataScope, aliases: ParameterAliases = new Map()): ParsedOrderBy {
  const names = new Names(scope)
  const cursor = new Cursor(text)
  const parser = new FilterParser(cursor, names, aliases)
  const orders: ColumnOrder[] = []
  do {
    const { path } = parser.parseColumn()
    const descending = cursor.skipName('desc')
    if (!descending) cursor.skipName('asc')
    orders.push(descending ? { ...path, descending } : path)
  } while (cursor.skipSign(','))
  cursor.expectEnd()
  return { orders, links: names.links() }
}
