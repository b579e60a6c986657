export type { SimulatorFault } from './faults.ts'
export type { ListeningSimulator } from './listen.ts'
