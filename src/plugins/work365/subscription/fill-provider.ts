import { channel, Subscription } from '../../../entities/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../load-settings.ts'
import { findProviderDetails } from '../provider-details.ts'

/**
 * P1, P3, P5: a portal order gets the provider, part number and provider account of its product and customer, when
 * auto-provisioning is on. When none or several accounts match it stays without one, and its change log says so.
 */
export const fillProvider = defineStep({
  name: 'work365: fill in the provider of a portal order',
  table: Subscription,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  rules: ['P1', 'P3', 'P5', 'P8'],
  changes: [
    'work365_subscription_provider',
    'work365_subscription_provideraccount',
    'work365_subscription_providerpartnumber',
    'work365_subscription_autoprovisioned',
  ],
  behindWebhook: 'updateAfterwards',

  async run({ target, service, trace }) {
    // It says what was the case, whatever the caller claims.
    target.work365_subscription_autoprovisioned = false
    if (target.work365_subscription_channel !== channel.Portal) return
    const settings = await loadSettings(service)
    for (const diagnostic of settings.diagnostics) trace(diagnostic)
    if (!settings.values.autoProvisionNewSubscription)
      return trace('auto-provisioning is off: the order gets no provider')
    target.work365_subscription_autoprovisioned = true

    const found = await findProviderDetails(service, settings, {
      customer: target.work365_subscription_customer,
      product: target.work365_subscription_product,
      provider: target.work365_subscription_provider,
      providerAccount: target.work365_subscription_provideraccount,
      partNumber: target.work365_subscription_providerpartnumber,
    })
    Object.assign(target, found)
    trace(`filled in ${Object.keys(found).join(', ') || 'nothing'}`)
  },
})
