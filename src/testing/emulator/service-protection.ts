import type { Clock } from '../../internal/clock.ts'
import { dataverseError } from '../../service/index.ts'

/**
 * How much one user may ask for.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface ServiceProtectionLimits {
  /** Requests within the window. Default 6000. */
  readonly requests?: number
  /** The time that they take together within the window, by the emulator's clock. Default 1,200,000 ms. */
  readonly executionTimeMs?: number
  /** Requests at one time. Default 52. */
  readonly concurrentRequests?: number
  /** Default 300. */
  readonly windowSeconds?: number
}

/** What is known of one user's requests. */
interface Usage {
  /** Those of the window, the oldest first: when each began, and how long it took. */
  readonly past: { readonly at: number; took: number }[]
  executionTime: number
  running: number
}

/** How long a user with too many requests at one time is told to wait. Microsoft documents no figure. */
const CONCURRENCY_RETRY_SECONDS = 5

/** Counts what users ask for, and refuses what is too much with a 429 that says when to ask again. */
export class ServiceProtection {
  private readonly usages = new Map<string, Usage>()
  private readonly requests: number
  private readonly executionTime: number
  private readonly concurrent: number
  private readonly window: number

  constructor(
    {
      requests = 6000,
      executionTimeMs = 1_200_000,
      concurrentRequests = 52,
      windowSeconds = 300,
    }: ServiceProtectionLimits,
    private readonly clock: Clock,
  ) {
    for (const [name, value] of Object.entries({ requests, executionTimeMs, concurrentRequests, windowSeconds })) {
      if (!(value > 0)) throw new RangeError(`serviceProtection: ${name} is ${value}, but must be more than 0.`)
    }
    this.requests = requests
    this.executionTime = executionTimeMs
    this.concurrent = concurrentRequests
    this.window = windowSeconds * 1000
  }

  /** Runs a request of a user's own; what it sets off inside does not count. */
  async run<T>(userId: string, body: () => Promise<T>): Promise<T> {
    const usage = this.usageOf(userId)
    const began = this.now()
    this.forget(usage, began)
    this.refuseTooMuch(usage, began)
    const request = { at: began, took: 0 }
    usage.past.push(request)
    usage.running++
    try {
      return await body()
    } finally {
      usage.running--
      request.took = this.now() - began
      usage.executionTime += request.took
    }
  }

  /** What the user may still ask for within the window. */
  remaining(userId: string): { readonly requests: number; readonly executionTimeMs: number } {
    const usage = this.usageOf(userId)
    this.forget(usage, this.now())
    return {
      requests: Math.max(0, this.requests - usage.past.length),
      executionTimeMs: Math.max(0, this.executionTime - usage.executionTime),
    }
  }

  private refuseTooMuch(usage: Usage, now: number): void {
    const window = this.window / 1000
    const seconds = (until: number) => Math.max(1, Math.ceil((until - now) / 1000))
    if (usage.running >= this.concurrent) {
      const details = { retryAfter: CONCURRENCY_RETRY_SECONDS }
      throw dataverseError('ThrottlingConcurrencyLimitExceededError', { limit: this.concurrent }, details)
    }
    if (usage.past.length >= this.requests) {
      const free = usage.past[usage.past.length - this.requests]!
      const details = { retryAfter: seconds(free.at + this.window) }
      throw dataverseError('ThrottlingBurstRequestLimitExceededError', { limit: this.requests, window }, details)
    }
    if (usage.executionTime >= this.executionTime) {
      let left = usage.executionTime
      const free = usage.past.find(({ took }) => {
        left -= took
        return left < this.executionTime
      })
      const details = { retryAfter: seconds((free ?? usage.past[0]!).at + this.window) }
      throw dataverseError('ThrottlingTimeExceededError', { limit: this.executionTime, window }, details)
    }
  }

  private forget(usage: Usage, now: number): void {
    let old = 0
    while (old < usage.past.length && usage.past[old]!.at <= now - this.window) {
      usage.executionTime -= usage.past[old]!.took
      old++
    }
    if (old > 0) usage.past.splice(0, old)
  }

  private usageOf(userId: string): Usage {
    let usage = this.usages.get(userId)
    if (!usage) {
      usage = { past: [], executionTime: 0, running: 0 }
      this.usages.set(userId, usage)
    }
    return usage
  }

  private now(): number {
    return this.clock.now().getTime()
  }
}
