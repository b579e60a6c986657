import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Emulator } from '../../testing/index.ts'
import { drainRegularly } from './drain-regularly.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An emulator whose drains take until they are told to end. */
function slow() {
  const open: (() => void)[] = []
  const emulator = { drain: () => new Promise<void>((resolve) => open.push(resolve)) }
  return { emulator: emulator as unknown as Emulator, open }
}

test('one drain runs at a time, and the next begins a second after it has ended', async () => {
  const { emulator, open } = slow()
  const drains = drainRegularly(() => [emulator])
  await vi.advanceTimersByTimeAsync(5000)
  expect(open).toHaveLength(1)

  open[0]!()
  await vi.advanceTimersByTimeAsync(999)
  expect(open).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(open).toHaveLength(2)

  open[1]!()
  await drains.stop()
  await vi.advanceTimersByTimeAsync(5000)
  expect(open).toHaveLength(2)
})

test('stopping waits for a drain that runs', async () => {
  const { emulator, open } = slow()
  const drains = drainRegularly(() => [emulator])
  await vi.advanceTimersByTimeAsync(1000)
  let stopped = false
  const stopping = drains.stop().then(() => {
    stopped = true
  })
  await vi.advanceTimersByTimeAsync(1000)
  expect(stopped).toBe(false)

  open[0]!()
  await stopping
})
