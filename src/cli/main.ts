#!/usr/bin/env node
import { runProgram } from './program.ts'

// The only place that exits: everything else answers.
process.exit(
  await runProgram(process.argv.slice(2), {
    print: (line) => console.log(line),
    printError: (line) => console.error(line),
  }),
)
