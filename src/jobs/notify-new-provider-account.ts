import { ProviderError } from '../connectors/index.ts'
import { Job, ProviderAccount } from '../entities/index.ts'
import { loadSettings } from '../plugins/index.ts'
import { defineJob, type JobDefinition } from './define-job.ts'
import type { SendMail } from './manual-provider-reminder.ts'

/**
 * Tells whom the setting `notifyNewProviderAccount` names of a provider account that a sync has found (A8). Queued with the
 * provider account itself.
 *
 * @see https://portal.iotap.com/knowledgebase/article/KA-01161
 */
export function notifyNewProviderAccount({ sendMail }: { readonly sendMail: SendMail }): JobDefinition {
  return defineJob({
    type: 'Notify of New Provider Account',
    rules: ['A8'],

    async run({ job, service }) {
      const { values } = await loadSettings(service)
      const to = values.notifyNewProviderAccount
      if (!to) return { status: 'notApplicable', results: 'Nobody is to be notified any more.' }
      const { work365_job_provideraccount: about } = await service.retrieve(Job, job.id, [
        'work365_job_provideraccount',
      ])
      if (!about) {
        throw new ProviderError('invalid', 'The job names no provider account: work365_job_provideraccount is empty.')
      }
      const row = await service.retrieve(ProviderAccount, about.id, [
        'work365_provideraccount_name',
        'work365_provideraccount_account',
        'work365_provideraccount_provider',
        'work365_provideraccount_providerspecificaccountid',
      ])
      const name = row.work365_provideraccount_name ?? about.id
      const account = row.work365_provideraccount_account
      const lines = [
        `Provider account: ${name}`,
        `Provider: ${row.work365_provideraccount_provider?.name ?? 'unknown'}`,
        `Id at the provider: ${row.work365_provideraccount_providerspecificaccountid}`,
        account ? `Account: ${account.name ?? account.id}` : 'It is mapped to no account yet: choose its Account.',
      ]
      await sendMail({ to, subject: `New provider account: ${name}`, text: lines.join('\n') })
      return { status: 'succeeded', results: `Mail sent to ${to}.` }
    },
  })
}
