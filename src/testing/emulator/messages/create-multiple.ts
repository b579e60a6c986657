import type { EmulatedMessage } from './message.ts'
import { onSeveral, type Targets, targets } from './multiple.ts'

/**
 * Creates several rows of one table, all or none. Steps on Create run for each row, those on CreateMultiple once.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const createMultiple: EmulatedMessage<Targets> = {
  name: 'CreateMultiple',
  parameters: targets,
  handle(call, parameters) {
    const { definition, common } = onSeveral(call, 'CreateMultiple', parameters)
    return {
      ...common,
      async main() {
        const service = call.transactional()
        const Ids: string[] = []
        for (const row of parameters.Targets) Ids.push(await service.create(definition.logicalName, row, call.options))
        return { Ids }
      },
    }
  },
}
