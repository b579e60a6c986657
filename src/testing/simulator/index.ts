export type { SimulatedRequest, Simulator } from './create-simulator.ts'
export type { SimulatorFault } from './faults.ts'
export type { ListeningSimulator } from './listen.ts'
export { serveDouble } from './serve-double.ts'
