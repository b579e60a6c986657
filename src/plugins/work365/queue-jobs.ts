import { Job, jobType, LicenseChangeLog } from '../../entities/index.ts'
import { select } from '../../query/index.ts'
import type { ProvisioningOutcome } from '../../rules/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../service/index.ts'

/** The change log that a job is about. */
export interface QueuedChangeLog {
  readonly id: string
  readonly name: string
  readonly subscription: EntityReference
}

/**
 * Queues the jobs that an outcome asks for: one that sends the change log to its provider, or one that reminds a person
 * to do it by hand. The job runs once the transaction that it is created in has committed.
 */
export async function queueJobs(
  service: OrganizationService,
  outcome: ProvisioningOutcome,
  { id, name, subscription }: QueuedChangeLog,
): Promise<void> {
  const regarding = reference(LicenseChangeLog, id)
  if (outcome.queue) {
    await service.create(Job, {
      work365_job_name: title('Sync License Change Log', name),
      work365_job_jobtype: jobType['Sync License Change Log'],
      work365_job_regarding: regarding,
      work365_job_subscription: { logicalName: 'work365_subscription', id: subscription.id },
      ...(outcome.notBefore === undefined
        ? {}
        : { work365_job_scheduledfor: new Date(`${outcome.notBefore}T00:00:00Z`) }),
    })
  }
  if (outcome.remind) {
    await service.create(Job, {
      work365_job_name: title('Manual Provider Reminder Email', name),
      work365_job_jobtype: jobType['Manual Provider Reminder Email'],
      work365_job_regarding: regarding,
    })
  }
}

function title(what: string, name: string): string {
  return `${what}: ${name}`.slice(0, 200)
}

/** Whether the change log is taken care of: by a job that is not finished yet, or by a person who was reminded of it. */
export async function isInHand(service: OrganizationService, changeLogId: string): Promise<boolean> {
  const { rows } = await service.retrieveMultiple(
    select(Job, ['work365_job_jobtype', 'statecode']).where('work365_job_regarding', 'eq', changeLogId),
  )
  return rows.some(
    ({ work365_job_jobtype: type, statecode }) =>
      type === jobType['Manual Provider Reminder Email'] ||
      (type === jobType['Sync License Change Log'] && statecode === 0),
  )
}
