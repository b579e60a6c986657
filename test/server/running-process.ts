import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A `work365` that runs as a process of its own, from the build. */
export interface RunningProcess {
  readonly child: ChildProcess
  readonly output: readonly string[]
  readonly errors: readonly string[]
  /** Resolves with the first line that the pattern fits, and rejects when the process ends without one. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit code when the process has ended; `null`: by a signal. */
  ended: Promise<number | null>
}

export function work365(parameters: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningProcess {
  const child = spawn(process.execPath, ['dist/cli/main.cjs', ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const output: string[] = []
  const errors: string[] = []
  const waiting = new Set<() => void>()
  createInterface(child.stdout).on('line', (line) => {
    output.push(line)
    for (const look of waiting) look()
  })
  createInterface(child.stderr).on('line', (line) => errors.push(line))
  const ended = once(child, 'close').then(([code]) => code as number | null)

  return {
    child,
    output,
    errors,
    ended,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = output.map((line) => pattern.exec(line)).find((match) => match !== null)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code}: ${errors.join('\n')}`)))
      }),
  }
}
