import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { CommandFailure, ExitCode } from '../failure.ts'
import type { EmulatorCommandOptions } from './options.ts'
import { startServer } from './start.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a command beside a server, and ends as the command does: rejects with an {@link ExitCode} unless that is 0. */
export async function runWithServer(words: readonly string[], options: EmulatorCommandOptions): Promise<void> {
  const { addresses, stop } = await startServer(options)
  const { url, webApi, controls, authority, certificate } = addresses
  try {
    const code = await run(words, {
      ...process.env,
      DATAVERSE_URL: url,
      DATAVERSE_API_URL: webApi.replace(/\/$/, ''),
      DATAVERSE_AUTHORITY: authority,
      WORK365_EMULATOR_URL: controls,
      ...(certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificate }),
    })
    if (code !== 0) throw new ExitCode(code)
  } finally {
    await stop()
  }
}

async function run([command, ...parameters]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // Windows finds programs such as npm through its shell only.
  const child = spawn(command!, parameters, { stdio: 'inherit', env, shell: process.platform === 'win32' })
  const passOn = (signal: NodeJS.Signals) => {
    // A terminal tells the command of Ctrl+C itself.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
  }
  for (const signal of SIGNALS) process.on(signal, passOn)
  try {
    return await ended(child, command!)
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn)
  }
}

function ended(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      reject(
        new CommandFailure(
          code === 'ENOENT'
            ? `There is no command '${command}'.`
            : `The command '${command}' did not start: ${message}.`,
        ),
      ),
    )
    // As shells tell of a signal: 128 and its number.
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal!] ?? 0)))
  })
}
