export type { Bench, ConnectorSource, Process, ProcessOptions } from './bench.ts'
export { type ConformanceCheck, runCheck } from './check.ts'
export { conformanceChecks } from './checks/index.ts'
export type { ConnectorConformanceOptions } from './connector-conformance.ts'
export { connectorConformance } from './connector-conformance.ts'
export type { Exception, Finding } from './finding.ts'
export { notSupported, notTried } from './finding.ts'
export type { ArrivedRequest, Gate, GateFault } from './gate.ts'
export type { Need } from './needs.ts'
export type { RecordedWorldOptions } from './recording/recorded-world.ts'
export { recordedWorld } from './recording/recorded-world.ts'
export type {
  ConnectorWorld,
  CreateWorld,
  RefusedSample,
  RequestKind,
  WorldPurchase,
  WorldSamples,
  WorldTokens,
  WrongConnection,
} from './world.ts'
export { alsoWorld } from './worlds/also-world.ts'
export { cloudBlueWorld } from './worlds/cloudblue-world.ts'
export { partnerCenterWorld } from './worlds/partner-center-world.ts'
export { pax8World } from './worlds/pax8-world.ts'
export { restProviderWorld } from './worlds/rest-provider-world.ts'
