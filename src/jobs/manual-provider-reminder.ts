import { ProviderError } from '../connectors/index.ts'
import { LicenseChangeLog, NonRecurringItem, Provider, provisioningStatus, Subscription } from '../entities/index.ts'
import type { EntityReference } from '../service/index.ts'
import { changeLogIdOf } from './change-log-id.ts'
import { defineJob, type JobContext, type JobDefinition } from './define-job.ts'

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
    rules: ['L4', 'P7'],

    async run(context) {
      const work = await workOf(context)
      if (work.status !== provisioningStatus['Awaiting Provisioning']) {
        return { status: 'notApplicable', results: `The ${work.subject} does not await provisioning any more.` }
      }
      const { work365_provider_manualprovideremail: to, work365_provider_name: provider } =
        await context.service.retrieve(Provider, work.provider!.id, [
          'work365_provider_manualprovideremail',
          'work365_provider_name',
        ])
      if (!to) {
        throw new ProviderError(
          'invalid',
          `Provider '${provider}' names nobody to remind. Enter its Manual Provider Email Recipient.`,
        )
      }
      const lines = [
        `Provider: ${provider}`,
        `Customer: ${work.customer?.name ?? 'unknown'}`,
        `${work.subject === 'item' ? 'Item' : 'Subscription'}: ${work.name}`,
        work.quantity,
        '',
        `Make the change at the provider, then set the ${work.subject} to Provisioned.`,
      ]
      await sendMail({ to, subject: `To be provisioned by hand: ${work.name}`, text: lines.join('\n') })
      return { status: 'succeeded', results: `Mail sent to ${to}.` }
    },
  })
}

/** What a person has to do. */
interface Work {
  readonly subject: 'licence change log' | 'item'
  readonly name: string | null
  readonly status: number | null
  readonly customer: EntityReference | null
  readonly provider: EntityReference | null
  /** As a line of the mail. */
  readonly quantity: string
}

function workOf({ job, service }: JobContext): Promise<Work> {
  return job.regarding?.logicalName === NonRecurringItem.logicalName
    ? item(service, job.regarding.id)
    : changeLog(service, changeLogIdOf(job))
}

async function changeLog(service: JobContext['service'], id: string): Promise<Work> {
  const row = await service.retrieve(LicenseChangeLog, id, [
    'work365_licensechangelog_name',
    'work365_licensechangelog_quantity',
    'work365_licensechangelog_subscription',
    'work365_licensechangelog_customer',
    'work365_licensechangelog_provisioningstatus',
  ])
  const { work365_subscription_provider: provider } = await service.retrieve(
    Subscription,
    row.work365_licensechangelog_subscription!.id,
    ['work365_subscription_provider'],
  )
  const quantity = row.work365_licensechangelog_quantity ?? 0
  return {
    subject: 'licence change log',
    name: row.work365_licensechangelog_name,
    status: row.work365_licensechangelog_provisioningstatus,
    customer: row.work365_licensechangelog_customer,
    provider,
    quantity: `Change of quantity: ${quantity > 0 ? '+' : ''}${quantity}`,
  }
}

async function item(service: JobContext['service'], id: string): Promise<Work> {
  const row = await service.retrieve(NonRecurringItem, id, [
    'work365_nonrecurringitem_name',
    'work365_nonrecurringitem_quantity',
    'work365_nonrecurringitem_customer',
    'work365_nonrecurringitem_provider',
    'work365_nonrecurringitem_provisioningstatus',
  ])
  return {
    subject: 'item',
    name: row.work365_nonrecurringitem_name,
    status: row.work365_nonrecurringitem_provisioningstatus,
    customer: row.work365_nonrecurringitem_customer,
    provider: row.work365_nonrecurringitem_provider,
    quantity: `Quantity: ${row.work365_nonrecurringitem_quantity ?? 0}`,
  }
}
