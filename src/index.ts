/**
 * What nearly everybody needs. Each folder has more under its own sub-path, and `work365-sdk/testing`, which only tests
 * need, is never loaded from here.
 */

export type {
  Change,
  Connector,
  ConnectorContext,
  ConnectorOptions,
  Outcome,
  RemoteSubscription,
} from './connectors/index.ts'
export {
  accepted,
  createRestProvider,
  defineConnector,
  done,
  field,
  needsPerson,
  notApplicable,
  ProviderError,
  path,
} from './connectors/index.ts'
export type { ManyToMany, ManyToOne, TableDefinition, TableOptions } from './entities/index.ts'
export { column, defineTable } from './entities/index.ts'
export type { JobDefinition, JobRun, JobRunner, JobRunnerOptions } from './jobs/index.ts'
export { createJobRunner, defineJob, syncLicenseChangeLog } from './jobs/index.ts'
export type { CustomApi, CustomApiContext, Step, StepContext } from './plugins/index.ts'
export { callCustomApi, createWork365Steps, defineCustomApi, defineStep, work365Steps } from './plugins/index.ts'
export type { SelectBuilder } from './query/index.ts'
export { select } from './query/index.ts'
export type { Decision, Rule, RuleOptions } from './rules/index.ts'
export { decide, defineRule, explain } from './rules/index.ts'
export * from './service/index.ts'
