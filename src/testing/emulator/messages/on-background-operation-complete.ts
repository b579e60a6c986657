import { BackgroundOperation } from '../../../entities/background-operation.ts'
import { layoutOf } from '../../../query/index.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

interface OnBackgroundOperationComplete {
  readonly BackgroundOperationId: string
}

/**
 * Raised when a background operation has ended, for asynchronous steps to listen to. It does nothing itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#subscribe-to-the-onbackgroundoperationcomplete-event
 */
export const onBackgroundOperationComplete: EmulatedMessage<OnBackgroundOperationComplete> = {
  name: 'OnBackgroundOperationComplete',
  parameters: {
    PayloadType: { type: 'Integer' },
    LocationUrl: { type: 'String' },
    BackgroundOperationId: { type: 'Guid' },
  },
  handle: (_call, parameters) => ({
    message: 'OnBackgroundOperationComplete',
    table: null,
    id: null,
    target: {},
    inputParameters: { ...parameters },
    main(view) {
      const row = findRow(view, view.definition(BackgroundOperation.logicalName), parameters.BackgroundOperationId)
      const { positions } = layoutOf(BackgroundOperation)
      return {
        OperationName: row[positions.get('name')!],
        BackgroundOperationStateCode: row[positions.get('backgroundoperationstatecode')!],
        BackgroundOperationStatusCode: row[positions.get('backgroundoperationstatuscode')!],
      }
    },
  }),
}
