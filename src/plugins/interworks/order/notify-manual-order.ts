import { executionMode, InterworksOrder } from '../../../entities/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../../work365/load-settings.ts'
import { queueMail } from '../mail.ts'

/** I19: operations are told of each new order for manual management, if the settings name an address. */
export const notifyManualOrder = defineStep({
  name: 'interworks: tell operations of a manual order',
  table: InterworksOrder,
  message: 'Update',
  stage: 'postOperation',
  mode: 'asynchronous',
  rank: 10,
  filter: ['iw_executionmode'],
  postImage: ['iw_ordercode', 'iw_account', 'iw_totalwithouttax'],
  rules: ['I19'],

  async run({ target, postImage: order, service, trace }) {
    if (target.iw_executionmode !== executionMode.Manual) return
    const { values } = await loadSettings(service)
    if (!values.manualOrderNotification) return trace('no address is set: nobody is told')
    await queueMail(service, `New manual order ${order.iw_ordercode}`, {
      to: values.manualOrderNotification,
      subject: `Order ${order.iw_ordercode} waits for manual management`,
      body: `Order ${order.iw_ordercode} of ${order.iw_account?.name ?? 'an account'} over ${order.iw_totalwithouttax ?? 0} waits to be executed or delivered.`,
    })
  },
})
