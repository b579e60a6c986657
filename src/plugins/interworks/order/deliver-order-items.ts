import { executionMode, InterworksOrder, InterworksOrderItem, InterworksOrderStatus } from '../../../entities/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'
import { sumOf } from '../amounts.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { lineAmount } from '../order-item/line-amount.ts'
import { type OrderItem, readItems } from '../order-item/read-items.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { refusal } from '../refusal.ts'
import { customerOf } from './customer.ts'
import { type Order, readOrder } from './read-order.ts'
import { checkStartDate } from './start-date.ts'

/**
 * Delivers part of a manual order (I17): makes a sub-order of the chosen items and executes it; the rest stays open. With
 * the last items the order itself is Executed (I20). Items that one sub-order has delivered already answer that one.
 *
 * @example const { SubOrder } = await callCustomApi(service, deliverOrderItems, { Items: [itemId] }, orderId)
 */
export const deliverOrderItems = defineCustomApi({
  uniqueName: 'iw_DeliverOrderItems',
  displayName: 'Order Delivery',
  description: 'Delivers chosen items of a manual order.',
  kind: 'action',
  table: InterworksOrder,
  parameters: {
    Items: { type: 'StringArray', description: 'The ids of the items.' },
    StartDate: {
      type: 'String',
      optional: true,
      description: "When services and invoicing begin, as 'YYYY-MM-DD'; left out: today.",
    },
  },
  response: { SubOrder: { type: 'EntityReference', table: InterworksOrder } },
  rules: ['I17', 'I20'],

  async run({ target, parameters, service, now }) {
    const startDate = checkStartDate(parameters.StartDate)
    const order = await readOrder(service, target.id)
    const chosen = chosenOf(order, await readItems(service, order.id), parameters.Items)
    const delivered = subOrderOf(chosen)
    if (delivered) return { SubOrder: reference(InterworksOrder, delivered) }
    refuseDelivery(order, chosen)

    // First of all the order: somebody who delivers from it at the same time waits here, loses, and tries again.
    await touch(service, order)
    const subOrder = await service.create(
      InterworksOrder,
      {
        iw_account: customerOf(order),
        iw_orderdate: now(),
        iw_status: reference(InterworksOrderStatus, order.status!.id),
        iw_executionmode: executionMode.Manual,
        iw_totalwithouttax: sumOf(chosen.map(lineAmount)),
        iw_parentorder: reference(InterworksOrder, order.id),
        iw_billingcontract: order.billingContract && reference('work365_billingcontract', order.billingContract.id),
        transactioncurrencyid: order.currency && reference('transactioncurrency', order.currency.id),
        iw_startdate: startDate ?? order.startDate,
      },
      bookkeeping,
    )
    for (const { id } of chosen) {
      const handed = { iw_deliveryorder: reference(InterworksOrder, subOrder) }
      await service.update(InterworksOrderItem, id, handed, bookkeeping)
    }
    const { id: executed } = await statusFor(service, statusPurposes.executedOrder)
    const changes = { iw_status: reference(InterworksOrderStatus, executed) }
    await service.update(InterworksOrder, subOrder, changes, bookkeeping)
    return { SubOrder: reference(InterworksOrder, subOrder) }
  },
})

function chosenOf({ code }: Order, items: readonly OrderItem[], ids: readonly string[]): readonly OrderItem[] {
  const byId = new Map(items.map((item) => [item.id, item]))
  return [...new Set(ids.map((id) => id.toLowerCase()))].map((id) => {
    const item = byId.get(id)
    if (item) return item
    throw refusal('I17', `Order ${code} has no item '${id}' (Items).`, 'Choose from the items of the order.')
  })
}

/** The sub-order that has delivered all of these items, and nothing beside them is asked for. */
function subOrderOf(chosen: readonly OrderItem[]): string | undefined {
  const [first, ...others] = new Set(chosen.map(({ deliveryOrder }) => deliveryOrder))
  return others.length === 0 ? first : undefined
}

function refuseDelivery({ code, stage, isManual }: Order, chosen: readonly OrderItem[]): void {
  if (chosen.length === 0) {
    throw refusal('I17', `No items (Items) of order ${code} are chosen.`, 'Choose at least one open item.')
  }
  if (stage !== 'open' || !isManual) {
    throw refusal(
      'I17',
      `Items of order ${code} cannot be delivered: it is ${stage === 'open' ? 'automatic' : stage}.`,
      'Only open orders for manual management are delivered in parts.',
    )
  }
  const done = chosen.filter(({ isPending }) => !isPending).map(({ name }) => `'${name}'`)
  if (done.length === 0) return
  throw refusal('I17', `${done.join(', ')} of order ${code} (Items) are delivered already.`, 'Leave them out.')
}

async function touch(service: OrganizationService, { id, rowVersion, status }: Order): Promise<void> {
  const changes = { iw_status: reference(InterworksOrderStatus, status!.id) }
  await service.update(InterworksOrder, id, changes, { ...bookkeeping, rowVersion })
}
