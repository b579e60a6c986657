import { dataverseError } from '../../../service/index.ts'
import type { EmulatedMessage } from './message.ts'
import { type Targets, targets } from './multiple.ts'

/**
 * Elastic tables have it, and only they: here as on the platform it is refused for all others.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
export const deleteMultiple: EmulatedMessage<Targets> = {
  name: 'DeleteMultiple',
  parameters: targets,
  handle(call, { EntityName }) {
    call.environment.schema.table(EntityName)
    const message = `DeleteMultiple has not yet been implemented for '${EntityName}': only elastic tables have it.`
    throw dataverseError('SdkEntityDoesNotSupportMessage', {}, { message })
  },
}
