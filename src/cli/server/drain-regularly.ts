import type { Emulator } from '../../testing/index.ts'

const EVERY_MS = 1000

/** Runs what is due once a second, one drain at a time, until it is stopped; a drain under way is waited for. */
export function drainRegularly(emulators: () => readonly Emulator[]): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let running = Promise.resolve()

  async function drain() {
    for (const emulator of emulators()) await emulator.drain()
  }
  function schedule() {
    timer = setTimeout(() => {
      running = drain().finally(() => {
        if (!stopped) schedule()
      })
    }, EVERY_MS)
  }
  schedule()

  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
