import { done, type Outcome } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import { isRefusal } from './failures.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { whenProvisioned } from './fulfilment.ts'
import { CHANGED_WITHIN_MS, type HandleOf, later, type Modification, stillWaiting, waiting } from './handle.ts'
import { hasEnded, planFor } from './plan.ts'
import type { PartnerCenterContext } from './settings.ts'
import { addOnsOf, currentSubscription, subscriptionPath } from './subscription.ts'
import type { WireSubscription } from './wire.ts'

const MOST_CONFLICTS = 3
/** Refused for the state that it is in. */
const STATE_CONFLICTS: readonly string[] = ['400:2001', '400:2011', '400:800091', '400:900279', '409:27009']

/**
 * Brings a subscription to where the change wants it: reads, and writes only what is missing. The whole resource is
 * sent, because what a request leaves out is reset.
 *
 * @see https://learn.microsoft.com/partner-center/developer/update-a-subscription-by-id
 */
export async function converge(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Modification,
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const before = await currentSubscription(api, change.subscription)
    const plan = await planFor(context, api, change, before)
    if (plan.isReached(before)) return settle(context, api, change, before, false)
    if (plan.refusal) throw plan.refusal
    if (plan.fields.status === 'deleted') {
      const unfinished = await cancelAddOns(context, api, change)
      if (unfinished) return unfinished
    }
    try {
      const { status, body } = await write(context, api, change, before, plan.fields)
      if (status !== 202 && body && plan.isReached({ ...before, ...body })) {
        return settle(context, api, change, { ...before, ...body }, true)
      }
      return later({ step: 'change', change, ...waiting(context, CHANGED_WITHIN_MS) })
    } catch (error) {
      // Which may be the one that is wanted: somebody else was faster.
      if (isRefusal(error, ...STATE_CONFLICTS)) {
        const now = await currentSubscription(api, change.subscription)
        if (plan.isReached(now)) return settle(context, api, change, now, false)
      }
      // Somebody else has changed it meanwhile: what they wrote is read, and kept.
      const isStale = ProviderError.isInstance(error) && error.code === 'conflict'
      if (!isStale || attempt === MOST_CONFLICTS) throw error
    }
  }
}

/** Whether an accepted change shows by now. */
export async function resumeChange(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'change'>,
): Promise<Outcome> {
  const { change } = handle
  const now = await currentSubscription(api, change.subscription)
  const plan = await planFor(context, api, change, now)
  if (plan.isReached(now)) return settle(context, api, change, now, true)
  if (plan.refusal && hasEnded(now)) throw plan.refusal
  return stillWaiting(context, handle, `the change of subscription ${change.subscription.id}`)
}

function settle(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Modification,
  subscription: WireSubscription,
  changed: boolean,
): Outcome | Promise<Outcome> {
  const { customerId } = change.subscription
  const bringsLicences = change.kind === 'resume' || (change.kind === 'setQuantity' && change.when !== 'renewal')
  return bringsLicences
    ? whenProvisioned(context, api, subscription, customerId, changed)
    : done(toRemoteSubscription(subscription, customerId), { changed })
}

function write(
  { key }: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Modification,
  before: WireSubscription,
  fields: Partial<WireSubscription>,
) {
  const etag = before.attributes?.etag
  const state = etag ?? JSON.stringify([before.quantity, before.status, before.autoRenewEnabled])
  return api.request<Partial<WireSubscription>>('PATCH', subscriptionPath(change.subscription), {
    body: { ...before, ...fields },
    etag,
    requestId: stableId(key, change.kind, before.id, state),
  })
}

/**
 * Add-ons end before what they are added to. All are asked first whether they can, so that none ends in vain.
 *
 * @returns what to wait for, where that takes time
 */
async function cancelAddOns(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Modification,
): Promise<Outcome | undefined> {
  const changes: Modification[] = []
  for await (const addOn of addOnsOf(api, change.subscription)) {
    const { customerId } = change.subscription
    const cancel: Modification = { kind: 'cancel', subscription: { id: addOn.id, customerId } }
    const plan = await planFor(context, api, cancel, addOn)
    if (plan.isReached(addOn)) continue
    if (plan.refusal) throw plan.refusal
    changes.push(cancel)
  }
  for (const cancel of changes) {
    const outcome = await converge(context, api, cancel)
    if (outcome.status !== 'done') return later({ step: 'again', change, ...waiting(context, CHANGED_WITHIN_MS) })
  }
  return undefined
}

/** Goes on once what came before has finished. */
export async function resumeAgain(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'again'>,
): Promise<Outcome> {
  const outcome = await converge(context, api, handle.change)
  const isUnfinished = outcome.status === 'accepted' && (outcome.handle as { readonly step?: string }).step === 'again'
  return isUnfinished ? stillWaiting(context, handle, 'the cancellation of the add-ons') : outcome
}
