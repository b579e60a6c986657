import { billableStatus, displayOnPortal, Provider, providerType, Subscription } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'

/** P11: whether the portal shows a new subscription follows from whether it is billed, unless somebody says it. */
export const settleDisplayOnPortal = defineStep({
  name: 'work365: settle whether the portal shows a new subscription',
  table: Subscription,
  message: 'Create',
  stage: 'preOperation',
  rank: 5,
  rules: ['P11'],
  changes: ['work365_subscription_displayonportal'],
  behindWebhook: 'updateAfterwards',

  run({ target }) {
    // Nothing said is billable: what is not billed is marked as such.
    const isBillable = target.work365_subscription_billablestatus !== billableStatus['Non-Billable']
    target.work365_subscription_displayonportal ??= displayOnPortal[isBillable ? 'Visible' : 'Not Visible']
  },
})

/** P12: a calculated subscription is one of something that nobody provisions. */
export const settleCalculated = defineStep({
  name: 'work365: settle quantity and provider of a new calculated subscription',
  table: Subscription,
  message: 'Create',
  stage: 'preOperation',
  rank: 6,
  rules: ['P12'],
  changes: ['work365_subscription_quantity', 'work365_subscription_provider'],
  behindWebhook: 'updateAfterwards',

  async run({ target, service, trace }) {
    if (target.work365_subscription_calculationpercent == null) return
    target.work365_subscription_quantity = 1
    target.work365_subscription_provider = await doNothingProvider(service, trace)
  },
})

/** P12: and it stays so. */
export const keepCalculated = defineStep({
  name: 'work365: keep quantity and provider of a calculated subscription',
  table: Subscription,
  message: 'Update',
  stage: 'preOperation',
  rank: 6,
  rules: ['P12'],
  filter: ['work365_subscription_calculationpercent', 'work365_subscription_quantity', 'work365_subscription_provider'],
  preImage: ['work365_subscription_calculationpercent'],
  changes: ['work365_subscription_quantity', 'work365_subscription_provider'],
  behindWebhook: 'updateAfterwards',

  async run({ target, preImage, service, trace }) {
    const percent =
      target.work365_subscription_calculationpercent === undefined
        ? preImage.work365_subscription_calculationpercent
        : target.work365_subscription_calculationpercent
    if (percent == null) return
    target.work365_subscription_quantity = 1
    target.work365_subscription_provider = await doNothingProvider(service, trace)
  },
})

/** One exists in every environment, unless somebody has deleted it; then there is no provider, and the change log says so. */
async function doNothingProvider(service: OrganizationService, trace: (text: string) => void) {
  const { rows } = await service.retrieveMultiple(
    select(Provider, ['work365_providerid'])
      .where('work365_provider_type', 'eq', providerType['Do Nothing'])
      .where('statecode', 'eq', 0)
      .orderBy('createdon')
      .first(1),
  )
  const [provider] = rows
  if (!provider) trace('there is no active Do Nothing provider')
  return provider ? reference(Provider, provider.work365_providerid) : null
}
