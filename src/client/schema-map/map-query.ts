import type {
  Aggregate,
  ColumnPath,
  Condition,
  Grouping,
  Link,
  QueryExpression,
  Row,
  SelectedColumn,
} from '../../service/index.ts'
import type { Translator } from './schema-map.ts'

/**
 * The query in their words.
 *
 * @param query with an alias for each link: the names of results depend on them
 */
export function mapQuery({ toTheirs }: Translator, query: QueryExpression): QueryExpression {
  const tables = tablesOf(query)
  const path = <P extends ColumnPath>(at: P): P => ({
    ...at,
    column: toTheirs.column(tables.get(at.link) ?? query.table, at.column),
  })

  const mapColumns = (table: string, columns: readonly (string | SelectedColumn)[]) =>
    columns.map((column) =>
      typeof column === 'string'
        ? toTheirs.column(table, column)
        : { ...column, column: toTheirs.column(table, column.column) },
    )

  /** @param here the table of conditions that name no link */
  const mapCondition = (condition: Condition, here: string): Condition => {
    const at = <P extends ColumnPath>(one: P): P =>
      one.link === undefined ? { ...one, column: toTheirs.column(here, one.column) } : path(one)
    switch (condition.kind) {
      case 'and':
      case 'or':
        return { ...condition, conditions: condition.conditions.map((part) => mapCondition(part, here)) }
      case 'not':
        return { ...condition, condition: mapCondition(condition.condition, here) }
      case 'compare': {
        const table = condition.link === undefined ? here : (tables.get(condition.link) ?? here)
        const values = condition.values.map((value) => toTheirs.value(table, condition.column, value))
        return { ...at(condition), values }
      }
      case 'compareColumns':
        return { ...at(condition), with: at(condition.with) }
      case 'linked': {
        const { type: _, ...link } = mapLink({ ...condition.link, type: 'inner' }, here)
        return { ...condition, link }
      }
    }
  }

  const mapLink = (link: Link, parent: string): Link => ({
    ...link,
    table: toTheirs.table(link.table),
    from: toTheirs.column(link.table, link.from),
    to: toTheirs.column(parent, link.to),
    ...(link.columns && link.columns !== 'all' ? { columns: mapColumns(link.table, link.columns) } : {}),
    ...(link.filter ? { filter: mapCondition(link.filter, link.table) } : {}),
    ...(link.orders
      ? { orders: link.orders.map((order) => ({ ...order, column: toTheirs.column(link.table, order.column) })) }
      : {}),
    ...(link.links ? { links: link.links.map((inner) => mapLink(inner, link.table)) } : {}),
  })

  return {
    ...query,
    table: toTheirs.table(query.table),
    ...(query.columns ? { columns: mapColumns(query.table, query.columns) } : {}),
    ...(query.aggregates ? { aggregates: query.aggregates.map(path<Aggregate>) } : {}),
    ...(query.groupBy ? { groupBy: query.groupBy.map(path<Grouping>) } : {}),
    ...(query.filter ? { filter: mapCondition(query.filter, query.table) } : {}),
    ...(query.orders ? { orders: query.orders.map((order) => ('column' in order ? path(order) : order)) } : {}),
    ...(query.links ? { links: query.links.map((link) => mapLink(link, query.table)) } : {}),
  }
}

/** A result row in our words. */
export function mapResult({ toOurs }: Translator, query: QueryExpression, row: Row): Row {
  const tables = tablesOf(query)
  const results = new Map(
    [...(query.aggregates ?? []), ...(query.groupBy ?? [])].map((result) => [
      result.alias,
      result as Aggregate | Grouping,
    ]),
  )
  const aliased = aliasedColumns(query)
  const mapped: Row = {}
  for (const [name, value] of Object.entries(row)) {
    const result = results.get(name)
    const source = aliased.get(name)
    const dot = name.indexOf('.')
    const prefix = dot === -1 ? '' : name.slice(0, dot + 1)
    const at = tables.get(dot === -1 ? undefined : name.slice(0, dot)) ?? query.table
    const ours = result || source ? name : prefix + toOurs.column(at, name.slice(prefix.length))
    const { table, column } = source ?? { table: at, column: result?.column ?? ours.slice(prefix.length) }
    const of = result ? (tables.get(result.link) ?? query.table) : table
    // A number that was counted or summed up is nobody's choice value.
    const isOwn = !result || isValue(result)
    mapped[ours] = value === undefined || !isOwn ? value : toOurs.value(of, column, value)
  }
  return mapped
}

/** The columns that come back under an alias of their own, whichever table they are of. */
function aliasedColumns(
  query: QueryExpression,
): ReadonlyMap<string, { readonly table: string; readonly column: string }> {
  const found = new Map<string, { readonly table: string; readonly column: string }>()
  const add = (table: string, columns: Link['columns'], links: readonly Link[]): void => {
    for (const selected of columns === 'all' ? [] : (columns ?? [])) {
      if (typeof selected === 'object' && selected.alias !== undefined) {
        found.set(selected.alias, { table, column: selected.column })
      }
    }
    for (const link of links) add(link.table, link.columns, link.links ?? [])
  }
  add(query.table, query.columns, query.links ?? [])
  return found
}

function isValue(result: Aggregate | Grouping): boolean {
  if ('aggregate' in result) return result.aggregate === 'min' || result.aggregate === 'max'
  return result.dateGrouping === undefined
}

/** Our tables by the alias of their link; the query's own under `undefined`. */
function tablesOf(query: QueryExpression): ReadonlyMap<string | undefined, string> {
  const tables = new Map<string | undefined, string>([[undefined, query.table]])
  const add = (links: readonly Link[]) => {
    for (const { alias, table, links: inner = [] } of links) {
      tables.set(alias, table)
      add(inner)
    }
  }
  add(query.links ?? [])
  return tables
}
