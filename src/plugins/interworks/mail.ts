import { Job, jobType } from '../../entities/index.ts'
import { select } from '../../query/index.ts'
import type { OrganizationService } from '../../service/index.ts'

/** A mail that a job is to send. */
export interface MailRequest {
  readonly to: string
  readonly subject: string
  readonly body: string
}

/**
 * Leaves a mail to a Send Email job, whose parameters are the mail as JSON: a step sends nothing itself. A mail with the
 * same name is queued once, however often its step runs.
 */
export async function queueMail(service: OrganizationService, name: string, mail: MailRequest): Promise<void> {
  const { rows } = await service.retrieveMultiple(
    select(Job, ['work365_jobid'])
      .where('work365_job_jobtype', 'eq', jobType['Send Email'])
      .where('work365_job_name', 'eq', name)
      .first(1),
  )
  if (rows.length > 0) return
  await service.create(Job, {
    work365_job_name: name,
    work365_job_jobtype: jobType['Send Email'],
    work365_job_parameters: JSON.stringify(mail),
  })
}
