import type { Change } from '../change.ts'
import { done, type Outcome } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import { itemOf, offerFor } from './catalog.ts'
import { collection } from './collection.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { CHANGED_WITHIN_MS, type HandleOf, later, stillWaiting, waiting } from './handle.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription, subscriptionPath } from './subscription.ts'
import { isSameItem, type WireEligibility, type WireSubscription, type WireTransition } from './wire.ts'

type Transition = Change<'transition'>

/**
 * Moves a subscription to another product. One that is under way already is waited for, not asked for again.
 *
 * @see https://learn.microsoft.com/partner-center/developer/post-transitions
 */
export async function startTransition(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Transition,
): Promise<Outcome> {
  const { subscription, product } = change
  const before = await currentSubscription(api, subscription)
  const planned = await planTransition(api, change, before)
  if (planned === 'reached') return done(toRemoteSubscription(before, subscription.customerId), { changed: false })
  if (ProviderError.isInstance(planned)) throw planned

  const handle = { step: 'transition', change, ...waiting(context, CHANGED_WITHIN_MS) } as const
  const underWay = await findTransition(api, change)
  if (underWay) return later({ ...handle, operationId: underWay.operationId })
  const offer = await offerFor(context, api, product, {
    duration: before.termDuration,
    billingCycle: before.billingCycle,
  })
  const { productId, skuId, availabilityId } = offer.item
  const made = await api.post<WireTransition>(`${subscriptionPath(subscription)}/transitions`, {
    body: {
      toCatalogItemId: `${productId}:${skuId}:${availabilityId}`,
      quantity: change.quantity ?? before.quantity,
      termDuration: offer.term.duration,
      billingCycle: offer.term.billingCycle,
      transitionType: planned.transitionType ?? 'transition_with_license_transfer',
    },
    requestId: stableId(context.key, 'transition', subscription.id, before.offerId ?? '', `${productId}:${skuId}`),
  })
  return later({ ...handle, operationId: made.operationId })
}

interface Eligible {
  readonly transitionType?: string | undefined
}

/** What becomes of it: nothing, as it is there already; a refusal; or the way in which it moves. */
export async function planTransition(
  api: PartnerCenterApi,
  { subscription, product }: Transition,
  before: WireSubscription,
): Promise<'reached' | Eligible | ProviderError> {
  const item = itemOf(product)
  if (isSameItem(before.offerId, item)) return 'reached'
  const url = `${subscriptionPath(subscription)}/transitionEligibilities`
  const why: string[] = []
  for await (const one of collection<WireEligibility>(api, url, { eligibilityType: 'immediate' })) {
    if (!isSameItem(one.catalogItemId, item)) continue
    for (const { isEligible, transitionType, errors = [] } of one.eligibilities ?? []) {
      if (isEligible) return { transitionType }
      why.push(...errors.flatMap(({ description }) => description ?? []))
    }
  }
  const named = product.name ?? product.id
  const reason = why.length === 0 ? 'Microsoft offers no such move.' : why.join(' ')
  return new ProviderError('notEligible', `Subscription ${before.id} cannot move to ${named}: ${reason}`)
}

/** What became of it. A state that is not known is one that goes on. */
export async function resumeTransition(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  handle: HandleOf<'transition'>,
): Promise<Outcome> {
  const { change } = handle
  const { id, customerId } = change.subscription
  const transition = await findTransition(api, change, handle.operationId)
  const failed = transition && reasonsOf(transition)
  if (failed) throw new ProviderError('notEligible', `Subscription ${id} did not move to another product: ${failed}`)
  if (!transition || !isComplete(transition)) return stillWaiting(context, handle, `the move of subscription ${id}`)
  const target = { id: transition.toSubscriptionId ?? id, customerId }
  return done(toRemoteSubscription(await currentSubscription(api, target), customerId))
}

/** @see https://learn.microsoft.com/partner-center/developer/get-transitions */
async function findTransition(
  api: PartnerCenterApi,
  { subscription, product }: Transition,
  operationId?: string,
): Promise<WireTransition | undefined> {
  const item = itemOf(product)
  for await (const one of collection<WireTransition>(api, `${subscriptionPath(subscription)}/transitions`)) {
    if (
      operationId === undefined
        ? isSameItem(one.toCatalogItemId, item) && !reasonsOf(one)
        : one.operationId === operationId
    ) {
      return one
    }
  }
  return undefined
}

const statusesOf = ({ status, events = [] }: WireTransition) =>
  [status, ...events.map((event) => event.status)].flatMap((one) => one?.toLowerCase() ?? [])

const isComplete = (transition: WireTransition) => {
  const statuses = statusesOf(transition)
  return statuses.length > 0 && statuses.every((status) => status === 'completed' || status === 'success')
}

function reasonsOf(transition: WireTransition): string | undefined {
  if (!statusesOf(transition).some((status) => status === 'failed')) return undefined
  const reasons = (transition.events ?? []).flatMap(({ errors = [] }) =>
    errors.flatMap(({ description }) => description ?? []),
  )
  return reasons.join(' ') || 'Microsoft gives no reason.'
}
