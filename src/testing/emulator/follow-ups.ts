import type { TableDefinition } from '../../entities/index.ts'
import { idOf, layoutOf, type StoredRow } from '../../query/index.ts'
import type { EntityReference } from '../../service/index.ts'
import { isActivity, mirrorActivity } from './activity-pointers.ts'
import type { Call } from './call.ts'
import type { OneToMany } from './schema.ts'
import { childrenOf, reparent } from './security/sharing.ts'
import type { View } from './store.ts'

/** The lookups of a table through which its rows inherit what their parents are shared with. */
const parentals = new WeakMap<TableDefinition, readonly number[]>()

function parentalsOf(table: TableDefinition): readonly number[] {
  let positions = parentals.get(table)
  if (!positions) {
    const layout = layoutOf(table)
    const columns = Object.values(table.manyToOne).flatMap(({ column, behavior }) =>
      behavior.reparent === 'none' ? [] : [layout.positions.get(column)!],
    )
    positions = [...new Set(columns)]
    parentals.set(table, positions)
  }
  return positions
}

/** What the writing of a row brings about elsewhere, without steps: shares that it inherits, an activity's pointer. */
export function followUp(
  call: Call,
  view: View,
  table: TableDefinition,
  before: StoredRow | undefined,
  after: StoredRow,
) {
  for (const at of parentalsOf(table)) {
    const [from, to] = [before?.[at] as EntityReference | null | undefined, after[at] as EntityReference | null]
    if (from?.id === to?.id && from?.logicalName === to?.logicalName) continue
    reparent(call, view, { logicalName: table.logicalName, id: idOf(after) }, from ?? null, to)
  }
  if (isActivity(table)) mirrorActivity(call.environment.schema, view, table, after)
}

/**
 * Gives the rows that follow a row to its new owner too, as their relationship says. Each is an Update of its own, with
 * its steps, in the same transaction.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/configure-entity-relationship-cascading-behavior
 */
export async function cascadeOwner(
  call: Call,
  view: View,
  table: TableDefinition,
  before: StoredRow,
  after: StoredRow,
): Promise<object> {
  if (table.ownership !== 'user') return {}
  const ownerAt = layoutOf(table).positions.get('ownerid')!
  const [from, to] = [before[ownerAt] as EntityReference, after[ownerAt] as EntityReference]
  if (from.id === to.id) return {}
  const parent = { logicalName: table.logicalName, id: idOf(after) }
  for (const relationship of call.environment.schema.referrersOf(table.logicalName)) {
    if (relationship.from.ownership !== 'user' || relationship.behavior.assign === 'none') continue
    for (const child of childrenOf(view, relationship, parent)) {
      if (follows(view, relationship, child, from, to)) {
        await call.transactional().update(child.logicalName, child.id, { ownerid: to })
      }
    }
  }
  return {}
}

function follows(
  view: View,
  { from: table, behavior }: OneToMany,
  { logicalName, id }: EntityReference,
  previous: EntityReference,
  next: EntityReference,
): boolean {
  const row = view.get(logicalName, id)
  const { positions } = layoutOf(table)
  const owner = row?.[positions.get('ownerid')!] as EntityReference | null | undefined
  if (!row || !owner || owner.id === next.id) return false
  if (behavior.assign === 'userOwned') return owner.id === previous.id
  if (behavior.assign === 'active') return row[positions.get('statecode') ?? -1] === 0
  return behavior.assign === 'all'
}
