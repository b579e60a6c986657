import { Agreement, BillingContract } from '../../../entities/index.ts'
import { type EntityReference, InvalidPluginExecution, type OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'

/** G9: a new agreement is tagged on a billing contract of its own customer only. */
export const checkNewContract = defineStep({
  name: 'work365: check the billing contract of a new agreement',
  table: Agreement,
  message: 'Create',
  stage: 'preOperation',
  rank: 30,
  rules: ['G9'],

  run: ({ target, service }) =>
    check(service, target.work365_agreement_billingcontract, target.work365_agreement_account),
})

/** G9: an agreement is tagged on a billing contract of its own customer only. */
export const checkContract = defineStep({
  name: 'work365: check the billing contract of an agreement',
  table: Agreement,
  message: 'Update',
  stage: 'preOperation',
  rank: 30,
  rules: ['G9'],
  filter: ['work365_agreement_billingcontract', 'work365_agreement_account'],
  preImage: ['work365_agreement_billingcontract', 'work365_agreement_account'],

  run({ target, preImage, service }) {
    const { work365_agreement_billingcontract: contract = preImage.work365_agreement_billingcontract } = target
    const { work365_agreement_account: account = preImage.work365_agreement_account } = target
    return check(service, contract, account)
  },
})

async function check(
  service: OrganizationService,
  contract: EntityReference | null | undefined,
  account: EntityReference | null | undefined,
): Promise<void> {
  if (!contract || !account) return
  const { work365_billingcontract_customer: customer, work365_billingcontract_name: name } = await service.retrieve(
    BillingContract,
    contract.id,
    ['work365_billingcontract_customer', 'work365_billingcontract_name'],
  )
  if (customer?.id === account.id) return
  throw new InvalidPluginExecution(
    `Billing contract '${name}' belongs to ${customer ? `'${customer.name ?? customer.id}'` : 'no customer'}, not to the customer of the agreement. Choose one of that customer's in Billing Contract (work365_agreement_billingcontract, rule G9).`,
  )
}
