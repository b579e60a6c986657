import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What `npm run fuzz` runs. */
export default defineConfig({
  root: join(import.meta.dirname, '../../..'),
  test: {
    include: ['test/conformance/fuzz/long-run.ts'],
    reporters: [['default', { summary: false }]],
    testTimeout: 3_600_000,
  },
})
