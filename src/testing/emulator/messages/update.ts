import type { TableDefinition } from '../../../entities/index.ts'
import { idOf, layoutOf, type StoredValue } from '../../../query/index.ts'
import {
  dataverseError,
  type EntityReference,
  type Row,
  type RowKey,
  reference,
  type VersionedOptions,
} from '../../../service/index.ts'
import { refuseLateCancellation } from '../background-operation.ts'
import type { Call, MessageHandler } from '../call.ts'
import { deriveValues } from '../derive-values.ts'
import { refuseDuplicates } from '../duplicates.ts'
import { refuseWrongTypes } from '../encode.ts'
import { cascadeOwner, followUp } from '../follow-ups.ts'
import { findRow, refuseDuplicateKeys } from '../keys.ts'
import type { View } from '../store.ts'
import { fill, refuseDangling, refuseMissingRequired, settleState, withoutReadOnly } from '../write-row.ts'
import { copyValues } from './copy-values.ts'
import { refuseUnfitOwner, settleOwner } from './create.ts'
import { refuseOtherVersion } from './row-version.ts'
import { isSpecialized, raiseSpecialized, splitSpecialized } from './specialized-update.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/update-delete-entities-using-web-api */
export function update(
  call: Call,
  table: TableDefinition,
  key: RowKey,
  changes: Row,
  { rowVersion }: VersionedOptions,
): MessageHandler<object> {
  refuseWrongTypes(table, changes)
  const id = idOf(findRow(call.view, table, key))
  const target = copyValues(withoutReadOnly(table, changes))
  const given = target[table.primaryKey]
  if (typeof given === 'string' && given.toLowerCase() !== id) {
    throw dataverseError('InvalidArgument', { reason: `The primary key of '${table.logicalName}' cannot be changed.` })
  }
  identify(table, target, id)
  return handlerOf(call, table, id, target, rowVersion, () =>
    splitSpecialized(table, target).map((part, at) => {
      if (part !== target) identify(table, part, id)
      return handlerOf(call, table, id, part, at === 0 ? rowVersion : undefined)
    }),
  )
}

function handlerOf(
  call: Call,
  table: TableDefinition,
  id: string,
  target: Row,
  version: number | undefined,
  parts?: MessageHandler<object>['parts'],
): MessageHandler<object> {
  const write = (view: View) => {
    refuseOtherVersion(table, findRow(view, table, id), version)
    return writeChanges(call, view, table, id, target)
  }
  return {
    message: 'Update',
    table: table.logicalName,
    id,
    target,
    parts,
    authorize(access, view) {
      const row = findRow(view, table, id)
      const { positions } = layoutOf(table)
      access.requireLink(view, table, (column) => target[column] ?? row[positions.get(column)!])
      access.requireUpdate(view, table, row, target)
      access.requireLookups(view, table, row, target)
      if (target.ownerid) refuseUnfitOwner(call, view, table, target.ownerid as EntityReference)
    },
    main: (view) =>
      isSpecialized(target) ? raiseSpecialized(call, table, id, target, () => write(view)) : write(view),
  }
}

/** A target knows its row in two ways: by its primary key, and as `id`. */
function identify(table: TableDefinition, target: Row, id: string): Row {
  target[table.primaryKey] = id
  return Object.defineProperty(target, 'id', { value: id })
}

function writeChanges(
  call: Call,
  view: View,
  table: TableDefinition,
  id: string,
  target: Row,
): object | Promise<object> {
  const before = findRow(view, table, id)
  refuseLateCancellation(table, before, target)
  const { session, environment } = call
  target.modifiedon = call.now()
  target.modifiedby = reference('systemuser', session.userId)
  target.modifiedonbehalfby = session.callerId === session.userId ? null : reference('systemuser', session.callerId)

  const cells: StoredValue[] = [...before]
  fill(table, cells, target)
  deriveValues(call, view, table, cells, target, false)
  settleState(table, cells, target, before)
  if (target.ownerid !== undefined) settleOwner(call, view, table, cells)
  refuseMissingRequired(table, cells)
  refuseDangling(view, table, cells, target)
  cells[layoutOf(table).positions.get('versionnumber')!] = ++environment.counters.rowVersion
  refuseDuplicateKeys(view, table, cells)
  refuseDuplicates(call, view, table, cells)
  view.put(table, cells)
  followUp(call, view, table, before, cells)
  return target.ownerid === undefined ? {} : cascadeOwner(call, view, table, before, cells)
}
