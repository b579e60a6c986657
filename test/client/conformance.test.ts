import { createDataverseClient } from '../../src/client/index.ts'
import {
  organizationServiceSuite,
  suiteCustomApis,
  suiteSteps,
  suiteTables,
} from '../../src/testing/conformance/index.ts'
import { createEmulator } from '../../src/testing/index.ts'
import { serveEmulator } from './served.ts'

const createSuiteEmulator = () =>
  createEmulator({ tables: suiteTables, steps: suiteSteps, customApis: suiteCustomApis, now: '2026-03-15T09:30:00Z' })

organizationServiceSuite('the emulator in process', () => ({ service: createSuiteEmulator() }))

organizationServiceSuite('the client, over HTTP, to the emulator', async () => {
  const { url, close } = await serveEmulator(createSuiteEmulator())
  return { service: createDataverseClient({ url, tables: suiteTables, customApis: suiteCustomApis }), close }
})

organizationServiceSuite('the client that asks the environment for its tables', async () => {
  const { url, close } = await serveEmulator(createSuiteEmulator())
  return { service: createDataverseClient({ url, customApis: suiteCustomApis }), close }
})
