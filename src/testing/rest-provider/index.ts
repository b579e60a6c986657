export type { RestProviderFault } from './faults.ts'
export type { ListeningSimulator, RestProviderSimulator, RestProviderSimulatorOptions } from './simulator.ts'
export { createRestProviderSimulator } from './simulator.ts'
export type { Purchase, ReceivedRequest, RestProviderSeed, RestProviderState } from './state.ts'
