import { idOf, layoutOf } from '../../../query/index.ts'
import { type EntityReference, type Row, reference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface AddToQueue {
  readonly DestinationQueueId: string
  readonly Target: EntityReference
  readonly QueueItemProperties?: Row
}

/**
 * Puts a row into a queue, or moves it there from the queue that it is in. Its parameters are those of the SDK: over the
 * Web API it is bound to the queue, and `Target` is the row.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addtoqueue
 */
export const addToQueue: EmulatedMessage<AddToQueue> = {
  name: 'AddToQueue',
  parameters: {
    DestinationQueueId: { type: 'Guid' },
    SourceQueueId: { type: 'Guid', optional: true },
    Target: { type: 'EntityReference' },
    QueueItemProperties: { type: 'Entity', optional: true },
  },
  handle(call, { DestinationQueueId, Target, QueueItemProperties = {} }) {
    const { schema } = call.environment
    findRow(call.view, schema.table('queue'), DestinationQueueId)
    const table = schema.table(Target.logicalName)
    const row = findRow(call.view, table, Target.id)
    const title = row[layoutOf(table).namePosition] as string | null
    return {
      message: 'AddToQueue',
      table: null,
      id: null,
      target: Target,
      inputParameters: { DestinationQueueId, QueueItemProperties },
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, Target.id), 'Read'),
      async main(view) {
        const layout = layoutOf(schema.table('queueitem'))
        const objectAt = layout.positions.get('objectid')!
        const [item] = view
          .find('queueitem', objectAt, Target.id)
          .filter((found) => (found[objectAt] as EntityReference).logicalName === Target.logicalName)
        const values = {
          ...QueueItemProperties,
          queueid: reference('queue', DestinationQueueId),
          enteredon: call.now(),
        }
        const service = call.nested()
        if (item) await service.update('queueitem', idOf(item), values)
        const QueueItemId = item
          ? idOf(item)
          : await service.create('queueitem', { title: title?.slice(0, 300) ?? null, objectid: Target, ...values })
        return { QueueItemId }
      },
    }
  },
}
