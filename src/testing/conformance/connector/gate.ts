import type { Clock } from '../../../internal/clock.ts'
import { createFaults, type SimulatorFault } from '../../simulator/faults.ts'
import { listen } from '../../simulator/listen.ts'
import type { ConnectorWorld, RequestKind } from './world.ts'

/** A request as it arrived at the provider. */
export interface ArrivedRequest {
  readonly kind: RequestKind
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly at: Date
}

/** What goes wrong with the next requests of a kind. */
export interface GateFault extends Omit<SimulatorFault, 'method' | 'path' | 'containing'> {
  /** Default: `read` and `write`; signing in is left alone. */
  readonly on?: RequestKind
  /** How many of those go well before. Default: 0. */
  readonly after?: number
  /** Changes the answer. */
  readonly rewrite?: (answer: Response) => Promise<Response>
}

/** What stands before a world: a socket, a log of what arrives, and faults. */
export interface Gate {
  readonly url: string
  readonly requests: readonly ArrivedRequest[]
  /** The most writes that were under way at a time. */
  readonly mostWrites: number
  fail(fault: GateFault): void
  /** No fault is waiting any more. */
  heal(): void
  /** Calls this once, when the next request of this kind has arrived and nothing has come of it. */
  before(kind: RequestKind | undefined, act: () => unknown): void
  close(): Promise<void>
}

export async function openGate(world: ConnectorWorld, clock: Clock): Promise<Gate> {
  const requests: ArrivedRequest[] = []
  let faults: { readonly fault: GateFault; left: number; spared: number }[] = []
  let acts: { readonly kind: RequestKind | undefined; readonly act: () => unknown }[] = []
  let writes = 0
  let mostWrites = 0

  function take(kind: RequestKind): GateFault | undefined {
    const met = faults.find(({ fault }) => meets(fault.on, kind))
    if (!met) return undefined
    if (met.spared > 0) {
      met.spared--
      return undefined
    }
    met.left--
    faults = faults.filter(({ left }) => left > 0)
    return met.fault
  }

  async function pass(request: Request, kind: RequestKind, cut: () => Response): Promise<Response> {
    const { on: _, after: __, rewrite, ...fault } = take(kind) ?? {}
    const effects = createFaults(clock)
    effects.add({ ...fault, times: 1 })
    const answer = await effects.around(request, async () => world.answer(request), cut)
    return rewrite ? rewrite(answer) : answer
  }

  async function answer(request: Request, cut: () => Response): Promise<Response> {
    const body = await request.clone().text()
    const kind = kindIn(world, request, body)
    requests.push(arrived(request, kind, body, clock.now()))
    const due = acts.find((one) => meets(one.kind, kind))
    acts = acts.filter((one) => one !== due)
    if (kind === 'write') mostWrites = Math.max(mostWrites, ++writes)
    try {
      await due?.act()
      return await pass(request, kind, cut)
    } finally {
      if (kind === 'write') writes--
    }
  }

  const { url, close } = await listen({ port: 0, hostname: '127.0.0.1', answer })
  return {
    url,
    get requests() {
      return [...requests]
    },
    get mostWrites() {
      return mostWrites
    },
    fail: (fault) => void faults.push({ fault, left: fault.times ?? 1, spared: fault.after ?? 0 }),
    heal() {
      faults = []
    },
    before: (kind, act) => void acts.push({ kind, act }),
    close,
  }
}

/** Without a wanted kind, any but signing in. */
const meets = (wanted: RequestKind | undefined, kind: RequestKind) =>
  wanted === undefined ? kind !== 'signIn' : wanted === kind

function kindIn(world: ConnectorWorld, request: Request, body: string): RequestKind {
  return world.kindOf?.(request, body) ?? (request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write')
}

function arrived(request: Request, kind: RequestKind, body: string, at: Date): ArrivedRequest {
  const { pathname, search } = new URL(request.url)
  const headers = Object.fromEntries(request.headers)
  return { kind, method: request.method, path: pathname + search, headers, body, at }
}
