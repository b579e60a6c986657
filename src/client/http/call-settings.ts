import { isGuid } from '../../internal/ids.ts'
import { dataverseError } from '../../service/index.ts'

/** What holds for all calls of a client made by `client.with(…)`. */
export interface CallSettings {
  /**
   * Act as the user with this `systemuserid`. The caller needs `prvActOnBehalfOfAnotherUser`.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
   */
  readonly userId?: string
  /** Act as the user with this object id in Microsoft Entra ID. */
  readonly userObjectId?: string
  /** Ends calls, waiting included: they reject with the signal's reason. What was sent may still take effect. */
  readonly signal?: AbortSignal
  /** Milliseconds for one whole answer. */
  readonly timeoutMs?: number
  /**
   * Skip these steps only, at most three.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
   */
  readonly bypassStepIds?: readonly string[]
  /** Do not set off Power Automate flows. */
  readonly suppressFlows?: boolean
  /** The unique name of the solution that new components become a part of. */
  readonly solution?: string
}

/**
 * The headers that say so.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
 */
export function settingsHeaders(settings: CallSettings): Record<string, string> {
  const { userId, userObjectId, bypassStepIds = [], suppressFlows, solution } = settings
  return {
    ...(userId === undefined ? {} : { MSCRMCallerID: guid('userId', userId) }),
    ...(userObjectId === undefined ? {} : { CallerObjectId: guid('userObjectId', userObjectId) }),
    ...(bypassStepIds.length === 0
      ? {}
      : {
          'MSCRM.BypassBusinessLogicExecutionStepIds': bypassStepIds.map((id) => guid('bypassStepIds', id)).join(','),
        }),
    ...(suppressFlows ? { 'MSCRM.SuppressCallbackRegistrationExpanderJob': 'true' } : {}),
    ...(solution === undefined ? {} : { 'MSCRM.SolutionUniqueName': solution }),
  }
}

function guid(name: string, value: string): string {
  if (isGuid(value)) return value
  throw dataverseError('InvalidArgument', { reason: `The setting '${name}' has '${value}', which is not a GUID.` })
}
