import type { ProvisioningRule } from '../plugins/index.ts'
import { confirmAcceptance } from './confirm-acceptance.ts'
import type { Connect } from './connection.ts'
import { createAgreementAtProvider } from './create-agreement-at-provider.ts'
import type { JobDefinition } from './define-job.ts'
import { manualProviderReminder, type SendMail } from './manual-provider-reminder.ts'
import { notifyNewProviderAccount } from './notify-new-provider-account.ts'
import { sendEmail } from './send-email.ts'
import { syncAgreements } from './sync-agreements.ts'
import { syncLicenseChangeLog } from './sync-license-change-log.ts'
import { syncNonRecurringItem } from './sync-non-recurring-item.ts'
import { syncProviderAccounts } from './sync-provider-accounts.ts'

export interface Work365JobsOptions {
  /** Finds the connection for an Automatic or Rest provider. */
  readonly connect: Connect
  readonly sendMail: SendMail
  /** Rules of your own, as given to `createWork365Steps`. */
  readonly rules?: readonly ProvisioningRule[]
}

/**
 * All jobs of Work 365 that this package runs, for a runner that is to do everything.
 *
 * @example createJobRunner({ service, jobs: work365Jobs({ connect, sendMail }) })
 */
export function work365Jobs({ connect, sendMail, rules = [] }: Work365JobsOptions): readonly JobDefinition[] {
  return Object.freeze([
    syncLicenseChangeLog({ connect, rules }),
    syncNonRecurringItem({ connect, rules }),
    syncProviderAccounts({ connect }),
    syncAgreements({ connect }),
    createAgreementAtProvider({ connect }),
    confirmAcceptance({ connect, sendMail }),
    manualProviderReminder({ sendMail }),
    notifyNewProviderAccount({ sendMail }),
    sendEmail({ sendMail }),
  ])
}
