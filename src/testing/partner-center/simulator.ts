import type { Hono } from 'hono'
import { type Clock, systemClock } from '../../internal/clock.ts'
import { type IdGenerator, randomIds } from '../../internal/ids.ts'
import { createFaults, type SimulatorFault } from '../simulator/faults.ts'
import { type ListeningSimulator, listen } from '../simulator/listen.ts'
import { createApp } from './app.ts'
import { createState, type PartnerCenterSeed, type PartnerCenterState } from './state.ts'
import { createTokens } from './tokens.ts'
import type { PartnerCenterQuirks, PartnerCenterTiming, World } from './world.ts'

export interface PartnerCenterSimulatorOptions {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** What the integration user got by signing in. Default: nobody has signed in. */
  readonly refreshToken?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Makes the ids of what is created. Default: random. */
  readonly ids?: IdGenerator
  /** What it starts with, and what `reset` returns to. */
  readonly seed?: PartnerCenterSeed
  readonly timing?: PartnerCenterTiming
  readonly quirks?: PartnerCenterQuirks
  /** Requests that it takes in any minute. Default: any number. */
  readonly requestsPerMinute?: number
  /** How many a page of orders or subscriptions has. Default: 100. */
  readonly pageSize?: number
}

export interface PartnerCenterSimulator {
  /** A copy of what it has, and the log of what reached it. */
  readonly state: PartnerCenterState
  /** How many access tokens it has given. */
  readonly tokensGiven: number
  /** Answers a request without a socket. */
  fetch(request: Request): Promise<Response>
  /** Serves over HTTP: the API and the sign-in. Default: `127.0.0.1`, on a port that is free. */
  listen(options?: { readonly port?: number; readonly hostname?: string }): Promise<ListeningSimulator>
  /** Makes the next requests that match go wrong. */
  fail(fault: SimulatorFault): void
  /** Changes how it behaves from now on. */
  behave(how: { readonly timing?: PartnerCenterTiming; readonly quirks?: PartnerCenterQuirks }): void
  /** No refresh token is good any more. */
  expireConsent(): void
  /** No access token is good any more. */
  revokeTokens(): void
  /** Back to the seed, without faults, as if nothing had been asked. */
  reset(): void
}

const MINUTE_MS = 60_000

/**
 * A Partner Center in memory, for tests and for `work365 dev`: sign-in, customers, agreements, catalogue, carts, orders,
 * subscriptions with their windows, over real HTTP. Times, quirks and faults are on demand.
 *
 * @example
 * const simulator = createPartnerCenterSimulator({ tenantId, clientId, clientSecret, seed: { customers, products } })
 * const { url } = await simulator.listen()
 * const partnerCenter = createPartnerCenter({ endpoints: { api: url, login: url } })
 * simulator.fail({ method: 'POST', path: /checkout$/, drop: 'answer' })
 */
export function createPartnerCenterSimulator(options: PartnerCenterSimulatorOptions): PartnerCenterSimulator {
  const { tenantId, clientId, clientSecret, refreshToken, clock = systemClock, ids = randomIds, seed = {} } = options
  const { pageSize = 100, requestsPerMinute = Number.POSITIVE_INFINITY } = options
  const faults = createFaults(clock)

  function begin() {
    const { timing = {}, quirks = {} } = options
    return {
      world: { state: createState(seed, clock.now()), clock, ids, timing, quirks, tenantId, pageSize } as World,
      taken: [] as number[],
    }
  }
  let { world, taken } = begin()
  const signIn = () => createTokens({ tenantId, clientId, clientSecret, refreshToken, clock, ids, how: () => world })
  let tokens = signIn()
  let app: Promise<Hono> | undefined

  function secondsToWait(): number {
    const now = clock.now().getTime()
    taken = taken.filter((at) => at > now - MINUTE_MS)
    taken.push(now)
    return taken.length <= requestsPerMinute ? 0 : Math.ceil((taken[0]! + MINUTE_MS - now) / 1000)
  }

  async function answer(request: Request, cut: () => Response): Promise<Response> {
    const requestId = request.headers.get('ms-requestid') ?? undefined
    world.state.requests.push({
      method: request.method,
      path: new URL(request.url).pathname,
      requestId,
      at: clock.now(),
    })
    if (world.timing.latencyMs) await clock.sleep(world.timing.latencyMs)
    app ??= createApp({ world: () => world, tokens: () => tokens, tenantId, secondsToWait })
    const { fetch } = await app
    return faults.around(request, async () => fetch(request), cut)
  }

  return {
    get state() {
      return structuredClone(world.state)
    },
    get tokensGiven() {
      return tokens.given
    },
    fetch: (request) =>
      answer(request, () => {
        throw new TypeError('The simulator cut the connection.')
      }),
    listen: ({ port = 0, hostname = '127.0.0.1' } = {}) => listen({ port, hostname, answer }),
    fail: faults.add,
    behave({ timing, quirks }) {
      world = { ...world, timing: { ...world.timing, ...timing }, quirks: { ...world.quirks, ...quirks } }
    },
    expireConsent: () => tokens.expireConsent(),
    revokeTokens: () => tokens.revoke(),
    reset() {
      ;({ world, taken } = begin())
      tokens = signIn()
      app = undefined
      faults.clear()
    },
  }
}
