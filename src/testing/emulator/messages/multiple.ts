import type { TableDefinition } from '../../../entities/index.ts'
import { isGuid } from '../../../internal/ids.ts'
import { idOf } from '../../../query/index.ts'
import { dataverseError, type Row, type RowKey, reference } from '../../../service/index.ts'
import type { Call } from '../call.ts'
import { lookUp } from '../keys.ts'

/** What the messages for several rows take: rows of one table. */
export interface Targets {
  readonly EntityName: string
  readonly Targets: readonly Row[]
}

/** How they declare it: `EntityName` is the table, as on the SDK's `EntityCollection`. */
export const targets = { EntityName: { type: 'String' }, Targets: { type: 'EntityCollection' } } as const

/** The table that the rows are of; throws when there is none, or are none. */
export function tableOf(call: Call, message: string, { EntityName, Targets }: Targets): TableDefinition {
  if (Targets.length === 0) throw dataverseError('InvalidArgument', { reason: `${message} needs at least one row.` })
  return call.environment.schema.table(EntityName)
}

/** What all of them hand to steps on the message: the rows, and no single target. */
export function onSeveral(message: string, table: TableDefinition, rows: readonly Row[]) {
  return {
    message,
    table: table.logicalName,
    id: null,
    target: Object.freeze({}),
    inputParameters: { Targets: Object.freeze(rows.map((row) => Object.freeze(row))) },
  }
}

/** Which row is meant: by its id, or else by the first alternate key whose columns it brings. */
export function keyOf(table: TableDefinition, row: Row): RowKey {
  const id = row[table.primaryKey]
  if (isGuid(id)) return id
  for (const columns of Object.values(table.keys)) {
    if (columns.every((name) => row[name] !== undefined && row[name] !== null)) {
      return Object.fromEntries(columns.map((name) => [name, row[name]!]))
    }
  }
  throw dataverseError('InvalidArgument', {
    reason: `A row of '${table.logicalName}' has neither '${table.primaryKey}' nor the columns of an alternate key.`,
  })
}

/** The id of the row that is meant; `undefined` when there is none. */
export function idFor(call: Call, table: TableDefinition, row: Row): string | undefined {
  const found = lookUp(call.view, table, keyOf(table, row))
  return found && idOf(found)
}

export const referenceTo = (table: TableDefinition, id: string) => reference(table.logicalName, id)
