import { type Emulator, type Snapshot, SnapshotError } from '../emulator/index.ts'
import { parseDuration } from './duration.ts'
import type { FaultList } from './fault-list.ts'
import {
  answer,
  type ControlAnswer,
  ControlError,
  type ControlRequest,
  fromRequest,
  readObject,
  toResponse,
} from './http.ts'
import { parseFault } from './parse-fault.ts'
import type { RefusedList } from './refused-list.ts'

/** Where a server keeps the forks that it serves. */
export interface ForkHost {
  /** Makes one, and answers its id and where it is served, as a path: `/forks/1`. */
  create(): { readonly id: string; readonly path: string }
  /** Answers whether it was there. */
  delete(id: string): boolean
}

export interface ControlsOptions {
  /** Where the controls live, without a slash at the end. Default `'/_emulator'`. */
  readonly basePath?: string
  /** The faults that the server shows. Left out: there is no `/faults`. */
  readonly faults?: FaultList
  /** What the server had to refuse. Left out: there is no `/unsupported`. */
  readonly refused?: RefusedList
  /** Where forks are served. Left out: there is no `/fork`. */
  readonly forks?: ForkHost
  /** The longest snapshot that is read. Default 256 MB. */
  readonly maxSnapshotBytes?: number
}

/** The controls: a function from `Request` to `Response`, and the same for servers that have neither. */
export interface Controls {
  (request: Request): Promise<Response>
  answer(request: ControlRequest): Promise<ControlAnswer>
}

/** `parameter` is what stands where the path has `{id}`. */
type Handler = (request: ControlRequest, parameter: string) => ControlAnswer | Promise<ControlAnswer>
type Endpoints = Readonly<Record<string, Readonly<Record<string, Handler>>>>

/**
 * An emulator's controls over HTTP, beside its Web API: JSON in and out. Whoever reaches them can do everything with
 * the emulator, so a server offers them to its own machine only.
 *
 * - `GET /_emulator/health`: `{ status, tables, steps }`
 * - `POST /_emulator/reset`: back to the beginning, without faults
 * - `POST /_emulator/fork`: `{ id, url }` of an environment with the same rows and its own future
 * - `DELETE /_emulator/forks/{id}`: forgets it
 * - `GET /_emulator/snapshot`, `PUT /_emulator/snapshot`: all that is there, as a document (`docs/snapshot.md`)
 * - `GET /_emulator/clock`: `{ now, running }`
 * - `PUT /_emulator/clock` `{ "now": "2026-03-01T09:00:00Z" }`: stand still there; `null` lets the clock run
 * - `POST /_emulator/clock/advance` `{ "by": "PT24H" }`: an ISO 8601 duration, or milliseconds
 * - `POST /_emulator/drain`: runs the asynchronous steps that are due and answers what ran
 * - `GET`, `POST`, `DELETE /_emulator/faults`: see {@link Fault}
 * - `GET /_emulator/trace`: the requests and what ran so far; with `?format=text` for people
 * - `GET /_emulator/unsupported`: what was asked for and is not emulated, and how often
 *
 * @example
 * const controls = createControls(dataverse)
 * await controls(new Request('http://localhost/_emulator/reset', { method: 'POST' }))
 */
export function createControls(emulator: Emulator, options: ControlsOptions = {}): Controls {
  const { basePath = '/_emulator' } = options
  const endpoints = endpointsOf(emulator, options)
  const listing = Object.entries(endpoints).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${basePath}${path}`),
  )

  async function handle(request: ControlRequest): Promise<ControlAnswer> {
    try {
      const { pathname } = new URL(request.url)
      const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : ''
      const [, id] = /^\/forks\/([^/]+)$/.exec(path) ?? []
      const template = id === undefined ? path : '/forks/{id}'
      if (!Object.hasOwn(endpoints, template)) {
        throw new ControlError(404, `There is no '${pathname}'. There are: ${listing.join(', ')}.`)
      }
      const methods = endpoints[template]!
      if (!Object.hasOwn(methods, request.method)) {
        const allowed = Object.keys(methods).join(', ')
        throw new ControlError(405, `'${pathname}' takes ${allowed}, not ${request.method}.`, { Allow: allowed })
      }
      return await methods[request.method]!(request, id ?? '')
    } catch (error) {
      return failure(error)
    }
  }

  return Object.assign(async (request: Request) => toResponse(await handle(fromRequest(request))), { answer: handle })
}

const snapshotStatus = { busy: 409, different: 409, malformed: 400 } as const

function failure(error: unknown): ControlAnswer {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof ControlError) return answer(error.status, { error: { message } }, error.headers)
  if (error instanceof SnapshotError) return answer(snapshotStatus[error.reason], { error: { message } })
  // A server may refuse a body that is too long by an error of its own.
  const status = (error as { readonly status?: unknown } | null)?.status
  return answer(typeof status === 'number' && status >= 400 ? status : 500, { error: { message } })
}

function endpointsOf(
  emulator: Emulator,
  { faults, refused, forks, maxSnapshotBytes = 256 * 1024 * 1024 }: ControlsOptions,
): Endpoints {
  const showClock = () => {
    const { clock } = emulator
    return answer(200, { now: clock.now().toISOString(), running: clock.running })
  }

  return {
    '/health': {
      GET: () => answer(200, { status: 'ok', tables: emulator.tables.length, steps: emulator.steps.length }),
    },
    '/reset': {
      POST: () => {
        emulator.reset()
        faults?.clear()
        return answer(204)
      },
    },
    ...(forks && forkEndpoints(forks)),
    '/snapshot': {
      GET: async () => answer(200, await emulator.snapshot()),
      PUT: async (request) => {
        const document = await readObject(request, maxSnapshotBytes)
        await emulator.restore(document as unknown as Snapshot)
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
    ...(faults && faultEndpoints(faults)),
    '/trace': {
      GET: ({ url }) => {
        const format = new URL(url).searchParams.get('format') ?? 'json'
        if (format === 'json') return answer(200, emulator.trace.entries)
        if (format !== 'text') throw new ControlError(400, `The format is 'json' or 'text', not '${format}'.`)
        return {
          status: 200,
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: emulator.trace.print(),
        }
      },
    },
    ...(refused && { '/unsupported': { GET: () => answer(200, refused.list()) } }),
  }
}

function forkEndpoints(forks: ForkHost): Endpoints {
  return {
    '/fork': {
      POST: ({ url }) => {
        const { id, path } = forks.create()
        return answer(201, { id, url: new URL(url).origin + path })
      },
    },
    '/forks/{id}': {
      DELETE: (_, id) => {
        if (forks.delete(id)) return answer(204)
        throw new ControlError(404, `There is no fork '${id}'.`)
      },
    },
  }
}

function faultEndpoints(faults: FaultList): Endpoints {
  return {
    '/faults': {
      GET: () => answer(200, faults.list()),
      POST: async (request) => {
        const fault = parseFault(await readObject(request))
        try {
          return answer(201, faults.add(fault))
        } catch (error) {
          throw error instanceof RangeError ? new ControlError(409, error.message) : error
        }
      },
      DELETE: () => {
        faults.clear()
        return answer(204)
      },
    },
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
