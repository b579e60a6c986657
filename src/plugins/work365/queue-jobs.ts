import { Job, jobType, LicenseChangeLog } from '../../entities/index.ts'
import type { ProvisioningOutcome } from '../../rules/index.ts'
import type { EntityReference, OrganizationService } from '../../service/index.ts'

/** What a job is about. */
export interface Queued {
  /** A change log or a non-recurring item. */
  readonly regarding: EntityReference<'work365_licensechangelog' | 'work365_nonrecurringitem'>
  readonly name: string
  /** Jobs of one subscription run one after the other. */
  readonly subscription?: EntityReference
}

/**
 * Queues the jobs that an outcome asks for: one that sends the change log or item to its provider, or one that reminds a
 * person to do it by hand. The job runs once the transaction that it is created in has committed.
 */
export async function queueJobs(
  service: OrganizationService,
  outcome: ProvisioningOutcome,
  { regarding, name, subscription }: Queued,
): Promise<void> {
  if (outcome.queue) {
    const type = regarding.logicalName === LicenseChangeLog.logicalName ? SYNC_CHANGE_LOG : SYNC_ITEM
    await service.create(Job, {
      work365_job_name: title(type, name),
      work365_job_jobtype: jobType[type],
      work365_job_regarding: regarding,
      ...(subscription && { work365_job_subscription: { logicalName: 'work365_subscription', id: subscription.id } }),
      ...(outcome.notBefore && { work365_job_scheduledfor: outcome.notBefore }),
    })
  }
  if (outcome.remind) {
    await service.create(Job, {
      work365_job_name: title(REMIND, name),
      work365_job_jobtype: jobType[REMIND],
      work365_job_regarding: regarding,
    })
  }
}

const SYNC_CHANGE_LOG = 'Sync License Change Log'
const SYNC_ITEM = 'Sync Non-Recurring Item'
const REMIND = 'Manual Provider Reminder Email'

function title(what: string, name: string): string {
  return `${what}: ${name}`.slice(0, 200)
}
