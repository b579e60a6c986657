import { changeType, LicenseChangeLog, Subscription } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { changeSourceOf } from '../change-source.ts'
import { today } from '../load-settings.ts'

const CANCELLED = Subscription.states!.Inactive!.reasons.Cancelled

/**
 * L1, L2, L16: a change of quantity makes a change log over the difference; a change of price alone makes one for the
 * record; both at once make one.
 */
export const logChange = defineStep({
  name: 'work365: log a change of quantity or price',
  table: Subscription,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  rules: ['L1', 'L2', 'L16', 'L17'],
  filter: [
    'work365_subscription_quantity',
    'work365_subscription_sellingpriceperunit',
    'work365_subscription_costpriceperunit',
  ],
  preImage: [
    'work365_subscription_quantity',
    'work365_subscription_sellingpriceperunit',
    'work365_subscription_costpriceperunit',
  ],
  postImage: [
    'work365_subscription_subscriptionname',
    'work365_subscription_customer',
    'work365_subscription_quantity',
    'work365_subscription_salesunit',
    'work365_subscription_sellingpriceperunit',
    'work365_subscription_costpriceperunit',
    'transactioncurrencyid',
    'statuscode',
  ],

  async run({ id, preImage: before, postImage: after, sharedVariables, service, now, trace }) {
    const delta = difference(before.work365_subscription_quantity, after.work365_subscription_quantity)
    const repriced =
      before.work365_subscription_sellingpriceperunit !== after.work365_subscription_sellingpriceperunit ||
      before.work365_subscription_costpriceperunit !== after.work365_subscription_costpriceperunit
    if (delta === 0 && !repriced) return trace('neither quantity nor price differs: no change log')

    // The last that a cancelled subscription loses is its end at the provider too; what is suspended goes by L17.
    const isEnd = after.statuscode === CANCELLED && delta < 0 && (after.work365_subscription_quantity ?? 0) === 0
    const source = changeSourceOf(sharedVariables.tag)
    await service.create(LicenseChangeLog, {
      work365_licensechangelog_name: after.work365_subscription_subscriptionname ?? null,
      work365_licensechangelog_subscription: reference(Subscription, id),
      work365_licensechangelog_customer: after.work365_subscription_customer ?? null,
      work365_licensechangelog_changetype: isEnd ? changeType.Deactivate : changeType.Update,
      work365_licensechangelog_quantity: delta,
      work365_licensechangelog_isaudit: delta === 0,
      work365_licensechangelog_salesunit: after.work365_subscription_salesunit ?? null,
      work365_licensechangelog_sellingpriceperunit: after.work365_subscription_sellingpriceperunit ?? null,
      work365_licensechangelog_costpriceperunit: after.work365_subscription_costpriceperunit ?? null,
      transactioncurrencyid: after.transactioncurrencyid ?? null,
      work365_licensechangelog_effectivedate: await today(service, now()),
      work365_licensechangelog_changesource: source,
      work365_licensechangelog_ordersource: source,
    })
  },
})

/** Quantities have two decimals; their difference as floats may have more. */
function difference(before = 0, after = 0): number {
  return Math.round((after - before) * 100) / 100
}
