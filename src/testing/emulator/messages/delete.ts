import type { TableDefinition } from '../../../entities/index.ts'
import { idOf, layoutOf, type StoredValue } from '../../../query/index.ts'
import {
  dataverseError,
  type EntityReference,
  type RowKey,
  reference,
  type VersionedOptions,
} from '../../../service/index.ts'
import { forgetActivity, isActivity } from '../activity-pointers.ts'
import type { Call, MessageHandler } from '../call.ts'
import { rememberDeletion } from '../change-tracking.ts'
import { forgetFiles } from '../files.ts'
import { findRow } from '../keys.ts'
import type { OneToMany } from '../schema.ts'
import { forgetShares } from '../security/sharing.ts'
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
    authorize(access, view) {
      const row = findRow(view, table, id)
      if (!call.environment.schema.isIntersect(table)) return access.requireRow(view, table, row, 'Delete')
      const { positions } = layoutOf(table)
      access.requireLink(view, table, (column) => row[positions.get(column)!])
    },
    main: async (view) => {
      refuseOtherVersion(table, findRow(view, table, id), rowVersion)
      await cascade(call, view, table, id)
      view.delete(table, id)
      rememberDeletion(call, view, table, id)
      forgetFiles(view, table, id)
      forgetShares(view, reference(table.logicalName, id))
      if (isActivity(table)) forgetActivity(call.environment.schema, view, id)
      return {}
    },
  }
}

/**
 * What becomes of the rows that refer to a deleted one, by the behaviour of their relationship. Refusals come first, so
 * that nothing is done in vain. Each row is looked at again just before it is touched: what came before, a step or
 * another relationship, may have changed or deleted it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior
 */
async function cascade(call: Call, view: View, table: TableDefinition, id: string): Promise<void> {
  const { schema, counters } = call.environment
  const relationships = schema.referrersOf(table.logicalName)
  for (const relationship of relationships) {
    if (relationship.behavior.delete !== 'restrict') continue
    if (referring(view, relationship, table, id).length > 0) throw dataverseError('CannotDeleteDueToAssociation', {})
  }
  call.deleting.add(id)
  for (const relationship of relationships) {
    const { behavior, from } = relationship
    for (const { id: other, position } of referring(view, relationship, table, id)) {
      if (behavior.delete === 'all' && !call.deleting.has(other)) {
        await call.transactional().delete(from.logicalName, other)
      }
      if (behavior.delete !== 'removeLink') continue
      const row = view.get(from.logicalName, other)
      if (!row || !refersTo(row[position], table, id)) continue
      const cells = [...row]
      cells[position] = null
      cells[layoutOf(from).positions.get('versionnumber')!] = ++counters.rowVersion
      view.put(from, cells)
    }
  }
  for (const { intersect, column } of schema.intersectsWith(table.logicalName)) {
    const position = layoutOf(intersect).positions.get(column)!
    for (const row of view.find(intersect.logicalName, position, id)) view.delete(intersect, idOf(row))
  }
  call.deleting.delete(id)
}

/** The rows whose lookup of this relationship refers to the row. */
function referring(view: View, { from, column }: OneToMany, table: TableDefinition, id: string) {
  const position = layoutOf(from).positions.get(column)!
  return view
    .find(from.logicalName, position, id)
    .filter((row) => refersTo(row[position], table, id))
    .map((row) => ({ id: idOf(row), position }))
}

/** Ids of two tables may be alike: a lookup that can refer to both says which it means. */
function refersTo(value: StoredValue | undefined, table: TableDefinition, id: string): boolean {
  const reference = value as EntityReference | null | undefined
  return reference?.id === id && reference.logicalName === table.logicalName
}
