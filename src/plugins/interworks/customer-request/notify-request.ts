import {
  Account,
  Contact,
  InterworksCustomerRequest,
  labelOf,
  requestKind,
  requestStatus,
  Subscription,
} from '../../../entities/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../../work365/load-settings.ts'
import { queueMail } from '../mail.ts'

const rules = ['I24']

/** I24: a new request is announced. */
export const notifyNewRequest = defineStep({
  name: 'interworks: tell of a new customer request',
  table: InterworksCustomerRequest,
  message: 'Create',
  stage: 'postOperation',
  mode: 'asynchronous',
  rank: 10,
  rules,

  run: ({ id, service }) => notify(service, id, 'requested'),
})

/** I24: so is what became of it. */
export const notifyClosedRequest = defineStep({
  name: 'interworks: tell of a closed customer request',
  table: InterworksCustomerRequest,
  message: 'Update',
  stage: 'postOperation',
  mode: 'asynchronous',
  rank: 10,
  filter: ['statuscode', 'statecode'],
  preImage: ['statuscode'],
  postImage: ['statuscode'],
  rules,

  async run({ id, preImage, postImage, service }) {
    if (preImage.statuscode !== requestStatus.Pending || postImage.statuscode === requestStatus.Pending) return
    await notify(service, id, (labelOf(requestStatus, postImage.statuscode!) ?? 'closed').toLowerCase())
  },
})

async function notify(service: OrganizationService, id: string, event: string): Promise<void> {
  const request = await service.retrieve(InterworksCustomerRequest, id, [
    'iw_requestcode',
    'iw_kind',
    'iw_subscription',
    'iw_quantity',
    'iw_sendconfirmation',
    'iw_instructions',
    'iw_answer',
  ])
  const kind = labelOf(requestKind, request.iw_kind ?? -1) ?? 'Request'
  const what = `${kind} of '${request.iw_subscription?.name ?? 'a subscription'}' ${event}`
  const mail = {
    subject: `${request.iw_requestcode}: ${what}`,
    body: [
      `${what}, ${request.iw_quantity === null ? 'all licenses' : `${request.iw_quantity} licenses`}.`,
      ...(request.iw_instructions ? [`Instructions: ${request.iw_instructions}`] : []),
      ...(request.iw_answer ? [`Answer: ${request.iw_answer}`] : []),
    ].join('\n'),
  }
  const { values } = await loadSettings(service)
  const operations = values.customerRequestNotification
  if (operations) await queueMail(service, `${request.iw_requestcode} ${event}`, { to: operations, ...mail })
  const customer = request.iw_sendconfirmation ? await customerAddress(service, request.iw_subscription?.id) : null
  if (customer)
    await queueMail(service, `${request.iw_requestcode} ${event}, to the customer`, { to: customer, ...mail })
}

/** Where the customer of a subscription is written to: its primary contact. */
async function customerAddress(service: OrganizationService, subscription: string | undefined): Promise<string | null> {
  if (subscription === undefined) return null
  const { work365_subscription_customer: customer } = await service.retrieve(Subscription, subscription, [
    'work365_subscription_customer',
  ])
  const { primarycontactid: contact } = customer
    ? await service.retrieve(Account, customer.id, ['primarycontactid'])
    : { primarycontactid: null }
  return contact ? (await service.retrieve(Contact, contact.id, ['emailaddress1'])).emailaddress1 : null
}
