import { ProviderError } from '../connectors/index.ts'
import { Agreement, AgreementTemplate, Contact, Job } from '../entities/index.ts'
import { isGuid } from '../internal/ids.ts'
import { agreementStatus } from '../plugins/index.ts'
import { agreementOf } from '../plugins/work365/agreement/find-agreements.ts'
import { newAgreement } from '../plugins/work365/agreement/new-agreement.ts'
import type { OnboardingParameters } from '../plugins/work365/agreement/onboard.ts'
import { templateColumns } from '../plugins/work365/agreement/template-in-effect.ts'
import { type OrganizationService, type Row, reference, type WriteRequest } from '../service/index.ts'
import { momentOf, personOf, templateIdOf } from './agreement-rows.ts'
import { acceptAtProvider, customerIdsOf } from './agreements-at-provider.ts'
import type { Connect } from './connection.ts'
import { defineJob, type JobDefinition } from './define-job.ts'
import { connectTo } from './provider-connection.ts'
import { syncOrderOf } from './sync-job.ts'

/**
 * Creates an agreement that was executed when a customer was onboarded at the provider first, and then, as the provider
 * shows it, here (G4). Queued by the custom API `work365_OnboardAgreement`.
 *
 * @see https://docs.work365apps.com/docs/work-365-agreements
 */
export function createAgreementAtProvider({ connect }: { readonly connect: Connect }): JobDefinition {
  return defineJob({
    type: 'Create Agreement at Provider',
    rules: ['G4'],

    async run(context) {
      const { job, service, clock } = context
      const { provider } = await syncOrderOf(context)
      const { template, account, signedBy, executedOn } = await parametersOf(service, job.id)
      const connected = await connectTo(context, connect, provider.id)
      if (!connected.connector) throw new ProviderError('invalid', connected.because)

      const customers = await customerIdsOf(service, account, provider.id)
      if (customers.length === 0) {
        throw new ProviderError(
          'invalid',
          `The account has no active provider account with an id at '${connected.provider.work365_provider_name}'. Map one to it, then onboard the agreement again.`,
        )
      }
      const acceptance = {
        templateId: await templateIdOf(service, template),
        signedBy: await personOf(service, signedBy),
        signedOn: momentOf(executedOn),
      }
      for (const customer of customers) await acceptAtProvider(connected, customer, acceptance)
      const signature = {
        statuscode: agreementStatus.active,
        work365_agreement_signedby: reference(Contact, signedBy),
        work365_agreement_signedon: executedOn,
        work365_agreement_attestedon: clock.now(),
      }
      return {
        status: 'succeeded',
        results: `Signed at the provider for ${customers.join(', ')}.`,
        also: await signHere(service, template, account, signature),
      }
    },
  })
}

async function signHere(
  service: OrganizationService,
  template: string,
  account: string,
  signature: Row,
): Promise<readonly WriteRequest[]> {
  const existing = await agreementOf(service, account, template)
  if (existing?.statuscode === agreementStatus.active) return []
  if (existing) {
    return [{ message: 'Update', table: Agreement, key: existing.work365_agreementid, changes: signature }]
  }
  const row = await service.retrieve(AgreementTemplate, template, templateColumns)
  return [
    {
      message: 'Create',
      table: Agreement,
      row: { ...newAgreement(row, { logicalName: 'account', id: account }), ...signature },
    },
  ]
}

async function parametersOf(service: OrganizationService, job: string): Promise<OnboardingParameters> {
  const { work365_job_parameters: text } = await service.retrieve(Job, job, ['work365_job_parameters'])
  try {
    const parameters = JSON.parse(text ?? '') as OnboardingParameters
    const { template, account, signedBy, executedOn } = parameters
    if ([template, account, signedBy].every(isGuid) && /^\d{4}-\d\d-\d\d$/.test(executedOn)) return parameters
  } catch {
    // Told below.
  }
  throw new ProviderError(
    'invalid',
    'The job does not say which agreement to create: work365_job_parameters is not what work365_OnboardAgreement writes. Onboard the agreement again.',
  )
}
