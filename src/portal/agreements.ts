import { Agreement, AgreementTemplate, Contact } from '../entities/index.ts'
import { changeSourceTags } from '../plugins/index.ts'
import { select } from '../query/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../service/index.ts'
import type { PortalUser } from './portal-user.ts'
import { notFound } from './refusals.ts'

const { Pending, Active } = Agreement.states!.Active!.reasons as { readonly Pending: 1; readonly Active: 100_000_000 }

/** An agreement as the portal shows it. */
export interface PortalAgreement {
  readonly id: string
  readonly name: string | null
  readonly template: EntityReference | null
  /** Where its text is. */
  readonly link: string | null
  readonly instructions: string | null
  readonly status: 'Pending' | 'Active'
  /** `YYYY-MM-DD`. */
  readonly signedOn: string | null
  readonly signedBy: EntityReference | null
}

/** The agreements of the user's account that are pending or accepted. */
export async function agreementsOf(
  service: OrganizationService,
  { accountId }: PortalUser,
): Promise<readonly PortalAgreement[]> {
  const { rows } = await service.retrieveMultiple(
    select(Agreement.logicalName, [
      'work365_agreementid',
      'work365_agreement_name',
      'work365_agreement_agreementtemplate',
      'work365_agreement_signedon',
      'work365_agreement_signedby',
      'statuscode',
    ])
      .where('work365_agreement_account', 'eq', accountId)
      .where('statecode', 'eq', 0)
      .linked({
        table: AgreementTemplate.logicalName,
        from: 'work365_agreementtemplateid',
        to: 'work365_agreement_agreementtemplate',
        alias: 'template',
        type: 'outer',
        columns: ['work365_agreementtemplate_agreementlink', 'work365_agreementtemplate_portalinstructions'],
      })
      .orderBy('work365_agreement_name'),
  )
  return rows.map((row) => ({
    id: row.work365_agreementid as string,
    name: row.work365_agreement_name as string | null,
    template: row.work365_agreement_agreementtemplate as EntityReference | null,
    link: row['template.work365_agreementtemplate_agreementlink'] as string | null,
    instructions: row['template.work365_agreementtemplate_portalinstructions'] as string | null,
    status: row.statuscode === Active ? 'Active' : 'Pending',
    signedOn: row.work365_agreement_signedon as string | null,
    signedBy: row.work365_agreement_signedby as EntityReference | null,
  }))
}

/** G5: the user accepts a pending agreement of the account. Accepting again what is accepted changes nothing. */
export async function acceptAgreement(service: OrganizationService, user: PortalUser, id: string): Promise<void> {
  const row = await service.retrieve(Agreement, id, ['work365_agreement_account', 'statecode', 'statuscode'])
  if (row.work365_agreement_account?.id !== user.accountId || row.statecode !== 0) {
    throw notFound(Agreement.logicalName, id)
  }
  if (row.statuscode !== Pending) return
  await service.update(
    Agreement,
    id,
    { statuscode: Active, work365_agreement_signedby: reference(Contact, user.contactId) },
    { tag: changeSourceTags.portal },
  )
}
