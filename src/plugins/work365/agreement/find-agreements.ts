import { Agreement } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'

/** The agreement of a template that an account has, whatever its status. */
export async function agreementOf(service: OrganizationService, account: string, template: string) {
  const { rows } = await service.retrieveMultiple(
    select(Agreement, [
      'work365_agreementid',
      'work365_agreement_name',
      'work365_agreement_agreementtemplate',
      'statuscode',
    ]).where('work365_agreement_account', 'eq', account),
  )
  // An account has few agreements, a template may have thousands: so the account alone is asked for.
  return rows.find(({ work365_agreement_agreementtemplate: of }) => of?.id === template)
}

/** Those of the accounts that have an agreement of the template, whatever its status. */
export async function accountsWithAgreement(
  service: OrganizationService,
  template: string,
  accounts: readonly string[],
): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set()
  const { rows } = await service.retrieveMultiple(
    select(Agreement, ['work365_agreement_account'])
      .where('work365_agreement_account', 'in', ...accounts)
      .where('work365_agreement_agreementtemplate', 'eq', template),
  )
  return new Set(rows.map(({ work365_agreement_account: account }) => account!.id))
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
