import { afterEach, beforeEach, describe } from 'vitest'
import type { OrganizationService } from '../../service/index.ts'
import { linkTests } from './link-tests.ts'
import { messageTests } from './message-tests.ts'
import { queryTests } from './query-tests.ts'
import { rowTests } from './row-tests.ts'
import type { SuiteSubject } from './suite-context.ts'
import { transactionTests } from './transaction-tests.ts'
import { valueTests } from './value-tests.ts'

/**
 * Declares, with vitest, the tests that every {@link OrganizationService} passes: the emulator, the client, and what you
 * write yourself. Each test gets a subject of its own.
 *
 * @param name what is tested
 * @param create makes an environment with `suiteTables`, `suiteSteps` and `suiteCustomApis`, and a service on it
 * @example
 * organizationServiceSuite('the emulator', () => ({
 *   service: createEmulator({ tables: suiteTables, steps: suiteSteps, customApis: suiteCustomApis }),
 * }))
 */
export function organizationServiceSuite(name: string, create: () => SuiteSubject | Promise<SuiteSubject>): void {
  describe(name, () => {
    let subject: SuiteSubject
    beforeEach(async () => {
      subject = await create()
    })
    afterEach(() => subject.close?.())

    const service = (): OrganizationService => subject.service
    describe('rows', () => rowTests(service))
    describe('values', () => valueTests(service))
    describe('queries', () => queryTests(service))
    describe('links', () => linkTests(service))
    describe('transactions', () => transactionTests(service))
    describe('messages', () => messageTests(service))
  })
}
