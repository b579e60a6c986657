import type { Change } from '../change.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import { offerFor } from './catalog.ts'
import type { Plan } from './plan.ts'
import type { PartnerCenterContext } from './settings.ts'
import { isSameItem, parseCatalogItem, type WireInstructions, type WireSubscription } from './wire.ts'

/**
 * What is written for the renewal. Instructions and auto-renew belong together: without the one the other does nothing.
 *
 * @see https://learn.microsoft.com/partner-center/developer/create-scheduled-changes
 */
export async function planRenewal(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Change<'setRenewal' | 'setQuantity'>,
  before: WireSubscription,
): Promise<Plan> {
  const { product, endsOn } = change.kind === 'setRenewal' ? change : {}
  if (change.quantity === undefined && product === undefined && endsOn === undefined) {
    return {
      isReached: ({ scheduledNextTermInstructions }) => !scheduledNextTermInstructions,
      fields: { scheduledNextTermInstructions: null },
    }
  }
  const item = parseCatalogItem(before.offerId)
  if (!item?.availabilityId) return refused(before, 'is not of new commerce: it takes no instructions for its renewal')
  if (before.status !== 'active') return refused(before, `is ${before.status}, and does not renew`)

  const offer = await offerFor(context, api, product ?? { id: `${item.productId}:${item.skuId}` }, {
    duration: before.termDuration,
    billingCycle: before.billingCycle,
  })
  const instructions: WireInstructions = {
    product: {
      ...offer.item,
      termDuration: offer.term.duration ?? before.termDuration,
      billingCycle: offer.term.billingCycle ?? before.billingCycle,
    },
    quantity: change.quantity ?? before.scheduledNextTermInstructions?.quantity ?? before.quantity,
    ...(endsOn !== undefined && { customTermEndDate: endsOn }),
  }
  return {
    isReached: (subscription) => says(subscription, instructions),
    fields: { autoRenewEnabled: true, scheduledNextTermInstructions: instructions },
  }
}

function says({ autoRenewEnabled, scheduledNextTermInstructions: said }: WireSubscription, wanted: WireInstructions) {
  if (!said || !autoRenewEnabled) return false
  const { product, quantity, customTermEndDate } = wanted
  const isSame = (one: string | undefined, other: string | undefined) => one?.toLowerCase() === other?.toLowerCase()
  return (
    said.quantity === quantity &&
    isSameItem(`${said.product.productId}:${said.product.skuId}`, product) &&
    isSame(said.product.termDuration, product.termDuration) &&
    isSame(said.product.billingCycle, product.billingCycle) &&
    said.customTermEndDate?.slice(0, 10) === customTermEndDate
  )
}

function refused({ id }: WireSubscription, why: string): Plan {
  return {
    isReached: () => false,
    fields: {},
    refusal: new ProviderError('notEligible', `Subscription ${id} ${why}.`),
  }
}
