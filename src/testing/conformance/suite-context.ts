import { expect } from 'vitest'
import { DataverseError, type OrganizationService } from '../../service/index.ts'

/** What each test of the suite works on. */
export interface SuiteSubject {
  /** Over an environment that has the suite's tables, steps and custom APIs, and no rows in its tables. */
  readonly service: OrganizationService
  /** Called after the test. */
  close?(): void | Promise<void>
}

/** The service of the test that is running. */
export type Subject = () => OrganizationService

/** An id that no row has. */
export const NOWHERE = '99999999-9999-4999-8999-999999999999'

/** The error that a call rejects with; fails the test when it does not, or with something else. */
export async function failureOf(work: Promise<unknown>): Promise<DataverseError> {
  const outcome = await work.then(
    (value) => expect.fail(`it succeeded with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
  if (!DataverseError.isInstance(outcome)) throw outcome
  return outcome
}
