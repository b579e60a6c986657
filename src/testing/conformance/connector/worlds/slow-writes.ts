import type { Clock } from '../../../../internal/clock.ts'

/** A simulator whose subscriptions can be given any status. */
interface Slowed {
  /** The subscriptions that were written to, one for each write. */
  written(): readonly string[]
  settle(id: string, status: string): void
}

/** What the provider calls a subscription that it works on, and one that is ready. */
interface Words {
  readonly working: string
  readonly ready: string
}

/** Lets a simulator take its time: what is written is worked on so long, by a word that is known or, on request, by none that is. */
export function createSlowWrites(clock: Clock, { working, ready }: Words, simulator: () => Slowed) {
  let takesMs = 0
  let word = working
  /** What is worked on, and until when. */
  const busy = new Map<string, number>()

  return {
    async around(answer: () => Promise<Response>): Promise<Response> {
      const { written, settle } = simulator()
      for (const [id, until] of busy) {
        if (until > clock.now().getTime()) continue
        settle(id, ready)
        busy.delete(id)
      }
      const before = written().length
      const response = await answer()
      if (takesMs === 0) return response
      for (const id of written().slice(before)) {
        settle(id, word)
        busy.set(id, clock.now().getTime() + takesMs)
      }
      return response
    },
    slow(milliseconds: number): void {
      takesMs = milliseconds
    },
    mumble(): void {
      word = 'Reticulating'
    },
  }
}
