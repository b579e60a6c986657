import type { jobType } from '../entities/index.ts'
import type { Clock } from '../internal/clock.ts'
import { deepFreeze } from '../internal/freeze.ts'
import type { EntityReference, OrganizationService, WriteRequest } from '../service/index.ts'

/** What became of a run. Writes in `also` take effect together with the job's own status, or not at all. */
export type JobOutcome =
  | { readonly status: 'succeeded'; readonly results: string; readonly also?: readonly WriteRequest[] }
  | { readonly status: 'notApplicable'; readonly results: string; readonly also?: readonly WriteRequest[] }
  /** It cannot be done, and trying again would not change that. */
  | { readonly status: 'failed'; readonly results: string; readonly also?: readonly WriteRequest[] }
  /** Somebody else works on it; ask again in `afterMs` milliseconds with the handle. Holds no worker. */
  | { readonly status: 'waiting'; readonly results: string; readonly handle: unknown; readonly afterMs: number }
  /** Not before this moment. */
  | { readonly status: 'postponed'; readonly results: string; readonly until: Date }

export interface JobContext {
  readonly job: {
    readonly id: string
    /** What the job is about. */
    readonly regarding: EntityReference | null
    readonly subscription: EntityReference | null
    /** What an earlier run left with `waiting`. */
    readonly handle: unknown
    /** How often the job was begun, this time included. */
    readonly attempt: number
  }
  readonly service: OrganizationService
  readonly clock: Clock
  /** Aborts when the claim on the job is lost or the runner stops. */
  readonly signal: AbortSignal
  log(event: string, data?: unknown): void
}

/** A kind of job as data: what it is called in `work365_job_jobtype` and what it does. */
export interface JobDefinition {
  readonly kind: 'job'
  /** A label of the choice `work365_job_jobtype`. */
  readonly type: keyof typeof jobType
  /** The numbered rules that the job carries out, for a rule book. */
  readonly rules: readonly string[]
  /** Why the job has to wait for something else, as a sentence; `undefined` when it may run. */
  blockedBy(context: Pick<JobContext, 'job' | 'service'>): Promise<string | undefined>
  run(context: JobContext): Promise<JobOutcome>
  /** What to write, together with the job's status, when it has failed for good. */
  onFailure(context: JobContext, message: string): Promise<readonly WriteRequest[]>
}

type Optional = 'rules' | 'blockedBy' | 'onFailure'
export type JobOptions = Omit<JobDefinition, 'kind' | Optional> & Partial<Pick<JobDefinition, Optional>>

/**
 * Describes a kind of job. `run` may be called again after a crash, also in another process, so what it does has to
 * come to the same when done twice. A thrown `ProviderError` decides by its code whether and when there is another run.
 *
 * @example
 * defineJob({
 *   type: 'Send Email',
 *   async run({ job, service }) {
 *     await mail(job.regarding)
 *     return { status: 'succeeded', results: 'sent' }
 *   },
 * })
 */
export function defineJob(options: JobOptions): JobDefinition {
  if (typeof options.run !== 'function') throw new TypeError(`defineJob('${options.type}'): \`run\` is not a function.`)
  return deepFreeze({
    kind: 'job',
    rules: [],
    blockedBy: async () => undefined,
    onFailure: async () => [],
    ...options,
  })
}
