export { suiteCustomApis, suiteSteps } from './code.ts'
export { organizationServiceSuite } from './organization-service-suite.ts'
export type { SuiteSubject } from './suite-context.ts'
export { SuiteCustomer, SuiteProject, suiteSize, suiteTables } from './tables.ts'
