/**
 * Wakes workers up. An engine knows job ids and nothing else: the job's row is the truth, so losing an engine's queue
 * loses no work, and two engines on one table do no work twice.
 */
export interface JobEngine {
  /** From now on runs the handler for what is dispatched. */
  start(handler: JobHandler): Promise<void>
  /** Asks for a job to be handled once; a second request with the same `dedupe` while the first waits is dropped. */
  dispatch(jobId: string, options: DispatchOptions): Promise<void>
  /** Resolves when nothing is waiting or being handled. */
  idle(): Promise<void>
  /** Takes nothing new, waits up to `drainMs` milliseconds for what is being handled, then aborts it. */
  stop(options: { readonly drainMs: number }): Promise<void>
}

export type JobHandler = (jobId: string, signal: AbortSignal) => Promise<void>

export interface DispatchOptions {
  /** Jobs with the same key are handled one after the other. */
  readonly key: string
  readonly dedupe: string
}
