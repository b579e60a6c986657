import type { Change } from '../change.ts'
import { done, type Outcome } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Api } from './api.ts'
import { statusOf, toRemoteSubscription } from './from-wire.ts'
import type { Handle } from './handle.ts'
import type { Pax8Context } from './settings.ts'
import { waitFor } from './waiting.ts'
import type { Subscription } from './wire.ts'

/** The kinds of change that Pax8 has requests for: it cannot pause, and says nothing of renewals. */
export const pax8ChangeKinds = ['create', 'setQuantity', 'cancel'] as const

type Modification = Change<'setQuantity' | 'cancel'>
type Waiting = Extract<Handle, { readonly step: 'change' }>

/** Why the change cannot be made to the subscription as it is; `undefined` when it can. */
export function refusalOf(change: Modification, subscription: Subscription): ProviderError | undefined {
  if (change.kind === 'cancel') return undefined
  if (change.when === 'renewal')
    return new ProviderError('notEligible', 'Pax8 changes a quantity at once, not at the renewal.')
  if (change.quantity <= 0)
    return new ProviderError('quantityInvalid', 'Pax8 keeps at least one: cancel the subscription instead.')
  if (statusOf(subscription) !== 'cancelled') return undefined
  return new ProviderError('notEligible', `Subscription ${subscription.id} is cancelled at Pax8: order a new one.`)
}

export async function converge(context: Pax8Context, api: Pax8Api, change: Modification): Promise<Outcome> {
  const before = await api.subscription(change.subscription.id)
  const refusal = refusalOf(change, before)
  if (refusal) throw refusal
  const target = change.kind === 'cancel' ? { cancelled: true as const } : { quantity: change.quantity }
  if (isReached(target, before)) return done(toRemoteSubscription(before), { changed: false })

  const waiting: Waiting = { step: 'change', id: before.id, target, since: context.clock.now().toISOString() }
  if (isUnderWay(target, before)) return waitFor(context, waiting, before.status)
  if (statusOf(before) === 'pending') {
    throw new ProviderError('pending', `Pax8 is still at work on subscription ${before.id}: it is ${before.status}.`)
  }
  if ('quantity' in target) await api.setQuantity(before.id, target.quantity)
  else await api.cancel(before.id)
  return resumeConverge(context, api, waiting)
}

/** Trusts only what it reads: a status that nobody knows is not there yet. */
export async function resumeConverge(context: Pax8Context, api: Pax8Api, handle: Waiting): Promise<Outcome> {
  const now = await api.subscription(handle.id)
  return isReached(handle.target, now) ? done(toRemoteSubscription(now)) : waitFor(context, handle, now.status)
}

function isReached(target: Waiting['target'], subscription: Subscription): boolean {
  const status = statusOf(subscription)
  if ('cancelled' in target) return status === 'cancelled'
  return status === 'active' && subscription.quantity === target.quantity
}

/** Asked for before, and not in force yet: asking again would write twice. */
function isUnderWay(target: Waiting['target'], { status, quantity }: Subscription): boolean {
  if ('cancelled' in target) return status === 'PendingCancel'
  return status.startsWith('Pending') && quantity === target.quantity
}
