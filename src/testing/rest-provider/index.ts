export type { SimulatorFault as RestProviderFault } from '../simulator/faults.ts'
export type { RestProviderSimulator, RestProviderSimulatorOptions } from './simulator.ts'
export { createRestProviderSimulator } from './simulator.ts'
export type { Purchase, ReceivedRequest, RestProviderSeed, RestProviderState } from './state.ts'
