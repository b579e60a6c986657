import { type Clock, systemClock } from '../../internal/clock.ts'
import { type IdGenerator, randomIds } from '../../internal/ids.ts'
import { createSimulator, type Simulator } from '../simulator/create-simulator.ts'
import { createApp } from './app.ts'
import { createState, type Pax8Behaviour, type Pax8Seed, type Pax8State } from './state.ts'

export interface Pax8SimulatorOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Makes the ids of what is created. Default: random. */
  readonly ids?: IdGenerator
  /** What it starts with, and what `reset` returns to. */
  readonly seed?: Pax8Seed
}

export interface Pax8Simulator extends Simulator<Pax8State> {
  /** Changes how it behaves from now on. */
  behave(how: Pax8Behaviour): void
  /** Gives a subscription this status, as a person at Pax8 would. */
  settle(subscriptionId: string, status: string): void
  /** No access token is good any more. */
  revokeTokens(): void
}

/**
 * A Pax8 in memory, for tests: tokens, companies, products, orders (with `isMock`) and subscriptions, over real HTTP.
 * It knows no idempotency key, as Pax8 does not: who places an order twice has bought twice.
 *
 * @example
 * const simulator = createPax8Simulator({ clientId, clientSecret, seed: { companies, products } })
 * const { url } = await simulator.listen()
 * const pax8 = createPax8({ endpoint: url })
 * simulator.fail({ method: 'POST', path: '/orders', drop: 'answer' })
 */
export function createPax8Simulator(options: Pax8SimulatorOptions): Pax8Simulator {
  const { clientId, clientSecret, clock = systemClock, ids = randomIds, seed = {} } = options
  let how: Pax8Behaviour = {}
  let live: Pax8State
  const begin = () => {
    how = {}
    live = createState(seed)
    return live
  }
  const simulator = createSimulator({
    clock,
    begin,
    createApp: (state) => createApp(state, { clientId, clientSecret, clock, ids, how: () => how }),
  })

  return Object.assign(simulator, {
    behave(more: Pax8Behaviour) {
      how = { ...how, ...more }
    },
    settle(subscriptionId: string, status: string) {
      const at = live.subscriptions.findIndex(({ id }) => id === subscriptionId)
      live.subscriptions[at] = { ...live.subscriptions[at]!, status }
    },
    revokeTokens() {
      live.tokens.current = undefined
    },
  })
}
