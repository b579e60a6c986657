import type { Aggregate, Grouping, Link, QueryExpression, SelectedColumn } from '../../service/index.ts'
import { schemaNameOf } from '../metadata/schema-name.ts'
import { type EntityType, type Model, propertyOf } from '../model.ts'
import type { ResultColumn } from './encode-result-row.ts'

/** A table in a query: its own, or the one of a link. */
interface QueriedTable {
  readonly type: EntityType
  readonly link: Link | undefined
  readonly alias: string | undefined
}

/**
 * The columns of a query's result, in order, with their names on the wire: columns of links stand behind their alias,
 * lookups of the query's own table between underscores. Of links that take one match each, columns have their schema
 * names.
 */
export function resultColumnsOf(query: QueryExpression, model: Model): readonly ResultColumn[] {
  const tables = queriedTables(query, model)
  if (query.aggregates || query.groupBy) return aggregated(query, tables)
  return tables.flatMap((table) => selected(query, table))
}

/** The lookups that lead to what outer links of the query's own table show, by the aliases of the links. */
export function lookupsOfLinks(query: QueryExpression, model: Model): ReadonlyMap<string, string> {
  const shown = queriedTables(query, model).flatMap(({ link, alias }) =>
    link?.type === 'outer' && query.links?.includes(link) && link.columns !== undefined && link.columns.length > 0
      ? [[alias!, link.to] as const]
      : [],
  )
  return new Map(shown)
}

/** Links without an alias are called by their table and position, as the runner of the query does. */
function queriedTables(query: QueryExpression, model: Model): readonly QueriedTable[] {
  const tables: QueriedTable[] = [{ type: model.table(query.table), link: undefined, alias: undefined }]
  let position = 0
  const add = (links: readonly Link[]): void => {
    for (const link of links) {
      position++
      tables.push({ type: model.table(link.table), link, alias: link.alias ?? `${link.table}${position}` })
      add(link.links ?? [])
    }
  }
  add(query.links ?? [])
  return tables
}

function selected(query: QueryExpression, { type, link, alias: prefix }: QueriedTable): ResultColumn[] {
  const { table } = type
  const columns = (link ? (link.columns ?? []) : (query.columns ?? 'all')) as
    | readonly (string | SelectedColumn)[]
    | 'all'
  return (columns === 'all' ? Object.keys(table.columns) : columns).map((one): ResultColumn => {
    const { column, alias, rowAggregate }: SelectedColumn = typeof one === 'string' ? { column: one } : one
    const name = alias ?? (prefix === undefined ? column : `${prefix}.${column}`)
    const own = prefix === undefined ? propertyOf(table, column) : name
    const property = link?.type === 'matchfirstrowusingcrossapply' ? schemaNameOf(column) : own
    return {
      name,
      property: alias ?? property,
      column,
      definition: table.columns[column],
      ...(rowAggregate === undefined ? {} : { datePart: true }),
      ...(prefix === undefined && alias === undefined ? { table } : {}),
    }
  })
}

function aggregated(
  { groupBy = [], aggregates = [] }: QueryExpression,
  tables: readonly QueriedTable[],
): ResultColumn[] {
  const definitionOf = ({ column, link }: Aggregate | Grouping) =>
    tables.find(({ alias }) => alias === link)?.type.table.columns[column]
  return [
    ...groupBy.map((group) => ({
      name: group.alias,
      property: group.alias,
      column: group.column,
      definition: definitionOf(group),
      datePart: group.dateGrouping !== undefined,
      namesColumn: true,
    })),
    ...aggregates.map((one) => ({
      name: one.alias,
      property: one.alias,
      column: one.column,
      definition: definitionOf(one),
      aggregate: one.aggregate,
      namesColumn: true,
    })),
  ]
}
