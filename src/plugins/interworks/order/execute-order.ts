import { InterworksOrder, InterworksOrderStatus } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'
import { bookkeeping } from '../bookkeeping.ts'
import { readItemsToExecute } from '../order-item/read-items.ts'
import { statusFor, statusPurposes } from '../order-status/choose-status.ts'
import { refusal } from '../refusal.ts'
import { readOrder } from './read-order.ts'
import { checkStartDate } from './start-date.ts'

/**
 * Executes a whole order (I16): what is still open of it gets its subscription or asset entry, and an invoice, from the
 * start date on. Executing again creates nothing and answers 0.
 *
 * @example await callCustomApi(service, executeWholeOrder, { StartDate: '2026-04-01' }, orderId)
 */
export const executeWholeOrder = defineCustomApi({
  uniqueName: 'iw_ExecuteOrder',
  displayName: 'Execute Order',
  description: 'Executes what is still open of an order.',
  kind: 'action',
  table: InterworksOrder,
  parameters: {
    StartDate: {
      type: 'String',
      optional: true,
      description: "When services and invoicing begin, as 'YYYY-MM-DD'; left out: today.",
    },
  },
  response: { ExecutedItems: { type: 'Integer', description: 'How many items this call has executed.' } },
  rules: ['I16'],

  async run({ target, parameters, service }) {
    const startDate = checkStartDate(parameters.StartDate)
    const order = await readOrder(service, target.id)
    if (order.stage === 'executed') return { ExecutedItems: 0 }
    if (order.stage === 'draft') {
      throw refusal('I16', `Order ${order.code} cannot be executed: it is not submitted.`, 'Use iw_SubmitOrder.')
    }
    if (order.stage === 'cancelled') {
      throw refusal('I16', `Order ${order.code} cannot be executed: it is cancelled.`, 'Place a new order.')
    }
    const items = await readItemsToExecute(service, order.id)
    const status = await statusFor(service, statusPurposes.executedOrder)
    await service.update(
      InterworksOrder,
      order.id,
      {
        ...(startDate === undefined ? {} : { iw_startdate: startDate }),
        iw_status: reference(InterworksOrderStatus, status.id),
      },
      { ...bookkeeping, rowVersion: order.rowVersion },
    )
    return { ExecutedItems: items.length }
  },
})
