import { layoutOf, type StoredValue } from '../../query/index.ts'
import { dataverseError, type Row, type TableRef } from '../../service/index.ts'
import { isActivity, mirrorActivity } from './activity-pointers.ts'
import { Call } from './call.ts'
import { deriveValues, hasDerivedValues } from './derive-values.ts'
import { refuseWrongTypes } from './encode.ts'
import type { Environment } from './environment.ts'
import { refuseDuplicateKeys } from './keys.ts'
import { addDefaults, settleOwner } from './messages/create.ts'
import { fill, refuseDangling, refuseMissingRequired, settleState } from './write-row.ts'

/** Rows by the logical name of their table. */
export type SeedRows = Readonly<Record<string, readonly Row[]>>

/** Where in the seed a row stands. */
export interface SeedPlace {
  readonly table: string
  /** From 0. */
  readonly index: number
}

/**
 * Puts rows into the store without running steps: all of them, or, when one is wrong, none. Rows may refer to rows
 * that come later. `locate` may make an error say where the row at fault stands.
 */
export function seedRows(
  environment: Environment,
  rows: SeedRows,
  locate: (error: unknown, place: SeedPlace) => unknown = (error) => error,
): string[] {
  const { store, organization } = environment
  const transaction = store.begin()
  const call = new Call(environment, {
    userId: organization.userId,
    callerId: organization.userId,
    rightsOf: [],
    initiatingUserId: organization.userId,
    depth: 1,
    correlationId: undefined,
    parentContext: null,
    transaction: { view: transaction, doomedBy: undefined, ended: false, deleting: new Set() },
    level: 0,
  })
  const written: (() => void)[] = []
  const ids: string[] = []
  for (const [name, list] of ownersFirst(rows)) {
    list.forEach((row, index) => {
      const at = <T>(body: () => T): T => {
        try {
          return body()
        } catch (error) {
          throw locate(error, { table: name, index })
        }
      }
      const { id, check } = at(() => seedRow(call, name, row))
      ids.push(id)
      written.push(() => at(check))
    })
  }
  for (const check of written) check()
  transaction.commit()
  return ids
}

function seedRow(call: Call, name: TableRef & string, row: Row): { id: string; check: () => void } {
  const { view, environment } = call
  const table = view.definition(name)
  if (typeof row !== 'object' || row === null) {
    throw dataverseError('InvalidArgument', { reason: `A row of '${name}' is an object of columns.` })
  }
  refuseWrongTypes(table, row)
  const layout = layoutOf(table)
  const values: Row = { ...row }
  values[table.primaryKey] ??= environment.newId()
  addDefaults(call, table, values)
  const given = { ...values, ...row }

  const cells: StoredValue[] = new Array(layout.names.length).fill(null)
  fill(table, cells, given)
  const id = cells[0] as string
  if (view.get(name, id)) throw dataverseError('DuplicateRecord', {})
  settleState(table, cells, given)
  refuseMissingRequired(table, cells)
  refuseDuplicateKeys(view, table, cells)
  cells[layout.positions.get('versionnumber')!] = ++environment.counters.rowVersion
  settleOwner(call, view, table, cells)
  view.put(table, cells)
  const check = () => {
    refuseDangling(view, table, cells, given)
    if (isActivity(table)) mirrorActivity(environment.schema, view, table, cells)
    if (!hasDerivedValues(table)) return
    // Only now are all rows there: an amount's currency may come later in the seed.
    const derived = [...cells]
    deriveValues(call, view, table, derived, given, true)
    if (derived.some((value, at) => value !== cells[at])) view.put(table, derived)
  }
  return { id, check }
}

const OWNERS = ['businessunit', 'team', 'systemuser']

/** A row's business unit is its owner's, so owners have to be there first. */
function ownersFirst(rows: SeedRows): [string, readonly Row[]][] {
  const rank = (name: string) => OWNERS.indexOf(name) + 1 || OWNERS.length + 1
  return Object.entries(rows).sort(([a], [b]) => rank(a) - rank(b))
}
