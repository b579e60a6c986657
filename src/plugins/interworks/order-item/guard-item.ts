import { deliveryStatus, InterworksOrder, InterworksOrderItem } from '../../../entities/index.ts'
import { defineStep } from '../../define-step.ts'
import { sumOf } from '../amounts.ts'
import { bookkeeping, isBookkeeping } from '../bookkeeping.ts'
import { readOrder } from '../order/read-order.ts'
import { refusal } from '../refusal.ts'
import { refusePrice, refuseQuantity } from './add-item.ts'
import { lineAmount } from './line-amount.ts'
import { readItems } from './read-items.ts'

/** What an item is of; another product is another item. What is still empty may be filled in, as a step behind a webhook does. */
const FIXED = ['iw_order', 'iw_product', 'iw_producttype', 'transactioncurrencyid'] as const
/** What only executing and delivering write. */
const WRITTEN_BY_US = [
  'iw_deliverystatus',
  'iw_deliveryorder',
  'iw_deliveredon',
  'iw_executedon',
  'iw_subscription',
  'iw_asset',
] as const

/** In a basket quantities and prices can change, in a submitted order the prices of what is open, afterwards nothing. */
export const guardItem = defineStep({
  name: 'interworks: guard what was ordered',
  table: InterworksOrderItem,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_quantity', 'iw_unitprice', 'iw_nonautomatic', ...FIXED, ...WRITTEN_BY_US],
  preImage: ['iw_name', 'iw_deliverystatus', 'iw_quantity', ...FIXED],
  rules: ['I13', 'I16', 'I17'],

  async run({ target, preImage, sharedVariables, service }) {
    if (isBookkeeping({ sharedVariables })) return
    const name = preImage.iw_name ?? 'Order item'
    const ours = WRITTEN_BY_US.find((column) => target[column] !== undefined)
    if (ours) {
      throw refusal('I17', `The column ${ours} of an order item is written by the system only.`, 'Leave it out.')
    }
    const fixed = FIXED.find((column) => target[column] !== undefined && preImage[column] != null)
    if (fixed) {
      throw refusal('I11', `${fixed} of item '${name}' cannot change.`, 'Remove the item and add another one.')
    }
    if (target.iw_quantity !== undefined) refuseQuantity(target.iw_quantity)
    refusePrice(target.iw_unitprice)

    const order = preImage.iw_order && (await readOrder(service, preImage.iw_order.id))
    if (!order || order.stage === 'draft') return
    if (target.iw_nonautomatic !== undefined) {
      throw refusal('I10', `The column iw_nonautomatic of item '${name}' was settled with its order.`, 'Leave it out.')
    }
    if (target.iw_quantity !== undefined && target.iw_quantity !== preImage.iw_quantity) {
      throw refusal(
        'I13',
        `The quantity (iw_quantity) of item '${name}' cannot change: order ${order.code} is ${order.stage}.`,
        'Cancel the order and place a new one.',
      )
    }
    const isPending = (preImage.iw_deliverystatus ?? deliveryStatus.Pending) === deliveryStatus.Pending
    if (target.iw_unitprice !== undefined && (order.stage !== 'open' || !isPending)) {
      throw refusal(
        'I16',
        `The unit price (iw_unitprice) of item '${name}' of order ${order.code} cannot change: it is no longer open.`,
        'Change the price of its subscription instead.',
      )
    }
  },
})

/** The total of a submitted order follows the prices of its items. */
export const repriceOrder = defineStep({
  name: 'interworks: total a submitted order again',
  table: InterworksOrderItem,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  filter: ['iw_unitprice'],
  postImage: ['iw_order'],
  rules: ['I15'],

  async run({ postImage, service }) {
    if (!postImage.iw_order) return
    const { id, stage } = await readOrder(service, postImage.iw_order.id)
    if (stage !== 'open') return
    const total = sumOf((await readItems(service, id)).map(lineAmount))
    await service.update(InterworksOrder, id, { iw_totalwithouttax: total }, bookkeeping)
  },
})

/** Items are taken out of baskets only. */
export const guardItemDeletion = defineStep({
  name: 'interworks: keep submitted items from being deleted',
  table: InterworksOrderItem,
  message: 'Delete',
  stage: 'preOperation',
  rank: 10,
  preImage: ['iw_name', 'iw_order'],
  rules: ['I13'],

  async run({ preImage, service }) {
    if (!preImage.iw_order) return
    const { code, stage } = await readOrder(service, preImage.iw_order.id)
    if (stage === 'draft') return
    throw refusal(
      'I13',
      `Item '${preImage.iw_name}' cannot be removed from order ${code} (iw_order): it is ${stage}.`,
      'Cancel the order and place a new one.',
    )
  },
})
