import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DataverseError, type OrganizationService } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, tables } from './tables.ts'

/** Anything that a caller without types might hand over, `null` and prototype names among it. */
const anything = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    '__proto__',
    'constructor',
    'new_project',
    'new_projectid',
    0,
    Number.NaN,
    true,
    [],
    {},
  ),
  fc.anything({ maxDepth: 2 }),
  fc.record({ new_name: fc.anything({ maxDepth: 1 }), new_seats: fc.anything({ maxDepth: 1 }) }),
)
const table = fc.oneof(fc.constant(Project), fc.constant('new_project'), anything)
const id = '11111111-1111-4111-8111-111111111111'
const key = fc.oneof(fc.constant(id), anything)

type Call = (service: OrganizationService, parts: readonly unknown[]) => Promise<unknown>
const method =
  (name: keyof OrganizationService): Call =>
  (service, parts) =>
    (service[name] as (...all: unknown[]) => Promise<unknown>)(...parts)

test.each<[keyof OrganizationService, fc.Arbitrary<readonly unknown[]>]>([
  ['create', fc.tuple(table, anything, anything)],
  ['retrieve', fc.tuple(table, key, anything, anything)],
  ['update', fc.tuple(table, key, anything, anything)],
  ['upsert', fc.tuple(table, key, anything, anything)],
  ['delete', fc.tuple(table, key, anything)],
  ['retrieveMultiple', fc.tuple(fc.constantFrom(null, undefined, 1, 'x', [], true), anything)],
  ['associate', fc.tuple(table, key, anything, anything, anything)],
  [
    'execute',
    fc.tuple(fc.oneof(anything, fc.constantFrom('WhoAmI', 'CreateMultiple', 'ExecuteTransaction', 'Merge')), anything),
  ],
])('%s refuses whatever makes no sense with the platform’s error', async (name, parts) => {
  const dataverse = createEmulator({ tables })
  await dataverse.seed(Project, { new_projectid: id, new_name: 'Bridge' })
  await fc.assert(
    fc.asyncProperty(parts, async (given) => {
      try {
        await method(name)(dataverse.fork(), given)
      } catch (error) {
        if (!DataverseError.isInstance(error)) throw error
        expect(error.status).toBeLessThan(500)
      }
    }),
    { numRuns: 300 },
  )
})

test.each([
  [
    'a row that is null',
    (service: OrganizationService) => service.create(Project, null as never),
    "A row of 'new_project'",
  ],
  ['changes that are an array', (service: OrganizationService) => service.update(Project, id, [] as never), 'A row of'],
  [
    'a query that is null',
    (service: OrganizationService) => service.retrieveMultiple(null as never),
    'A query is an object',
  ],
  ['a key that is a number', (service: OrganizationService) => service.delete(Project, 7 as never), 'not a number'],
  [
    'a table that is null',
    (service: OrganizationService) => service.create(null as unknown as string, {}),
    'A table is an object',
  ],
  [
    'columns in one text',
    (service: OrganizationService) => service.retrieve(Project, id, 'new_name' as never),
    'Columns are',
  ],
  [
    'related rows that are none',
    (service: OrganizationService) => service.associate(Customer, id, 'x', null as never),
    'Related rows are',
  ],
])('%s is refused by name', async (_, ask, message) => {
  const asking = ask(createEmulator({ tables }))
  await expect(asking).rejects.toMatchObject({
    name: 'InvalidArgument',
    status: 400,
    message: expect.stringContaining(message),
  })
})
