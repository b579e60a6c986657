import {
  billableStatus,
  channel,
  deliveryStatus,
  InterworksOrder,
  InterworksOrderItem,
  NonRecurringItem,
  Subscription,
} from '../../../entities/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { today } from '../../work365/load-settings.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { lineAmount } from '../order-item/line-amount.ts'
import { type OrderItem, readItems, readItemsToExecute } from '../order-item/read-items.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { refusal } from '../refusal.ts'
import { contractFor } from './billing-contract.ts'
import { customerOf } from './customer.ts'
import { invoiceItems } from './invoice-items.ts'
import { type Order, readOrder } from './read-order.ts'

/**
 * I14, I16, I17, I20: an order whose status becomes one of type Automatic Execute is executed: each of its open items gets
 * its subscription or asset, and together they are invoiced.
 *
 * The update that sets the status holds the order's row, so that of two at once the second finds nothing left to create.
 */
export const executeOrder = defineStep({
  name: 'interworks: execute an order',
  table: InterworksOrder,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  filter: ['iw_status'],
  rules: ['I14', 'I16', 'I17', 'I20'],

  async run({ id, service, now, trace }) {
    const order = await readOrder(service, id)
    if (order.stage !== 'executed') return
    if (order.executedOn) return trace('it was executed before: nothing is created again')

    const items = await readItemsToExecute(service, id)
    const startDate = order.startDate ?? (await today(service, now()))
    const executedOn = now()
    let invoice: EntityReference<'invoice'> | null = null
    if (items.length > 0) {
      for (const item of items) refuseUnpriced(order, item)
      const contract = await contractFor(service, order)
      const executed: ExecutedItem[] = []
      for (const item of items)
        executed.push(await executeItem(service, order, item, { startDate, contract, executedOn }))
      invoice = await invoiceItems(service, order, executed, { startDate, contract })
    }
    await service.update(
      InterworksOrder,
      id,
      { iw_executedon: executedOn, iw_startdate: startDate, iw_invoice: invoice },
      bookkeeping,
    )
    trace(`executed ${items.length} items from ${startDate}`)
    if (order.parent) await finishParent(service, order.parent.id)
  },
})

/** An item with what became of it. */
export interface ExecutedItem extends OrderItem {
  readonly amount: number
}

interface Terms {
  readonly startDate: string
  readonly contract: EntityReference<'work365_billingcontract'>
  readonly executedOn: Date
}

async function executeItem(
  service: OrganizationService,
  order: Order,
  item: OrderItem,
  terms: Terms,
): Promise<ExecutedItem> {
  const created = item.type?.isAsset
    ? { iw_asset: await createAsset(service, order, item, terms) }
    : { iw_subscription: await createSubscription(service, order, item, terms) }
  await service.update(
    InterworksOrderItem,
    item.id,
    {
      ...created,
      iw_executedon: terms.executedOn,
      iw_deliverystatus: item.deliveryOrder ? deliveryStatus.Delivered : deliveryStatus.Executed,
      ...(item.deliveryOrder ? { iw_deliveredon: terms.executedOn } : {}),
    },
    bookkeeping,
  )
  return {
    ...item,
    subscription: created.iw_subscription ?? null,
    asset: created.iw_asset ?? null,
    amount: lineAmount(item),
  }
}

/** A subscription as a portal order makes it, so that it goes on from there by itself. */
async function createSubscription(
  service: OrganizationService,
  order: Order,
  item: OrderItem,
  { startDate, contract }: Terms,
) {
  const id = await service.create(Subscription, {
    work365_subscription_subscriptionname: item.name,
    work365_subscription_customer: customerOf(order),
    work365_subscription_product: item.product && reference('product', item.product.id),
    work365_subscription_billingcontract: contract,
    work365_subscription_channel: channel.Portal,
    work365_subscription_ordersource: channel.Portal,
    work365_subscription_ordernum: order.code,
    work365_subscription_billablestatus: billableStatus.Billable,
    work365_subscription_quantity: item.quantity,
    work365_subscription_sellingpriceperunit: item.unitPrice,
    work365_subscription_effectivestartdate: startDate,
    ...currencyOf(item),
  })
  return reference(Subscription, id)
}

async function createAsset(
  service: OrganizationService,
  order: Order,
  item: OrderItem,
  { startDate, contract, executedOn }: Terms,
) {
  const id = await service.create(NonRecurringItem, {
    work365_nonrecurringitem_name: item.name,
    work365_nonrecurringitem_customer: customerOf(order),
    work365_nonrecurringitem_product: item.product && reference('product', item.product.id),
    work365_nonrecurringitem_billingcontract: contract,
    work365_nonrecurringitem_billablestatus: billableStatus.Billable,
    work365_nonrecurringitem_ordersource: channel.Portal,
    work365_nonrecurringitem_ordernum: order.code,
    work365_nonrecurringitem_orderedon: executedOn,
    work365_nonrecurringitem_effectivedate: startDate,
    work365_nonrecurringitem_quantity: item.quantity,
    work365_nonrecurringitem_sellingpriceperunit: item.unitPrice,
    work365_nonrecurringitem_revenue: lineAmount(item),
    ...currencyOf(item),
  })
  return reference(NonRecurringItem, id)
}

function currencyOf({ currency }: OrderItem) {
  return currency ? { transactioncurrencyid: reference('transactioncurrency', currency.id) } : {}
}

function refuseUnpriced({ code }: Order, { name, unitPrice }: OrderItem): void {
  if (unitPrice !== null) return
  throw refusal(
    'I16',
    `Item '${name}' of order ${code} has no unit price (iw_unitprice), so it cannot be invoiced.`,
    'Enter the price, 0 for something free, then execute again.',
  )
}

/** I20: with its last item delivered an order is executed itself; its sub-orders have been invoiced. */
async function finishParent(service: OrganizationService, id: string): Promise<void> {
  const parent = await readOrder(service, id)
  if (parent.stage !== 'open') return
  const items = await readItems(service, id)
  if (items.some(({ isPending }) => isPending)) return
  const { id: executed } = await statusFor(service, statusPurposes.executedOrder)
  await service.update(InterworksOrder, id, { iw_status: reference('iw_orderstatus', executed) }, bookkeeping)
}
