import type { Clock } from '../internal/clock.ts'
import { createPlaces } from './places.ts'
import { ProviderError } from './provider-error.ts'

/** What a provider allows one partner. */
export interface Limits {
  /** How many requests may begin within any minute. */
  readonly requestsPerMinute?: number
  /** How many requests may be under way at a time. */
  readonly concurrency?: number
  /** What is counted together. Default: `connection`. */
  readonly per?: 'connection' | 'customer'
}

/** Lets the requests of one connection go out as its provider allows, whatever contexts they come from. */
export interface Limiter {
  /**
   * Waits until the request may begin; resolves to what its sender calls when it has ended.
   *
   * @param customer - whose request it is, where limits are counted per customer
   * @throws ProviderError `throttled` when the provider has asked for a longer rest than is worth waiting for
   */
  turn(signal: AbortSignal, customer?: string): Promise<() => void>
  /** The provider has asked for no other request for so long. */
  rest(milliseconds: number, customer?: string): void
}

const MINUTE_MS = 60_000
/** A longer rest is for the job to wait, not for a request. */
const LONGEST_REST_MS = 60_000

/**
 * A limiter on this clock. Whoever holds a connection makes one and hands it to each context of it; by default there is
 * one per connection in a process.
 */
export function createLimiter({ per = 'connection', ...limits }: Limits, clock: Clock): Limiter {
  const counters = new Map<string, Counter>()
  let sweepAt = 0

  function counterOf(name: string): Counter {
    const now = clock.now().getTime()
    if (now >= sweepAt) {
      for (const [other, counter] of counters) if (counter.isIdle(now)) counters.delete(other)
      sweepAt = now + MINUTE_MS
    }
    const known = counters.get(name)
    if (known) return known
    const counter = createCounter(limits, clock)
    counters.set(name, counter)
    return counter
  }

  const counterFor = (customer = '') => counterOf(per === 'customer' ? customer : '')
  return {
    turn: (signal, customer) => counterFor(customer).turn(signal),
    rest: (milliseconds, customer) => counterFor(customer).rest(milliseconds),
  }
}

interface Counter {
  turn(signal: AbortSignal): Promise<() => void>
  rest(milliseconds: number): void
  /** Whether forgetting it would let nothing through. */
  isIdle(now: number): boolean
}

function createCounter({ requestsPerMinute, concurrency }: Omit<Limits, 'per'>, clock: Clock): Counter {
  const places = createPlaces(concurrency ?? Number.POSITIVE_INFINITY)
  const nextStart = requestsPerMinute === undefined ? (now: number) => now : createStarts(requestsPerMinute)
  let restsUntil = 0
  let lastStart = Number.NEGATIVE_INFINITY

  async function waitForStart(signal: AbortSignal): Promise<void> {
    const now = clock.now().getTime()
    const rest = restsUntil - now
    if (rest > LONGEST_REST_MS) {
      const seconds = Math.ceil(rest / 1000)
      throw new ProviderError('throttled', `The provider asked for no requests for another ${seconds} seconds.`, {
        retryAfterMs: rest,
      })
    }
    lastStart = nextStart(Math.max(now, restsUntil))
    if (lastStart > now) await clock.sleep(lastStart - now, signal)
  }

  return {
    async turn(signal) {
      await places.take(signal)
      try {
        await waitForStart(signal)
      } catch (error) {
        places.give()
        throw error
      }
      return places.give
    },
    rest(milliseconds) {
      restsUntil = Math.max(restsUntil, clock.now().getTime() + milliseconds)
    },
    isIdle: (now) => places.areFree() && restsUntil <= now && lastStart + MINUTE_MS <= now,
  }
}

/** Answers when the next request may start, such that no minute sees more than `perMinute` of them. */
function createStarts(perMinute: number): (earliest: number) => number {
  const starts: number[] = []
  let oldest = 0
  return (earliest) => {
    const start = Math.max(earliest, (starts[oldest] ?? Number.NEGATIVE_INFINITY) + MINUTE_MS)
    starts[oldest] = start
    oldest = (oldest + 1) % perMinute
    return start
  }
}
