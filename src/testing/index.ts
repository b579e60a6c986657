export * from './also/index.ts'
export type { TestClock } from './clock.ts'
export { createTestClock } from './clock.ts'
export * from './cloudblue/index.ts'
export type {
  ControlAnswer,
  ControlRequest,
  Controls,
  ControlsOptions,
  Fault,
  FaultList,
  ForkHost,
  ListedFault,
  Refused,
  RefusedList,
} from './controls/index.ts'
export { createControls, createFaultList, createRefusedList } from './controls/index.ts'
export type {
  Depth,
  DuplicateRule,
  Emulator,
  EmulatorOptions,
  RoleDefinition,
  SeedRows,
  ServiceProtectionLimits,
  Snapshot,
  SnapshotJob,
  SnapshotSchema,
  SnapshotTable,
  SystemJobRun,
  TablePrivileges,
  Trace,
  TraceEntry,
} from './emulator/index.ts'
export { createEmulator, SnapshotError } from './emulator/index.ts'
export * from './partner-center/index.ts'
export * from './pax8/index.ts'
export * from './rest-provider/index.ts'
export type { SeedFile } from './seed-file.ts'
export { parseSeedFile, SeedFileError } from './seed-file.ts'
export * from './simulator/index.ts'
export type { TokenAnswer, TokenClaims, TokenEndpoint, TokenEndpointOptions } from './token-endpoint/index.ts'
export { createTokenEndpoint } from './token-endpoint/index.ts'
