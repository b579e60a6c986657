import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'

const { FUZZ_COUNT = '3000', FUZZ_SEED = '1' } = process.env

test(`${FUZZ_COUNT} requests, seed ${FUZZ_SEED}`, async () => {
  const result = await fuzz(Number(FUZZ_COUNT), Number(FUZZ_SEED), () => performance.now())
  const { findings, statuses, slowest, leaked } = result
  const answers = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  const { milliseconds, request } = slowest
  process.stdout.write(`answers by status: ${answers.join(', ')}\n`)
  process.stdout.write(`slowest: ${Math.round(milliseconds)} ms, ${JSON.stringify(request)?.slice(0, 500)}\n`)
  for (const { fault, count, request: shortest } of findings) {
    process.stdout.write(`${count} × ${fault}\n  ${JSON.stringify(shortest)}\n`)
  }
  expect(findings.map(({ fault }) => fault)).toEqual([])
  expect(leaked).toBe(false)
})
