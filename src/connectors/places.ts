/** So many may be in at a time; the others wait in line. */
export interface Places {
  /** Resolves with a place; rejects with the signal's reason as soon as it aborts. */
  take(signal: AbortSignal): Promise<void>
  give(): void
  /** Whether nobody is in. */
  areFree(): boolean
}

export function createPlaces(count: number): Places {
  let taken = 0
  const line = new Set<() => void>()

  return {
    async take(signal) {
      signal.throwIfAborted()
      if (taken < count) {
        taken++
        return
      }
      await new Promise<void>((resolve, reject) => {
        const enter = () => {
          signal.removeEventListener('abort', leave)
          resolve()
        }
        const leave = () => {
          line.delete(enter)
          reject(signal.reason)
        }
        line.add(enter)
        signal.addEventListener('abort', leave, { once: true })
      })
    },

    /** The place goes to whoever waits longest. */
    give() {
      const [next] = line
      if (next === undefined) {
        taken--
        return
      }
      line.delete(next)
      next()
    },

    areFree: () => taken === 0,
  }
}
