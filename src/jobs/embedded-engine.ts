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
  let session = newSession()
  let handler: JobHandler | undefined

  const next = () => {
    const { running } = session
    while (handler && running.size < concurrency) {
      const at = waiting.findIndex(({ key }) => !running.has(key))
      if (at === -1) return
      const [job] = waiting.splice(at, 1)
      running.set(job!.key, handle(job!, handler, session))
    }
  }
  const handle = async ({ jobId, key }: Waiting, run: JobHandler, { running, abort }: Session) => {
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
      if (session.abort.signal.aborted) session = newSession()
      next()
    },
    async dispatch(jobId, options) {
      if (waiting.some(({ dedupe }) => dedupe === options.dedupe)) return
      waiting.push({ jobId, ...options })
      next()
    },
    async idle() {
      const { running, abort, aborted } = session
      while (running.size > 0 && !abort.signal.aborted) {
        await Promise.race([Promise.all(running.values()), aborted])
      }
    },
    async stop({ drainMs }) {
      const { running, abort } = session
      handler = undefined
      waiting.length = 0
      const drained = Promise.all(running.values())
      const timer = new AbortController()
      const late = clock.sleep(drainMs, timer.signal).catch(() => {})
      await Promise.race([drained, late])
      timer.abort()
      // A job that does not listen would keep us here for ever: from now on nobody waits for it.
      abort.abort(new Error('the job runner is stopping'))
    },
  }
}

/** What is handled between a start and the next stop. */
interface Session {
  readonly running: Map<string, Promise<void>>
  readonly abort: AbortController
  /** Resolves when the session is aborted. */
  readonly aborted: Promise<void>
}

function newSession(): Session {
  const abort = new AbortController()
  const aborted = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  return { running: new Map(), abort, aborted }
}
