import {
  Account,
  Agreement,
  AgreementTemplate,
  Contact,
  Job,
  jobType,
  ProviderAccount,
} from '../../../entities/index.ts'
import { dayIn } from '../../../internal/time-zone.ts'
import { select } from '../../../query/index.ts'
import { InvalidPluginExecution, type OrganizationService, reference } from '../../../service/index.ts'
import { defineCustomApi } from '../../define-custom-api.ts'
import { loadSettings } from '../load-settings.ts'
import { capabilityOf } from './accept.ts'
import { agreementStatus } from './agreement-status.ts'
import { agreementOf } from './find-agreements.ts'
import { agreementName, newAgreement } from './new-agreement.ts'
import { usableTemplate } from './template-in-effect.ts'

/** What the job that creates an agreement at its provider is told, as JSON in the job's parameters. */
export interface OnboardingParameters {
  readonly template: string
  readonly account: string
  readonly signedBy: string
  /** `YYYY-MM-DD`. */
  readonly executedOn: string
}

/**
 * G4: the agreement that an account executed when it was onboarded. It is Active at once; for a direct CSP a job is
 * queued that creates it at the provider first, and then here.
 */
export const onboardAgreementApi = defineCustomApi({
  uniqueName: 'work365_OnboardAgreement',
  displayName: 'Onboard Agreement',
  description: 'Creates the agreement that the account has executed, at a direct provider there first.',
  kind: 'action',
  table: Account,
  rules: ['G4'],
  parameters: {
    Template: { type: 'EntityReference', table: AgreementTemplate, description: 'What was executed.' },
    SignedBy: { type: 'EntityReference', table: Contact, description: 'Who has signed for the customer.' },
    ExecutedOn: { type: 'DateTime', optional: true, description: 'When. Default: now.' },
  },
  response: {
    Status: { type: 'String', description: 'The status of the agreement, or Queued.' },
    Record: { type: 'EntityReference', description: 'The agreement, or the job that will create it.' },
  },

  async run({ target: account, parameters, service, now }) {
    const { values } = await loadSettings(service)
    const today = dayIn(values.defaultTimeZone, now())
    const executedOn = dayIn(values.defaultTimeZone, parameters.ExecutedOn ?? now())
    if (executedOn > today) {
      throw new InvalidPluginExecution(`ExecutedOn is ${executedOn}, which is not past yet (rule G4).`)
    }
    const template = await usableTemplate(service, parameters.Template.id, today)
    const existing = await agreementOf(service, account.id, parameters.Template.id)
    if (existing?.statuscode === agreementStatus.active) {
      return { Status: 'Active', Record: reference(Agreement, existing.work365_agreementid) }
    }
    if (existing?.statuscode === agreementStatus.inactive) {
      throw new InvalidPluginExecution(
        `The account's agreement '${existing.work365_agreement_name}' is inactive. Set it to Pending first (statecode, rule G8).`,
      )
    }
    const provider = template.work365_agreementtemplate_provider
    const name = await nameOf(service, account.id)
    if ((await capabilityOf(service, provider)).direct) {
      await refuseWithoutProviderAccount(service, account.id, provider)
      const onboarding: OnboardingParameters = {
        template: parameters.Template.id,
        account: account.id,
        signedBy: parameters.SignedBy.id,
        executedOn,
      }
      const job = await service.create(Job, {
        work365_job_name: `Create Agreement at Provider: ${agreementName(template, { ...account, name })}`.slice(
          0,
          200,
        ),
        work365_job_jobtype: jobType['Create Agreement at Provider'],
        work365_job_provider: { logicalName: 'work365_provider', id: provider.id },
        work365_job_parameters: JSON.stringify(onboarding),
      })
      return { Status: 'Queued', Record: reference(Job, job) }
    }
    const signature = {
      statuscode: agreementStatus.active,
      work365_agreement_signedby: reference(Contact, parameters.SignedBy.id),
      work365_agreement_signedon: executedOn,
    }
    const id = existing?.work365_agreementid
    if (id !== undefined) await service.update(Agreement, id, signature)
    const agreement =
      id ?? (await service.create(Agreement, { ...newAgreement(template, { ...account, name }), ...signature }))
    const { statuscode } = await service.retrieve(Agreement, agreement, ['statuscode'])
    const Status = statuscode === agreementStatus.active ? 'Active' : 'Pending'
    return { Status, Record: reference(Agreement, agreement) }
  },
})

async function nameOf(service: OrganizationService, account: string): Promise<string> {
  return (await service.retrieve(Account, account, ['name'])).name ?? account
}

async function refuseWithoutProviderAccount(
  service: OrganizationService,
  account: string,
  provider: { readonly id: string; readonly name?: string | undefined },
): Promise<void> {
  const { rows } = await service.retrieveMultiple(
    select(ProviderAccount, ['work365_provideraccountid'])
      .where('work365_provideraccount_account', 'eq', account)
      .where('work365_provideraccount_provider', 'eq', provider.id)
      .where('statecode', 'eq', 0)
      .first(1),
  )
  if (rows.length > 0) return
  throw new InvalidPluginExecution(
    `The agreement is created at provider '${provider.name ?? provider.id}' first, where the account has no active provider account. Map one to it (work365_provideraccount_account, rules G4 and O2).`,
  )
}
