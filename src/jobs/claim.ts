import { Job } from '../entities/index.ts'
import type { Clock } from '../internal/clock.ts'
import { DataverseError, type OrganizationService, type Row, type WriteRequest } from '../service/index.ts'
import { jobStatus } from './job-status.ts'

/** The columns of a job that a worker needs. */
export const jobColumns = [
  'work365_jobid',
  'work365_job_jobtype',
  'work365_job_regarding',
  'work365_job_subscription',
  'work365_job_handle',
  'work365_job_attempt',
  'work365_job_retrycount',
  'work365_job_deadline',
  'work365_job_scheduledfor',
  'work365_job_leaseowner',
  'work365_job_leaseuntil',
  'statuscode',
  'versionnumber',
] as const

export interface LeaseOptions {
  readonly service: OrganizationService
  readonly clock: Clock
  /** Names the worker in `work365_job_leaseowner`. */
  readonly worker: string
  /** How long a claim holds without being renewed, in milliseconds. */
  readonly leaseMs: number
}

/**
 * A claim on a job: nobody else works on it until the lease ends. Every write checks that the row is still as this
 * worker left it, so that one who lost the lease can write nothing any more.
 */
export interface Claim {
  readonly row: JobRow
  /**
   * Ends the claim: writes the job's next state, and with it `also`, in one transaction. `false`: the claim was lost.
   * When Dataverse refuses the writes, nothing has changed and the claim still holds.
   */
  write(changes: Row, also?: readonly WriteRequest[]): Promise<boolean>
  /** Makes the lease last again. `false`: the claim was lost. */
  renew(): Promise<boolean>
}
export type JobRow = Awaited<ReturnType<typeof readJob>>

export function readJob(service: OrganizationService, id: string) {
  return service.retrieve(Job, id, jobColumns)
}

/** The documented way from a status to In progress: through Dispatched, and back through Retry after a lost lease. */
function wayToInProgress(status: number): readonly number[] {
  const { waiting, dispatched, inProgress, retry } = jobStatus
  if (status === waiting || status === retry) return [dispatched, inProgress]
  if (status === dispatched) return [inProgress]
  return [retry, dispatched, inProgress]
}

/**
 * Claims a job by compare-and-set on its row version. Answers `undefined` when somebody else was faster.
 *
 * @param seen the row as it was when it was found to be due
 */
export async function claimJob(seen: JobRow, options: LeaseOptions): Promise<Claim | undefined> {
  const { service, clock, worker, leaseMs } = options
  const id = seen.work365_jobid
  const attempt = (seen.work365_job_attempt ?? 0) + 1
  const leaseUntil = () => new Date(clock.now().getTime() + leaseMs)
  let row = seen

  const write = (changes: Row, also: readonly WriteRequest[] = []) => {
    const own: WriteRequest = { message: 'Update', table: Job, key: id, changes, rowVersion: row.versionnumber }
    return writeUnlessLost(service, [own, ...also])
  }
  /** Between a write and reading its version somebody else may have written, a person who cancels for one. */
  const isStillOurs = async () => {
    row = await readJob(service, id)
    const { statuscode, work365_job_leaseowner: owner, work365_job_attempt: last } = row
    return statuscode === jobStatus.inProgress && owner === worker && last === attempt
  }
  const [first, ...rest] = wayToInProgress(seen.statuscode).map((statuscode) => ({ statuscode }) as Row)
  Object.assign(first!, {
    work365_job_leaseowner: worker,
    work365_job_leaseuntil: leaseUntil(),
    work365_job_attempt: attempt,
  })
  const further = rest.map((changes): WriteRequest => ({ message: 'Update', table: Job, key: id, changes }))
  if (!(await write(first!, further)) || !(await isStillOurs())) return undefined
  return {
    row,
    write,
    renew: async () => (await write({ work365_job_leaseuntil: leaseUntil() })) && (await isStillOurs()),
  }
}

/** Runs the writes in one transaction. `false`: the row has changed hands. */
async function writeUnlessLost(service: OrganizationService, Requests: readonly WriteRequest[]): Promise<boolean> {
  try {
    await service.execute('ExecuteTransaction', { Requests })
    return true
  } catch (error) {
    if (DataverseError.isInstance(error) && error.name === 'ConcurrencyVersionMismatch') return false
    throw error
  }
}
