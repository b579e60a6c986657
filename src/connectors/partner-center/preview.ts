import type { Change } from '../change.ts'
import { ProviderError } from '../provider-error.ts'
import { retryTable } from '../retry-table.ts'
import type { PartnerCenterApi } from './api.ts'
import { planFor } from './plan.ts'
import { refusalOrOffer } from './purchase-refusal.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription } from './subscription.ts'
import { planTransition } from './transition.ts'

/** What `apply` would refuse, found out without writing. What passes by itself, or is wrong with the connection, is thrown. */
export async function refusalOf(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Change,
): Promise<ProviderError | undefined> {
  try {
    return await plannedRefusal(context, api, change)
  } catch (error) {
    const isAboutTheChange =
      ProviderError.isInstance(error) && error.retry === 'never' && retryTable[error.code].connection === 'continue'
    if (isAboutTheChange && error.code !== 'bug') return error
    throw error
  }
}

async function plannedRefusal(context: PartnerCenterContext, api: PartnerCenterApi, change: Change) {
  if (change.kind === 'create') {
    const planned = await refusalOrOffer(context, api, change)
    return ProviderError.isInstance(planned) ? planned : undefined
  }
  const before = await currentSubscription(api, change.subscription)
  if (change.kind === 'transition') {
    const planned = await planTransition(api, change, before)
    return ProviderError.isInstance(planned) ? planned : undefined
  }
  const plan = await planFor(context, api, change, before)
  return plan.isReached(before) ? undefined : plan.refusal
}
