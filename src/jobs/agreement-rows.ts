import { type Contact as Person, ProviderError } from '../connectors/index.ts'
import { Agreement, AgreementTemplate, Contact } from '../entities/index.ts'
import type { OrganizationService, Selected } from '../service/index.ts'

export const agreementColumns = [
  'work365_agreementid',
  'work365_agreement_name',
  'work365_agreement_account',
  'work365_agreement_agreementtemplate',
  'work365_agreement_provider',
  'work365_agreement_signedby',
  'work365_agreement_signedon',
  'statuscode',
] as const
export type AgreementRow = Selected<typeof Agreement, (typeof agreementColumns)[number]>

export function readAgreement(service: OrganizationService, id: string): Promise<AgreementRow> {
  return service.retrieve(Agreement, id, agreementColumns)
}

/** The provider's id of a template. @throws ProviderError `invalid` when the template has none. */
export async function templateIdOf(service: OrganizationService, template: string): Promise<string> {
  const { work365_agreementtemplate_templateid: id, work365_agreementtemplate_name: name } = await service.retrieve(
    AgreementTemplate,
    template,
    ['work365_agreementtemplate_templateid', 'work365_agreementtemplate_name'],
  )
  if (id) return id
  throw new ProviderError(
    'invalid',
    `Template '${name ?? template}' has no id at the provider. Enter it in Template Id (work365_agreementtemplate_templateid), then queue a new job.`,
  )
}

/** A contact in the words of connectors. */
export async function personOf(service: OrganizationService, contact: string): Promise<Person> {
  const { firstname, lastname, emailaddress1 } = await service.retrieve(Contact, contact, [
    'firstname',
    'lastname',
    'emailaddress1',
  ])
  return { firstName: firstname ?? undefined, lastName: lastname ?? undefined, email: emailaddress1 ?? undefined }
}

/** The moment for which a day stands at a provider: its beginning in UTC. */
export function momentOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}
