import type { Clock } from '../../internal/clock.ts'

/** What goes wrong at a simulated provider, with which requests, and how often. */
export interface SimulatorFault {
  readonly method?: string
  /** The whole path, a beginning that ends with `*`, or a pattern. Default: any path. */
  readonly path?: string | RegExp
  /** Only requests whose body has this text: the name of a method, where all of them go to one path. Default: any body. */
  readonly containing?: string
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

  async function take(request: Request): Promise<SimulatorFault | undefined> {
    const asksForBody = waiting.some(({ fault }) => fault.containing !== undefined)
    const body = asksForBody ? await request.clone().text() : ''
    const met = waiting.find(({ fault }) => matches(fault, request, body))
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
      const fault = await take(request)
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

function matches(fault: SimulatorFault, { method, url }: Request, body: string): boolean {
  return (
    (fault.method === undefined || fault.method.toUpperCase() === method) &&
    matchesPath(fault.path, new URL(url).pathname) &&
    (fault.containing === undefined || body.includes(fault.containing))
  )
}

function matchesPath(wanted: SimulatorFault['path'], path: string): boolean {
  if (wanted === undefined) return true
  if (typeof wanted !== 'string') return wanted.test(path)
  return wanted.endsWith('*') ? path.startsWith(wanted.slice(0, -1)) : path === wanted
}
