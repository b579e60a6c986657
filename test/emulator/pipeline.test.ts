import { beforeEach, describe, expect, test } from 'vitest'
import { defineStep, type Step } from '../../src/plugins/index.ts'
import { InvalidPluginExecution, reference, type StepStage } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, Task, tables } from './tables.ts'

const emulatorWith = (...steps: Step[]) => createEmulator({ tables, steps, now: '2026-03-01T09:30:15Z' })

test('stages run in order, ranks within them, and asynchronous steps when they are drained', async () => {
  const ran: string[] = []
  const step = (name: string, stage: 'preValidation' | 'preOperation' | 'postOperation', rank = 1) =>
    defineStep({ name, table: Project, message: 'Create', stage, rank, run: () => void ran.push(name) })
  const later = defineStep({
    name: 'later',
    table: Project,
    message: 'Create',
    stage: 'postOperation',
    mode: 'asynchronous',
    run: () => void ran.push('later'),
  })
  const dataverse = emulatorWith(
    later,
    step('after', 'postOperation'),
    step('second', 'preOperation', 2),
    step('first', 'preOperation', 1),
    step('validate', 'preValidation'),
  )

  await dataverse.create(Project, { new_name: 'Bridge' })
  expect(ran).toEqual(['validate', 'first', 'second', 'after'])

  expect(await dataverse.drain()).toMatchObject([{ step: 'later', outcome: 'succeeded' }])
  expect(ran.at(-1)).toBe('later')
  expect(await dataverse.drain()).toEqual([])
})

test('a step before the main operation changes what is written, one after it cannot', async () => {
  const round = defineStep({
    name: 'round',
    table: Project,
    message: 'Update',
    stage: 'preOperation',
    changes: ['new_budget'],
    behindWebhook: 'updateAfterwards',
    run({ target }) {
      target.new_budget = Math.round(target.new_budget ?? 0)
    },
  })
  const meddle = defineStep({
    name: 'meddle',
    table: Project,
    message: 'Update',
    stage: 'postOperation',
    run({ target }) {
      ;(target as { new_seats?: number }).new_seats = 99
    },
  })
  const dataverse = emulatorWith(round)
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  await dataverse.update(Project, id, { new_budget: 9.7 })
  expect(await dataverse.retrieve(Project, id, ['new_budget'])).toEqual({ new_budget: 10 })

  const meddled = emulatorWith(meddle)
  const other = await meddled.create(Project, { new_name: 'Bridge' })
  await expect(meddled.update(Project, other, { new_seats: 1 })).rejects.toMatchObject({
    name: 'IsvUnExpected',
    message: expect.stringMatching(/not extensible|read only/),
  })
})

test('a step that sets a column which it does not declare is refused by name', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'sneaky',
      table: Project,
      message: 'Create',
      stage: 'preOperation',
      run({ target }) {
        ;(target as { new_seats?: number }).new_seats = 99
      },
    }),
  )
  await expect(dataverse.create(Project, { new_name: 'Bridge' })).rejects.toThrow(/Step 'sneaky' set 'new_seats'/)
  expect(await dataverse.list(Project)).toEqual([])
})

test('an update runs a step only when it brings a filtering column, changed or not', async () => {
  let runs = 0
  const dataverse = emulatorWith(
    defineStep({
      name: 'watch',
      table: Project,
      message: 'Update',
      stage: 'postOperation',
      filter: ['new_seats'],
      run: () => void runs++,
    }),
  )
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_seats: 3 })
  await dataverse.update(Project, id, { new_name: 'Tunnel' })
  expect(runs).toBe(0)
  await dataverse.update(Project, id, { new_seats: 3 })
  expect(runs).toBe(1)
})

test('images show the row before and after, with the declared columns that have a value', async () => {
  const seen: object[] = []
  const dataverse = emulatorWith(
    defineStep({
      name: 'look',
      table: Project,
      message: 'Update',
      stage: 'postOperation',
      preImage: ['new_seats', 'new_due'],
      postImage: 'all',
      run({ preImage, postImage, target }) {
        seen.push({ ...preImage }, { seats: postImage.new_seats, name: postImage.new_name }, { ...target })
      },
    }),
    defineStep({
      name: 'last look',
      table: Project,
      message: 'Delete',
      stage: 'preValidation',
      preImage: ['new_name'],
      run: ({ preImage, target }) => void seen.push({ ...preImage }, target),
    }),
  )
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_seats: 3 })
  await dataverse.update(Project, id, { new_seats: 4 })
  await dataverse.delete(Project, id)

  expect(seen).toMatchObject([
    { new_seats: 3, new_projectid: id },
    { seats: 4, name: 'Bridge' },
    { new_seats: 4, new_projectid: id },
    { new_name: 'Bridge' },
    { logicalName: 'new_project', id },
  ])
  expect(seen[0]).not.toHaveProperty('new_due')
})

test('a throw after the main operation undoes everything, nested writes and queued jobs included', async () => {
  const later = defineStep({
    name: 'later',
    table: Task,
    message: 'Create',
    stage: 'postOperation',
    mode: 'asynchronous',
    run() {},
  })
  const plan = defineStep({
    name: 'plan',
    table: Project,
    message: 'Create',
    stage: 'postOperation',
    async run({ service, target }) {
      await service.create(Task, { new_title: 'Plan', new_project: reference(Project, target.id) })
    },
  })
  const refuse = defineStep({
    name: 'refuse',
    table: Project,
    message: 'Create',
    stage: 'postOperation',
    rank: 2,
    run() {
      throw new InvalidPluginExecution('Not today.')
    },
  })
  const dataverse = emulatorWith(later, plan, refuse)

  await expect(dataverse.create(Project, { new_name: 'Bridge' })).rejects.toMatchObject({
    name: 'IsvAborted',
    hexCode: '0x80040265',
    status: 400,
    message: 'Not today.',
  })
  expect(await dataverse.list(Project)).toEqual([])
  expect(await dataverse.list(Task)).toEqual([])
  expect(await dataverse.drain()).toEqual([])
})

test('an error that is not a rejection is an unexpected error from ISV code', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'broken',
      table: Project,
      message: 'Create',
      stage: 'preValidation',
      run() {
        throw new RangeError('oops')
      },
    }),
  )
  await expect(dataverse.create(Project, { new_name: 'Bridge' })).rejects.toMatchObject({
    name: 'IsvUnExpected',
    code: 0x80040224,
    status: 500,
    message: expect.stringContaining('oops'),
  })
})

test('a step that swallows the failure of a nested write cannot save its transaction', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'swallow',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      async run({ service }) {
        await service.create('new_task', { new_nonsense: 1 }).catch(() => {})
      },
    }),
  )
  // Refused before the pipeline: the nested request never became part of the transaction.
  await dataverse.create(Project, { new_name: 'Bridge' })

  const doomed = emulatorWith(
    defineStep({
      name: 'swallow',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      async run({ service }) {
        await service.create(Project, { new_name: 'x'.repeat(21) }).catch(() => {})
      },
    }),
  )
  await expect(doomed.create(Project, { new_name: 'Bridge' })).rejects.toMatchObject({ name: 'TransactionAborted' })
  expect(await doomed.list(Project)).toEqual([])
})

test('the depth grows with every nested operation, and the ninth is refused as an infinite loop', async () => {
  const depths: number[] = []
  const dataverse = emulatorWith(
    defineStep({
      name: 'loop',
      table: Task,
      message: 'Create',
      stage: 'postOperation',
      async run({ service, depth }) {
        depths.push(depth)
        await service.create(Task, { new_title: 'again' })
      },
    }),
  )
  await expect(dataverse.create(Task, { new_title: 'first' })).rejects.toMatchObject({
    name: 'SdkCorrelationTokenDepthTooHigh',
    code: 0x80044182,
  })
  expect(depths).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await dataverse.list(Task)).toEqual([])
})

test('what pre-validation shares is found in the parent, later stages share among themselves', async () => {
  const seen: unknown[] = []
  const stage = (name: string, at: 'preValidation' | 'preOperation' | 'postOperation') =>
    defineStep({
      name,
      table: Project,
      message: 'Create',
      stage: at,
      run({ sharedVariables, parentContext }) {
        seen.push([name, { ...sharedVariables }, { ...parentContext?.sharedVariables }])
        sharedVariables[name] = true
      },
    })
  const dataverse = emulatorWith(stage('a', 'preValidation'), stage('b', 'preOperation'), stage('c', 'postOperation'))

  await dataverse.create(Project, { new_name: 'Bridge' }, { tag: 'import' })

  const tag = 'import'
  expect(seen).toEqual([
    ['a', { tag }, {}],
    ['b', { tag }, { tag, a: true }],
    ['c', { tag, b: true }, { tag, a: true }],
  ])
})

test('a nested operation knows what set it off, and all of one request has one correlation id', async () => {
  const seen: { depth: number; correlationId: string; parent: unknown; inside: boolean }[] = []
  const dataverse = emulatorWith(
    defineStep({
      name: 'outer',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      async run({ service, depth, correlationId, isInTransaction }) {
        seen.push({ depth, correlationId, parent: null, inside: isInTransaction })
        await service.create(Customer, { new_title: 'x' })
      },
    }),
    defineStep({
      name: 'inner',
      table: Customer,
      message: 'Create',
      stage: 'preValidation',
      run({ depth, correlationId, parentContext, isInTransaction }) {
        seen.push({ depth, correlationId, parent: parentContext?.table, inside: isInTransaction })
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' })

  expect(seen).toMatchObject([
    { depth: 1, inside: true },
    { depth: 2, parent: 'new_project', inside: true },
  ])
  expect(seen[1]!.correlationId).toBe(seen[0]!.correlationId)

  await dataverse.create(Customer, { new_title: 'direct' })
  expect(seen[2]).toMatchObject({ depth: 1, inside: false })
})

test('a step runs as the user it names, and still knows who began', async () => {
  const robot = '22222222-2222-4222-8222-222222222222'
  const clerk = '33333333-3333-4333-8333-333333333333'
  let users: string[] = []
  const dataverse = emulatorWith(
    defineStep({
      name: 'as the robot',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      runAs: robot,
      async run({ service, userId, initiatingUserId }) {
        users = [userId, initiatingUserId]
        await service.create(Task, { new_title: 'Plan' })
      },
    }),
  )
  await dataverse.seed('systemuser', [
    { systemuserid: robot, fullname: 'Robot' },
    { systemuserid: clerk, fullname: 'Clerk' },
  ])
  await dataverse.as(clerk).create(Project, { new_name: 'Bridge' })

  expect(users).toEqual([robot, clerk])
  expect((await dataverse.list(Task))[0]).toMatchObject({ createdby: { name: 'Robot' } })
})

test('an asynchronous step that asks for a retry gets four attempts, any other failure none', async () => {
  let attempts = 0
  const flaky = defineStep({
    name: 'flaky',
    table: Project,
    message: 'Create',
    stage: 'postOperation',
    mode: 'asynchronous',
    run() {
      attempts++
      throw new InvalidPluginExecution('busy', { operationStatus: 'retry' })
    },
  })
  const broken = defineStep({
    name: 'broken',
    table: Task,
    message: 'Create',
    stage: 'postOperation',
    mode: 'asynchronous',
    run() {
      throw new Error('bad')
    },
  })
  const dataverse = emulatorWith(flaky, broken)
  await dataverse.create(Project, { new_name: 'Bridge' })
  await dataverse.create(Task, { new_title: 'Plan' })

  expect(await dataverse.drain()).toMatchObject([
    { step: 'flaky', outcome: 'retry', error: 'busy' },
    { step: 'broken', outcome: 'failed' },
  ])
  expect(await dataverse.drain()).toEqual([])
  const outcomes = []
  for (let n = 0; n < 5; n++) {
    await dataverse.clock.advance(60_000)
    outcomes.push(...(await dataverse.drain()).map(({ outcome }) => outcome))
  }
  expect(outcomes).toEqual(['retry', 'retry', 'failed'])
  expect(attempts).toBe(4)
  expect(await dataverse.list('asyncoperation', ['name', 'statuscode'])).toEqual([
    { name: 'flaky', statuscode: 31 },
    { name: 'broken', statuscode: 31 },
  ])
})

test('the system job of a step with asyncAutoDelete goes when it has succeeded, and stays when it has failed', async () => {
  const step = (name: string, more: object, run: () => void = () => {}) =>
    defineStep({ name, table: Project, message: 'Create', stage: 'postOperation', mode: 'asynchronous', ...more, run })
  const dataverse = emulatorWith(
    step('goes', { asyncAutoDelete: true }),
    step('stays', {}),
    step('fails', { asyncAutoDelete: true }, () => {
      throw new Error('bad')
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' })

  expect((await dataverse.drain()).map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'failed'])

  expect(await dataverse.list('asyncoperation', ['name', 'statuscode'])).toEqual([
    { name: 'stays', statuscode: 30 },
    { name: 'fails', statuscode: 31 },
  ])
})

test('a failing asynchronous step leaves the operation that set it off alone, and what it did itself stays', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'broken',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      mode: 'asynchronous',
      postImage: ['new_name'],
      async run({ service, postImage, isInTransaction }) {
        await service.create(Task, { new_title: `${postImage.new_name} ${isInTransaction}` })
        throw new Error('bad')
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' })
  await dataverse.drain()

  expect(await dataverse.list(Project)).toHaveLength(1)
  // Outside a transaction each call of a step stands for itself.
  expect(await dataverse.list(Task, ['new_title'])).toEqual([{ new_title: 'Bridge false' }])
})

test('a caller may bypass custom steps', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'refuse',
      table: Project,
      message: 'Create',
      stage: 'preValidation',
      run() {
        throw new InvalidPluginExecution('no')
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' }, { bypassBusinessLogic: ['CustomSync'] })
  expect(await dataverse.list(Project)).toHaveLength(1)
})

test('a step that calls the emulator instead of its service is told so, and does not wait for itself', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'outside',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      run: () => dataverse.create(Task, { new_title: 'x' }).then(() => {}),
    }),
  )
  await expect(dataverse.create(Project, { new_name: 'Bridge' })).rejects.toThrow(/Step 'outside' called the emulator/)
})

test('concurrent operations run one after the other, and readers see what is committed', async () => {
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const dataverse = emulatorWith(
    defineStep({
      name: 'slow',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      run: () => gate,
    }),
  )
  const slow = dataverse.create(Project, { new_name: 'Bridge' })
  await new Promise((resolve) => setImmediate(resolve))
  const quick = dataverse.create(Task, { new_title: 'Plan' })
  await new Promise((resolve) => setImmediate(resolve))
  expect(await dataverse.list(Project)).toEqual([])
  expect(await dataverse.list(Task)).toEqual([])

  release()
  await Promise.all([slow, quick])
  expect(await dataverse.list(Project)).toHaveLength(1)
  expect(await dataverse.list(Task)).toHaveLength(1)
})

test('steps listen to reading, too', async () => {
  const seen: unknown[] = []
  const dataverse = emulatorWith(
    defineStep({
      name: 'one',
      table: Project,
      message: 'Retrieve',
      stage: 'preOperation',
      run: ({ id }) => void seen.push(id),
    }),
    defineStep({
      name: 'many',
      table: Project,
      message: 'RetrieveMultiple',
      stage: 'postOperation',
      run: ({ outputParameters }) => void seen.push(Object.keys(outputParameters)),
    }),
  )
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  await dataverse.retrieve(Project, id)
  await dataverse.list(Project)
  expect(seen).toEqual([id, ['BusinessEntityCollection']])
})

test('the trace keeps the last 2,000 entries, and an end is noted where its entry still is', () => {
  const { trace } = emulatorWith()
  const endOfFirst = trace.request('GET /first')
  for (let n = 1; n <= 2000; n++) trace.request(`GET /${n}`)
  endOfFirst(500)

  expect(trace.entries.map(({ title }) => title)).toEqual(Array.from({ length: 2000 }, (_, n) => `GET /${n + 1}`))
  expect(trace.entries.filter(({ status }) => status !== undefined)).toEqual([])

  trace.clear()
  trace.request('GET /again')(200)
  expect(trace.entries).toMatchObject([{ title: 'GET /again', status: 200 }])
})

test('the trace shows what ran in what, how long it took and how it ended', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'refuse',
      table: Project,
      message: 'Create',
      stage: 'preValidation',
      run({ trace }) {
        trace('looking closely')
        throw new InvalidPluginExecution('Not today.')
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' }).catch(() => {})

  expect(dataverse.trace.entries.map(({ kind, level, error }) => [kind, level, error])).toEqual([
    ['operation', 0, 'Not today.'],
    ['step', 1, 'Not today.'],
    ['text', 2, undefined],
  ])
  expect(dataverse.trace.print()).toMatch(
    /^Create new_project \S+ {2}[\d.]+ ms {2}✗ Not today\.\n {2}· preValidation, synchronous: refuse .*\n.*“looking closely”$/,
  )
})

test('two steps of one name, and two tables of one name, are refused at the start', () => {
  const step = defineStep({ name: 'twice', table: Project, message: 'Create', stage: 'preValidation', run() {} })
  expect(() => emulatorWith(step, step)).toThrow(/two steps are called 'twice'/)
  expect(() => createEmulator({ tables: [Project, { ...Project }] })).toThrow(/two tables are called 'new_project'/)
})

test('steps that would never run are refused at the start: on messages that are not raised, on links of one table', () => {
  const idle = defineStep({ name: 'idle', message: 'new_Nothing', stage: 'postOperation', run() {} })
  expect(() => emulatorWith(idle)).toThrow(/step 'idle' listens to new_Nothing, which the emulator does not raise/)
  const linked = defineStep({ name: 'linked', table: Project, message: 'Associate', stage: 'postOperation', run() {} })
  expect(() => emulatorWith(linked)).toThrow(/step 'linked' listens to Associate of 'new_project'/)
})

test('steps on Associate and Disassociate see the row, the relationship and what is linked', async () => {
  const seen: unknown[] = []
  const on = (message: 'Associate' | 'Disassociate') =>
    defineStep({
      name: message,
      message,
      stage: 'preOperation',
      run: ({ target, inputParameters, table }) => void seen.push([message, target, inputParameters, table]),
    })
  const dataverse = emulatorWith(on('Associate'), on('Disassociate'))
  const project = await dataverse.create(Project, { new_name: 'Bridge' })
  const customer = reference(Customer, await dataverse.create(Customer, {}))
  await dataverse.associate(Project, project, 'new_project_member', [customer])
  await dataverse.disassociate(Project, project, 'new_project_member', [customer])
  const parameters = { Relationship: 'new_project_member', RelatedEntities: [customer] }
  expect(seen).toEqual([
    ['Associate', reference(Project, project), parameters, null],
    ['Disassociate', reference(Project, project), parameters, null],
  ])
})

test('an update of state and other columns runs its steps twice, first for the others; pre-validation once', async () => {
  const seen: string[] = []
  const on = (stage: 'preValidation' | 'preOperation' | 'postOperation') =>
    defineStep({
      name: stage,
      table: Project,
      message: 'Update',
      stage,
      preImage: ['statuscode', 'new_seats'],
      run({ target, preImage }) {
        const columns = ['new_seats', 'statuscode', 'statecode'].filter((name) => name in target).join('+')
        seen.push(`${stage}: ${columns}, before ${preImage.new_seats ?? 'none'} ${preImage.statuscode}`)
      },
    })
  const dataverse = emulatorWith(on('preValidation'), on('preOperation'), on('postOperation'))
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const { versionnumber } = await dataverse.retrieve(Project, id, ['versionnumber'])

  await dataverse.update(Project, id, { statuscode: 100_000_000, new_seats: 2 }, { rowVersion: versionnumber })

  expect(seen).toEqual([
    'preValidation: new_seats+statuscode, before none 1',
    'preOperation: new_seats, before none 1',
    'postOperation: new_seats, before none 1',
    'preOperation: statuscode, before 2 1',
    'postOperation: statuscode, before 2 1',
  ])
  expect(await dataverse.retrieve(Project, id, ['statuscode', 'new_seats'])).toEqual({
    statuscode: 100_000_000,
    new_seats: 2,
  })
})

test('steps on Assign and SetState run inside of the Update that does it', async () => {
  const ran: unknown[] = []
  const on = (message: 'Assign' | 'SetState' | 'Update', stage: 'preOperation' | 'postOperation') =>
    defineStep({
      name: `${message} ${stage}`,
      table: Project,
      message,
      stage,
      preImage: ['statecode'],
      run: ({ target, inputParameters, preImage }) =>
        void ran.push([message, stage, target.id !== undefined, inputParameters, preImage.statecode]),
    })
  const dataverse = emulatorWith(
    on('Assign', 'preOperation'),
    on('SetState', 'postOperation'),
    on('Update', 'preOperation'),
    on('Update', 'postOperation'),
  )
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const other = await dataverse.seed('systemuser', { fullname: 'Other' })
  const Assignee = reference('systemuser', other)

  await dataverse.execute('Assign', { Target: reference(Project, id), Assignee })
  expect(ran.splice(0)).toEqual([
    ['Update', 'preOperation', true, {}, 0],
    ['Assign', 'preOperation', true, { Assignee }, 0],
    ['Update', 'postOperation', true, {}, 0],
  ])
  await dataverse.execute('SetState', { EntityMoniker: reference(Project, id), State: 1, Status: 100_000_001 })
  expect(ran).toEqual([
    ['Update', 'preOperation', true, {}, 0],
    ['SetState', 'postOperation', true, { State: 1, Status: 100_000_001 }, 0],
    ['Update', 'postOperation', true, {}, 0],
  ])
  expect(await dataverse.retrieve(Project, id, ['ownerid', 'statecode'])).toEqual({
    ownerid: { ...Assignee, name: 'Other' },
    statecode: 1,
  })
})

test('an asynchronous step on a Delete becomes a job that regards nothing', async () => {
  const dataverse = emulatorWith(
    defineStep({
      name: 'gone',
      table: Project,
      message: 'Delete',
      stage: 'postOperation',
      mode: 'asynchronous',
      run() {},
    }),
  )
  await dataverse.delete(Project, await dataverse.create(Project, { new_name: 'Bridge' }))
  expect(await dataverse.drain()).toMatchObject([{ step: 'gone', outcome: 'succeeded' }])
})

describe('steps on CreateMultiple and UpdateMultiple', () => {
  const seen: unknown[] = []
  beforeEach(() => seen.splice(0))
  const watch = (message: 'Create' | 'Update' | 'CreateMultiple' | 'UpdateMultiple', stage: StepStage) =>
    defineStep({
      name: `${message} ${stage}`,
      table: Project,
      message,
      stage,
      run: ({ inputParameters }) => void seen.push([message, stage, inputParameters]),
    })
  const names = () => seen.map((entry) => (entry as string[]).slice(0, 2).join(' '))

  test('run for a single Create and a single Update, with that one row', async () => {
    const dataverse = emulatorWith(watch('CreateMultiple', 'preOperation'), watch('UpdateMultiple', 'postOperation'))

    const id = await dataverse.create(Project, { new_name: 'Bridge', new_code: 'B' })
    await dataverse.update(Project, { new_code: 'B' }, { new_seats: 3 })

    expect(seen).toEqual([
      ['CreateMultiple', 'preOperation', { Targets: [{ new_name: 'Bridge', new_code: 'B' }] }],
      ['UpdateMultiple', 'postOperation', { Targets: [{ new_projectid: id, new_seats: 3 }] }],
    ])
    expect(await dataverse.retrieve(Project, id, ['new_seats'])).toEqual({ new_seats: 3 })
  })

  test('run around those on Create and Update, once for all rows of the message', async () => {
    const dataverse = emulatorWith(
      watch('Create', 'preOperation'),
      watch('Create', 'postOperation'),
      watch('CreateMultiple', 'preOperation'),
      watch('CreateMultiple', 'postOperation'),
    )
    const each = ['Create preOperation', 'Create postOperation']

    await dataverse.create(Project, { new_name: 'A' })
    expect(names()).toEqual(['CreateMultiple preOperation', ...each, 'CreateMultiple postOperation'])

    seen.splice(0)
    const Targets = [{ new_name: 'B' }, { new_name: 'C' }]
    await dataverse.execute('CreateMultiple', { EntityName: 'new_project', Targets })
    expect(names()).toEqual(['CreateMultiple preOperation', ...each, ...each, 'CreateMultiple postOperation'])
  })

  test('run for upserts, and for what other steps write, and undo a single Create by a throw', async () => {
    const refuse = defineStep({
      name: 'refuse',
      table: Project,
      message: 'CreateMultiple',
      stage: 'postOperation',
      run({ inputParameters: { Targets } }) {
        if (Targets.some(({ new_name }) => new_name === 'Tower')) throw new InvalidPluginExecution('No towers.')
      },
    })
    const dataverse = emulatorWith(watch('CreateMultiple', 'postOperation'), refuse)

    await dataverse.upsert(Project, { new_code: 'X' }, { new_name: 'Bridge' })
    await expect(dataverse.create(Project, { new_name: 'Tower' })).rejects.toThrow('No towers.')

    expect(names()).toHaveLength(2)
    expect(await dataverse.list(Project, ['new_name'])).toEqual([{ new_name: 'Bridge' }])
  })

  test('do not run for what is refused before, and leave row versions and bypassing as they are', async () => {
    const dataverse = emulatorWith(watch('CreateMultiple', 'preOperation'), watch('UpdateMultiple', 'preOperation'))

    await expect(dataverse.create(Project, { new_name: 5 } as never)).rejects.toThrow("'new_name'")
    const options = { bypassBusinessLogic: ['CustomSync'] as const }
    const id = await dataverse.create(Project, { new_name: 'Bridge' }, options)
    await expect(dataverse.update(Project, { new_code: 'none' }, {})).rejects.toThrow()
    expect(names()).toEqual([])
    await expect(dataverse.update(Project, id, { new_seats: 1 }, { rowVersion: 1 })).rejects.toMatchObject({
      name: 'ConcurrencyVersionMismatch',
    })
  })
})
