import type {
  AutonumberColumn,
  BooleanColumn,
  ChoiceColumn,
  NumberColumn,
  TableDefinition,
} from '../../../entities/index.ts'
import { isGuid } from '../../../internal/ids.ts'
import { idOf, layoutOf, type StoredValue } from '../../../query/index.ts'
import { dataverseError, type EntityReference, type Row, reference } from '../../../service/index.ts'
import { isActivity } from '../activity-pointers.ts'
import { formatAutonumber } from '../autonumber.ts'
import type { Call, MessageHandler } from '../call.ts'
import { deriveValues } from '../derive-values.ts'
import { refuseDuplicates } from '../duplicates.ts'
import { refuseWrongTypes } from '../encode.ts'
import { followUp } from '../follow-ups.ts'
import { refuseDuplicateKeys } from '../keys.ts'
import type { View } from '../store.ts'
import {
  fill,
  refuseDangling,
  refuseMissing,
  refuseMissingRequired,
  settleState,
  withoutReadOnly,
} from '../write-row.ts'
import { copyValues } from './copy-values.ts'

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api */
export function create(call: Call, table: TableDefinition, row: Row): MessageHandler<{ id: string }> {
  refuseWrongTypes(table, row)
  const target = copyValues(withoutReadOnly(table, row))
  const id = ((target[table.primaryKey] as string | null | undefined) ?? call.environment.newId()).toLowerCase()
  if (!isGuid(id)) {
    throw dataverseError('InvalidArgument', {
      reason: `'${id}' is not an id of '${table.logicalName}': an id is a GUID.`,
    })
  }
  target[table.primaryKey] = id
  Object.defineProperty(target, 'id', { value: id })
  return {
    message: 'Create',
    table: table.logicalName,
    id,
    target,
    prepare: () => addDefaults(call, table, target),
    authorize(access, view) {
      if (call.environment.schema.isIntersect(table)) return access.requireLink(view, table, (column) => target[column])
      const ownerid = target.ownerid ?? reference('systemuser', call.session.userId)
      access.requireCreate(view, table, { ...target, ...(table.ownership === 'user' ? { ownerid } : {}) })
      refuseUnfitOwner(call, view, table, ownerid as EntityReference)
      const layout = layoutOf(table)
      const row: StoredValue[] = layout.names.map((name) => (name === 'ownerid' ? (ownerid as EntityReference) : null))
      access.requireLookups(view, table, row, target)
    },
    main: (view) => {
      writeNew(call, view, table, target)
      return { id }
    },
  }
}

/** Only who may read a table's rows can own one. */
export function refuseUnfitOwner(call: Call, view: View, table: TableDefinition, owner: EntityReference): void {
  const { security } = call.environment
  if (!security || table.ownership !== 'user' || owner.logicalName !== 'systemuser') return
  if (owner.id === call.session.userId || !view.get('systemuser', owner.id)) return
  if (!security.mayRead(owner.id, table.logicalName, view)) throw dataverseError('PrincipalPrivilegeDenied', {})
}

/** The values that the platform gives a new row where its creator gives none. */
export function addDefaults(call: Call, table: TableDefinition, target: Row): void {
  const { session } = call
  const now = call.now()
  target.createdon = target.overriddencreatedon ?? now
  target.createdby = reference('systemuser', session.userId)
  if (session.callerId !== session.userId) target.createdonbehalfby = reference('systemuser', session.callerId)
  target.modifiedon = now
  target.modifiedby = reference('systemuser', session.userId)
  if (session.callerId !== session.userId) target.modifiedonbehalfby = reference('systemuser', session.callerId)
  if (isActivity(table)) target.activitytypecode = table.logicalName
  if (table.ownership === 'user') target.ownerid ??= reference('systemuser', session.userId)
  for (const [name, definition] of columnsWithDefaults(table)) {
    if (target[name] !== undefined) continue
    target[name] = definition.type === 'autonumber' ? nextNumber(call, table, name) : definition.default
  }
  if (table.states) {
    const cells: StoredValue[] = []
    settleState(table, cells, target)
    const { positions } = layoutOf(table)
    target.statecode = cells[positions.get('statecode')!] as number
    target.statuscode = cells[positions.get('statuscode')!] as number
  }
}

/** What the next row has in an autonumber column. */
export function nextNumber(call: Call, table: TableDefinition, name: string): string {
  const { counters, random } = call.environment
  const key = `${table.logicalName}.${name}`
  const sequence = (counters.autonumbers.get(key) ?? 999) + 1
  counters.autonumbers.set(key, sequence)
  return formatAutonumber((table.columns[name] as AutonumberColumn).format, sequence, call.now(), random)
}

type WithDefault = BooleanColumn | ChoiceColumn | NumberColumn | AutonumberColumn
const withDefaults = new WeakMap<TableDefinition, readonly [string, WithDefault][]>()

function columnsWithDefaults(table: TableDefinition): readonly [string, WithDefault][] {
  let columns = withDefaults.get(table)
  if (!columns) {
    columns = Object.entries(table.columns).filter(
      (entry): entry is [string, WithDefault] => 'default' in entry[1] || entry[1].type === 'autonumber',
    )
    withDefaults.set(table, columns)
  }
  return columns
}

/** Checks the row whole and puts it into the store. */
export function writeNew(call: Call, view: View, table: TableDefinition, target: Row): void {
  const layout = layoutOf(table)
  const cells: StoredValue[] = new Array(layout.names.length).fill(null)
  fill(table, cells, target)
  const id = idOf(cells)
  if (view.get(table.logicalName, id)) throw dataverseError('DuplicateRecord', {})
  deriveValues(call, view, table, cells, target, true)
  settleState(table, cells, target)
  settleOwner(call, view, table, cells)
  refuseMissingRequired(table, cells)
  refuseDangling(view, table, cells, target)
  cells[layout.positions.get('versionnumber')!] = ++call.environment.counters.rowVersion
  refuseDuplicateKeys(view, table, cells)
  refuseDuplicates(call, view, table, cells)
  view.put(table, cells)
  followUp(call, view, table, undefined, cells)
}

/** Owning user, team and business unit follow from the owner. */
export function settleOwner(call: Call, view: View, table: TableDefinition, cells: StoredValue[]): void {
  if (table.ownership !== 'user') return
  const { positions } = layoutOf(table)
  const owner = cells[positions.get('ownerid')!] as EntityReference | null
  if (!owner) throw dataverseError('InvalidOwnerID', {})
  refuseMissing(view, owner)
  const user = owner.logicalName === 'systemuser'
  cells[positions.get('owninguser')!] = user ? owner : null
  cells[positions.get('owningteam')!] = user ? null : owner
  const { businessUnitId } = call.environment.organization
  const ownerLayout = layoutOf(view.definition(owner.logicalName))
  const unitAt = ownerLayout.positions.get('businessunitid')
  const unit = unitAt === undefined ? null : (view.get(owner.logicalName, owner.id)?.[unitAt] ?? null)
  cells[positions.get('owningbusinessunit')!] = unit ?? Object.freeze(reference('businessunit', businessUnitId))
}
