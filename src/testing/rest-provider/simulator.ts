import type { Hono } from 'hono'
import { createApp } from '../../connectors/rest-provider/server/app.ts'
import { IDEMPOTENCY_HEADER } from '../../connectors/rest-provider/wire.ts'
import { type Clock, systemClock } from '../../internal/clock.ts'
import { type IdGenerator, randomIds } from '../../internal/ids.ts'
import { createFaults, type SimulatorFault } from '../simulator/faults.ts'
import { type ListeningSimulator, listen } from '../simulator/listen.ts'
import { createHandlers } from './handlers.ts'
import { createState, type RestProviderSeed, type RestProviderState } from './state.ts'

export interface RestProviderSimulatorOptions {
  /** The secret that callers have to send. */
  readonly apiKey: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Makes the ids of what is created. Default: random. */
  readonly ids?: IdGenerator
  /** What it starts with, and what `reset` returns to. */
  readonly seed?: RestProviderSeed
  /** Ways in which providers differ. */
  readonly quirks?: {
    /** Forgets idempotency keys: who sends an order twice has bought twice. */
    readonly ignoresKeys?: boolean
    /** Answers a change of a subscription with the state before it. */
    readonly answersWithOldState?: boolean
  }
}

export interface RestProviderSimulator {
  /** A copy of what the provider has, and the log of what reached it. */
  readonly state: RestProviderState
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>
  /** Serves over HTTP. Default: `127.0.0.1`, on a port that is free. */
  listen(options?: { readonly port?: number; readonly hostname?: string }): Promise<ListeningSimulator>
  /** Makes the next requests that match go wrong. */
  fail(fault: SimulatorFault): void
  /** Back to the seed, without faults, as if nothing had been asked. Idempotency keys are forgotten too. */
  reset(): void
}

/**
 * A Rest Provider in memory, for tests and for `work365 dev`: every route of the contract, over real HTTP.
 *
 * @example
 * const simulator = createRestProviderSimulator({ apiKey: 'secret', seed: { customers: [{ id: 'contoso', name: 'Contoso' }] } })
 * const { url, close } = await simulator.listen()
 * simulator.fail({ method: 'POST', path: '/subscriptions', drop: 'answer' })
 */
export function createRestProviderSimulator(options: RestProviderSimulatorOptions): RestProviderSimulator {
  const { apiKey, clock = systemClock, ids = randomIds, seed = {}, quirks = {} } = options
  if (!apiKey)
    throw new TypeError('createRestProviderSimulator: `apiKey` is empty: choose the secret that callers send.')

  let state = createState(seed)
  let app: Promise<Hono> | undefined
  const faults = createFaults(clock)
  const handlers = createHandlers({
    state: () => state,
    clock,
    ids,
    answersWithOldState: quirks.answersWithOldState ?? false,
  })

  async function answer(request: Request, cut: () => Response): Promise<Response> {
    const key = request.headers.get(IDEMPOTENCY_HEADER) ?? undefined
    state.requests.push({ method: request.method, path: new URL(request.url).pathname, key })
    app ??= createApp(handlers, { apiKey, clock, honoursKeys: !quirks.ignoresKeys, problemOf })
    const { fetch } = await app
    return faults.around(request, async () => fetch(request), cut)
  }

  return {
    get state() {
      return structuredClone(state)
    },
    fetch: (request) =>
      answer(request, () => {
        throw new TypeError('The simulator cut the connection.')
      }),
    listen: ({ port = 0, hostname = '127.0.0.1' } = {}) => listen({ port, hostname, answer }),
    fail: faults.add,
    reset() {
      state = createState(seed)
      app = undefined
      faults.clear()
    },
  }
}

const problemOf = (error: unknown) => ({ status: 500, detail: String(error) })
