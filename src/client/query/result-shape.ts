import type { Link, QueryExpression, Row, SelectedColumn } from '../../service/index.ts'
import { decodeAll, decodeValue, type WireRow } from '../rows/decode-row.ts'
import type { TableCatalog } from '../tables/table-catalog.ts'
import { type ColumnInfo, columnOf, propertyOf, type TableInfo } from '../tables/table-info.ts'

/** A value of a result row: its name there, and where the wire shows it. */
interface ResultColumn {
  readonly name: string
  readonly properties: readonly string[]
  readonly column: ColumnInfo
}

/** Turns a row of a FetchXML answer into a result row. */
export type DecodeResult = (row: WireRow) => Row

/** Gives each link the alias that it has when it has none: its table and its position. */
export function withAliases(query: QueryExpression): QueryExpression {
  let position = 0
  const name = (link: Link): Link => {
    const alias = link.alias ?? `${link.table}${++position}`
    if (link.alias !== undefined) position++
    return { ...link, alias, ...(link.links ? { links: link.links.map(name) } : {}) }
  }
  return query.links ? { ...query, links: query.links.map(name) } : query
}

/** @param query with aliases */
export async function resultDecoder(tables: TableCatalog, query: QueryExpression): Promise<DecodeResult> {
  const table = await tables.get(query.table)
  const linked = await tablesByAlias(tables, query.links ?? [])
  if (query.aggregates || query.groupBy) return decodeEach(aggregateColumns(query, table, linked))
  const ofLinks = linkColumns(query.links ?? [], linked)
  if (query.columns) return decodeEach([...selected(query.columns, table), ...ofLinks])
  const decodeLinks = decodeEach(ofLinks)
  return (row) => ({ ...decodeAll(table, withoutLinks(row)), ...decodeLinks(row) })
}

function decodeEach(columns: readonly ResultColumn[]): DecodeResult {
  return (row) => {
    const result: Row = {}
    for (const { name, properties, column } of columns) {
      const property = properties.find((candidate) => row[candidate] !== undefined)
      result[name] = property === undefined ? null : decodeValue(column, row, property)
    }
    return result
  }
}

const isNotOfLink = ([property]: readonly [string, unknown]) => !/^\w+(\.|_x002e_)/.test(property)
const withoutLinks = (row: WireRow): WireRow => Object.fromEntries(Object.entries(row).filter(isNotOfLink))

const count: ColumnInfo = { kind: 'number', targets: [] }

/** A lookup is shown as `_column_value`; one with an alias by its alias. */
function selected(columns: readonly (string | SelectedColumn)[], table: TableInfo): ResultColumn[] {
  return columns.map((column) => {
    if (typeof column === 'string') {
      return { name: column, properties: [propertyOf(table, column), column], column: columnOf(table, column) }
    }
    const { column: source, alias, rowAggregate } = column
    const name = alias ?? source
    const properties = alias === undefined ? [propertyOf(table, source), source] : [alias]
    return { name, properties, column: rowAggregate ? count : columnOf(table, source) }
  })
}

/** Columns of links stand behind their link's alias; those with an alias of their own under that. */
function linkColumns(links: readonly Link[], linked: ReadonlyMap<string, TableInfo>): ResultColumn[] {
  return links.flatMap((link) => {
    const alias = link.alias!
    const table = linked.get(alias)!
    const columns = link.columns === 'all' ? [...table.columns.keys()] : (link.columns ?? [])
    const own = columns.map((selected): ResultColumn => {
      const {
        column,
        alias: own,
        rowAggregate,
      }: SelectedColumn = typeof selected === 'string' ? { column: selected } : selected
      const info = rowAggregate ? count : columnOf(table, column)
      if (own !== undefined) return { name: own, properties: [own], column: info }
      const properties = [
        `${alias}.${column}`,
        // How older versions wrote the dot, and what `onWire` asked for.
        `${alias}_x002e_${column}`,
        `${alias}_${column}`,
      ]
      return { name: `${alias}.${column}`, properties, column: info }
    })
    return [...own, ...linkColumns(link.links ?? [], linked)]
  })
}

/**
 * The query as it goes out. Columns of a link that takes one match would come back under their schema names, which nobody
 * knows here: they are given an alias.
 *
 * @param query with aliases
 */
export function onWire(query: QueryExpression): QueryExpression {
  const name = (link: Link): Link => ({
    ...link,
    ...(link.type === 'matchfirstrowusingcrossapply' && Array.isArray(link.columns)
      ? {
          columns: link.columns.map((column: string | SelectedColumn) =>
            typeof column === 'string' ? { column, alias: `${link.alias}_${column}` } : column,
          ),
        }
      : {}),
    ...(link.links ? { links: link.links.map(name) } : {}),
  })
  return query.links ? { ...query, links: query.links.map(name) } : query
}

function aggregateColumns(
  { aggregates = [], groupBy = [] }: QueryExpression,
  table: TableInfo,
  linked: ReadonlyMap<string, TableInfo>,
): ResultColumn[] {
  const infoOf = ({ column, link }: { readonly column: string; readonly link?: string }) =>
    columnOf((link === undefined ? table : linked.get(link)) ?? table, column)
  return [
    ...groupBy.map((group): ResultColumn => {
      const column = group.dateGrouping === undefined ? infoOf(group) : count
      return { name: group.alias, properties: [group.alias, `_${group.alias}_value`], column }
    }),
    ...aggregates.map((aggregate): ResultColumn => {
      const keepsType = aggregate.aggregate === 'min' || aggregate.aggregate === 'max'
      return { name: aggregate.alias, properties: [aggregate.alias], column: keepsType ? infoOf(aggregate) : count }
    }),
  ]
}

async function tablesByAlias(tables: TableCatalog, links: readonly Link[]): Promise<ReadonlyMap<string, TableInfo>> {
  const found = new Map<string, TableInfo>()
  for (const link of links) {
    found.set(link.alias!, await tables.get(link.table))
    for (const [alias, table] of await tablesByAlias(tables, link.links ?? [])) found.set(alias, table)
  }
  return found
}
