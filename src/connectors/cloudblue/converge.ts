import type { Change } from '../change.ts'
import { goOnLater, waitWithin } from '../handle.ts'
import type { Json } from '../json.ts'
import { done, type Outcome, type RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import type { CloudBlueApi } from './api.ts'
import { countedResourceOf } from './counted-resource.ts'
import { toRemoteSubscription } from './from-wire.ts'
import type { Handle, Target } from './handle.ts'
import { refuseQuantity } from './quantity.ts'
import type { CloudBlueContext } from './settings.ts'
import type { ResourceType, Subscription } from './wire.ts'

type Modification = Change<'setQuantity' | 'pause' | 'resume' | 'cancel'>

export async function converge(context: CloudBlueContext, api: CloudBlueApi, change: Modification): Promise<Outcome> {
  const { id, customerId } = change.subscription
  const { subscription: before, counted } = await current(context, api, id)
  if (before.ownerId !== customerId) {
    throw new ProviderError('notFound', `CloudBlue has no subscription ${id} for customer ${customerId}.`)
  }
  const since = context.clock.now().toISOString()
  if (change.kind === 'cancel') {
    const last = { ...toRemoteSubscription(before, counted), raw: null } as unknown as Json
    return goOnLater({ step: 'remove', last, since } satisfies Handle, 0)
  }
  const target = change.kind === 'setQuantity' ? { quantity: change.quantity } : { active: change.kind === 'resume' }
  if (change.kind === 'setQuantity') refuse(change, counted)
  if (isReached(target, before, counted)) return done(toRemoteSubscription(before, counted), { changed: false })

  if ('quantity' in target) await api.setLimit(id, counted.id, target.quantity)
  else await (target.active ? api.enable(id) : api.disable(id))
  return resumeChange(context, api, { step: 'change', id, targets: [target], since })
}

/** Trusts only what it reads. */
export async function resumeChange(
  context: CloudBlueContext,
  api: CloudBlueApi,
  handle: Extract<Handle, { readonly step: 'change' }>,
  options: { readonly changed?: boolean } = {},
): Promise<Outcome> {
  const { subscription, counted } = await current(context, api, handle.id)
  if (handle.targets.every((target) => isReached(target, subscription, counted))) {
    return done(toRemoteSubscription(subscription, counted), options)
  }
  const state = `${subscription.isActive ? 'active' : 'not active'}, with ${counted.limit} of ${counted.name}`
  return waitWithin(context.clock, handle, `CloudBlue has not finished with subscription ${handle.id}: it is ${state}.`)
}

/** What is gone was removed, by this delivery or by one before it. */
export async function remove(
  context: CloudBlueContext,
  api: CloudBlueApi,
  handle: Extract<Handle, { readonly step: 'remove' }>,
): Promise<Outcome> {
  const last = handle.last as unknown as RemoteSubscription
  const gone = async () => (await unlessGone(api.subscription(last.id, { withResources: false }))) === undefined
  if (!(await gone())) {
    await unlessGone(api.remove(last.id))
    if (!(await gone())) {
      return waitWithin(context.clock, handle, `CloudBlue has not finished removing subscription ${last.id}.`)
    }
  }
  return done({ ...last, status: 'cancelled' })
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return undefined
    throw error
  }
}

async function current(
  context: CloudBlueContext,
  api: CloudBlueApi,
  id: string,
): Promise<{ readonly subscription: Subscription; readonly counted: ResourceType }> {
  const subscription = await api.subscription(id)
  return { subscription, counted: countedResourceOf(context, `subscription ${id}`, subscription.resourceTypes) }
}

function refuse(change: Change<'setQuantity'>, { usage, name }: ResourceType): void {
  if (change.when === 'renewal')
    throw new ProviderError('notEligible', 'CloudBlue changes a limit at once, not at the renewal.')
  refuseQuantity(change.quantity)
  if (change.quantity < usage) {
    const message = `Of ${name}, ${usage} are in use, which is more than ${change.quantity}: release some of them first.`
    throw new ProviderError('reductionNotAllowed', message)
  }
}

function isReached(target: Target, { isActive }: Subscription, { limit }: ResourceType): boolean {
  return 'quantity' in target ? limit === target.quantity : isActive === target.active
}
