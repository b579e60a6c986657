import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import {
  type AggregateFunction,
  type ColumnPath,
  type DateGrouping,
  dataverseError,
  type Link,
  type QueryExpression,
  type SelectedColumn,
} from '../service/index.ts'

/** What a property of a result row holds. */
export interface ResultProperty {
  /** Its name in the row: a column's, `link.column`, or an alias. */
  readonly name: string
  readonly table: TableDefinition
  readonly column: string
  readonly definition: ColumnDefinition
  /** The alias of the link that it comes from. */
  readonly link?: string
  /** Whether the query gave it its name. */
  readonly isAliased: boolean
  readonly aggregate?: AggregateFunction
  readonly dateGrouping?: DateGrouping
  readonly rowAggregate?: 'CountChildren'
}

/**
 * The properties of a query's result rows, in order: what whoever shows the rows needs to format values and annotate
 * them. `definitionOf` throws the platform's error when there is no such table.
 */
export function resultColumns(
  query: QueryExpression,
  definitionOf: (table: string) => TableDefinition,
): readonly ResultProperty[] {
  const root = definitionOf(query.table)
  const links = tablesOf(query.links ?? [], definitionOf)
  if (query.aggregates === undefined && query.groupBy === undefined) {
    return [
      ...selected(query.columns ?? 'all', root, undefined),
      ...links.flatMap(({ alias, table, columns = [] }) => selected(columns, table, alias)),
    ]
  }
  const tableOf = ({ link }: ColumnPath) => {
    const found = link === undefined ? root : links.find(({ alias }) => alias === link)?.table
    if (!found) throw dataverseError('InvalidQuery', { reason: `no link of this query has the alias '${link}'` })
    return found
  }
  return [
    ...(query.groupBy ?? []).map((group) => ({
      ...property(group.alias, tableOf(group), group.column, group.link, true),
      ...(group.dateGrouping === undefined ? {} : { dateGrouping: group.dateGrouping }),
    })),
    ...(query.aggregates ?? []).map((result) => ({
      ...property(result.alias, tableOf(result), result.column, result.link, true),
      aggregate: result.aggregate,
    })),
  ]
}

interface LinkedTable {
  readonly alias: string
  readonly table: TableDefinition
  readonly columns: Link['columns']
}

function tablesOf(links: readonly Link[], definitionOf: (table: string) => TableDefinition): LinkedTable[] {
  const found: LinkedTable[] = []
  const visit = (links: readonly Link[]): void => {
    for (const { table, alias, columns, links: inner = [] } of links) {
      const at = found.push({ alias: '', table: definitionOf(table), columns }) - 1
      found[at] = { ...found[at]!, alias: alias ?? `${table}${at + 1}` }
      visit(inner)
    }
  }
  visit(links)
  return found
}

function selected(
  columns: readonly (string | SelectedColumn)[] | 'all',
  table: TableDefinition,
  link: string | undefined,
): ResultProperty[] {
  return (columns === 'all' ? Object.keys(table.columns) : columns).map((item) => {
    const { column, alias, rowAggregate }: SelectedColumn = typeof item === 'string' ? { column: item } : item
    const name = alias ?? (link === undefined ? column : `${link}.${column}`)
    return {
      ...property(name, table, column, link, alias !== undefined),
      ...(rowAggregate === undefined ? {} : { rowAggregate }),
    }
  })
}

function property(
  name: string,
  table: TableDefinition,
  column: string,
  link: string | undefined,
  isAliased: boolean,
): ResultProperty {
  const definition = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined
  if (!definition) throw dataverseError('QueryBuilderNoAttribute', { table: table.logicalName, column })
  return { name, table, column, definition, isAliased, ...(link === undefined ? {} : { link }) }
}
