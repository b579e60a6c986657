import {
  BillingContract,
  channel,
  InterworksCustomerRequest,
  Product,
  requestExecution,
  requestStatus,
  ScheduledLicenseChangeLog,
  Subscription,
} from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { type EntityReference, type OrganizationService, type RowOf, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { today } from '../../work365/load-settings.ts'
import { quantityLess } from '../amounts.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { refusal } from '../refusal.ts'
import { nextPeriodStart } from './billing-period.ts'
import { effectOf } from './decide-request.ts'
import { checkedRequest } from './gather-request.ts'

/**
 * I21, I22, I25: a request that becomes Completed is carried out, by whoever completed it. The change of the subscription
 * goes on from there as any other: through its change log to the provider.
 */
export const carryOutRequest = defineStep({
  name: 'interworks: carry out a completed customer request',
  table: InterworksCustomerRequest,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  filter: ['statuscode', 'statecode'],
  preImage: ['statuscode'],
  postImage: ['statuscode', 'iw_kind', 'iw_executiontype', 'iw_quantity', 'iw_product', 'iw_subscription'],
  rules: ['I21', 'I22', 'I25'],

  async run({ id, preImage, postImage: request, service, now, trace }) {
    const { Pending, Completed } = requestStatus
    if (preImage.statuscode !== Pending || request.statuscode !== Completed) return
    // Since it was made, the subscription may have changed.
    const facts = await checkedRequest(service, request)
    const effect = effectOf(facts)
    const day = await today(service, now())
    const subscription = await service.retrieve(Subscription, request.iw_subscription!.id)
    const atPeriodEnd = facts.executionType === requestExecution['End of Billing Period']
    const effectiveOn = atPeriodEnd ? await periodEnd(service, subscription, day) : day

    let replacement: EntityReference<'work365_subscription'> | null = null
    if (effect.kind === 'move') {
      replacement = await moveTo(service, subscription, effect, day)
    } else if (effect.kind === 'cancel') {
      if (atPeriodEnd) await cancelOn(service, subscription.work365_subscriptionid, effectiveOn)
      else await cancel(service, subscription.work365_subscriptionid)
    } else if (atPeriodEnd) {
      await scheduleReduction(service, subscription, effect.by, effectiveOn)
    } else {
      await reduce(service, subscription, effect.by)
    }
    await service.update(
      InterworksCustomerRequest,
      id,
      { iw_effectiveon: effectiveOn, iw_newsubscription: replacement },
      bookkeeping,
    )
    trace(`${effect.kind}, from ${effectiveOn}`)
  },
})

type SubscriptionRow = RowOf<typeof Subscription>

async function reduce(service: OrganizationService, subscription: SubscriptionRow, by: number): Promise<void> {
  const quantity = quantityLess(subscription.work365_subscription_quantity ?? 0, by)
  await service.update(Subscription, subscription.work365_subscriptionid, { work365_subscription_quantity: quantity })
}

/** A cancelled subscription has no licenses any more, and neither have its add-ons. */
async function cancel(service: OrganizationService, id: string): Promise<void> {
  for (const addOn of await addOnsOf(service, id)) await cancel(service, addOn)
  const { value, reasons } = Subscription.states!.Inactive!
  // One after the other: the platform would do the quantity first, and that would be a change like any other.
  await service.update(Subscription, id, { statecode: value as 1, statuscode: reasons.Cancelled as 100_000_001 })
  await service.update(Subscription, id, { work365_subscription_quantity: 0 })
}

/** It stays as it is until that day, and so do its add-ons. */
async function cancelOn(service: OrganizationService, id: string, day: string): Promise<void> {
  for (const addOn of await addOnsOf(service, id)) await cancelOn(service, addOn, day)
  await service.update(Subscription, id, { work365_subscription_deactivateon: day })
}

async function scheduleReduction(
  service: OrganizationService,
  subscription: SubscriptionRow,
  by: number,
  day: string,
): Promise<void> {
  await service.create(ScheduledLicenseChangeLog, {
    work365_name: subscription.work365_subscription_subscriptionname,
    work365_slcl_customer: reference('account', subscription.work365_subscription_customer!.id),
    work365_slcl_subscription: reference(Subscription, subscription.work365_subscriptionid),
    work365_slcl_effectivedate: day,
    work365_slcl_quantity: -by,
  })
}

/**
 * To another product is to another subscription: providers know a subscription by its product. The new one comes first,
 * so that nobody is without in between; add-ons go along when nothing stays behind.
 */
async function moveTo(
  service: OrganizationService,
  from: SubscriptionRow,
  { quantity, product }: { readonly quantity: number; readonly product: string },
  day: string,
): Promise<EntityReference<'work365_subscription'>> {
  const { name, work365_product_monthlyunitsellingprice: price } = await service.retrieve(Product, product, [
    'name',
    'work365_product_monthlyunitsellingprice',
  ])
  const id = await service.create(Subscription, {
    work365_subscription_subscriptionname: name,
    work365_subscription_product: reference(Product, product),
    work365_subscription_customer: reference('account', from.work365_subscription_customer!.id),
    work365_subscription_billingcontract: reference(
      'work365_billingcontract',
      from.work365_subscription_billingcontract!.id,
    ),
    work365_subscription_channel: from.work365_subscription_channel ?? channel.Portal,
    work365_subscription_ordersource: from.work365_subscription_ordersource,
    work365_subscription_ordernum: from.work365_subscription_ordernum,
    work365_subscription_billablestatus: from.work365_subscription_billablestatus,
    work365_subscription_quantity: quantity,
    work365_subscription_sellingpriceperunit: price,
    work365_subscription_effectivestartdate: day,
    work365_subscription_parentsubscription: from.work365_subscription_parentsubscription,
    transactioncurrencyid: from.transactioncurrencyid,
  })
  const to = reference(Subscription, id)
  const all = quantity >= (from.work365_subscription_quantity ?? 0)
  if (!all) {
    await reduce(service, from, quantity)
    return to
  }
  for (const addOn of await addOnsOf(service, from.work365_subscriptionid)) {
    await service.update(Subscription, addOn, { work365_subscription_parentsubscription: to })
  }
  await cancel(service, from.work365_subscriptionid)
  return to
}

async function addOnsOf(service: OrganizationService, subscription: string): Promise<readonly string[]> {
  const { rows } = await service.retrieveMultiple(
    select(Subscription, ['work365_subscriptionid'])
      .where('work365_subscription_parentsubscription', 'eq', subscription)
      .where('statecode', 'eq', 0),
  )
  return rows.map(({ work365_subscriptionid: id }) => id)
}

async function periodEnd(
  service: OrganizationService,
  { work365_subscription_billingcontract: contract, work365_subscription_subscriptionname: name }: SubscriptionRow,
  today: string,
): Promise<string> {
  const terms =
    contract &&
    (await service.retrieve(BillingContract, contract.id, [
      'work365_billingcontract_nextinvoicedate',
      'work365_billingcontract_startdate',
      'work365_billingcontract_billingfrequency',
    ]))
  const day =
    terms &&
    nextPeriodStart(
      {
        nextInvoiceDate: terms.work365_billingcontract_nextinvoicedate,
        startDate: terms.work365_billingcontract_startdate,
        frequency: terms.work365_billingcontract_billingfrequency,
      },
      today,
    )
  if (day) return day
  throw refusal(
    'I22',
    `The end of the billing period of '${name}' is not known: it has no billing contract with a start or next invoice date.`,
    'Put the subscription on one, or use the execution type (iw_executiontype) Immediate.',
  )
}
