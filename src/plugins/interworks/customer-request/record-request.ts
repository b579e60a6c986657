import { InterworksCustomerRequest, requestStatus } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { bookkeeping, isBookkeeping } from '../bookkeeping.ts'
import { refusal } from '../refusal.ts'
import { isAutomatic } from './decide-request.ts'
import { checkedRequest, gatherRequest } from './gather-request.ts'

/** What a request asks for. What is still empty may be filled in, as a step behind a webhook does. */
const FIXED = [
  'iw_kind',
  'iw_executiontype',
  'iw_quantity',
  'iw_product',
  'iw_subscription',
  'iw_submittedby',
  'iw_submittedon',
] as const
const MAY_BE_FILLED_IN: readonly string[] = ['iw_submittedby', 'iw_submittedon']
/** What becomes of it. */
const WRITTEN_BY_US = ['iw_isautomatic', 'iw_effectiveon', 'iw_newsubscription'] as const

/** I21, I23: a request is checked and recorded, with who made it and when. */
export const recordRequest = defineStep({
  name: 'interworks: record a customer request',
  table: InterworksCustomerRequest,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  changes: ['iw_submittedby', 'iw_submittedon'],
  behindWebhook: 'updateAfterwards',
  rules: ['I21', 'I22', 'I23', 'I25'],

  async run({ target, service, initiatingUserId, now }) {
    if (target.statuscode !== undefined && target.statuscode !== requestStatus.Pending) {
      throw refusal('I21', 'A customer request begins as Pending (statuscode).', 'Leave the status reason out.')
    }
    const ours = WRITTEN_BY_US.find((column) => target[column] != null && target[column] !== false)
    if (ours) throw refusal('I23', `The column ${ours} is written by the system only.`, 'Leave it out.')
    await checkedRequest(service, target)
    target.iw_submittedby ??= reference('systemuser', initiatingUserId)
    target.iw_submittedon = now()
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
    if (!isAutomatic(await gatherRequest(service, target))) return trace('it waits for an operator')
    const changes = { iw_isautomatic: true, statuscode: requestStatus.Completed }
    await service.update(InterworksCustomerRequest, id, changes, bookkeeping)
  },
})

/** I23: what was asked for stays as it was asked for. */
export const guardRequest = defineStep({
  name: 'interworks: keep a customer request as it was made',
  table: InterworksCustomerRequest,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: [...FIXED, ...WRITTEN_BY_US],
  preImage: ['iw_requestcode', 'iw_submittedby', 'iw_submittedon'],
  rules: ['I23'],

  run({ target, preImage, sharedVariables }) {
    if (isBookkeeping({ sharedVariables })) return
    const isEmpty = (name: string) => MAY_BE_FILLED_IN.includes(name) && preImage[name as 'iw_submittedby'] == null
    const column = [...FIXED, ...WRITTEN_BY_US].find((name) => target[name] !== undefined && !isEmpty(name))
    if (!column) return
    throw refusal(
      'I23',
      `${column} of request ${preImage.iw_requestcode} cannot change.`,
      'Withdraw the request and make another one.',
    )
  },
})
