import { ProviderError } from '../connectors/index.ts'
import type { JobContext } from './define-job.ts'

/** The id of the change log that a job is about. */
export function changeLogIdOf({ regarding }: JobContext['job']): string {
  if (regarding) return regarding.id
  throw new ProviderError(
    'invalid',
    'The job names no licence change log: its column work365_job_regarding is empty. Create a new job with the change log in Regarding, or re-queue the change log, which does that.',
  )
}
