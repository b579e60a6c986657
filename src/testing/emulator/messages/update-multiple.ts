import type { EmulatedMessage } from './message.ts'
import { keyOf, onSeveral, type Targets, targets } from './multiple.ts'

/**
 * Updates several rows of one table, all or none. A row is found by its id or by an alternate key.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const updateMultiple: EmulatedMessage<Targets> = {
  name: 'UpdateMultiple',
  parameters: targets,
  handle(call, parameters) {
    const { definition, common } = onSeveral(call, 'UpdateMultiple', parameters)
    return {
      ...common,
      async main() {
        const service = call.transactional()
        for (const row of parameters.Targets) {
          await service.update(definition.logicalName, keyOf(definition, row), row, call.options)
        }
        return {}
      },
    }
  },
}
