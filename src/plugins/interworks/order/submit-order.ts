import { InterworksOrder, InterworksOrderStatus } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'
import { refusal } from '../refusal.ts'
import { placeOrder } from './place.ts'
import { readOrder } from './read-order.ts'
import { checkStartDate } from './start-date.ts'

/**
 * Checks a basket out (I13, I14). Automatic services are executed at once; an order with a service that is not waits for
 * the operator, without charge, invoice or subscription. Submitting again changes nothing and answers the same.
 *
 * @example const { Manual } = await callCustomApi(service, submitOrder, {}, orderId)
 */
export const submitOrder = defineCustomApi({
  uniqueName: 'iw_SubmitOrder',
  displayName: 'Submit Order',
  description: 'Checks a basket out.',
  kind: 'action',
  table: InterworksOrder,
  parameters: {
    StartDate: {
      type: 'String',
      optional: true,
      description: "When the services begin, as 'YYYY-MM-DD'; left out: today.",
    },
  },
  response: {
    Status: { type: 'EntityReference', table: InterworksOrderStatus },
    Manual: { type: 'Boolean', description: 'Whether the order waits for the operator.' },
  },
  rules: ['I4', 'I6', 'I11', 'I13', 'I14'],

  async run({ target, parameters, service, now }) {
    const startDate = checkStartDate(parameters.StartDate)
    const order = await readOrder(service, target.id)
    if (order.stage === 'cancelled') {
      throw refusal('I13', `Order ${order.code} cannot be submitted: it is cancelled.`, 'Begin a new order.')
    }
    if (order.stage === 'draft') await placeOrder(service, order, { now: now(), startDate })
    const { status, isManual } = await readOrder(service, target.id)
    return { Status: reference(InterworksOrderStatus, status!.id), Manual: isManual }
  },
})
