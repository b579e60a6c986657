import { ProviderError } from '../connectors/index.ts'
import { Provider } from '../entities/index.ts'
import { agreementStatus, loadSettings } from '../plugins/index.ts'
import type { OrganizationService } from '../service/index.ts'
import { type AgreementRow, momentOf, personOf, readAgreement, templateIdOf } from './agreement-rows.ts'
import { acceptAtProvider, customerIdsOf } from './agreements-at-provider.ts'
import type { Connect } from './connection.ts'
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts'
import type { SendMail } from './manual-provider-reminder.ts'
import { connectTo } from './provider-connection.ts'

export interface ConfirmAcceptanceOptions {
  /** Finds the connection for an Automatic or Rest provider. */
  readonly connect: Connect
  readonly sendMail: SendMail
}

/**
 * Confirms at the provider that a customer has accepted an agreement, where the provider takes that, and tells the partner
 * by e-mail (G6). The mail goes to whom the setting `notifyAcceptance` names, else to the provider's Manual Provider Email
 * Recipient. The job is queued by the acceptance itself.
 *
 * @see https://docs.work365apps.com/docs/work-365-jobs
 */
export function confirmAcceptance({ connect, sendMail }: ConfirmAcceptanceOptions): JobDefinition {
  return defineJob({
    type: 'Confirm Customer Acceptance of Provider Agreement',
    rules: ['G6'],

    async run(context) {
      const { job, service } = context
      if (!job.regarding) {
        throw new ProviderError(
          'invalid',
          'The job names no agreement: its column work365_job_regarding is empty. Create a new job with the agreement in Regarding.',
        )
      }
      const agreement = await readAgreement(service, job.regarding.id)
      if (!agreement.work365_agreement_signedby || agreement.statuscode === agreementStatus.inactive) {
        return { status: 'notApplicable', results: 'The agreement is not accepted.' }
      }
      const confirmed = await confirm(context, connect, agreement)
      const to = await recipientOf(service, agreement)
      if (!to) {
        const nobody =
          'Nobody is told: enter an address in the setting Work365.Agreements.NotifyAcceptance or in Manual Provider Email Recipient of the provider.'
        return {
          status: confirmed ? 'succeeded' : 'notApplicable',
          results: [confirmed, nobody].filter(Boolean).join(' '),
        }
      }
      await sendMail({ to, ...mailAbout(agreement) })
      return { status: 'succeeded', results: [confirmed, `Mail sent to ${to}.`].filter(Boolean).join(' ') }
    },
  })
}

/** Answers what was confirmed, as a sentence; `undefined` where the provider takes no confirmations. */
async function confirm(context: JobContext, connect: Connect, agreement: AgreementRow): Promise<string | undefined> {
  const { service } = context
  const provider = agreement.work365_agreement_provider
  if (!provider) return undefined
  const connected = await connectTo(context, connect, provider.id)
  if (!connected.connector?.agreements?.accept) return undefined
  const customers = await customerIdsOf(service, agreement.work365_agreement_account!.id, provider.id)
  if (customers.length === 0) return undefined
  const acceptance = {
    templateId: await templateIdOf(service, agreement.work365_agreement_agreementtemplate!.id),
    signedBy: await personOf(service, agreement.work365_agreement_signedby!.id),
    signedOn: momentOf(agreement.work365_agreement_signedon!),
  }
  try {
    for (const customer of customers) await acceptAtProvider(connected, customer, acceptance)
  } catch (error) {
    // Such a provider hears of it from the customer; the partner is told all the same.
    if (ProviderError.isInstance(error) && error.code === 'notEligible') return undefined
    throw error
  }
  return `Confirmed at the provider for ${customers.join(', ')}.`
}

async function recipientOf(service: OrganizationService, agreement: AgreementRow): Promise<string | null> {
  const { values } = await loadSettings(service)
  const provider = agreement.work365_agreement_provider
  if (values.notifyAcceptance || !provider) return values.notifyAcceptance
  const { work365_provider_manualprovideremail: email } = await service.retrieve(Provider, provider.id, [
    'work365_provider_manualprovideremail',
  ])
  return email
}

function mailAbout(agreement: AgreementRow): { readonly subject: string; readonly text: string } {
  const name = agreement.work365_agreement_name ?? agreement.work365_agreementid
  const lines = [
    `Agreement: ${name}`,
    `Customer: ${agreement.work365_agreement_account?.name ?? 'unknown'}`,
    `Provider: ${agreement.work365_agreement_provider?.name ?? 'none'}`,
    `Signed by: ${agreement.work365_agreement_signedby?.name ?? 'unknown'}`,
    `Signed on: ${agreement.work365_agreement_signedon}`,
    ...(agreement.statuscode === agreementStatus.pending
      ? ['', 'It stays Pending until the acceptance is seen at the provider.']
      : []),
  ]
  return { subject: `Accepted by the customer: ${name}`, text: lines.join('\n') }
}
