import { BillingContract, LicenseChangeLog, provisioningStatus, Subscription } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'

/** L10: a new subscription without a customer gets that of its billing contract. */
export const fillCustomer = defineStep({
  name: 'work365: take the customer of a new subscription from its billing contract',
  table: Subscription,
  message: 'Create',
  stage: 'preOperation',
  rank: 4,
  rules: ['L10'],
  changes: ['work365_subscription_customer'],
  behindWebhook: 'updateAfterwards',

  async run({ target, service }) {
    const { work365_subscription_billingcontract: contract, work365_subscription_customer: customer } = target
    if (contract && !customer) target.work365_subscription_customer = await customerOf(service, contract)
  },
})

/** L10: the same for one that is put on a billing contract later. */
export const fillCustomerLater = defineStep({
  name: 'work365: take the customer of a subscription from the billing contract that it is put on',
  table: Subscription,
  message: 'Update',
  stage: 'preOperation',
  rank: 4,
  rules: ['L10'],
  filter: ['work365_subscription_billingcontract'],
  preImage: ['work365_subscription_customer'],
  changes: ['work365_subscription_customer'],
  behindWebhook: 'updateAfterwards',

  async run({ target, preImage, service }) {
    const contract = target.work365_subscription_billingcontract
    if (!contract || target.work365_subscription_customer || preImage.work365_subscription_customer) return
    target.work365_subscription_customer = await customerOf(service, contract)
  },
})

/** L10: the change logs that were made before the subscription had an account get it too, so that they can be re-queued. */
export const fillAccountOfChangeLogs = defineStep({
  name: 'work365: fill in the account of the change logs that lack one',
  table: Subscription,
  message: 'Update',
  stage: 'postOperation',
  rank: 5,
  rules: ['L10'],
  filter: ['work365_subscription_customer', 'work365_subscription_billingcontract'],
  preImage: ['work365_subscription_customer'],
  postImage: ['work365_subscription_customer'],

  async run({ id, preImage, postImage, service }) {
    const customer = postImage.work365_subscription_customer
    if (!customer || preImage.work365_subscription_customer) return
    const { rows } = await service.retrieveMultiple(
      select(LicenseChangeLog, ['work365_licensechangelogid'])
        .where('work365_licensechangelog_subscription', 'eq', id)
        .where('work365_licensechangelog_customer', 'null')
        .where('work365_licensechangelog_provisioningstatus', 'ne', provisioningStatus.Provisioned),
    )
    for (const { work365_licensechangelogid: changeLog } of rows) {
      await service.update(LicenseChangeLog, changeLog, { work365_licensechangelog_customer: customer })
    }
  },
})

async function customerOf(service: OrganizationService, contract: EntityReference) {
  const { work365_billingcontract_customer: customer } = await service.retrieve(BillingContract, contract.id, [
    'work365_billingcontract_customer',
  ])
  return customer
}
