import { expect, test } from 'vitest'
import { callCustomApi, defineCustomApi, defineStep } from '../../src/plugins/index.ts'
import { InvalidPluginExecution, reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Project, Task, tables } from './tables.ts'

const closeProject = defineCustomApi({
  uniqueName: 'new_CloseProject',
  kind: 'action',
  table: Project,
  parameters: { Reason: { type: 'String', optional: true }, Force: { type: 'Boolean' } },
  response: { ClosedBy: { type: 'Guid' }, Depth: { type: 'Integer' } },
  async run({ target, parameters, service, userId, depth, trace }) {
    trace(`closing because of ${parameters.Reason ?? 'nothing'}`)
    await service.update(Project, target.id, { statuscode: 100_000_001 })
    await service.create(Task, { new_title: 'tell everybody', new_project: reference(Project, target.id) })
    if (!parameters.Force) throw new InvalidPluginExecution('Not without force.')
    return { ClosedBy: userId, Depth: depth }
  },
})
const ping = defineCustomApi({
  uniqueName: 'new_Ping',
  kind: 'function',
  parameters: {
    When: { type: 'DateTime', optional: true },
    Row: { type: 'Entity', table: Task, optional: true },
    Rows: { type: 'EntityCollection', optional: true },
    Who: { type: 'EntityReference', table: Task, optional: true },
    Words: { type: 'StringArray', optional: true },
    Count: { type: 'Integer', optional: true },
    Key: { type: 'Guid', optional: true },
  },
  response: { Text: { type: 'String' } },
  run: ({ parameters }) => ({ Text: JSON.stringify(parameters) }),
})
const emulator = (...steps: ReturnType<typeof defineStep>[]) =>
  createEmulator({ tables, customApis: [closeProject, ping], steps, now: '2026-03-01T09:30:15Z' })

test('a custom API runs by its name, as the caller, and answers what it declares', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'Bridge' })

  const answer = await callCustomApi(dataverse, closeProject, { Force: true, Reason: 'rain' }, id)

  expect(answer).toEqual({ ClosedBy: dataverse.organization.userId, Depth: 1 })
  expect(await dataverse.retrieve(Project, id, ['statecode'])).toEqual({ statecode: 1 })
  expect(dataverse.trace.print()).toContain('closing because of rain')
  expect(dataverse.customApis).toEqual([closeProject, ping])
})

test('what a custom API wrote is undone when it throws', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'Bridge' })

  await expect(callCustomApi(dataverse, closeProject, { Force: false }, id)).rejects.toMatchObject({
    name: 'IsvAborted',
    message: 'Not without force.',
    details: { traceText: 'closing because of nothing' },
  })

  expect(await dataverse.retrieve(Project, id, ['statecode'])).toEqual({ statecode: 0 })
  expect(await dataverse.list(Task)).toEqual([])
})

test('steps listen to a custom API by its unique name, around its code and in its transaction', async () => {
  const ran: string[] = []
  const on = (stage: 'preValidation' | 'preOperation' | 'postOperation') =>
    defineStep({
      name: stage,
      message: 'new_CloseProject',
      stage,
      run({ target, table, inputParameters, outputParameters, isInTransaction, sharedVariables }) {
        sharedVariables[stage] = true
        ran.push(
          [stage, table, target.logicalName, inputParameters.Force, outputParameters.Depth, isInTransaction].join(' '),
        )
      },
    })
  const dataverse = emulator(on('postOperation'), on('preOperation'), on('preValidation'))
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  await callCustomApi(dataverse, closeProject, { Force: true }, id)
  expect(ran).toEqual([
    'preValidation new_project new_project true  false',
    'preOperation new_project new_project true  true',
    'postOperation new_project new_project true 1 true',
  ])
})

test('a step on the table of a bound custom API is run, one on another table is not', async () => {
  const ran: string[] = []
  const on = (name: string, table: typeof Project | typeof Task) =>
    defineStep({
      name,
      table: table as typeof Project,
      message: 'new_CloseProject',
      stage: 'postOperation',
      run: () => void ran.push(name),
    })
  const dataverse = emulator(on('project', Project), on('task', Task))
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  await callCustomApi(dataverse, closeProject, { Force: true }, id)
  expect(ran).toEqual(['project'])
})

test('a custom API called by a step is one deeper and in the same transaction', async () => {
  const depths: unknown[] = []
  const dataverse = emulator(
    defineStep({
      name: 'close at once',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      async run({ service, id }) {
        depths.push((await callCustomApi(service, closeProject, { Force: true }, id)).Depth)
        throw new InvalidPluginExecution('no')
      },
    }),
  )
  await expect(dataverse.create(Project, { new_name: 'Bridge' })).rejects.toThrow('no')
  expect(depths).toEqual([2])
  expect(await dataverse.list(Task)).toEqual([])
})

test('a custom API that calls itself for ever ends as an infinite loop does', async () => {
  const loop = defineCustomApi({
    uniqueName: 'new_Loop',
    kind: 'action',
    async run({ service }) {
      await service.execute('new_Loop')
      return {}
    },
  })
  await expect(createEmulator({ customApis: [loop] }).execute('new_Loop')).rejects.toMatchObject({
    name: 'SdkCorrelationTokenDepthTooHigh',
  })
})

test('a custom API that calls the emulator itself, instead of its service, is told so', async () => {
  const outside = defineCustomApi({
    uniqueName: 'new_Outside',
    kind: 'action',
    async run(): Promise<Record<never, never>> {
      await dataverse.create(Task, {})
      return {}
    },
  })
  const dataverse = createEmulator({ tables, customApis: [outside] })
  await expect(dataverse.execute('new_Outside')).rejects.toThrow("Custom API 'new_Outside' called the emulator")
})

test.each([
  [{ Nope: 1 }, "'Nope' is not a valid parameter of the operation 'new_Ping'"],
  [{ __proto__: null, toString: 1 }, "'toString' is not a valid parameter"],
  [{ When: 'yesterday' }, "'When'"],
  [{ When: new Date(Number.NaN) }, "'When'"],
  [{ Row: [] }, "'Row'"],
  [{ Row: { nope: 1 } }, "Invalid property 'nope'"],
  [{ Rows: {} }, "'Rows'"],
  [{ Rows: [null] }, "'Rows'"],
  [{ Who: 'x' }, "'Who'"],
  [{ Who: { logicalName: 'new_task', id: 'x' } }, "'Who'"],
  [{ Who: { logicalName: 'new_project', id: '0a6f0c1e-0000-4000-8000-0000000000e1' } }, "not of 'new_project'"],
  [{ Words: ['a', 1] }, "'Words'"],
  [{ Count: 1.5 }, "'Count'"],
  [{ Key: 'x' }, "'Key'"],
])('parameters that are not as declared are refused by name: %j', async (parameters, message) => {
  const answer = emulator().execute('new_Ping', parameters as never)
  await expect(answer).rejects.toMatchObject({ status: 400, message: expect.stringContaining(message) })
})

test('parameters arrive checked and copied: moments as Date, ids in lower case', async () => {
  const row = { new_title: 'T' }
  const { Text } = await emulator().execute('new_Ping', {
    When: '2026-01-01T01:00:00+01:00',
    Row: row,
    Key: '0A6F0C1E-0000-4000-8000-0000000000E1',
  })
  expect(JSON.parse(Text as string)).toEqual({
    When: '2026-01-01T00:00:00.000Z',
    Row: row,
    Key: '0a6f0c1e-0000-4000-8000-0000000000e1',
  })
})

test('a missing parameter, a missing target and a target that does not exist are refused', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const Target = reference(Project, id)
  await expect(dataverse.execute('new_CloseProject', { Target })).rejects.toThrow("'Force'")
  await expect(dataverse.execute('new_CloseProject', { Force: true })).rejects.toThrow("'Target'")
  const missing = { Force: true, Target: reference(Project, dataverse.organization.userId) }
  await expect(dataverse.execute('new_CloseProject', missing)).rejects.toMatchObject({ name: 'ObjectDoesNotExist' })
  const other = { Force: true, Target: reference('systemuser', dataverse.organization.userId) }
  await expect(dataverse.execute('new_CloseProject', other)).rejects.toThrow("not of 'systemuser'")
})

test.each([
  [{}, "'Text' of custom API 'new_Wrong' is missing"],
  [undefined, "'Text' of custom API 'new_Wrong' is missing"],
  [{ Text: 1 }, "'Text' of custom API 'new_Wrong' has the type String"],
  [{ Text: 'x', More: 1 }, "answered with 'More'"],
])('an answer that is not as declared fails by name: %j', async (answer, message) => {
  const wrong = defineCustomApi({
    uniqueName: 'new_Wrong',
    kind: 'action',
    response: { Text: { type: 'String' } },
    run: () => answer as never,
  })
  await expect(createEmulator({ customApis: [wrong] }).execute('new_Wrong')).rejects.toMatchObject({
    name: 'IsvUnExpected',
    message: expect.stringContaining(message),
  })
})

test('custom APIs of one name, or of a table that is not there, and steps on one that is not there are refused', () => {
  expect(() => createEmulator({ customApis: [ping, ping] })).toThrow("two custom APIs are called 'new_Ping'")
  expect(() => createEmulator({ customApis: [closeProject] })).toThrow("bound to 'new_project'")
  const step = defineStep({ name: 'idle', message: 'new_Other', stage: 'postOperation', run: () => {} })
  expect(() => emulator(step)).toThrow("step 'idle' listens to new_Other")
})

test('custom APIs stay in forks and after a reset', async () => {
  const dataverse = emulator()
  dataverse.reset()
  expect(await dataverse.execute('new_Ping')).toEqual({ Text: '{}' })
  expect(await dataverse.fork().execute('new_Ping')).toEqual({ Text: '{}' })
})
