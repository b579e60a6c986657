import { type Clock, systemClock } from '../../internal/clock.ts'
import { createSimulator, type Simulator } from '../simulator/create-simulator.ts'
import { type CloudBlueBehaviour, type CloudBlueSeed, type CloudBlueState, createState } from './state.ts'

export interface CloudBlueSimulatorOptions {
  /** What HTTP Basic is asked for. Default: nothing, everybody is let in. */
  readonly userName?: string
  readonly password?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** What it starts with, and what `reset` returns to. */
  readonly seed?: CloudBlueSeed
}

export interface CloudBlueSimulator extends Simulator<CloudBlueState> {
  /** Changes how it behaves from now on. */
  behave(how: CloudBlueBehaviour): void
}

/**
 * The Operations Public API of CloudBlue Commerce in memory, for tests: XML-RPC over real HTTP, under any path.
 *
 * @example
 * const simulator = createCloudBlueSimulator({ seed: { accounts, serviceTemplates } })
 * const { url } = await simulator.listen()
 * simulator.fail({ containing: 'pem.activateSubscription', drop: 'answer' })
 */
export function createCloudBlueSimulator(options: CloudBlueSimulatorOptions = {}): CloudBlueSimulator {
  const { userName, password = '', clock = systemClock, seed = {} } = options
  const authorization =
    userName === undefined ? undefined : `Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`
  let how: CloudBlueBehaviour = {}
  const begin = () => {
    how = {}
    return createState(seed)
  }
  const createApp = async (state: CloudBlueState) => {
    const app = await import('./app.ts')
    return app.createApp(state, { authorization, clock, how: () => how })
  }

  return Object.assign(createSimulator({ clock, begin, createApp }), {
    behave(more: CloudBlueBehaviour) {
      how = { ...how, ...more }
    },
  })
}
