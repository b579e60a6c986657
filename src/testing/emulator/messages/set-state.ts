import type { EntityReference } from '../../../service/index.ts'
import type { EmulatedMessage } from './message.ts'

interface SetState {
  readonly EntityMoniker: EntityReference
  readonly State: number
  readonly Status: number
}

/** The deprecated message for state and status reason: an Update of both. A `Status` of -1 is the state's default. */
export const setState: EmulatedMessage<SetState> = {
  name: 'SetState',
  parameters: {
    EntityMoniker: { type: 'EntityReference' },
    State: { type: 'Integer' },
    Status: { type: 'Integer' },
  },
  handle: (call, { EntityMoniker: { logicalName, id }, State, Status }) => ({
    message: 'SetStateRequest',
    table: null,
    id: null,
    target: {},
    async main() {
      const changes = { statecode: State, ...(Status === -1 ? {} : { statuscode: Status }) }
      await call.transactional().update(logicalName, id, changes, call.options)
      return {}
    },
  }),
}
