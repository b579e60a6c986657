import type { Clock } from '../../../internal/clock.ts'
import { createTestClock } from '../../clock.ts'

/** A clock that turns itself: to the next moment that somebody waits for, once nothing else is under way. */
export interface DrivenClock extends Clock {
  /** How many wait on it. */
  readonly sleeping: number
  /** Counts work as under way while it lasts, so that time stands still for it. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Moves forward, waking what waits. */
  advance(milliseconds: number): Promise<void>
  /** Waiting on it does not end any more. */
  freeze(): void
}

/** Turns of the event loop in which whatever can go on without time has gone on. */
const TURNS_OF_REST = 3

export function createDrivenClock(start: string): DrivenClock {
  const clock = createTestClock(start)
  const moments = new Set<{ readonly at: number }>()
  let underWay = 0
  let isTurning = false
  let isFrozen = false

  async function rest(): Promise<void> {
    for (let turns = 0; turns < TURNS_OF_REST; turns++) {
      if (underWay > 0) turns = 0
      await nextTurn()
    }
  }

  async function turn(): Promise<void> {
    if (isTurning) return
    isTurning = true
    while (moments.size > 0 && !isFrozen) {
      await rest()
      const next = Math.min(...[...moments].map(({ at }) => at))
      if (!isFrozen && Number.isFinite(next)) await clock.advance(Math.max(0, next - clock.now().getTime()))
    }
    isTurning = false
  }

  return {
    get sleeping() {
      return moments.size
    },
    now: clock.now,
    async sleep(milliseconds, signal) {
      const moment = { at: clock.now().getTime() + milliseconds }
      moments.add(moment)
      void turn()
      await clock.sleep(milliseconds, signal).finally(() => moments.delete(moment))
    },
    async during(work) {
      underWay++
      try {
        return await work()
      } finally {
        underWay--
      }
    },
    advance: clock.advance,
    freeze() {
      isFrozen = true
    },
  }
}

export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
