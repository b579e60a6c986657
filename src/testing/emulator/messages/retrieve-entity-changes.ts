import { fromStored, idOf, layoutOf } from '../../../query/index.ts'
import { dataverseError, type Row, reference } from '../../../service/index.ts'
import { changesSince, parseDataToken, printDataToken } from '../change-tracking.ts'
import { columnOf } from '../encode.ts'
import type { EmulatedMessage } from './message.ts'

interface RetrieveEntityChanges {
  readonly EntityName: string
  readonly Columns?: readonly string[]
  /** What an earlier call answered as `DataToken`; left out: every row is new. */
  readonly DataVersion?: string
}

/**
 * What happened to the rows of a table since an earlier call: those that are new or changed, then those that are gone.
 * Over the Web API this is `Prefer: odata.track-changes` and its delta links.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export const retrieveEntityChanges: EmulatedMessage<RetrieveEntityChanges> = {
  name: 'RetrieveEntityChanges',
  parameters: {
    EntityName: { type: 'String' },
    Columns: { type: 'StringArray', optional: true },
    DataVersion: { type: 'String', optional: true },
  },
  handle(call, { EntityName, Columns, DataVersion }) {
    const table = call.environment.schema.table(EntityName)
    if (!table.changeTracking) throw dataverseError('ChangeTrackingNotEnabledForEntity', { table: EntityName })
    const layout = layoutOf(table)
    const columns = [...new Set([...(Columns ?? layout.names), table.primaryKey])]
    for (const column of columns) columnOf(table, column)
    return {
      message: 'RetrieveEntityChanges',
      table: null,
      id: null,
      target: {},
      authorize: (access) => access.requireEverything(table, 'Read'),
      // It waits for open transactions, as all that writes does: what they have changed already must not be missed.
      main(view) {
        const version = DataVersion === undefined ? undefined : parseDataToken(call, view, DataVersion)
        const { rows, deleted } = changesSince(view, table, version)
        return {
          EntityChanges: {
            Changes: [
              ...rows.map((row) => {
                const values: Row = {}
                for (const column of columns) {
                  const position = layout.positions.get(column)!
                  values[column] = fromStored(layout.types[position]!, row[position])
                }
                return { Type: 'NewOrUpdated', Id: idOf(row), NewOrUpdatedEntity: values }
              }),
              ...deleted.map((id) => ({
                Type: 'RemoveOrDeleted',
                Id: id,
                RemovedItem: reference(table.logicalName, id),
              })),
            ],
            DataToken: printDataToken(call.environment.counters.rowVersion, call.now()),
            MoreRecords: false,
          },
        }
      },
    }
  },
}
