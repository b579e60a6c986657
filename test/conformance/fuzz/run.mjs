// npm run fuzz -- [requests] [seed]: as many requests of all kinds as are wanted (100,000), and what was found.
import { join } from 'node:path'
import { startVitest } from 'vitest/node'

const [count = '100000', seed = String(Date.now() % 1_000_000_000)] = process.argv.slice(2)
if (![count, seed].every((text) => /^\d{1,9}$/.test(text))) {
  process.stderr.write('npm run fuzz -- [requests] [seed]: both are whole numbers.\n')
  process.exit(2)
}
process.stdout.write(`${count} requests, seed ${seed}\n`)
await startVitest('test', [], {
  config: join(import.meta.dirname, 'vitest.config.ts'),
  env: { FUZZ_COUNT: count, FUZZ_SEED: seed },
  watch: false,
})
