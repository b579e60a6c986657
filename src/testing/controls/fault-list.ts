/** What goes wrong, with which requests, and how often. */
export interface Fault {
  /** Which requests meet it. Default: all. The parts of a batch are no requests of their own. */
  readonly match?: {
    readonly method?: string
    /**
     * The path without its query, from `/api/data/v9.2/…` or from behind that. `*` stands for anything.
     * @example '/accounts*'
     */
    readonly path?: string
  }
  /** Answers with this status, from 400 to 599, instead of doing what was asked. */
  readonly status?: number
  /** The platform's code in that answer, such as `'0x80072322'`. */
  readonly code?: string
  /** Sent with that answer as the header `Retry-After`: seconds. */
  readonly retryAfter?: number
  /** Waits so many milliseconds of the machine's time before anything happens. */
  readonly delayMs?: number
  /** Cuts the connection: before the `request` did anything, or when it took effect and only its `answer` is lost. */
  readonly drop?: 'request' | 'answer'
  /** How many requests meet it; `null`: all, until it is deleted. Default: 1. */
  readonly times?: number | null
}

/** A fault that was asked for. */
export interface ListedFault extends Fault {
  readonly id: number
  /** How many more requests meet it; `null`: no end. */
  readonly left: number | null
}

/** The faults that a server is to show its clients. The first that fits a request is met. */
export interface FaultList {
  /** Whether there is none: what a server asks before each request. */
  readonly empty: boolean
  /** Refuses one more when there are 100. */
  add(fault: Fault): ListedFault
  list(): readonly ListedFault[]
  clear(): void
  /** The fault that a request meets, counted as met. `path` has no query and begins with a slash. */
  take(method: string, path: string): Fault | undefined
}

const MOST = 100

/** An empty list of faults. */
export function createFaultList(): FaultList {
  let waiting: { readonly fault: Fault; readonly id: number; left: number | null }[] = []
  let last = 0
  const listed = ({ fault, id, left }: (typeof waiting)[number]): ListedFault => ({ id, ...fault, left })

  return {
    get empty() {
      return waiting.length === 0
    },
    add(fault) {
      if (waiting.length >= MOST) throw new RangeError(`There are ${MOST} faults already. Delete them first.`)
      const one = { fault, id: ++last, left: fault.times === undefined ? 1 : fault.times }
      waiting.push(one)
      return listed(one)
    },
    list: () => waiting.map(listed),
    clear() {
      waiting = []
    },
    take(method, path) {
      const met = waiting.find(({ fault }) => matches(fault, method, path))
      if (!met) return undefined
      if (met.left !== null && --met.left === 0) waiting = waiting.filter((one) => one !== met)
      return met.fault
    },
  }
}

const API = /^\/api\/data\/v9\.\d+(?=\/|$)/

function matches({ match = {} }: Fault, method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false
  return match.path === undefined || fits(match.path, path) || fits(match.path, path.replace(API, ''))
}

/** Whether the text is the pattern, in which `*` stands for anything. Takes no longer than their lengths together. */
function fits(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*') as [string, ...string[]]
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return text.length - last.length >= at && text.endsWith(last)
}
