import { PrincipalObjectAccess } from '../../../entities/principal-object-access.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../../query/index.ts'
import type { EntityReference } from '../../../service/index.ts'
import type { Call } from '../call.ts'
import { addDefaults, writeNew } from '../messages/create.ts'
import type { OneToMany } from '../schema.ts'
import type { View } from '../store.ts'
import { SHAREABLE_RIGHTS } from './access-rights.ts'

const TABLE = 'principalobjectaccess'
const { positions } = layoutOf(PrincipalObjectAccess)
const objectAt = positions.get('objectid')!
const principalAt = positions.get('principalid')!
const typeAt = positions.get('objecttypecode')!
const maskAt = positions.get('accessrightsmask')!
const inheritedAt = positions.get('inheritedaccessrightsmask')!
const versionAt = positions.get('versionnumber')!

/** The rights that a share gives, its own and those that came from a parent row. */
function rightsOf(share: StoredRow): number {
  return ((share[maskAt] as number | null) ?? 0) | ((share[inheritedAt] as number | null) ?? 0)
}

/** The shares of a row. */
function sharesOf(view: View, { logicalName, id }: EntityReference): readonly StoredRow[] {
  return view.find(TABLE, objectAt, id).filter((share) => share[typeAt] === logicalName)
}

/** The rights that a row is shared with to one principal itself. */
export function sharedRights(view: View, row: EntityReference, principalId: string): number {
  const share = sharesOf(view, row).find((found) => found[principalAt] === principalId)
  return share ? rightsOf(share) : 0
}

/** All that is shared with a principal: rights by table and id. */
export function sharedWith(view: View, principalId: string): Map<string, Map<string, number>> {
  const byTable = new Map<string, Map<string, number>>()
  for (const share of view.find(TABLE, principalAt, principalId)) {
    const table = share[typeAt] as string
    let rows = byTable.get(table)
    if (!rows) {
      rows = new Map()
      byTable.set(table, rows)
    }
    rows.set(share[objectAt] as string, rightsOf(share))
  }
  return byTable
}

/** Sets the rights that a row is shared with to a principal, its own ones or the inherited ones; none: no share. */
function setShare(
  call: Call,
  view: View,
  row: EntityReference,
  principal: EntityReference,
  mask: number,
  inherited: boolean,
): void {
  const at = inherited ? inheritedAt : maskAt
  const share = sharesOf(view, row).find((found) => found[principalAt] === principal.id)
  if (!share && mask === 0) return
  if (share) {
    const cells: StoredValue[] = [...share]
    cells[at] = mask
    cells[versionAt] = ++call.environment.counters.rowVersion
    if (rightsOf(cells) === 0) view.delete(PrincipalObjectAccess, idOf(share))
    else view.put(PrincipalObjectAccess, cells)
    return
  }
  const target = {
    principalobjectaccessid: call.environment.newId(),
    objectid: row.id,
    objecttypecode: row.logicalName,
    principalid: principal.id,
    principaltypecode: principal.logicalName,
    accessrightsmask: inherited ? 0 : mask,
    inheritedaccessrightsmask: inherited ? mask : 0,
  }
  addDefaults(call, PrincipalObjectAccess, target)
  writeNew(call, view, PrincipalObjectAccess, target)
}

/**
 * Shares a row with a principal, or with a mask of 0 no longer. Rows whose relationship says so follow, with what they
 * inherit.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/security-sharing-assigning
 */
export function share(call: Call, view: View, row: EntityReference, principal: EntityReference, mask: number): void {
  setShare(call, view, row, principal, mask & SHAREABLE_RIGHTS, false)
  inherit(call, view, row, principal, mask === 0 ? 'unshare' : 'share', new Set([row.id]))
}

/** Hands the rights of a principal on a row down to the rows that follow it. */
function inherit(
  call: Call,
  view: View,
  row: EntityReference,
  principal: EntityReference,
  behavior: 'share' | 'unshare',
  seen: Set<string>,
): void {
  const mask = sharedRights(view, row, principal.id)
  for (const relationship of call.environment.schema.referrersOf(row.logicalName)) {
    if (relationship.behavior[behavior] !== 'all') continue
    for (const child of childrenOf(view, relationship, row)) {
      if (seen.has(child.id)) continue
      seen.add(child.id)
      setShare(call, view, child, principal, mask, true)
      inherit(call, view, child, principal, behavior, seen)
    }
  }
}

/** The rows that refer to a row by this relationship. */
export function childrenOf(
  view: View,
  { from, column }: OneToMany,
  { logicalName, id }: EntityReference,
): readonly EntityReference[] {
  const at = layoutOf(from).positions.get(column)!
  return view
    .find(from.logicalName, at, id)
    .filter((row) => (row[at] as EntityReference).logicalName === logicalName)
    .map((row) => ({ logicalName: from.logicalName, id: idOf(row) }))
}

/** A row that comes under another parent: what it inherited goes, and what the new parent is shared with comes. */
export function reparent(
  call: Call,
  view: View,
  row: EntityReference,
  before: EntityReference | null,
  after: EntityReference | null,
): void {
  const principals = new Map<string, EntityReference>()
  for (const parent of [before, after]) {
    for (const found of parent ? sharesOf(view, parent) : []) {
      const id = found[principalAt] as string
      principals.set(id, { logicalName: found[positions.get('principaltypecode')!] as string, id })
    }
  }
  for (const principal of principals.values()) {
    setShare(call, view, row, principal, after ? sharedRights(view, after, principal.id) : 0, true)
    inherit(call, view, row, principal, 'share', new Set([row.id]))
  }
}

/** The shares of a row that is gone go too. */
export function forgetShares(view: View, row: EntityReference): void {
  for (const found of sharesOf(view, row)) view.delete(PrincipalObjectAccess, idOf(found))
}
