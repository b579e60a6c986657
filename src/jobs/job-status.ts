import { Job } from '../entities/index.ts'

const { Active, Inactive } = Job.states!

/**
 * The values of a job's status reasons.
 *
 * @see https://docs.work365apps.com/docs/work-365-jobs
 */
export const jobStatus = Object.freeze({
  waiting: Active!.reasons.Waiting!,
  dispatched: Active!.reasons.Dispatched!,
  inProgress: Active!.reasons['In progress']!,
  retry: Active!.reasons.Retry!,
  succeeded: Inactive!.reasons.Succeeded!,
  failed: Inactive!.reasons.Failed!,
  notApplicable: Inactive!.reasons['Not Applicable']!,
  cancelled: Inactive!.reasons.Cancelled!,
})
