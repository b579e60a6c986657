import type { TableDefinition } from '../../../entities/index.ts'
import { idOf, layoutOf } from '../../../query/index.ts'
import { dataverseError, type RowKey, reference, type VersionedOptions } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import { findRow } from '../keys.ts'
import type { View } from '../store.ts'
import { refuseOtherVersion } from './row-version.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api#basic-delete */
export function deleteRow(
  call: Call,
  table: TableDefinition,
  key: RowKey,
  { rowVersion }: VersionedOptions,
): MessageHandler<object> {
  const id = idOf(findRow(call.view, table, key))
  return {
    message: 'Delete',
    table: table.logicalName,
    id,
    target: Object.freeze(reference(table.logicalName, id)),
    main: async (view) => {
      refuseOtherVersion(table, findRow(view, table, id), rowVersion)
      await cascade(call, view, table, id)
      view.delete(table, id)
      return {}
    },
  }
}

/**
 * What becomes of the rows that refer to a deleted one, by the behaviour of their relationship. Refusals come first, so
 * that nothing is done in vain.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior
 */
async function cascade(call: Call, view: View, table: TableDefinition, id: string): Promise<void> {
  const referrers = call.environment.schema.referrersOf(table.logicalName).map((relationship) => {
    const position = layoutOf(relationship.from).positions.get(relationship.column)!
    return { ...relationship, position, rows: view.find(relationship.from.logicalName, position, id) }
  })
  for (const { behavior, rows } of referrers) {
    if (behavior.delete === 'restrict' && rows.length > 0) throw dataverseError('CannotDeleteDueToAssociation', {})
  }
  for (const { behavior, from, position, rows } of referrers) {
    for (const row of rows) {
      if (behavior.delete === 'all') await call.nested().delete(from.logicalName, idOf(row))
      if (behavior.delete === 'removeLink') {
        const cells = [...row]
        cells[position] = null
        cells[layoutOf(from).positions.get('versionnumber')!] = ++call.environment.counters.rowVersion
        view.put(from, cells)
      }
    }
  }
}
