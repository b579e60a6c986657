export type { PartnerCenterSimulator, PartnerCenterSimulatorOptions } from './simulator.ts'
export { createPartnerCenterSimulator } from './simulator.ts'
export type {
  PartnerCenterReceived,
  PartnerCenterSeed,
  PartnerCenterState,
  PartnerCenterWrite,
  SeedCustomer,
  SeedProduct,
  SeedSubscription,
} from './state.ts'
export type { PartnerCenterQuirks, PartnerCenterTiming } from './world.ts'
