import { Agreement } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'

/** The agreements of a template that these accounts have, whatever their status. */
export async function agreementsOfTemplate(
  service: OrganizationService,
  template: string,
  accounts: readonly string[],
) {
  if (accounts.length === 0) return []
  const { rows } = await service.retrieveMultiple(
    select(Agreement, [
      'work365_agreementid',
      'work365_agreement_name',
      'work365_agreement_account',
      'work365_agreement_signedby',
      'statuscode',
    ])
      .where('work365_agreement_account', 'in', ...accounts)
      .where('work365_agreement_agreementtemplate', 'eq', template),
  )
  return rows
}

/** The agreements that are tagged on a billing contract, by name (G9). */
export async function agreementsOfContract(service: OrganizationService, billingContract: string) {
  const { rows } = await service.retrieveMultiple(
    select(Agreement, [
      'work365_agreementid',
      'work365_agreement_name',
      'work365_agreement_agreementtemplate',
      'work365_agreement_provider',
      'work365_agreement_signedby',
      'work365_agreement_signedon',
      'statuscode',
    ])
      .where('work365_agreement_billingcontract', 'eq', billingContract)
      .orderBy('work365_agreement_name'),
  )
  return rows
}
