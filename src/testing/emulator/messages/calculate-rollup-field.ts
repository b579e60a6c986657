import { dataverseError, type EntityReference } from '../../../service/index.ts'
import { columnOf } from '../encode.ts'
import { findRow } from '../keys.ts'
import { calculateRollup } from '../rollups.ts'
import type { EmulatedMessage } from './message.ts'

interface CalculateRollupField {
  readonly Target: EntityReference
  readonly FieldName: string
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/calculaterollupfield */
export const calculateRollupField: EmulatedMessage<CalculateRollupField> = {
  name: 'CalculateRollupField',
  parameters: { Target: { type: 'EntityReference' }, FieldName: { type: 'String' } },
  handle(call, { Target, FieldName }) {
    const table = call.environment.schema.table(Target.logicalName)
    findRow(call.view, table, Target.id)
    if (!columnOf(table, FieldName).rollup) {
      throw dataverseError('InvalidArgument', {
        reason: `'${FieldName}' of '${table.logicalName}' is not a rollup column.`,
      })
    }
    return {
      message: 'CalculateRollupField',
      table: null,
      id: null,
      target: {},
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, Target.id), 'Read'),
      main: (view) => ({
        Entity: {
          [table.primaryKey]: Target.id,
          ...calculateRollup(call, view, table, Target.id, FieldName),
        },
      }),
    }
  },
}
