import type { Emulator } from '../emulator/index.ts'
import { parseDuration } from './duration.ts'
import { answer, ControlError, readObject } from './http.ts'

export interface ControlsOptions {
  /** Where the controls live, without a slash at the end. Default `'/_emulator'`. */
  readonly basePath?: string
}

type Handler = (request: Request) => Response | Promise<Response>

/**
 * An emulator's controls over HTTP, beside its Web API: JSON in and out. Whoever reaches them can do everything with
 * the emulator, so a server offers them to its own machine only.
 *
 * - `GET /_emulator/health`: `{ status, tables, steps }`
 * - `POST /_emulator/reset`: back to the beginning
 * - `GET /_emulator/clock`: `{ now, running }`
 * - `PUT /_emulator/clock` `{ "now": "2026-03-01T09:00:00Z" }`: stand still there; `null` lets the clock run
 * - `POST /_emulator/clock/advance` `{ "by": "PT24H" }`: an ISO 8601 duration, or milliseconds
 * - `POST /_emulator/drain`: runs the asynchronous steps that are due and answers what ran
 * - `GET /_emulator/trace`: what ran so far; with `?format=text` for people
 *
 * @example
 * const controls = createControls(dataverse)
 * await controls(new Request('http://localhost/_emulator/reset', { method: 'POST' }))
 */
export function createControls(
  emulator: Emulator,
  { basePath = '/_emulator' }: ControlsOptions = {},
): (request: Request) => Promise<Response> {
  const showClock = () => {
    const { clock } = emulator
    return answer(200, { now: clock.now().toISOString(), running: clock.running })
  }

  const endpoints: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
    '/health': {
      GET: () => answer(200, { status: 'ok', tables: emulator.tables.length, steps: emulator.steps.length }),
    },
    '/reset': {
      POST: () => {
        emulator.reset()
        return answer(204)
      },
    },
    '/clock': {
      GET: showClock,
      PUT: async (request) => {
        const now = parseNow(await readObject(request))
        if (now === null) emulator.clock.run()
        else emulator.clock.set(now)
        return showClock()
      },
    },
    '/clock/advance': {
      POST: async (request) => {
        const by = parseBy(await readObject(request))
        refuseBeyond(emulator.clock.now().getTime() + by)
        await emulator.clock.advance(by)
        return showClock()
      },
    },
    '/drain': { POST: async () => answer(200, await emulator.drain()) },
    '/trace': {
      GET: ({ url }) => {
        const format = new URL(url).searchParams.get('format') ?? 'json'
        if (format === 'json') return answer(200, emulator.trace.entries)
        if (format !== 'text') throw new ControlError(400, `The format is 'json' or 'text', not '${format}'.`)
        return new Response(emulator.trace.print(), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
      },
    },
  }
  const listing = Object.entries(endpoints).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${basePath}${path}`),
  )

  return async function handle(request) {
    try {
      const { pathname } = new URL(request.url)
      const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : ''
      if (!Object.hasOwn(endpoints, path)) {
        throw new ControlError(404, `There is no '${pathname}'. There are: ${listing.join(', ')}.`)
      }
      const methods = endpoints[path]!
      if (!Object.hasOwn(methods, request.method)) {
        const allowed = Object.keys(methods).join(', ')
        throw new ControlError(405, `'${pathname}' takes ${allowed}, not ${request.method}.`, { Allow: allowed })
      }
      return await methods[request.method]!(request)
    } catch (error) {
      if (error instanceof ControlError)
        return answer(error.status, { error: { message: error.message } }, error.headers)
      return answer(500, { error: { message: error instanceof Error ? error.message : String(error) } })
    }
  }
}

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/

function parseNow({ now }: Readonly<Record<string, unknown>>): Date | null {
  if (now === null) return null
  const moment = typeof now === 'string' && MOMENT.test(now) ? new Date(now) : undefined
  if (moment && !Number.isNaN(moment.getTime())) return moment
  throw new ControlError(400, `'now' is an ISO 8601 moment with its offset, such as "2026-03-01T09:00:00Z", or null.`)
}

function parseBy({ by }: Readonly<Record<string, unknown>>): number {
  const milliseconds = typeof by === 'string' ? parseDuration(by) : by
  if (Number.isInteger(milliseconds) && (milliseconds as number) >= 0) return milliseconds as number
  throw new ControlError(400, `'by' is an ISO 8601 duration such as "PT24H" or "P1DT30M", or a number of milliseconds.`)
}

function refuseBeyond(time: number): void {
  if (time <= Date.UTC(9999, 11, 31, 23, 59, 59)) return
  throw new ControlError(400, 'The clock goes no further than the year 9999.')
}
