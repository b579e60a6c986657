import { InterworksCustomerRequest, requestStatus } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { bookkeeping, isBookkeeping } from '../bookkeeping.ts'
import { refusal } from '../refusal.ts'
import { isAutomatic } from './decide-request.ts'
import { checkedRequest } from './gather-request.ts'

/** What a request asks for, and what becomes of it; neither changes by an update of the columns. */
const FIXED = [
  'iw_kind',
  'iw_executiontype',
  'iw_quantity',
  'iw_product',
  'iw_subscription',
  'iw_submittedby',
  'iw_submittedon',
  'iw_isautomatic',
  'iw_effectiveon',
  'iw_newsubscription',
] as const

/** I21, I23: a request is checked and recorded, with who made it and when. */
export const recordRequest = defineStep({
  name: 'interworks: record a customer request',
  table: InterworksCustomerRequest,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  changes: ['iw_submittedby', 'iw_submittedon', 'iw_isautomatic'],
  behindWebhook: 'updateAfterwards',
  rules: ['I21', 'I22', 'I23', 'I25'],

  async run({ target, service, initiatingUserId, now }) {
    if (target.statuscode !== undefined && target.statuscode !== requestStatus.Pending) {
      throw refusal('I21', 'A customer request begins as Pending (statuscode).', 'Leave the status reason out.')
    }
    const ours = (['iw_effectiveon', 'iw_newsubscription'] as const).find((column) => target[column] != null)
    if (ours) throw refusal('I23', `The column ${ours} is written by the system only.`, 'Leave it out.')
    const facts = await checkedRequest(service, target)
    target.iw_submittedby ??= reference('systemuser', initiatingUserId)
    target.iw_submittedon = now()
    target.iw_isautomatic = isAutomatic(facts)
  },
})

/** I21: where the product type says so, a request is completed at once. */
export const completeAutomatically = defineStep({
  name: 'interworks: complete an automatic customer request',
  table: InterworksCustomerRequest,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,
  rules: ['I21'],

  async run({ id, target, service, trace }) {
    if (target.iw_isautomatic !== true) return trace('it waits for an operator')
    await service.update(InterworksCustomerRequest, id, { statuscode: requestStatus.Completed }, bookkeeping)
  },
})

/** I23: what was asked for stays as it was asked for. */
export const guardRequest = defineStep({
  name: 'interworks: keep a customer request as it was made',
  table: InterworksCustomerRequest,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: [...FIXED],
  preImage: ['iw_requestcode'],
  rules: ['I23'],

  run({ target, preImage, sharedVariables }) {
    if (isBookkeeping({ sharedVariables })) return
    const column = FIXED.find((name) => target[name] !== undefined)
    throw refusal(
      'I23',
      `${column} of request ${preImage.iw_requestcode} cannot change.`,
      'Withdraw the request and make another one.',
    )
  },
})
