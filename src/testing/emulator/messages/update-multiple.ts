import type { TableDefinition } from '../../../entities/index.ts'
import type { Row, VersionedOptions } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import type { EmulatedMessage } from './message.ts'
import { keyOf, onSeveral, type Targets, tableOf, targets } from './multiple.ts'
import { update } from './update.ts'

/**
 * Updates several rows of one table, all or none. A row is found by its id or by an alternate key. Steps on Update run
 * for each row, those on UpdateMultiple once.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const updateMultiple: EmulatedMessage<Targets> = {
  name: 'UpdateMultiple',
  parameters: targets,
  handle: (call, parameters) => updateRows(call, tableOf(call, 'UpdateMultiple', parameters), parameters.Targets),
}

export function updateRows(
  call: Call,
  table: TableDefinition,
  rows: readonly Row[],
  options: VersionedOptions = {},
): MessageHandler<object> {
  return {
    ...onSeveral('UpdateMultiple', table, rows),
    async main() {
      const each = call.inside()
      for (const row of rows) await each.perform(update(each, table, keyOf(table, row), row, options))
      return {}
    },
  }
}
