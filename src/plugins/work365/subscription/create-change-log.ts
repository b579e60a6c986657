import { changeType, channel, LicenseChangeLog, Subscription } from '../../../entities/index.ts'
import { dayIn } from '../../../internal/time-zone.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../load-settings.ts'

/** P3, P4, L1: a new subscription makes exactly one change log, over its whole quantity. */
export const createChangeLog = defineStep({
  name: 'work365: create the first change log of a subscription',
  table: Subscription,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,
  rules: ['P2', 'P3', 'P4', 'L1', 'L2'],

  async run({ target, service, now, trace }) {
    const { values } = await loadSettings(service)
    const isPortalOrder = target.work365_subscription_channel === channel.Portal
    const isAutoProvisioned = target.work365_subscription_autoprovisioned === true
    if (isPortalOrder && !isAutoProvisioned && !values.changeLogWithoutAutoProvision) {
      return trace('Change log without auto-provisioning is off: none')
    }
    const source = target.work365_subscription_channel ?? channel.System
    await service.create(LicenseChangeLog, {
      work365_licensechangelog_name: target.work365_subscription_subscriptionname ?? null,
      work365_licensechangelog_subscription: reference(Subscription, target.id),
      work365_licensechangelog_customer: target.work365_subscription_customer ?? null,
      work365_licensechangelog_changetype: changeType.Create,
      work365_licensechangelog_quantity: target.work365_subscription_quantity ?? 0,
      work365_licensechangelog_includedquantity: target.work365_subscription_includedquantity ?? null,
      work365_licensechangelog_salesunit: target.work365_subscription_salesunit ?? null,
      work365_licensechangelog_sellingpriceperunit: target.work365_subscription_sellingpriceperunit ?? null,
      work365_licensechangelog_costpriceperunit: target.work365_subscription_costpriceperunit ?? null,
      transactioncurrencyid: target.transactioncurrencyid ?? null,
      work365_licensechangelog_effectivedate:
        target.work365_subscription_effectivestartdate ?? dayIn(values.defaultTimeZone, now()),
      work365_licensechangelog_changesource: source,
      work365_licensechangelog_ordersource: source,
    })
  },
})
