import { executionMode, InterworksOrder, InterworksOrderItem, InterworksOrderStatus } from '../../../entities/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'
import { sumOf } from '../amounts.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { isManualOrder, isNonAutomatic } from '../order-item/basket.ts'
import { lineAmount } from '../order-item/line-amount.ts'
import { readItems, refuseMix } from '../order-item/read-items.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { refusal } from '../refusal.ts'
import type { Order } from './read-order.ts'

/** I13, I14: turns a basket into an order, manual or automatic as the types of its products say at this moment. */
export async function placeOrder(
  service: OrganizationService,
  order: Order,
  { now, startDate }: { readonly now: Date; readonly startDate: string | undefined },
): Promise<void> {
  const items = await readItems(service, order.id)
  if (items.length === 0) {
    throw refusal('I13', `Order ${order.code} has no items.`, 'Add what is ordered, then submit it.')
  }
  refuseMix(items)
  const isManual = isManualOrder(items)
  for (const item of items) {
    // What its type says now is kept with the item: later changes of the type do not count (I10).
    if (isNonAutomatic(item) === item.wasNonAutomatic) continue
    await service.update(InterworksOrderItem, item.id, { iw_nonautomatic: isNonAutomatic(item) }, bookkeeping)
  }
  const status = await statusFor(service, isManual ? statusPurposes.manualOrder : statusPurposes.executedOrder)
  await service.update(
    InterworksOrder,
    order.id,
    {
      iw_executionmode: isManual ? executionMode.Manual : executionMode.Automatic,
      iw_orderdate: now,
      iw_totalwithouttax: sumOf(items.map(lineAmount)),
      ...(startDate === undefined ? {} : { iw_startdate: startDate }),
      // To a status of type Automatic Execute: the order is executed by the step that listens to that.
      iw_status: reference(InterworksOrderStatus, status.id),
    },
    // Somebody who submits the same basket at the same time loses, and finds it submitted when trying again.
    { ...bookkeeping, rowVersion: order.rowVersion },
  )
}
