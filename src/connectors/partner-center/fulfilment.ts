import { done, type Outcome } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { CHANGED_WITHIN_MS, type HandleOf, stillWaiting, waiting } from './handle.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription, subscriptionPath } from './subscription.ts'
import { actsForUser } from './tokens.ts'
import type { WireSubscription } from './wire.ts'

interface ProvisioningStatus {
  readonly status?: string
  readonly quantity?: number
}

/** Done, where being accepted is enough; otherwise once the licences are there. */
export function whenProvisioned(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  subscription: WireSubscription,
  customerId: string,
  changed: boolean,
): Outcome | Promise<Outcome> {
  if (context.settings.provisioned !== 'fulfilled' || subscription.status !== 'active') {
    return done(toRemoteSubscription(subscription, customerId), { changed })
  }
  const { id: subscriptionId, quantity } = subscription
  const handle = {
    step: 'fulfilment',
    customerId,
    subscriptionId,
    quantity,
    ...waiting(context, CHANGED_WITHIN_MS),
  } as const
  return fulfilment(context, api, handle, changed)
}

/** @see https://learn.microsoft.com/partner-center/developer/get-subscription-provisioning-status */
export async function fulfilment(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'fulfilment'>,
  changed = true,
): Promise<Outcome> {
  if (!actsForUser(context)) {
    const message =
      'Only the integration user may ask whether licences are there: enter a refresh token, or set Provisioned When to accepted.'
    throw new ProviderError('invalid', message, { field: 'provisioned' })
  }
  const subscription = { id: handle.subscriptionId, customerId: handle.customerId }
  const { status, quantity } = await api.get<ProvisioningStatus>(`${subscriptionPath(subscription)}/provisioningstatus`)
  if (status?.toLowerCase() === 'failed') {
    throw new ProviderError(
      'notEligible',
      `Microsoft could not provide the licences of subscription ${subscription.id}.`,
    )
  }
  if (status?.toLowerCase() !== 'success' || quantity !== handle.quantity) {
    return stillWaiting(context, handle, `the licences of subscription ${subscription.id}`)
  }
  return done(toRemoteSubscription(await currentSubscription(api, subscription), subscription.customerId), { changed })
}
