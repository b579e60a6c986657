import type { TableDefinition } from '../../../entities/index.ts'
import type { Row } from '../../../service/index.ts'
import type { Call, MessageHandler } from '../call.ts'
import { create } from './create.ts'
import type { EmulatedMessage } from './message.ts'
import { onSeveral, type Targets, tableOf, targets } from './multiple.ts'

/**
 * Creates several rows of one table, all or none. Steps on Create run for each row, those on CreateMultiple once.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const createMultiple: EmulatedMessage<Targets> = {
  name: 'CreateMultiple',
  parameters: targets,
  handle: (call, parameters) => createRows(call, tableOf(call, 'CreateMultiple', parameters), parameters.Targets),
}

export function createRows(
  call: Call,
  table: TableDefinition,
  rows: readonly Row[],
): MessageHandler<{ Ids: readonly string[] }> {
  return {
    ...onSeveral('CreateMultiple', table, rows),
    async main() {
      const each = call.inside()
      const Ids: string[] = []
      for (const row of rows) Ids.push((await each.perform(create(each, table, row))).id)
      return { Ids }
    },
  }
}
