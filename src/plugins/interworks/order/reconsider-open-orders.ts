import {
  deliveryStatus,
  executionMode,
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  InterworksProductType,
} from '../../../entities/index.ts'
import { MAX_PAGE_SIZE, select } from '../../../query/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../../work365/load-settings.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { isManualOrder, isNonAutomatic } from '../order-item/basket.ts'
import { readItems } from '../order-item/read-items.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { readOrder } from './read-order.ts'

/**
 * I10: orders keep the mode that they were placed with, unless the setting says otherwise: then those of which no open
 * item needs a person any more are executed when the flag of their type is turned off.
 */
export const reconsiderOpenOrders = defineStep({
  name: 'interworks: reconsider open orders when the flag is turned off',
  table: InterworksProductType,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  filter: ['iw_nonautomaticexecution'],
  preImage: ['iw_nonautomaticexecution'],
  rules: ['I10'],

  async run({ id, target, preImage, service, trace }) {
    if (preImage.iw_nonautomaticexecution !== true || target.iw_nonautomaticexecution === true) return
    const { values } = await loadSettings(service)
    if (values.ordersKeepTheirMode) return trace('open orders keep their mode')
    for (const order of await waitingOrders(service, id)) await reconsider(service, order)
  },
})

async function reconsider(service: OrganizationService, id: string): Promise<void> {
  const { stage, isManual } = await readOrder(service, id)
  const open = (await readItems(service, id)).filter(({ isPending }) => isPending)
  if (stage !== 'open' || !isManual || isManualOrder(open)) return
  for (const item of open) {
    if (item.wasNonAutomatic === isNonAutomatic(item)) continue
    await service.update(InterworksOrderItem, item.id, { iw_nonautomatic: false }, bookkeeping)
  }
  const { id: executed } = await statusFor(service, statusPurposes.executedOrder)
  await service.update(
    InterworksOrder,
    id,
    { iw_executionmode: executionMode.Automatic, iw_status: reference(InterworksOrderStatus, executed) },
    bookkeeping,
  )
}

/** The orders with open items of the type. */
async function waitingOrders(service: OrganizationService, type: string): Promise<ReadonlySet<string>> {
  const query = select(InterworksOrderItem, ['iw_order'])
    .where('iw_producttype', 'eq', type)
    .where('iw_nonautomatic', 'eq', true)
    .where('iw_deliverystatus', 'eq', deliveryStatus.Pending)
  const found = new Set<string>()
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(MAX_PAGE_SIZE, cookie))
    for (const { iw_order: order } of rows) if (order) found.add(order.id)
    cookie = pagingCookie
  } while (cookie !== undefined)
  return found
}
