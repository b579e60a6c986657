import { type Clock, systemClock } from '../internal/clock.ts'

/** A clock that a test turns by hand. Waiting on it ends when it is turned past the moment waited for. */
export interface TestClock extends Clock {
  /** Whether it runs with the machine's clock. */
  readonly running: boolean
  /** The present moment in milliseconds since 1970. */
  time(): number
  /** Moves forward by so many milliseconds, waking what waits, the earliest first. */
  advance(milliseconds: number): Promise<void>
  /** Stands still at this moment from now on. */
  set(now: Date | string): void
  /** Lets it run with the machine's clock, from the moment it shows. */
  run(): void
}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
}

/**
 * A clock that stands still at `start` until it is turned.
 *
 * @param start default: the moment of the call
 * @example
 * const clock = createTestClock('2026-01-31T09:00:00Z')
 * await clock.advance(24 * 60 * 60 * 1000)
 */
export function createTestClock(start: Date | string = new Date()): TestClock {
  let shown = parse(start)
  /** The machine's time when it began to run; `undefined` while it stands still. */
  let runningSince: number | undefined
  const sleepers = new Set<Sleeper>()

  const now = () => (runningSince === undefined ? shown : shown + Date.now() - runningSince)

  return {
    get running() {
      return runningSince !== undefined
    },

    now: () => new Date(now()),
    time: now,

    sleep(milliseconds, signal) {
      if (runningSince !== undefined) return systemClock.sleep(milliseconds, signal)
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const stop = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const sleeper = {
          until: now() + milliseconds,
          wake() {
            sleepers.delete(sleeper)
            signal?.removeEventListener('abort', stop)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', stop, { once: true })
      })
    },

    async advance(milliseconds) {
      const end = now() + milliseconds
      for (;;) {
        const [next] = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)
        if (!next) break
        if (runningSince === undefined) shown = Math.max(shown, next.until)
        next.wake()
        await settle()
      }
      shown = end
      if (runningSince !== undefined) runningSince = Date.now()
      await settle()
    },

    set(moment) {
      shown = parse(moment)
      runningSince = undefined
      for (const sleeper of sleepers) if (sleeper.until <= shown) sleeper.wake()
    },

    run() {
      shown = now()
      runningSince = Date.now()
    },
  }
}

function parse(moment: Date | string): number {
  const time = new Date(moment).getTime()
  if (Number.isNaN(time)) throw new RangeError(`'${moment}' is not a moment. Give a Date or an ISO 8601 date and time.`)
  return time
}

/** Lets what was just woken go on until it waits again. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
