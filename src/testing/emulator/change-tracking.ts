import { DeletedItemReference } from '../../entities/deleted-item-reference.ts'
import type { TableDefinition } from '../../entities/index.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { dataverseError } from '../../service/index.ts'
import type { Call } from './call.ts'
import type { View } from './store.ts'

const TABLE = 'deleteditemreference'
const { positions: at } = layoutOf(DeletedItemReference)

/** Remembers that a row of a tracked table is gone. */
export function rememberDeletion(call: Call, view: View, table: TableDefinition, id: string): void {
  if (!table.changeTracking) return
  const cells: StoredValue[] = new Array(layoutOf(DeletedItemReference).names.length).fill(null)
  cells[0] = call.environment.newId()
  cells[at.get('deletedobjecttypecode')!] = table.logicalName
  cells[at.get('deletedobjectid')!] = id
  cells[at.get('createdon')!] = call.now().getTime()
  cells[at.get('versionnumber')!] = ++call.environment.counters.rowVersion
  view.put(DeletedItemReference, cells)
}

/** What happened to a table after a version: rows that are new or changed, the oldest change first, then those deleted. */
export function changesSince(
  view: View,
  table: TableDefinition,
  version: number | undefined,
): { readonly rows: readonly StoredRow[]; readonly deleted: readonly string[] } {
  const versionAt = layoutOf(table).positions.get('versionnumber')!
  const versionOf = (row: StoredRow, position: number) => row[position] as number
  const rows = view
    .scan(table.logicalName, (row) => version === undefined || versionOf(row, versionAt) > version)
    .sort((a, b) => versionOf(a, versionAt) - versionOf(b, versionAt))
  if (version === undefined) return { rows, deleted: [] }
  const deletedAt = at.get('versionnumber')!
  const gone = view
    .find(TABLE, at.get('deletedobjecttypecode')!, table.logicalName)
    .filter((row) => versionOf(row, deletedAt) > version)
    .sort((a, b) => versionOf(a, deletedAt) - versionOf(b, deletedAt) || (idOf(a) < idOf(b) ? -1 : 1))
    .map((row) => row[at.get('deletedobjectid')!] as string)
  // A row that was made again under its old id is there.
  return { rows, deleted: [...new Set(gone)].filter((id) => !view.get(table.logicalName, id)) }
}

/** A moment in the life of the data: `version!MM/dd/yyyy HH:mm:ss`, as the platform writes it. */
export function printDataToken(version: number, now: Date): string {
  const [date, time] = now.toISOString().split('T') as [string, string]
  const [year, month, day] = date.split('-')
  return `${version}!${month}/${day}/${year} ${time.slice(0, 8)}`
}

/** The version that a token stands for. Refuses what is no token, and one of too long ago. */
export function parseDataToken(call: Call, view: View, token: string): number {
  const [, version, month, day, year, time] = /^(\d{1,15})!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(token) ?? []
  const moment = new Date(`${year}-${month}-${day}T${time}Z`)
  if (version === undefined || Number.isNaN(moment.getTime())) {
    throw dataverseError('InvalidArgument', { reason: `'${token}' is not a data token of change tracking.` })
  }
  const age = call.now().getTime() - moment.getTime()
  if (age > keptDays(call, view) * 24 * 60 * 60 * 1000) throw dataverseError('ExpiredVersionStamp', {})
  return Number(version)
}

function keptDays(call: Call, view: View): number {
  const table = view.definition('organization')
  const row = view.get('organization', call.environment.organization.organizationId)
  return (row?.[layoutOf(table).positions.get('expirechangetrackingindays')!] as number | null | undefined) ?? 7
}
