import { Account, type Agreement, AgreementTemplate } from '../../../entities/index.ts'
import { type CreateOf, type EntityReference, reference } from '../../../service/index.ts'
import { nameOfTemplate, type TemplateRow } from './template-in-effect.ts'

/** What a new agreement is called: its template, and whose it is. */
export function agreementName(template: TemplateRow, account: EntityReference): string {
  return `${nameOfTemplate(template)}: ${account.name ?? account.id}`.slice(0, 200)
}

/** A Pending agreement of an account, as an instance of the template. */
export function newAgreement(template: TemplateRow, account: EntityReference): CreateOf<typeof Agreement> {
  const provider = template.work365_agreementtemplate_provider
  return {
    // Without the account's name at hand the step that prepares agreements looks it up.
    ...(account.name ? { work365_agreement_name: agreementName(template, account) } : {}),
    work365_agreement_account: reference(Account, account.id),
    work365_agreement_agreementtemplate: reference(AgreementTemplate, template.work365_agreementtemplateid),
    work365_agreement_provider: provider && { logicalName: 'work365_provider', id: provider.id },
  }
}
