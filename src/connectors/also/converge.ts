import type { Change } from '../change.ts'
import { done, type Outcome } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { AlsoApi } from './api.ts'
import { statusOf, toRemoteSubscription } from './from-wire.ts'
import { type Handle, waitForChange } from './handle.ts'
import type { AlsoContext } from './settings.ts'
import type { Subscription } from './wire.ts'

type Waiting = Extract<Handle, { readonly step: 'change' }>

export async function converge(
  context: AlsoContext,
  api: AlsoApi,
  change: Change<'setQuantity' | 'cancel'>,
): Promise<Outcome> {
  const { id, customerId } = change.subscription
  const before = await find(api, customerId, id)
  if (!before) throw new ProviderError('notFound', `ALSO has no subscription ${id} for customer ${customerId}.`)
  const target = change.kind === 'cancel' ? { cancelled: true as const } : { quantity: change.quantity }
  refuse(change, before)
  if (isReached(target, before)) return done(toRemoteSubscription(before, customerId), { changed: false })

  const waiting: Waiting = { step: 'change', id, customerId, target, since: context.clock.now().toISOString() }
  if ('quantity' in target && before.Quantity === target.quantity)
    return waitForChange(context, waiting, before.AccountState)
  if ('quantity' in target) await api.setQuantity(id, target.quantity)
  else await api.terminate(id)
  return resumeChange(context, api, waiting)
}

/** Trusts only what it reads: a state that nobody knows is not there yet. */
export async function resumeChange(context: AlsoContext, api: AlsoApi, handle: Waiting): Promise<Outcome> {
  const now = await find(api, handle.customerId, handle.id)
  if (now && isReached(handle.target, now)) return done(toRemoteSubscription(now, handle.customerId))
  return waitForChange(context, handle, now?.AccountState)
}

function refuse(change: Change<'setQuantity' | 'cancel'>, before: Subscription): void {
  if (change.kind === 'cancel') return
  if (change.when === 'renewal')
    throw new ProviderError('notEligible', 'ALSO changes a quantity at once, not at the renewal.')
  if (change.quantity <= 0)
    throw new ProviderError('quantityInvalid', 'ALSO keeps at least one: cancel the subscription instead.')
  if (statusOf(before) === 'cancelled')
    throw new ProviderError('notEligible', `Subscription ${before.AccountId} is terminated at ALSO: order a new one.`)
}

function isReached(target: Waiting['target'], subscription: Subscription): boolean {
  const status = statusOf(subscription)
  if ('cancelled' in target) return status === 'cancelled'
  return status === 'active' && subscription.Quantity === target.quantity
}

async function find(api: AlsoApi, customerId: string, id: string): Promise<Subscription | undefined> {
  return (await api.subscriptions(customerId)).find(({ AccountId }) => String(AccountId) === id)
}
