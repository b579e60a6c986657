import type { EmulatedMessage } from './message.ts'
import { idFor, onSeveral, referenceTo, type Targets, tableOf, targets } from './multiple.ts'

/**
 * Updates the rows that exist, by id or alternate key, and creates the others, all or none.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const upsertMultiple: EmulatedMessage<Targets> = {
  name: 'UpsertMultiple',
  parameters: targets,
  handle(call, parameters) {
    const definition = tableOf(call, 'UpsertMultiple', parameters)
    return {
      ...onSeveral('UpsertMultiple', definition, parameters.Targets),
      async main() {
        const service = call.transactional()
        const Results: object[] = []
        for (const row of parameters.Targets) {
          const existing = idFor(call, definition, row)
          if (existing) await service.update(definition.logicalName, existing, row, call.options)
          const id = existing ?? (await service.create(definition.logicalName, row, call.options))
          Results.push({ RecordCreated: existing === undefined, Target: referenceTo(definition, id) })
        }
        return { Results }
      },
    }
  },
}
