import { runProgram } from '../src/cli/program.ts'

/** Runs a `work365` command in this process, and answers what it printed. */
export async function work365(...parameters: string[]) {
  const lines: string[] = []
  const errors: string[] = []
  const code = await runProgram(parameters, {
    print: (line) => lines.push(line),
    printError: (line) => errors.push(line),
  })
  return { code, output: lines.join('\n'), errors: errors.join('\n') }
}
