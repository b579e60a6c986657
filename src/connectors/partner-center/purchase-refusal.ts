import type { CreateChange } from '../change.ts'
import { ProviderError } from '../provider-error.ts'
import { isAccepted } from './agreements.ts'
import type { PartnerCenterApi } from './api.ts'
import { itemOf, type Offer, offerFor, skuOf } from './catalog.ts'
import { endpointsOf } from './endpoints.ts'
import { outsideLimits } from './plan.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription } from './subscription.ts'
import { actsForUser } from './tokens.ts'

/** What would be bought, or why it cannot be. Reads only; `preview` and `apply` refuse by the same. */
export async function refusalOrOffer(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: CreateChange,
): Promise<Offer | ProviderError> {
  const { customer, product, quantity, parent, startsAt } = change
  if (startsAt !== undefined && startsAt > context.clock.now()) {
    return new ProviderError('notEligible', 'Microsoft begins a subscription when it is ordered: order it on that day.')
  }
  const limits = await skuOf(context, api, itemOf(product))
  const outside = outsideLimits(limits, quantity, product.name ?? product.id)
  if (outside) return outside
  const ofParent = parent && (await refusalOfParent(api, parent))
  if (ofParent) return ofParent
  if (actsForUser(context) && endpointsOf(context).agreements && !(await isAccepted(api, customer.id))) {
    const message = `Customer ${customer.name ?? customer.id} has not accepted the Microsoft Customer Agreement. Confirm it, then queue the change again.`
    return new ProviderError('agreementRequired', message)
  }
  return offerFor(context, api, product)
}

/** An add-on waits for its base to be there, and cannot be had without one that runs. */
async function refusalOfParent(
  api: PartnerCenterApi,
  parent: NonNullable<CreateChange['parent']>,
): Promise<ProviderError | undefined> {
  const { id, status } = await currentSubscription(api, parent)
  if (status === 'active') return undefined
  if (status === 'pending')
    return new ProviderError('pending', `Subscription ${id}, whose add-on this is, is not there yet.`)
  return new ProviderError('notEligible', `Subscription ${id}, whose add-on this is, is ${status}: resume it first.`)
}
