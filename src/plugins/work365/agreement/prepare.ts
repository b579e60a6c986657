import { Account, Agreement, AgreementTemplate } from '../../../entities/index.ts'
import { type EntityReference, InvalidPluginExecution, type OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import type { ExecutionContext } from '../../execution-context.ts'
import { agreementOf } from './find-agreements.ts'
import { agreementName } from './new-agreement.ts'
import { templateColumns } from './template-in-effect.ts'

/** The custom API that makes agreements in bulk. It has looked for what there is already. */
export const CREATE_AGREEMENTS = 'work365_CreateAgreements'

/** G1, G2: a new agreement is an instance of a template, is named after it, and is the account's only one. */
export const prepareAgreement = defineStep({
  name: 'work365: prepare a new agreement',
  table: Agreement,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  rules: ['G1', 'G2'],
  changes: ['work365_agreement_name', 'work365_agreement_provider'],
  behindWebhook: 'updateAfterwards',

  async run(context) {
    const { target, service } = context
    const template = target.work365_agreement_agreementtemplate ?? refuse(noTemplate)
    const account = target.work365_agreement_account ?? refuse(noAccount)
    if (isBulk(context) && target.work365_agreement_name) return

    await refuseSecond(service, template, account)
    const row = await service.retrieve(AgreementTemplate, template.id, templateColumns)
    target.work365_agreement_provider ??= row.work365_agreementtemplate_provider
    if (!target.work365_agreement_name) {
      const { name } = await service.retrieve(Account, account.id, ['name'])
      target.work365_agreement_name = agreementName(row, { ...account, ...(name ? { name } : {}) })
    }
  },
})

/** G1: the template and the account of an agreement cannot be taken away, nor changed to those of another agreement. */
export const keepTemplate = defineStep({
  name: 'work365: keep the template of an agreement',
  table: Agreement,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  rules: ['G1', 'G2'],
  filter: ['work365_agreement_agreementtemplate', 'work365_agreement_account'],
  preImage: ['work365_agreement_agreementtemplate', 'work365_agreement_account'],

  async run({ id, target, preImage, service }) {
    const { work365_agreement_agreementtemplate: template = preImage.work365_agreement_agreementtemplate } = target
    const { work365_agreement_account: account = preImage.work365_agreement_account } = target
    await refuseSecond(service, template ?? refuse(noTemplate), account ?? refuse(noAccount), id)
  },
})

const noTemplate =
  'An agreement needs a template: choose one in Agreement Template (work365_agreement_agreementtemplate), or create the template first (rule G1).'
const noAccount = 'An agreement needs a customer: choose one in Account (work365_agreement_account).'

function refuse(message: string): never {
  throw new InvalidPluginExecution(message)
}

async function refuseSecond(
  service: OrganizationService,
  template: EntityReference,
  account: EntityReference,
  self?: string,
): Promise<void> {
  const other = await agreementOf(service, account.id, template.id)
  if (!other || other.work365_agreementid === self) return
  const { work365_agreementtemplate_name: name } = await service.retrieve(AgreementTemplate, template.id, [
    'work365_agreementtemplate_name',
  ])
  refuse(
    `The account has an agreement of template '${name ?? template.id}' already: '${other.work365_agreement_name}' (${other.work365_agreementid}). Use that one; an inactive one can be set to Pending again (rule G2).`,
  )
}

/** Whether it is the custom API itself that creates the agreement, and not something further down. */
function isBulk({ operationId, parentContext }: ExecutionContext): boolean {
  let caller = parentContext
  // An operation's earlier stages are the parents of its later ones.
  while (caller?.operationId === operationId) caller = caller.parentContext
  return caller?.message === CREATE_AGREEMENTS
}
