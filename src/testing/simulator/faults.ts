import type { Clock } from '../../internal/clock.ts'

/** What goes wrong at a simulated provider, with which requests, and how often. */
export interface SimulatorFault {
  readonly method?: string
  /** The whole path, a beginning that ends with `*`, or a pattern. Default: any path. */
  readonly path?: string | RegExp
  /** Answers with this status instead of doing what was asked. */
  readonly status?: number
  /** Sent with `status`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent with `status`. Default: no content. */
  readonly body?: string
  /** Milliseconds, on the simulator's clock, before anything happens. */
  readonly delayMs?: number
  /** Cuts the connection: before the `request` did anything, or when it took effect and only its `answer` is lost. */
  readonly drop?: 'request' | 'answer'
  /** How many requests meet the fault. Default: 1. */
  readonly times?: number
}

export function createFaults(clock: Clock) {
  let waiting: { readonly fault: SimulatorFault; left: number }[] = []

  function take({ method, url }: Request): SimulatorFault | undefined {
    const met = waiting.find(({ fault }) => matches(fault, method, new URL(url).pathname))
    if (met === undefined) return undefined
    met.left--
    waiting = waiting.filter(({ left }) => left > 0)
    return met.fault
  }

  return {
    add: (fault: SimulatorFault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    clear() {
      waiting = []
    },
    /** Answers through the next fault that the request meets. */
    async around(request: Request, answer: () => Promise<Response>, cut: () => Response): Promise<Response> {
      const fault = take(request)
      if (fault === undefined) return answer()
      if (fault.delayMs !== undefined) await clock.sleep(fault.delayMs)
      if (fault.drop === 'request') return cut()
      if (fault.status !== undefined) {
        return new Response(fault.body ?? null, { status: fault.status, headers: { ...fault.headers } })
      }
      const response = await answer()
      return fault.drop === 'answer' ? cut() : response
    },
  }
}

function matches(fault: SimulatorFault, method: string, path: string): boolean {
  return (fault.method === undefined || fault.method.toUpperCase() === method) && matchesPath(fault.path, path)
}

function matchesPath(wanted: SimulatorFault['path'], path: string): boolean {
  if (wanted === undefined) return true
  if (typeof wanted !== 'string') return wanted.test(path)
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted
}
