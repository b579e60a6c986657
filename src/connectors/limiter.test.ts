import { describe, expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import { createLimiter } from './index.ts'

const start = '2026-11-24T09:00:00Z'
const { signal } = new AbortController()

test('no minute sees more requests than the provider allows, however many come at once', async () => {
  const clock = createTestClock(start)
  const limiter = createLimiter({ requestsPerMinute: 300 }, clock)
  const begun: number[] = []
  const changes = Array.from({ length: 1000 }, async () => {
    const end = await limiter.turn(new AbortController().signal)
    begun.push(clock.now().getTime())
    end()
  })

  for (let second = 0; second < 200; second++) await clock.advance(1000)
  await Promise.all(changes)

  const busiest = Math.max(...begun.map((from) => begun.filter((at) => at >= from && at < from + 60_000).length))
  expect(busiest).toBe(300)
  expect(begun.at(-1)! - begun[0]!).toBe(180_000)
})

test('only so many are under way at a time, and whoever waits longest is next', async () => {
  const limiter = createLimiter({ concurrency: 2 }, createTestClock(start))
  const order: number[] = []
  const [first] = await Promise.all([limiter.turn(signal), limiter.turn(signal)])
  const waiting = [1, 2].map(async (number) => {
    const end = await limiter.turn(signal)
    order.push(number)
    end()
  })
  await Promise.resolve()
  expect(order).toEqual([])

  first()
  await Promise.all(waiting)
  expect(order).toEqual([1, 2])
})

test('limits per customer leave other customers alone', async () => {
  const limiter = createLimiter({ concurrency: 1, per: 'customer' }, createTestClock(start))
  await limiter.turn(signal, 'contoso')

  await limiter.turn(signal, 'fabrikam')
})

describe('who waits in line', () => {
  test('leaves it when told to stop, and the next one moves up', async () => {
    const limiter = createLimiter({ concurrency: 1 }, createTestClock(start))
    const first = await limiter.turn(signal)
    const stop = new AbortController()
    const stopped = limiter.turn(stop.signal)
    const next = limiter.turn(signal)

    stop.abort(new Error('the claim was lost'))
    await expect(stopped).rejects.toThrow('the claim was lost')
    first()
    await next
  })

  test('for its minute gives its place back when told to stop', async () => {
    const clock = createTestClock(start)
    const limiter = createLimiter({ requestsPerMinute: 1, concurrency: 1 }, clock)
    const first = await limiter.turn(signal)
    first()
    const stop = new AbortController()
    const stopped = limiter.turn(stop.signal)
    await Promise.resolve()
    stop.abort(new Error('stop'))
    await expect(stopped).rejects.toThrow('stop')

    const next = limiter.turn(signal)
    await clock.advance(120_000)
    await next
  })
})

describe('a provider that asks for a rest', () => {
  test('gets it from every request of the connection', async () => {
    const clock = createTestClock(start)
    const limiter = createLimiter({}, clock)
    const first = await limiter.turn(signal)
    first()
    limiter.rest(30_000)

    let begun: Date | undefined
    const next = limiter.turn(signal).then(() => {
      begun = clock.now()
    })
    await clock.advance(29_999)
    expect(begun).toBeUndefined()
    await clock.advance(1)
    await next
  })

  test('for longer than a minute is left to the job', async () => {
    const clock = createTestClock(start)
    const limiter = createLimiter({ concurrency: 1 }, clock)
    const first = await limiter.turn(signal)
    first()
    limiter.rest(90_000)

    await expect(limiter.turn(signal)).rejects.toMatchObject({ code: 'throttled', retryAfterMs: 90_000 })
    await clock.advance(90_000)
    await limiter.turn(signal)
  })
})
