export type { TestClock } from './clock.ts'
export { createTestClock } from './clock.ts'
export { createControls } from './controls/index.ts'
export type {
  Depth,
  DuplicateRule,
  Emulator,
  EmulatorOptions,
  RoleDefinition,
  SeedRows,
  ServiceProtectionLimits,
  SystemJobRun,
  TablePrivileges,
  Trace,
  TraceEntry,
} from './emulator/index.ts'
export { createEmulator } from './emulator/index.ts'
export * from './rest-provider/index.ts'
export type { SeedFile } from './seed-file.ts'
export { parseSeedFile, SeedFileError } from './seed-file.ts'
