export type { SimulatedRequest, Simulator } from './create-simulator.ts'
export type { SimulatorFault } from './faults.ts'
export type { ListeningSimulator } from './listen.ts'
