#!/usr/bin/env node
import * as module from 'node:module'

// Node 22 keeps what it has compiled, and starts half as fast again the next time.
;(module as { readonly enableCompileCache?: () => void }).enableCompileCache?.()

void import('./program.ts')
  .then(({ runProgram }) =>
    runProgram(process.argv.slice(2), {
      print: (line) => console.log(line),
      printError: (line) => console.error(line),
    }),
  )
  // The only place that exits: everything else answers.
  .then((code) => process.exit(code))
