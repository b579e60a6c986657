import { createHash } from 'node:crypto'
import type { Clock } from '../../internal/clock.ts'
import { createRecentMap } from './recent-map.ts'
import { Refused } from './refused.ts'

/** An answer that tells of what an earlier delivery created. */
export class AlreadyThere {
  readonly body: unknown

  constructor(body: unknown) {
    this.body = body
  }
}

const KEPT_MS = 24 * 3_600_000
const MOST_KEPT = 10_000

interface Kept {
  readonly digest: string
  readonly until: number
  readonly answer: Promise<unknown>
}

/**
 * Keeps what was answered under a key for a day, so that a repeated delivery gets the same answer and does nothing; one
 * that comes while the first is worked on waits for it. What was refused leaves its key free.
 */
export function createAnswerMemory(clock: Clock) {
  const answers = createRecentMap<Kept>(MOST_KEPT)

  return {
    async once(key: string, text: string, handle: () => Promise<unknown>): Promise<unknown> {
      const now = clock.now().getTime()
      const digest = createHash('sha256').update(text).digest('base64')
      const before = answers.get(key)
      if (before && now < before.until) {
        if (before.digest !== digest) throw new Refused(422, 'This idempotency key was used for another request.')
        const body = await before.answer
        return body instanceof AlreadyThere ? body : new AlreadyThere(body)
      }
      const answer = handle()
      answers.set(key, { digest, until: now + KEPT_MS, answer })
      return answer.catch((error) => {
        answers.delete(key)
        throw error
      })
    },
  }
}
