import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import { skuOf } from './catalog.ts'
import { toDate } from './from-wire.ts'
import type { Modification } from './handle.ts'
import { planRenewal } from './plan-renewal.ts'
import type { PartnerCenterContext } from './settings.ts'
import { currentSubscription } from './subscription.ts'
import { parseCatalogItem, type WireSubscription } from './wire.ts'

/** What a change comes to for the subscription as it is. */
export interface Plan {
  isReached(subscription: WireSubscription): boolean
  /** What is set on the subscription. */
  readonly fields: Partial<WireSubscription>
  /** Why it cannot be. */
  readonly refusal?: ProviderError | undefined
}

type PlanChange<K extends Modification['kind']> = (
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Extract<Modification, { readonly kind: K }>,
  before: WireSubscription,
) => Plan | Promise<Plan>

/** Reads only; `preview` and `apply` refuse by the same plan. */
export function planFor(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  change: Modification,
  before: WireSubscription,
): Plan | Promise<Plan> {
  if (hasEnded(before) && change.kind !== 'cancel') return refused(ended(before))
  switch (change.kind) {
    case 'setQuantity':
      return change.when === 'renewal'
        ? planRenewal(context, api, change, before)
        : planQuantity(context, api, change, before)
    case 'pause':
      return planPause(before)
    case 'resume':
      return planResume(api, change, before)
    case 'cancel':
      return planCancel(context, before)
    case 'setAutoRenew':
      return {
        isReached: ({ autoRenewEnabled }) => (autoRenewEnabled ?? false) === change.enabled,
        fields: { autoRenewEnabled: change.enabled },
      }
    case 'setRenewal':
      return planRenewal(context, api, change, before)
  }
}

/** Whether it is over for good. */
export const hasEnded = ({ status }: WireSubscription): boolean => status === 'deleted' || status === 'expired'

/** More at any time; less only while the seats may be given back, or at the renewal where the settings say so. */
const planQuantity: PlanChange<'setQuantity'> = async (context, api, change, before) => {
  const { quantity } = change
  const isReached = (subscription: WireSubscription) => subscription.quantity === quantity
  const plan = { isReached, fields: { quantity } }
  if (isReached(before)) return plan
  if (before.status !== 'active') {
    const message = `Subscription ${before.id} is ${before.status}: resume it before its quantity changes.`
    return { ...plan, refusal: new ProviderError('notEligible', message) }
  }
  const refusal =
    (await refusalOfLimits(context, api, quantity, before)) ?? refusalOfReduction(context, quantity, before)
  const isLate = refusal?.code === 'reductionNotAllowed'
  return isLate && context.settings.outsideWindow === 'atRenewal'
    ? planRenewal(context, api, change, before)
    : { ...plan, refusal }
}

/** What is no longer in the catalogue still runs: its limits are Microsoft's to know. */
async function refusalOfLimits(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  quantity: number,
  { offerId, id }: WireSubscription,
): Promise<ProviderError | undefined> {
  const item = parseCatalogItem(offerId)
  if (!item?.availabilityId) return undefined
  try {
    return outsideLimits(await skuOf(context, api, item), quantity, `Subscription ${id}`)
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return undefined
    throw error
  }
}

/** Why the edition is not sold in this quantity. */
export function outsideLimits(
  {
    minimumQuantity = 1,
    maximumQuantity = Number.POSITIVE_INFINITY,
  }: { minimumQuantity?: number; maximumQuantity?: number },
  quantity: number,
  what: string,
): ProviderError | undefined {
  if (Number.isInteger(quantity) && quantity >= minimumQuantity && quantity <= maximumQuantity) return undefined
  const most = Number.isFinite(maximumQuantity) ? ` to ${maximumQuantity}` : ' or more'
  return new ProviderError(
    'quantityInvalid',
    `${what} takes whole quantities of ${minimumQuantity}${most}, and ${quantity} was asked for.`,
    { field: 'quantity' },
  )
}

/** Subscriptions that do not say what may be given back leave it to Microsoft. */
function refusalOfReduction(
  { clock }: PartnerCenterContext,
  quantity: number,
  { id, quantity: before, refundableQuantity }: WireSubscription,
): ProviderError | undefined {
  if (quantity >= before || !refundableQuantity) return undefined
  const { details, totalQuantity = 0 } = refundableQuantity
  const open = details?.filter(({ allowedUntilDateTime }) => new Date(allowedUntilDateTime) > clock.now())
  const allowed = open?.reduce((sum, detail) => sum + detail.quantity, 0) ?? totalQuantity
  if (before - quantity <= allowed) return undefined
  return new ProviderError(
    'reductionNotAllowed',
    `Of subscription ${id}, ${allowed} can be given back now, and ${before - quantity} were asked for. Reduce it at the renewal instead.`,
    { field: 'quantity' },
  )
}

function planPause(before: WireSubscription): Plan {
  const isReached = ({ status }: WireSubscription) => status === 'suspended'
  const canBe = isReached(before) || before.status === 'active'
  return { isReached, fields: { status: 'suspended' }, refusal: canBe ? undefined : inStatus(before, 'paused') }
}

/** An add-on runs only where its base does. */
async function planResume(
  api: PartnerCenterApi,
  { subscription }: Modification,
  before: WireSubscription,
): Promise<Plan> {
  const isReached = ({ status }: WireSubscription) => status === 'active'
  const plan = { isReached, fields: { status: 'active' } }
  if (isReached(before)) return plan
  if (before.status !== 'suspended') return { ...plan, refusal: inStatus(before, 'resumed') }
  if (!before.parentSubscriptionId) return plan
  const parent = await currentSubscription(api, { ...subscription, id: before.parentSubscriptionId })
  if (parent.status === 'active') return plan
  const message = `Subscription ${before.id} is an add-on of ${parent.id}, which is ${parent.status}: resume that one first.`
  return { ...plan, refusal: new ProviderError('notEligible', message) }
}

function planCancel({ clock, settings }: PartnerCenterContext, before: WireSubscription): Plan {
  const atRenewal = settings.outsideWindow === 'atRenewal'
  const until = toDate(before.cancellationAllowedUntilDate)
  const isLate = until !== undefined && until <= clock.now()
  const endsByItself = ({ autoRenewEnabled }: WireSubscription) => atRenewal && isLate && autoRenewEnabled === false
  const isReached = (subscription: WireSubscription) => hasEnded(subscription) || endsByItself(subscription)
  if (isLate && atRenewal) return { isReached, fields: { autoRenewEnabled: false } }
  const message = `Subscription ${before.id} could be cancelled until ${until?.toISOString()}. Turn auto-renew off instead: it then ends with its term.`
  return {
    isReached,
    fields: { status: 'deleted' },
    refusal: isLate ? new ProviderError('windowClosed', message) : undefined,
  }
}

const refused = (refusal: ProviderError): Plan => ({ isReached: () => false, fields: {}, refusal })

function ended({ id, status }: WireSubscription): ProviderError {
  const word = status === 'deleted' ? 'cancelled' : 'expired'
  return new ProviderError('notEligible', `Subscription ${id} is ${word} at Microsoft: order a new one.`)
}

const inStatus = ({ id, status }: WireSubscription, verb: string) =>
  new ProviderError('notEligible', `Subscription ${id} is ${status}, and cannot be ${verb}.`)
