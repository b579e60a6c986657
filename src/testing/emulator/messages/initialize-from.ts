import { fromStored, layoutOf } from '../../../query/index.ts'
import { type EntityReference, type Row, reference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface InitializeFrom {
  readonly EntityMoniker: EntityReference
  readonly TargetEntityName: string
  readonly TargetFieldType?: string
}

/** What is a row's own and does not go over to another. */
const OWN = ['statecode', 'statuscode', 'ownerid', 'overriddencreatedon']

/**
 * The beginnings of a new row, made from another one: its columns of the same name and type, and the lookup that refers
 * to it. The platform goes by column mappings, which an environment may change; these are their defaults.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/initializefrom
 */
export const initializeFrom: EmulatedMessage<InitializeFrom> = {
  name: 'InitializeFrom',
  parameters: {
    EntityMoniker: { type: 'EntityReference' },
    TargetEntityName: { type: 'String' },
    TargetFieldType: { type: 'String', optional: true },
  },
  handle({ environment: { schema } }, { EntityMoniker: { logicalName, id }, TargetEntityName }) {
    const target = schema.table(TargetEntityName)
    const layout = layoutOf(schema.table(logicalName))
    return {
      message: 'InitializeFrom',
      table: null,
      id: null,
      target: {},
      readOnly: true,
      authorize: (access, view) => access.requireRow(view, layout.table, findRow(view, layout.table, id), 'Read'),
      main(view) {
        const source = findRow(view, layout.table, id)
        const row: Row = {}
        for (const [name, definition] of Object.entries(target.columns)) {
          const position = layout.positions.get(name)
          if (position === undefined || definition.readOnly || definition.type === 'primaryKey' || OWN.includes(name))
            continue
          const same = layout.columns[position]!
          const value = source[position] ?? null
          if (same.type === definition.type && value !== null) row[name] = fromStored(same.type, value)
        }
        const back = Object.values(target.manyToOne).find(
          ({ to, column }) => to === logicalName && !target.columns[column]!.readOnly && !OWN.includes(column),
        )
        if (back) row[back.column] = reference(logicalName, id)
        return { Entity: row }
      },
    }
  },
}
