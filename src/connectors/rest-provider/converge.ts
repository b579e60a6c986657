import type { Change, SubscriptionRef } from '../change.ts'
import { type Done, done } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { RestProviderApi } from './api.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { subscriptionStatus, type Wire } from './models.ts'

/** The kinds of change that the Rest Provider contract has routes for. */
export const restChangeKinds = ['create', 'setQuantity', 'pause', 'resume', 'cancel', 'setAutoRenew'] as const

export type RestChangeKind = (typeof restChangeKinds)[number]

/** A change to a subscription that the provider already has. */
export type Modification = Change<Exclude<RestChangeKind, 'create'>>

/** The subscription as the provider has it now. @throws ProviderError `notFound`. */
export async function current(
  api: RestProviderApi,
  { id, customerId }: SubscriptionRef,
): Promise<Wire<'Subscription'>> {
  const wire = await api.subscription(customerId, id)
  if (wire) return wire
  throw new ProviderError('notFound', `The provider has no subscription ${id} for customer ${customerId}.`)
}

/** Why the change cannot be made to the subscription as it is; `undefined` when it can. */
export function refusalOf(change: Modification, { id, status }: Wire<'Subscription'>): ProviderError | undefined {
  if (change.kind === 'setQuantity' && change.when === 'renewal') {
    return new ProviderError('notEligible', 'A Rest Provider changes a quantity at once, not at the renewal.')
  }
  const isEnded = status === subscriptionStatus.cancelled || status === subscriptionStatus.expired
  if (!isEnded || change.kind === 'cancel') return undefined
  const word = status === subscriptionStatus.cancelled ? 'cancelled' : 'expired'
  return new ProviderError('notEligible', `Subscription ${id} is ${word} at the provider: order a new one.`)
}

/** Whether the subscription already is as the change wants it. */
function isReached(change: Modification, { quantity, status, autoRenew }: Wire<'Subscription'>): boolean {
  switch (change.kind) {
    case 'setQuantity':
      return quantity === change.quantity
    case 'setAutoRenew':
      return (autoRenew ?? false) === change.enabled
    case 'pause':
      return status === subscriptionStatus.suspended
    case 'resume':
      return status === subscriptionStatus.active
    case 'cancel':
      return status === subscriptionStatus.cancelled
  }
}

/** Writes only what is missing, and trusts only what it reads afterwards: a provider may answer with the state before the change. */
export async function converge(api: RestProviderApi, change: Modification): Promise<Done> {
  const before = await current(api, change.subscription)
  const refusal = refusalOf(change, before)
  if (refusal) throw refusal
  if (isReached(change, before)) return done(toRemoteSubscription(before), { changed: false })

  await write(api, change, before)
  const after = await current(api, change.subscription)
  if (isReached(change, after)) return done(toRemoteSubscription(after))
  throw new ProviderError(
    'pending',
    `The provider took the change of subscription ${after.id} on, but does not show it yet.`,
  )
}

function write(api: RestProviderApi, change: Modification, before: Wire<'Subscription'>): Promise<unknown> {
  switch (change.kind) {
    case 'setQuantity':
      return api.updateSubscription({ ...before, quantity: change.quantity })
    case 'setAutoRenew':
      return api.updateSubscription({ ...before, autoRenew: change.enabled })
    case 'pause':
      return api.suspend(change.subscription.id)
    case 'resume':
      return api.activate(change.subscription.id)
    case 'cancel':
      return api.cancel(change.subscription.id)
  }
}
