import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { CommandFailure } from '../failure.ts'

/**
 * Runs the tests of a connector's package with the vitest that it has installed.
 *
 * @returns the exit code of vitest
 * @throws CommandFailure for a folder without one
 */
export async function testPackage(folder: string): Promise<number> {
  const vitest = spawn(process.execPath, [vitestOf(folder), 'run'], { cwd: folder, stdio: 'inherit' })
  const [code] = await once(vitest, 'exit')
  return code ?? 1
}

function vitestOf(folder: string): string {
  try {
    const require = createRequire(join(resolve(folder), 'package.json'))
    return join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs')
  } catch {
    throw new CommandFailure(
      `There is no vitest in ${folder}. Is it the folder of a package? Run \`npm install\` there.`,
    )
  }
}
