import type { Clock } from '../../src/internal/clock.ts'

/** A clock on which waiting takes no time, and which remembers how long it was asked to wait. */
export interface InstantClock extends Clock {
  readonly slept: number[]
  advance(milliseconds: number): void
}

export function createInstantClock(): InstantClock {
  let now = Date.parse('2026-11-24T00:00:00Z')
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(now),
    advance(milliseconds) {
      now += milliseconds
    },
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      slept.push(milliseconds)
      now += milliseconds
    },
  }
}
