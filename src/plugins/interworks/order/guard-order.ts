import { InterworksOrder } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { isBookkeeping } from '../bookkeeping.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { readOrderStatus, stageOf } from '../order-status/order-status.ts'
import { refusal } from '../refusal.ts'
import { objectionToStatusEdit } from './decide-status-edit.ts'
import { readOrder } from './read-order.ts'

/** What only submitting, executing and delivering write. */
const WRITTEN_BY_US = [
  'iw_executionmode',
  'iw_executedon',
  'iw_invoice',
  'iw_parentorder',
  'iw_totalwithouttax',
] as const

/** An order begins as a basket. */
export const startBasket = defineStep({
  name: 'interworks: begin an order as a basket',
  table: InterworksOrder,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  changes: ['iw_status'],
  behindWebhook: 'updateAfterwards',
  rules: ['I1', 'I13'],

  async run({ target, sharedVariables, service }) {
    if (isBookkeeping({ sharedVariables })) return
    refuseOurs(target)
    if (target.iw_account == null) {
      throw refusal('I15', 'An order needs an account (iw_account).', 'Give the reseller or the direct customer.')
    }
    if (target.iw_status == null) {
      const { id } = await statusFor(service, statusPurposes.basket)
      target.iw_status = reference('iw_orderstatus', id)
      return
    }
    const status = await readOrderStatus(service, target.iw_status.id)
    if (stageOf(status) === 'draft') return
    throw refusal(
      'I13',
      `An order cannot begin with the status (iw_status) '${status.name}'.`,
      'Leave the status out, add items, and submit the order with iw_SubmitOrder.',
    )
  },
})

/** What orders are is changed by submitting, executing and delivering; people set the status where that is possible. */
export const guardOrder = defineStep({
  name: 'interworks: guard what orders are',
  table: InterworksOrder,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_status', 'iw_account', 'iw_startdate', 'iw_billingcontract', ...WRITTEN_BY_US],
  preImage: ['iw_account'],
  rules: ['I13', 'I16'],

  async run({ id, target, preImage, sharedVariables, service }) {
    if (isBookkeeping({ sharedVariables })) return
    refuseOurs(target)
    const order = await readOrder(service, id)
    if (
      target.iw_account !== undefined &&
      order.stage !== 'draft' &&
      target.iw_account?.id !== preImage.iw_account?.id
    ) {
      throw refusal(
        'I13',
        `The account (iw_account) of order ${order.code} cannot change: the order is ${order.stage}.`,
        'Cancel it and place a new order.',
      )
    }
    if ((target.iw_startdate !== undefined || target.iw_billingcontract !== undefined) && order.executedOn) {
      throw refusal(
        'I16',
        `Start date (iw_startdate) and billing contract (iw_billingcontract) of order ${order.code} cannot change: the order is executed.`,
        'Change its subscriptions instead.',
      )
    }
    if (target.iw_status === undefined) return
    if (target.iw_status === null) {
      throw refusal('I1', `Order ${order.code} needs a status (iw_status).`, 'Choose an active one.')
    }
    const to = await readOrderStatus(service, target.iw_status.id)
    const objection = objectionToStatusEdit({ code: order.code, from: order.status, to })
    if (objection) throw refusal(objection.rule, objection.problem, objection.fix)
  },
})

/** Only a basket can be thrown away. */
export const guardOrderDeletion = defineStep({
  name: 'interworks: keep submitted orders from being deleted',
  table: InterworksOrder,
  message: 'Delete',
  stage: 'preOperation',
  rank: 10,
  rules: ['I13'],

  async run({ id, service }) {
    const { code, stage } = await readOrder(service, id)
    if (stage === 'draft') return
    throw refusal('I13', `Order ${code} cannot be deleted: it is ${stage}.`, 'Cancel it if it is still open.')
  },
})

function refuseOurs(target: { readonly [Column in (typeof WRITTEN_BY_US)[number]]?: unknown }): void {
  const column = WRITTEN_BY_US.find((name) => target[name] !== undefined && target[name] !== null)
  if (!column) return
  throw refusal(
    'I16',
    `The column ${column} of an order is written by the system only.`,
    'Leave it out; iw_SubmitOrder, iw_ExecuteOrder and iw_DeliverOrderItems set it.',
  )
}
