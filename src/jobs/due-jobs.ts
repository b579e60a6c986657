import { Job, jobType } from '../entities/index.ts'
import { select } from '../query/index.ts'
import type { Condition, OrganizationService } from '../service/index.ts'
import { type JobRow, jobColumns } from './claim.ts'
import type { JobDefinition } from './define-job.ts'
import { jobStatus } from './job-status.ts'

/**
 * The jobs that somebody has to take up now, the oldest first: those waiting or to be tried again whose time has come,
 * those whose provider is to be asked again, and those whose worker has let its lease end. Read page by page, so that
 * however many stand blocked at the front, those behind them are reached.
 */
export async function* dueJobs(
  service: OrganizationService,
  types: readonly JobDefinition['type'][],
  now: Date,
): AsyncGenerator<JobRow, void, undefined> {
  const query = select(Job, jobColumns)
    .where('statecode', 'eq', 0)
    .where('work365_job_jobtype', 'in', ...types.map((type) => jobType[type]))
    .matching({
      kind: 'or',
      conditions: [
        both(status(jobStatus.waiting, jobStatus.retry), dueBy('work365_job_scheduledfor', now)),
        both(
          status(jobStatus.dispatched),
          dueBy('work365_job_scheduledfor', now),
          ended('work365_job_leaseuntil', now),
        ),
        both(status(jobStatus.inProgress), ended('work365_job_leaseuntil', now)),
      ],
    })
    .orderBy('createdon')
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(PAGE, cookie))
    yield* rows
    cookie = pagingCookie
  } while (cookie !== undefined)
}

/** Small enough that most looks, which find little, cost little. */
const PAGE = 1000

const both = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions })

const status = (...values: number[]): Condition => ({ kind: 'compare', column: 'statuscode', operator: 'in', values })

const dueBy = (column: string, now: Date): Condition => ({
  kind: 'or',
  conditions: [
    { kind: 'compare', column, operator: 'null', values: [] },
    { kind: 'compare', column, operator: 'le', values: [now] },
  ],
})

const ended = dueBy
