import { ProviderError } from '../connectors/index.ts'
import { LicenseChangeLog, Provider, provisioningStatus, Subscription } from '../entities/index.ts'
import { changeLogIdOf } from './change-log-id.ts'
import { defineJob, type JobDefinition } from './define-job.ts'

/** An e-mail in plain text. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends mail; rejects when it cannot. */
export type SendMail = (mail: Mail) => Promise<void>

/**
 * Tells the recipient that a Manual provider names what has to be done there by hand (L4).
 *
 * @see https://help.work365apps.com/documentation/billing/work-365-providers/configuring-providers/
 */
export function manualProviderReminder({ sendMail }: { readonly sendMail: SendMail }): JobDefinition {
  return defineJob({
    type: 'Manual Provider Reminder Email',

    async run({ job, service }) {
      const changeLog = await service.retrieve(LicenseChangeLog, changeLogIdOf(job), [
        'work365_licensechangelog_name',
        'work365_licensechangelog_quantity',
        'work365_licensechangelog_subscription',
        'work365_licensechangelog_customer',
        'work365_licensechangelog_provisioningstatus',
      ])
      if (changeLog.work365_licensechangelog_provisioningstatus !== provisioningStatus['Awaiting Provisioning']) {
        return { status: 'notApplicable', results: 'The change log does not await provisioning any more.' }
      }
      const { work365_subscription_provider: provider } = await service.retrieve(
        Subscription,
        changeLog.work365_licensechangelog_subscription!.id,
        ['work365_subscription_provider'],
      )
      const { work365_provider_manualprovideremail: to, work365_provider_name: name } = await service.retrieve(
        Provider,
        provider!.id,
        ['work365_provider_manualprovideremail', 'work365_provider_name'],
      )
      if (!to) {
        throw new ProviderError(
          'invalid',
          `Provider '${name}' names nobody to remind. Enter its Manual Provider Email Recipient.`,
        )
      }
      const quantity = changeLog.work365_licensechangelog_quantity ?? 0
      const subject = `To be provisioned by hand: ${changeLog.work365_licensechangelog_name}`
      const lines = [
        `Provider: ${name}`,
        `Customer: ${changeLog.work365_licensechangelog_customer?.name ?? 'unknown'}`,
        `Subscription: ${changeLog.work365_licensechangelog_name}`,
        `Change of quantity: ${quantity > 0 ? '+' : ''}${quantity}`,
        '',
        'Make the change at the provider, then set the licence change log to Provisioned.',
      ]
      await sendMail({ to, subject, text: lines.join('\n') })
      return { status: 'succeeded', results: `Mail sent to ${to}.` }
    },
  })
}
