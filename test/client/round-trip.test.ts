import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDataverseClient, type DataverseClient } from '../../src/client/index.ts'
import { type Row, reference } from '../../src/service/index.ts'
import { SuiteCustomer, SuiteProject, suiteSize, suiteTables } from '../../src/testing/conformance/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { serveEmulator } from './served.ts'

let dataverse: Emulator
let client: DataverseClient
let close: () => Promise<void>
let customers: readonly string[]
beforeAll(async () => {
  dataverse = createEmulator({ tables: suiteTables })
  const served = await serveEmulator(dataverse)
  close = served.close
  client = createDataverseClient({ url: served.url, tables: suiteTables })
  customers = await dataverse.seed(SuiteCustomer, [{ suite_name: 'Fabrikam' }, { suite_name: null }])
})
afterAll(() => close())

/** Whole seconds, within what the platform keeps. */
const moment = fc
  .integer({ min: Date.UTC(1753, 0, 1) / 1000, max: Date.UTC(9999, 11, 31) / 1000 })
  .map((seconds) => new Date(seconds * 1000))
const hundredths = fc.integer({ min: -1_000_000_00, max: 1_000_000_00 }).map((value) => value / 100)
const sizes = fc
  .uniqueArray(fc.constantFrom(...Object.values(suiteSize)), { minLength: 1 })
  .map((values) => values.sort((a, b) => a - b))
/** Any text, as long as it is one: half a surrogate pair has no encoding. */
const text = fc.string({ unit: 'binary', maxLength: 40 })
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null })

const row = fc.record({
  suite_name: text.filter((value) => value !== ''),
  suite_code: maybe(fc.uuid()),
  suite_notes: maybe(fc.string({ unit: 'binary', maxLength: 500 })),
  suite_seats: maybe(fc.integer({ min: 0, max: 10_000 })),
  suite_hours: maybe(hundredths),
  suite_ratio: maybe(fc.integer({ min: -99_999, max: 99_999 }).map((value) => value / 100_000)),
  suite_budget: maybe(hundredths),
  suite_billable: maybe(fc.boolean()),
  suite_size: maybe(fc.constantFrom(...Object.values(suiteSize))),
  suite_sizes: maybe(sizes),
  suite_due: maybe(moment.map((value) => value.toISOString().slice(0, 10))),
  suite_started: maybe(moment),
  suite_reference: maybe(fc.uuid()),
  customer: maybe(fc.nat({ max: 1 })),
})

test('what is written over HTTP is what is in the store, and what is in the store is what is read', async () => {
  await fc.assert(
    fc.asyncProperty(row, async ({ customer, ...values }) => {
      const suite_customer = customer === null ? null : reference(SuiteCustomer, customers[customer]!)
      const written: Row = { ...values, suite_customer }
      const columns = Object.keys(written)
      const id = await client.create('suite_project', written)

      const stored = await dataverse.retrieve('suite_project', id, columns)
      expect(stored).toMatchObject(written)
      expect(await client.retrieve('suite_project', id, columns)).toEqual(stored)
      const { rows } = await client.retrieveMultiple({
        table: 'suite_project',
        columns,
        filter: { kind: 'compare', column: 'suite_projectid', operator: 'eq', values: [id] },
      })
      expect(rows).toEqual([stored])
      await dataverse.delete(SuiteProject, id)
    }),
    { numRuns: 150 },
  )
})

test('any text is found by a filter and by an alternate key as in process', async () => {
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const id = await dataverse.create(SuiteProject, { suite_name: 'Bridge', suite_code: value })
      const query = {
        table: 'suite_project',
        columns: ['suite_projectid'],
        filter: { kind: 'compare', column: 'suite_code', operator: 'eq', values: [value] },
      } as const

      expect(await client.retrieveMultiple(query)).toEqual(await dataverse.retrieveMultiple(query))
      expect(await client.retrieve(SuiteProject, { suite_code: value }, ['suite_projectid'])).toEqual({
        suite_projectid: id,
      })
      await dataverse.delete(SuiteProject, id)
    }),
    { numRuns: 100 },
  )
})
