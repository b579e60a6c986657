import type { TableDefinition } from '../../entities/index.ts'
import { idOf, type Layout, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { type ColumnValue, dataverseError, type Row } from '../../service/index.ts'
import { isActivity, mirrorActivity } from './activity-pointers.ts'
import { refuseNoObject } from './arguments.ts'
import { Call } from './call.ts'
import { deriveValues } from './derive-values.ts'
import type { Environment } from './environment.ts'
import { refuseDuplicateKeys } from './keys.ts'
import { addDefaults, nextNumber, settleOwner } from './messages/create.ts'
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
  const written: SeededTable[] = []
  const ids: string[] = []
  for (const [name, list] of inOrder(rows)) {
    const beginning = beginningOf(call, name)
    const cells: StoredRow[] = []
    written.push({ beginning, given: list, cells })
    for (let index = 0; index < list.length; index++) {
      try {
        const row = seedRow(call, beginning, list[index]!)
        cells.push(row)
        ids.push(idOf(row))
      } catch (error) {
        throw locate(error, { table: name, index })
      }
    }
  }
  // Only now are all rows there that others refer to.
  for (const { beginning, given, cells } of written) {
    const { table } = beginning
    for (let index = 0; index < cells.length; index++) {
      try {
        refuseDangling(transaction, table, cells[index]!, given[index]!)
        if (isActivity(table)) mirrorActivity(environment.schema, transaction, table, cells[index]!)
      } catch (error) {
        throw locate(error, { table: table.logicalName, index })
      }
    }
  }
  transaction.commit()
  return ids
}

/** Rows of one table, as they were given and as they are kept. */
interface SeededTable {
  readonly beginning: Beginning
  readonly given: readonly Row[]
  readonly cells: readonly StoredRow[]
}

/** What the rows of a table begin with: all that the platform gives a row whose author gives nothing. */
interface Beginning {
  readonly table: TableDefinition
  readonly positions: Layout['positions']
  readonly cells: readonly StoredValue[]
  readonly autonumbers: readonly string[]
}

function beginningOf(call: Call, name: string): Beginning {
  const { view } = call
  const table = view.definition(name)
  const { names, columns, positions } = layoutOf(table)
  const autonumbers = names.filter((_, at) => columns[at]!.type === 'autonumber')
  const values: Row = Object.fromEntries(autonumbers.map((name) => [name, null]))
  addDefaults(call, table, values)
  const cells: StoredValue[] = new Array(names.length).fill(null)
  fill(table, cells, values)
  deriveValues(call, view, table, cells, values, true)
  return { table, positions, cells, autonumbers }
}

function seedRow(call: Call, { table, positions, cells: beginning, autonumbers }: Beginning, row: Row): StoredRow {
  const { view, environment } = call
  refuseNoObject(`A row of '${table.logicalName}'`, row)
  const cells = [...beginning]
  fill(table, cells, row)
  let given = row
  const add = (name: string, value: ColumnValue) => {
    given = { ...given, [name]: value }
    fill(table, cells, { [name]: value })
  }
  if (cells[0] === null) add(table.primaryKey, environment.newId())
  for (const name of autonumbers) if (row[name] === undefined) add(name, nextNumber(call, table, name))
  if (row.overriddencreatedon && row.createdon === undefined) add('createdon', row.overriddencreatedon)
  if (view.get(table.logicalName, idOf(cells))) throw dataverseError('DuplicateRecord', {})
  if (row.statecode !== undefined || row.statuscode !== undefined) settleState(table, cells, given)
  refuseMissingRequired(table, cells)
  refuseDuplicateKeys(view, table, cells)
  cells[positions.get('versionnumber')!] = ++environment.counters.rowVersion
  settleOwner(call, view, table, cells)
  deriveValues(call, view, table, cells, given, false)
  view.put(table, cells)
  return cells
}

const FIRST = ['transactioncurrency', 'organization', 'businessunit', 'team', 'systemuser']

/** A row's business unit is its owner's, and its amounts are in a currency: these have to be there before it. */
function inOrder(rows: SeedRows): [string, readonly Row[]][] {
  const rank = (name: string) => FIRST.indexOf(name) + 1 || FIRST.length + 1
  return Object.entries(rows).sort(([a], [b]) => rank(a) - rank(b))
}
