export type { AlsoSimulator, AlsoSimulatorOptions } from './simulator.ts'
export { createAlsoSimulator } from './simulator.ts'
export type { AlsoBehaviour, AlsoSeed, AlsoState, AlsoSubscription } from './state.ts'
