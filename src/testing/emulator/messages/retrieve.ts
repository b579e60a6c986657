import type { TableDefinition } from '../../../entities/index.ts'
import { idOf, type Layout, layoutOf, type NameOf, valueWithName } from '../../../query/index.ts'
import { dataverseError, type Row, type RowKey, reference } from '../../../service/index.ts'
import { isString, refuseNoArray } from '../arguments.ts'
import type { Call, MessageHandler } from '../call.ts'
import { findRow, rowWithId } from '../keys.ts'
import type { View } from '../store.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-entity-using-web-api */
export function retrieve(
  call: Call,
  table: TableDefinition,
  key: RowKey,
  columns: readonly string[] | undefined,
): MessageHandler<{ BusinessEntity: Row }> {
  const layout = layoutOf(table)
  const { names, positions, empty } = selectionOf(layout, columns)
  const found = findRow(call.view, table, key)
  const id = idOf(found)
  return {
    message: 'Retrieve',
    table: table.logicalName,
    id,
    target: Object.freeze(reference(table.logicalName, id)),
    inputParameters: { ColumnSet: names },
    readOnly: true,
    authorize: (access, view) => access.requireRow(view, table, rowWithId(view, table, id), 'Read'),
    main: (view, context) => {
      // Steps may have changed the row, and a caller with fewer rights may not see it.
      const stored = context === undefined && view === call.view ? found : rowWithId(view, table, id)
      const nameOf = namesIn(view)
      const row: Row = { ...empty }
      for (const at of positions) {
        if ((stored[at] ?? null) !== null) row[layout.names[at]!] = valueWithName(layout, at, stored, nameOf)
      }
      return { BusinessEntity: row }
    },
  }
}

/** Which columns to give, and where they stand in a stored row. */
interface Selection {
  readonly names: readonly string[]
  readonly positions: readonly number[]
  /** A row without values: copying it takes less time than naming all columns again, and most of a row is empty. */
  readonly empty: Row
}

/** Selections by lists of columns that cannot change. */
const selections = new WeakMap<readonly string[], readonly [Layout, Selection]>()

function selectionOf(layout: Layout, columns: readonly string[] | undefined): Selection {
  const names = columns ?? layout.names
  const [of, known] = selections.get(names) ?? []
  if (known && of === layout) return known
  if (columns !== undefined && !Array.isArray(columns)) refuseNoArray('Columns', columns, isString, 'names')
  const positions = names.map((column) => {
    const position = layout.positions.get(column)
    if (position === undefined) {
      if (columns) refuseNoArray('Columns', columns, isString, 'names')
      throw dataverseError('QueryBuilderNoAttribute', { table: layout.table.logicalName, column })
    }
    return position
  })
  const empty: Row = Object.fromEntries(names.map((name) => [name, null]))
  const selection = { names, positions, empty }
  if (names === layout.names || Object.isFrozen(names)) selections.set(names, [layout, selection])
  return selection
}

/** Gives the primary names of referenced rows: everybody sees the name of a row that one of theirs refers to. */
export function namesIn({ open: view }: View): NameOf {
  // Whoever made a row has often changed it last, and owns it: the same reference, one after the other.
  let last: { readonly logicalName: string; readonly id: string; readonly name: string | undefined } | undefined
  return ({ logicalName, id }) => {
    if (last?.id === id && last.logicalName === logicalName) return last.name
    const row = view.get(logicalName, id)
    const name = row && ((row[layoutOf(view.definition(logicalName)).namePosition] as string | null) ?? undefined)
    last = { logicalName, id, name }
    return name
  }
}
