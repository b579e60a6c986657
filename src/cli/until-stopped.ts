import { once } from 'node:events'

/** Resolves when the process is told to stop: by Ctrl+C, or by who started it. */
export async function untilStopped(): Promise<void> {
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
