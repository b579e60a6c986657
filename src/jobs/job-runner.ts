import { ProviderError } from '../connectors/index.ts'
import { Job, jobType, labelOf } from '../entities/index.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { select } from '../query/index.ts'
import { DataverseError, type OrganizationService, type Row, type WriteRequest } from '../service/index.ts'
import { type Claim, claimJob, type JobRow, readJob } from './claim.ts'
import type { JobContext, JobDefinition, JobOutcome } from './define-job.ts'
import { dueJobs } from './due-jobs.ts'
import { createEmbeddedEngine } from './embedded-engine.ts'
import type { JobEngine } from './job-engine.ts'
import { jobStatus } from './job-status.ts'
import { asProviderError, DEADLINE_MS, isPassing, judge } from './retry-policy.ts'
import { takingTurns } from './taking-turns.ts'

export interface JobRunnerOptions {
  /** The environment whose `work365_job` rows are run. */
  readonly service: OrganizationService
  /** The kinds of jobs to run; others are left alone. */
  readonly jobs: readonly JobDefinition[]
  /** Default: the embedded engine. */
  readonly engine?: JobEngine
  readonly clock?: Clock
  /** Names this worker on the jobs that it claims; default: made from the process id. */
  readonly worker?: string
  /** How long a claim holds without being renewed; default 60,000 ms. It is renewed at a third of that. */
  readonly leaseMs?: number
  /** How often `start` looks for due jobs; default 15,000 ms. */
  readonly pollMs?: number
  readonly random?: () => number
  log?(event: string, data?: unknown): void
}

/** One run of one job. */
export interface JobRun {
  readonly id: string
  readonly type: string
  /** The label of the status reason that the job has now. */
  readonly status: string
  readonly results: string
}

export interface JobRunner {
  /** Runs what is due now, and what becomes due by it, and answers what ran. For tests and for one-shot workers. */
  runDue(): Promise<readonly JobRun[]>
  /** Keeps running what becomes due until stopped. */
  start(): Promise<void>
  /** Looks for due jobs at once instead of at the next poll. */
  wake(): void
  /** Lets running jobs finish for up to `drainMs` (default 10,000 ms), then aborts them; their leases run out. */
  stop(options?: { readonly drainMs?: number }): Promise<void>
}

/**
 * Runs jobs. The rows in Dataverse are the truth: a job is claimed by compare-and-set, kept by a lease and finished in
 * one transaction with its effects, so any number of runners may work on one environment and each may die at any time.
 * Jobs of one subscription never run at the same time; in which order, their definition says (`blockedBy`).
 *
 * @see https://docs.work365apps.com/docs/work-365-jobs
 * @example
 * const runner = createJobRunner({ service, jobs: [syncLicenseChangeLog({ connect })] })
 * await runner.start()
 */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const {
    service,
    clock = systemClock,
    engine = createEmbeddedEngine({ clock }),
    worker = `work365-${process.pid}`,
    leaseMs = 60_000,
    pollMs = 15_000,
    random = Math.random,
    log = () => {},
  } = options
  const definitions = new Map(options.jobs.map((definition) => [jobType[definition.type] as number, definition]))
  const types = options.jobs.map(({ type }) => type)
  let runs: JobRun[] = []
  let stopping = new AbortController()
  let wakeUp = () => {}
  let woken = false
  let loop: Promise<void> | undefined
  let started = false
  /** Whether the last that was asked for is to run. */
  let wanted = false
  /** The `stop` in flight. */
  let ending: Promise<void> | undefined
  const inTurn = takingTurns()

  const handler = async (jobId: string, signal: AbortSignal) => {
    try {
      const run = await handle(jobId, signal)
      if (!run) return
      runs.push(run)
      log('job', run)
    } catch (error) {
      // The row could not be read or written: its lease runs out, and whoever sweeps next takes it up again.
      log('job abandoned', { id: jobId, message: messageOf(error) })
    }
  }

  async function handle(jobId: string, engineSignal: AbortSignal): Promise<JobRun | undefined> {
    const seen = await readJob(service, jobId)
    const definition = definitions.get(seen.work365_job_jobtype ?? -1)
    if (!definition || !isDue(seen, clock.now())) return undefined
    const claim = await claimJob(seen, { service, clock, worker, leaseMs })
    if (!claim) return undefined

    const lost = new AbortController()
    const finished = new AbortController()
    // Whoever is told to stop renews no more, so that the lease ends even when the job does not listen.
    const heartbeat = keepLease(claim, clock, leaseMs, lost, AbortSignal.any([finished.signal, engineSignal]))
    const context = contextOf(claim.row, AbortSignal.any([engineSignal, lost.signal]))
    try {
      const conclusion = await conclude(definition, context, claim.row)
      finished.abort()
      await heartbeat
      const run = conclusion && (await writeDown(conclusion, definition, context, claim))
      return run && { id: jobId, type: definition.type, ...run }
    } finally {
      finished.abort()
    }
  }

  /**
   * Runs the job and puts what became of it into words and writes. `undefined` for one that was told to stop: its lease
   * runs out, and whoever sweeps next takes it up again.
   */
  async function conclude(
    definition: JobDefinition,
    context: JobContext,
    row: JobRow,
  ): Promise<Conclusion | undefined> {
    try {
      refuseUnreadableHandle(row)
      const outcome = await definition.run(context)
      return context.signal.aborted ? undefined : concludeOutcome(outcome, row, clock.now())
    } catch (thrown) {
      return context.signal.aborted ? undefined : concludeFailure(thrown, definition, context, row)
    }
  }

  async function concludeFailure(
    thrown: unknown,
    definition: JobDefinition,
    context: JobContext,
    row: JobRow,
  ): Promise<Conclusion> {
    const error = asProviderError(thrown)
    log('job failed', { id: context.job.id, code: error.code, message: error.message })
    const retries = row.work365_job_retrycount ?? 0
    const deadline = row.work365_job_deadline ?? new Date(clock.now().getTime() + DEADLINE_MS)
    const verdict = judge(error, retries, deadline <= clock.now(), random())
    if (verdict.kind === 'retry') {
      return concluded('retry', error.message, {
        work365_job_retrycount: retries + (verdict.counted ? 1 : 0),
        work365_job_scheduledfor: new Date(clock.now().getTime() + verdict.afterMs),
        work365_job_deadline: deadline,
      })
    }
    return concluded('failed', error.message, {}, await writesOnFailure(definition, context, error.message))
  }

  /** A definition that cannot say what to write must not keep its job from failing: it would be tried again for ever. */
  async function writesOnFailure(definition: JobDefinition, context: JobContext, message: string) {
    try {
      return await definition.onFailure(context, message)
    } catch (error) {
      if (DataverseError.isInstance(error) && isPassing(error)) throw error
      log('job failed without its effects', { id: context.job.id, message: messageOf(error) })
      return []
    }
  }

  /** What Dataverse refuses to write now it will refuse again: that is the job's failure, and the refusal its reason. */
  async function writeDown(
    conclusion: Conclusion,
    definition: JobDefinition,
    context: JobContext,
    claim: Claim,
  ): Promise<Conclusion['run'] | undefined> {
    try {
      return (await claim.write(conclusion.changes, conclusion.also)) ? conclusion.run : undefined
    } catch (error) {
      if (!isRefusal(error)) throw error
      const failure = await concludeFailure(error, definition, context, claim.row)
      return (await claim.write(failure.changes, failure.also)) ? failure.run : undefined
    }
  }

  function contextOf(row: JobRow, signal: AbortSignal): JobContext {
    return {
      job: jobOf(row),
      service,
      clock,
      signal,
      log,
    }
  }

  /** Hands every due job that nothing stands before to the engine; answers how many. */
  async function dispatchDue(tried: Set<string>): Promise<number> {
    let dispatched = 0
    for await (const row of dueJobs(service, types, clock.now())) {
      const id = row.work365_jobid
      const attempt = `${id}/${row.work365_job_attempt ?? 0}`
      if (tried.has(attempt) || (await mustWait(row))) continue
      tried.add(attempt)
      dispatched++
      await engine.dispatch(id, { key: row.work365_job_subscription?.id ?? id, dedupe: attempt })
    }
    return dispatched
  }

  /** Whether the row has to wait. One of which that cannot be found out waits too, and holds up no other. */
  async function mustWait(row: JobRow): Promise<boolean> {
    try {
      return await isBlocked(row)
    } catch (error) {
      log('job skipped', { id: row.work365_jobid, message: messageOf(error) })
      return true
    }
  }

  async function isBlocked(row: JobRow): Promise<boolean> {
    if (row.work365_job_subscription && (await hasRunningSibling(service, row, clock.now()))) return true
    const definition = definitions.get(row.work365_job_jobtype ?? -1)
    return (await definition?.blockedBy({ job: jobOf(row), service })) !== undefined
  }

  const isStopping = () => started && stopping.signal.aborted

  /** One at a time: the engine does not tell whose job it has handled. */
  const runDue = () => inTurn(runAllDue)

  async function runAllDue(): Promise<readonly JobRun[]> {
    runs = []
    if (!started) await engine.start(handler)
    const tried = new Set<string>()
    while (!isStopping() && (await dispatchDue(tried)) > 0) await engine.idle()
    return runs
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false
      try {
        await runDue()
      } catch (error) {
        // Dataverse may be out of reach for a while; the rows wait.
        log('looking for due jobs failed', { message: messageOf(error) })
      }
      const waiting = new AbortController()
      wakeUp = () => waiting.abort()
      if (woken) continue
      await clock.sleep(pollMs, AbortSignal.any([waiting.signal, stopping.signal])).catch(() => {})
    }
  }

  async function end(drainMs: number): Promise<void> {
    stopping.abort()
    try {
      await engine.stop({ drainMs })
      await loop
    } finally {
      started = false
    }
  }

  return {
    runDue,
    wake() {
      woken = true
      wakeUp()
    },
    async start() {
      wanted = true
      while (ending) await ending.catch(() => {})
      if (started || !wanted) return
      started = true
      stopping = new AbortController()
      await engine.start(handler)
      loop = poll()
    },
    stop({ drainMs = 10_000 } = {}) {
      wanted = false
      ending ??= end(drainMs).finally(() => {
        ending = undefined
      })
      return ending
    },
  }
}

interface Conclusion {
  readonly changes: Row
  readonly also: readonly WriteRequest[]
  readonly run: Pick<JobRun, 'status' | 'results'>
}

function concluded(
  status: keyof typeof jobStatus,
  results: string,
  changes: Row = {},
  also: readonly WriteRequest[] = [],
): Conclusion {
  const statuscode = jobStatus[status]
  const final = status !== 'retry' && status !== 'dispatched'
  return {
    changes: {
      statuscode,
      work365_job_jobresults: results.slice(0, MAX_RESULTS),
      work365_job_leaseowner: null,
      work365_job_leaseuntil: null,
      ...(final ? { work365_job_handle: null } : {}),
      ...changes,
    },
    also,
    run: { status: labelOf(statusOptions, statuscode)!, results },
  }
}
/** What fits into the column. */
const MAX_RESULTS = 100_000
const statusOptions = (Job.columns.statuscode as { readonly options: Readonly<Record<string, number>> }).options

function concludeOutcome(outcome: JobOutcome, row: JobRow, now: Date): Conclusion {
  const deadline = row.work365_job_deadline ?? new Date(now.getTime() + DEADLINE_MS)
  switch (outcome.status) {
    case 'succeeded':
    case 'notApplicable':
    case 'failed':
      return concluded(outcome.status, outcome.results, {}, outcome.also)
    case 'waiting':
      return concluded('dispatched', outcome.results, {
        work365_job_handle: JSON.stringify(outcome.handle),
        work365_job_scheduledfor: new Date(now.getTime() + outcome.afterMs),
        work365_job_deadline: deadline,
      })
    case 'postponed':
      return concluded('retry', outcome.results, { work365_job_scheduledfor: outcome.until })
  }
}

function jobOf(row: JobRow): JobContext['job'] {
  return {
    id: row.work365_jobid,
    regarding: row.work365_job_regarding,
    subscription: row.work365_job_subscription,
    handle: parsed(row.work365_job_handle),
    attempt: row.work365_job_attempt ?? 0,
  }
}

/** What an earlier run left; `undefined` for nothing, and for what no run can have left. */
function parsed(handle: string | null): unknown {
  if (handle === null) return undefined
  try {
    return JSON.parse(handle)
  } catch {
    return undefined
  }
}

/** Running a job as if it had no handle would do its work twice, so one that cannot be read is its failure. */
function refuseUnreadableHandle({ work365_job_handle: handle }: JobRow): void {
  if (handle === null || parsed(handle) !== undefined) return
  throw new ProviderError(
    'invalid',
    "The job's handle (work365_job_handle) is not valid JSON, so that nobody can ask what became of its work. See at the provider whether it was done, then queue a new job if it was not.",
  )
}

/** Whether the row that was read just now still wants to be run: somebody may have been faster. */
function isDue(row: JobRow, now: Date): boolean {
  const { waiting, retry, dispatched, inProgress } = jobStatus
  const leaseEnded = row.work365_job_leaseuntil === null || row.work365_job_leaseuntil <= now
  const due = row.work365_job_scheduledfor === null || row.work365_job_scheduledfor <= now
  if (row.statuscode === waiting || row.statuscode === retry) return due
  if (row.statuscode === dispatched) return due && leaseEnded
  return row.statuscode === inProgress && leaseEnded
}

/** Whether another worker has a job of the same subscription in hand. */
async function hasRunningSibling(service: OrganizationService, row: JobRow, now: Date): Promise<boolean> {
  const { rows } = await service.retrieveMultiple(
    select(Job, ['work365_jobid', 'work365_job_leaseuntil'])
      .where('work365_job_subscription', 'eq', row.work365_job_subscription!.id)
      .where('statuscode', 'in', jobStatus.dispatched, jobStatus.inProgress)
      .where('work365_jobid', 'ne', row.work365_jobid),
  )
  return rows.some(({ work365_job_leaseuntil: until }) => until !== null && until > now)
}

/** Renews the lease at a third of its length; when that fails the handler is told to stop before the lease ends. */
async function keepLease(
  claim: Claim,
  clock: Clock,
  leaseMs: number,
  lost: AbortController,
  finished: AbortSignal,
): Promise<void> {
  while (!finished.aborted) {
    await clock.sleep(leaseMs / 3, finished).catch(() => {})
    if (finished.aborted) return
    const renewed = await claim.renew().catch(() => false)
    if (!renewed) return lost.abort(new Error('the claim on the job was lost'))
  }
}

/** Whether Dataverse has understood the request and will not have it, now or later. */
function isRefusal(error: unknown): boolean {
  return DataverseError.isInstance(error) && error.status >= 400 && error.status < 500 && !isPassing(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
