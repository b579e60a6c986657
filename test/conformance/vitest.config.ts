import { defineConfig } from 'vitest/config'
import { provingFiles, root } from './proofs.ts'
import { ConformanceReporter } from './report-conformance.ts'

/** Runs the tests that prove features, and makes the report of them: `npm run conformance`. */
export default defineConfig({
  root,
  test: {
    include: [...provingFiles()],
    reporters: ['dot', new ConformanceReporter()],
    testTimeout: 60_000,
  },
})
