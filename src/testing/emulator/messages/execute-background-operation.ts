import { dataverseError } from '../../../service/index.ts'
import { startBackgroundOperation } from '../background-operation.ts'
import { customApi } from './custom-api.ts'
import type { EmulatedMessage } from './message.ts'

interface ExecuteBackgroundOperation {
  readonly Request: { readonly message?: unknown; readonly parameters?: unknown }
  readonly CallbackUri?: string
  readonly StatusMonitor?: string
}

/** Where the answer's `Location` leads when the caller does not say where the status monitor is. */
const STATUS_MONITOR = '/api/backgroundoperation'

/**
 * Runs a custom API later, by a system job, and answers the id of the row that tells how it goes. `Request` is its name
 * as `message`, and its `parameters`; `StatusMonitor`, which is this package's own, the URL before the id in `Location`.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations
 */
export const executeBackgroundOperation: EmulatedMessage<ExecuteBackgroundOperation> = {
  name: 'ExecuteBackgroundOperation',
  parameters: {
    Request: { type: 'Object' },
    CallbackUri: { type: 'String', optional: true },
    StatusMonitor: { type: 'String', optional: true },
  },
  handle(call, { Request: { message, parameters: given = {} }, CallbackUri, StatusMonitor = STATUS_MONITOR }) {
    const api = call.environment.customApis.get(String(message))
    if (!api) {
      throw dataverseError('InvalidArgument', {
        reason: `'${String(message)}' cannot run in the background: only custom APIs can. Call it without respond-async.`,
      })
    }
    if (CallbackUri !== undefined && !isWebAddress(CallbackUri)) {
      throw dataverseError('InvalidArgument', { reason: 'The callback of a background operation is no http(s) URL.' })
    }
    // What cannot be run is refused now, while somebody listens.
    customApi(call, api, given as Readonly<Record<string, unknown>>)
    const parameters = structuredClone(given) as Readonly<Record<string, unknown>>
    return {
      message: 'ExecuteBackgroundOperation',
      table: null,
      id: null,
      target: {},
      authorize(access) {
        access.requirePrivilege('prvReadbackgroundoperation')
        access.requirePrivilege('prvWritebackgroundoperation')
      },
      main() {
        const id = startBackgroundOperation(call, { api, parameters, callback: CallbackUri, monitor: StatusMonitor })
        return { BackgroundOperationId: id, Location: `${StatusMonitor}/${id}` }
      },
    }
  },
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
