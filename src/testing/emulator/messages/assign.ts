import type { EntityReference } from '../../../service/index.ts'
import type { EmulatedMessage } from './message.ts'

interface Assign {
  readonly Target: EntityReference
  readonly Assignee: EntityReference
}

/** The deprecated message for the owner: an Update of it. */
export const assign: EmulatedMessage<Assign> = {
  name: 'Assign',
  parameters: { Target: { type: 'EntityReference' }, Assignee: { type: 'EntityReference' } },
  handle: (call, { Target: { logicalName, id }, Assignee }) => ({
    message: 'AssignRequest',
    table: null,
    id: null,
    target: {},
    async main() {
      await call.transactional().update(logicalName, id, { ownerid: Assignee }, call.options)
      return {}
    },
  }),
}
