import { type Clock, systemClock } from '../internal/clock.ts'
import type { DispatchOptions, JobEngine, JobHandler } from './job-engine.ts'

interface Waiting extends DispatchOptions {
  readonly jobId: string
}

/**
 * The engine that needs no infrastructure: a queue in this process, a few jobs at a time.
 *
 * @param options.concurrency how many jobs are handled at once; default 4
 */
export function createEmbeddedEngine({
  concurrency = 4,
  clock = systemClock,
}: {
  readonly concurrency?: number
  readonly clock?: Clock
} = {}): JobEngine {
  const waiting: Waiting[] = []
  const running = new Map<string, Promise<void>>()
  let handler: JobHandler | undefined
  let abort = new AbortController()

  const next = () => {
    while (handler && running.size < concurrency) {
      const at = waiting.findIndex(({ key }) => !running.has(key))
      if (at === -1) return
      const [job] = waiting.splice(at, 1)
      running.set(job!.key, handle(job!, handler))
    }
  }
  const handle = async ({ jobId, key }: Waiting, run: JobHandler) => {
    try {
      await run(jobId, abort.signal)
    } finally {
      running.delete(key)
      next()
    }
  }
  return {
    async start(run) {
      handler = run
      abort = new AbortController()
      next()
    },
    async dispatch(jobId, options) {
      if (waiting.some(({ dedupe }) => dedupe === options.dedupe)) return
      waiting.push({ jobId, ...options })
      next()
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values())
    },
    async stop({ drainMs }) {
      handler = undefined
      waiting.length = 0
      const drained = Promise.all(running.values())
      const timer = new AbortController()
      const late = clock.sleep(drainMs, timer.signal).catch(() => {})
      await Promise.race([drained, late])
      timer.abort()
      abort.abort(new Error('the job runner is stopping'))
      await drained
    },
  }
}
