export type { CloudBlueSimulator, CloudBlueSimulatorOptions } from './simulator.ts'
export { createCloudBlueSimulator } from './simulator.ts'
export type {
  CloudBlueAccount,
  CloudBlueBehaviour,
  CloudBlueResourceType,
  CloudBlueSeed,
  CloudBlueServiceTemplate,
  CloudBlueState,
  CloudBlueSubscription,
} from './state.ts'
