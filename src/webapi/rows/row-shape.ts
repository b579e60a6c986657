import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import type { ColumnValue, Row } from '../../service/index.ts'
import { type EntityType, navigationName, propertyOf } from '../model.ts'
import { isPrincipal } from '../principal.ts'
import { type ValueWriter, valueWriter } from './encode-value.ts'

/** One column of an answer, with what writing it takes. */
export interface ShownColumn {
  readonly column: string
  readonly property: string
  /** The property as it begins a member behind others: `,"name":`. */
  readonly key: string
  readonly definition: ColumnDefinition
  readonly write: ValueWriter
}

/** Which columns an answer shows, and how. */
export interface RowShape {
  readonly type: EntityType
  /** The columns to show, in order. */
  readonly columns: readonly ShownColumn[]
  /** The columns to read: those shown, and the version that makes the ETag. */
  readonly read: readonly string[]
  /** How the context URL names the selection, `name,revenue`; `undefined` when every column is shown. */
  readonly selected: string | undefined
  /** Whether `ownerid` stands beside the key, which users and teams inherit from `principal`. */
  readonly principal: boolean
}

const complete = new WeakMap<TableDefinition, RowShape>()

/** The shape with every column. */
export function completeShape(type: EntityType): RowShape {
  let shape = complete.get(type.table)
  if (!shape) {
    const names = Object.freeze(Object.keys(type.table.columns))
    shape = {
      type,
      columns: names.map((name) => shown(type, name)),
      read: names,
      selected: undefined,
      principal: isPrincipal(type.table),
    }
    complete.set(type.table, shape)
  }
  return shape
}

/**
 * The shape with the columns asked for, and those that the platform shows beside them: the primary key always, the
 * currency beside money, the whole of an address beside a part of it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/select-columns
 */
export function shapeOf(type: EntityType, asked: readonly string[], selected: string): RowShape {
  const { table } = type
  const names = [...new Set([...asked, ...besideOf(table, asked), table.primaryKey])]
  return {
    type,
    columns: names.map((name) => shown(type, name)),
    read: Object.hasOwn(table.columns, 'versionnumber') ? [...new Set([...names, 'versionnumber'])] : names,
    selected,
    principal: isPrincipal(table),
  }
}

export function shown({ table }: EntityType, column: string): ShownColumn {
  const definition = table.columns[column]!
  const property = propertyOf(table, column)
  return { column, property, key: `,"${property}":`, definition, write: valueWriter(definition) }
}

/** The navigation property that a lookup's value belongs to. */
export function navigationOf(table: TableDefinition, column: string, value: ColumnValue): string {
  return navigationName(table, column, (value as { logicalName: string }).logicalName)
}

/** The ETag of a row that was read with its version. */
export function etagOf({ versionnumber }: Row): string | undefined {
  return typeof versionnumber === 'number' ? `W/"${versionnumber}"` : undefined
}

function besideOf(table: TableDefinition, columns: readonly string[]): readonly string[] {
  const beside: string[] = []
  const money = columns.some((column) => table.columns[column]?.type === 'money')
  if (money && Object.hasOwn(table.columns, 'transactioncurrencyid')) beside.push('transactioncurrencyid')
  for (const column of columns) {
    const composite = /^(address\d+)_/.exec(column)?.[1]
    if (composite !== undefined && Object.hasOwn(table.columns, `${composite}_composite`)) {
      beside.push(`${composite}_composite`)
    }
  }
  return beside
}
