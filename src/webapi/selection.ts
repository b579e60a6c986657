import type { TableDefinition } from '../entities/index.ts'
import { columnOfProperty, type EntityType } from './model.ts'
import type { QueryOptions } from './query-options.ts'

/** Which columns an answer shows. */
export interface Selection {
  /** The columns to show, in order. */
  readonly shown: readonly string[]
  /** The columns to read: those shown, and the version that makes the ETag. */
  readonly read: readonly string[]
  /** How the context URL names the selection: `(name,revenue)`, or nothing when every column is shown. */
  readonly context: string
}

/**
 * Reads `$select`. The primary key is always shown, and beside a money column its currency. A trailing comma is let
 * pass.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
 */
export function parseSelection(type: EntityType, options: QueryOptions): Selection {
  const { table } = type
  const text = options.get('$select')
  const properties = (text ?? '').split(',').flatMap((part) => part.trim() || [])
  if (properties.length === 0 || properties.includes('*')) {
    const all = Object.keys(table.columns)
    return { shown: all, read: all, context: properties.includes('*') ? '(*)' : '' }
  }
  const asked = properties.map((property) => columnOfProperty(type, property))
  const shown = [...new Set([...asked, ...currencyOf(table, asked), table.primaryKey])]
  return { shown, read: [...new Set([...shown, ...versionOf(table)])], context: `(${properties.join(',')})` }
}

function currencyOf(table: TableDefinition, columns: readonly string[]): readonly string[] {
  const money = columns.some((column) => table.columns[column]?.type === 'money')
  return money && Object.hasOwn(table.columns, 'transactioncurrencyid') ? ['transactioncurrencyid'] : []
}

function versionOf(table: TableDefinition): readonly string[] {
  return Object.hasOwn(table.columns, 'versionnumber') ? ['versionnumber'] : []
}
