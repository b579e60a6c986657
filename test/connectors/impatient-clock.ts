import { createTestClock, type TestClock } from '../../src/testing/index.ts'

/** Whoever waits on it turns it: no test waits for real. */
export function impatientClock(start = '2026-11-24T09:00:00Z'): TestClock {
  const clock = createTestClock(start)
  return { ...clock, sleep: async (milliseconds) => void (await clock.advance(milliseconds)) }
}
