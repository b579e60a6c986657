import type { Clock } from '../../internal/clock.ts'
import { createFaults, type SimulatorFault } from './faults.ts'
import { type ListeningSimulator, listen } from './listen.ts'

/** What every simulator offers. `S` is what it has, and what reached it. */
export interface Simulator<S> {
  /** A copy of what the provider has, and the log of what reached it. */
  readonly state: S
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>
  /** Serves over HTTP. Default: `127.0.0.1`, on a port that is free. */
  listen(options?: { readonly port?: number; readonly hostname?: string }): Promise<ListeningSimulator>
  /** Makes the next requests that match go wrong. */
  fail(fault: SimulatorFault): void
  /** Back to the seed, without faults, as if nothing had been asked. */
  reset(): void
}

/** A request that arrived, before any fault. */
export interface SimulatedRequest {
  readonly method: string
  readonly path: string
  readonly query: string
}

/** What answers requests, such as an app of Hono. */
interface App {
  fetch(request: Request): Response | Promise<Response>
}

/** A simulator over what a provider has, and the app that answers for it. */
export function createSimulator<S extends { readonly requests: SimulatedRequest[] }>({
  clock,
  begin,
  createApp,
}: {
  readonly clock: Clock
  readonly begin: () => S
  /** Called with the first request after the start or a reset. */
  readonly createApp: (state: S) => Promise<App>
}): Simulator<S> {
  let state = begin()
  let app: Promise<App> | undefined
  const faults = createFaults(clock)

  async function take(request: Request, cut: () => Response): Promise<Response> {
    const { pathname, search } = new URL(request.url)
    state.requests.push({ method: request.method, path: pathname, query: search })
    app ??= createApp(state)
    const answering = await app
    return faults.around(request, async () => answering.fetch(request), cut)
  }

  return {
    get state() {
      return structuredClone(state)
    },
    fetch: (request) =>
      take(request, () => {
        throw new TypeError('The simulator cut the connection.')
      }),
    listen: ({ port = 0, hostname = '127.0.0.1' } = {}) => listen({ port, hostname, answer: take }),
    fail: faults.add,
    reset() {
      state = begin()
      app = undefined
      faults.clear()
    },
  }
}
