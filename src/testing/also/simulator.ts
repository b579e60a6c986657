import { type Clock, systemClock } from '../../internal/clock.ts'
import { type IdGenerator, randomIds } from '../../internal/ids.ts'
import { createSimulator, type Simulator } from '../simulator/create-simulator.ts'
import { createApp } from './app.ts'
import { type AlsoBehaviour, type AlsoSeed, type AlsoState, createState } from './state.ts'

export interface AlsoSimulatorOptions {
  readonly userName: string
  readonly password: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** Makes the ids of what is created. Default: random. */
  readonly ids?: IdGenerator
  /** What it starts with, and what `reset` returns to. */
  readonly seed?: AlsoSeed
}

export interface AlsoSimulator extends Simulator<AlsoState> {
  /** Changes how it behaves from now on. */
  behave(how: AlsoBehaviour): void
  /** Gives a subscription this state. */
  settle(accountId: string, accountState: string): void
  /** No session is good any more. */
  endSessions(): void
}

/**
 * The SimpleAPI of ALSO Cloud Marketplace in memory, for tests: sessions, subscriptions, and refusals in XML, over real HTTP.
 *
 * @example
 * const simulator = createAlsoSimulator({ userName, password, seed: { customers: ['contoso'], services: ['basic'] } })
 * const { url } = await simulator.listen()
 * simulator.behave({ errorType: 'application/json' })
 */
export function createAlsoSimulator(options: AlsoSimulatorOptions): AlsoSimulator {
  const { userName, password, clock = systemClock, ids = randomIds, seed = {} } = options
  let how: AlsoBehaviour = {}
  let live: AlsoState
  const begin = () => {
    how = {}
    live = createState(seed)
    return live
  }
  const createOwnApp = (state: AlsoState) => createApp(state, { userName, password, ids, how: () => how })

  return Object.assign(createSimulator({ clock, begin, createApp: createOwnApp }), {
    behave(more: AlsoBehaviour) {
      how = { ...how, ...more }
    },
    settle(accountId: string, AccountState: string) {
      const at = live.subscriptions.findIndex(({ AccountId }) => AccountId === accountId)
      live.subscriptions[at] = { ...live.subscriptions[at]!, AccountState }
    },
    endSessions() {
      live.sessions.current = undefined
    },
  })
}
