import { expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, Task, tables } from './tables.ts'

const Left = defineTable({
  logicalName: 'new_left',
  displayName: 'Left',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }) },
})
const Right = defineTable({
  logicalName: 'new_right',
  displayName: 'Right',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_first: column.lookup({ label: 'First', to: ['new_left'] }),
    new_second: column.lookup({ label: 'Second', to: ['new_left'] }),
    new_owner: column.lookup({ label: 'Owner', to: ['new_left'], behavior: 'parental' }),
    new_other: column.lookup({ label: 'Other', to: ['new_left'], behavior: 'parental' }),
    new_parent: column.lookup({ label: 'Parent', to: ['new_right'], behavior: 'parental' }),
    new_any: column.lookup({ label: 'Any', to: ['new_left', 'new_right'] }),
  },
})
const emulator = (...steps: ReturnType<typeof defineStep>[]) =>
  createEmulator({ tables: [...tables, Left, Right], steps })

test('a row that loses two links to the same deleted row loses both', async () => {
  const dataverse = emulator()
  const left = await dataverse.create(Left, { new_name: 'L' })
  const link = reference(Left, left)
  const right = await dataverse.create(Right, { new_first: link, new_second: link })

  await dataverse.delete(Left, left)

  expect(await dataverse.retrieve(Right, right, ['new_first', 'new_second'])).toEqual({
    new_first: null,
    new_second: null,
  })
})

test('a row that is deleted along is not brought back by another of its links', async () => {
  const dataverse = emulator()
  const left = await dataverse.create(Left, { new_name: 'L' })
  const link = reference(Left, left)
  await dataverse.create(Right, { new_first: link, new_owner: link, new_other: link })

  await dataverse.delete(Left, left)

  expect(await dataverse.list(Right)).toEqual([])
})

test('rows that are each other’s parents are deleted together', async () => {
  const dataverse = emulator()
  const a = await dataverse.create(Right, { new_name: 'A' })
  const b = await dataverse.create(Right, { new_name: 'B', new_parent: reference(Right, a) })
  await dataverse.update(Right, a, { new_parent: reference(Right, b) })

  await dataverse.delete(Right, a)

  expect(await dataverse.list(Right)).toEqual([])
})

test('a long line of children is deleted whole, whatever steps listen', async () => {
  let deletions = 0
  const dataverse = emulator(
    defineStep({ name: 'count', table: Right, message: 'Delete', stage: 'postOperation', run: () => void deletions++ }),
  )
  const first = await dataverse.create(Right, { new_name: '0' })
  let parent = first
  for (let n = 1; n < 15; n++)
    parent = await dataverse.create(Right, { new_name: `${n}`, new_parent: reference(Right, parent) })

  await dataverse.delete(Right, first)

  expect(await dataverse.list(Right)).toEqual([])
  expect(deletions).toBe(15)
})

test('a lookup that may refer to two tables is cleared only when its own row goes', async () => {
  const dataverse = emulator()
  const id = '44444444-4444-4444-8444-444444444444'
  await dataverse.create(Left, { new_leftid: id })
  await dataverse.create(Right, { new_rightid: id })
  const row = await dataverse.create(Right, { new_any: reference(Right, id) })

  await dataverse.delete(Left, id)

  expect((await dataverse.retrieve(Right, row)).new_any).toMatchObject({ logicalName: 'new_right', id })
})

test('a row takes its many-to-many links along', async () => {
  const dataverse = emulator()
  const project = await dataverse.create(Project, { new_name: 'Bridge' })
  const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
  await dataverse.associate(Project, project, 'new_project_member', [reference(Customer, customer.toUpperCase())])

  await dataverse.delete(Customer, customer)

  expect(await dataverse.list('new_project_member')).toEqual([])
})

test('unlinking what is linked to another row changes nothing', async () => {
  const dataverse = emulator()
  const [a, b] = [await dataverse.create(Left, {}), await dataverse.create(Left, {})]
  const right = await dataverse.create(Right, { new_first: reference(Left, a) })

  await dataverse.disassociate(Left, b, 'new_left_new_right_new_first', [reference(Right, right)])

  expect((await dataverse.retrieve(Right, right)).new_first).toMatchObject({ id: a })
})

test.each(['statecode', 'statuscode'])('emptying %s is refused, and does not activate the row', async (name) => {
  const dataverse = emulator()
  const id = await dataverse.create(Task, { new_title: 'Plan' })
  await dataverse.update(Task, id, { statecode: 1 })

  await expect(dataverse.update('new_task', id, { [name]: null })).rejects.toMatchObject({
    name: 'RequiredFieldMissing',
  })
  expect((await dataverse.retrieve(Task, id)).statecode).toBe(1)
})

test.each([
  [1e-7, 0],
  [-0.001, 0],
  [0.005, 0.01],
  [-1.005, -1.01],
  [123_456_789.995, 123_456_790],
])('%d is rounded to %d', async (given, kept) => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'x', new_hours: given })
  expect((await dataverse.retrieve(Project, id)).new_hours).toBe(kept)
})

test.each(['2024-02-31', '2024-02-03 and more', '0001-01-01', '1752-12-31'])(
  '%s is not a day that can be kept',
  async (day) => {
    await expect(emulator().create(Project, { new_name: 'x', new_due: day })).rejects.toMatchObject({
      name: 'WrongValueType',
    })
  },
)

test('a moment as text needs its offset: without one nobody knows which moment is meant', async () => {
  const dataverse = emulator()
  const started = '2026-03-01T09:00:00'
  await expect(dataverse.create('new_project', { new_name: 'x', new_started: started })).rejects.toMatchObject({
    name: 'WrongValueType',
  })
  const id = await dataverse.create('new_project', { new_name: 'x', new_started: `${started}+02:00` })
  expect((await dataverse.retrieve(Project, id)).new_started).toEqual(new Date('2026-03-01T07:00:00Z'))
})

test('a service that is used after its transaction has ended writes nothing, and says so', async () => {
  let late: Promise<unknown> | undefined
  const dataverse = emulator(
    defineStep({
      name: 'forgetful',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      run({ service }) {
        late = new Promise((resolve) => setTimeout(resolve, 5)).then(() => service.create(Task, { new_title: 'late' }))
        late.catch(() => {})
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' })

  await expect(late).rejects.toMatchObject({ name: 'NoActiveTransaction' })
  expect(await dataverse.list(Task)).toEqual([])
})

test('what a step started and did not wait for may use the emulator later', async () => {
  let late: Promise<unknown> | undefined
  const dataverse = emulator(
    defineStep({
      name: 'starter',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      run() {
        late = new Promise((resolve) => setTimeout(resolve, 5)).then(() =>
          dataverse.create(Task, { new_title: 'late' }),
        )
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'Bridge' })
  await late
  expect(await dataverse.list(Task)).toHaveLength(1)
})

test('a date in the target cannot be changed from within by a step that does not declare it', async () => {
  const dataverse = emulator(
    defineStep({
      name: 'sneaky',
      table: Project,
      message: 'Create',
      stage: 'preOperation',
      run: ({ target }) => void (target.new_started as Date).setUTCFullYear(1999),
    }),
  )
  await expect(dataverse.create(Project, { new_name: 'x', new_started: new Date() })).rejects.toThrow(
    /sneaky.*new_started/,
  )
})

test('an asynchronous step in a fork shares nothing with the same one in the original', async () => {
  const seen: unknown[] = []
  const dataverse = emulator(
    defineStep({
      name: 'later',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      mode: 'asynchronous',
      postImage: ['new_started'],
      run({ sharedVariables, postImage }) {
        seen.push(sharedVariables.seen, postImage.new_started?.getUTCFullYear())
        sharedVariables.seen = true
        postImage.new_started?.setUTCFullYear(1999)
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'x', new_started: new Date('2026-01-01T00:00:00Z') })
  const fork = dataverse.fork()

  await Promise.all([dataverse.drain(), dataverse.drain(), fork.drain()])

  expect(seen).toEqual([undefined, 2026, undefined, 2026])
})

test('an upsert that comes second while the first is under way updates the row of the first', async () => {
  const dataverse = emulator()
  const upsert = (name: string) => dataverse.upsert(Project, { new_code: 'BR' }, { new_name: name })

  const [first, second] = await Promise.all([upsert('one'), upsert('two')])

  expect([first.created, second.created, second.id]).toEqual([true, false, first.id])
  expect(await dataverse.list(Project, ['new_name'])).toEqual([{ new_name: 'two' }])
})

test('a service of another user outlives a reset', async () => {
  const dataverse = createEmulator({
    tables,
    seed: { systemuser: [{ systemuserid: '55555555-5555-4555-8555-555555555555', fullname: 'Clerk' }] },
  })
  const clerk = dataverse.as('55555555-5555-4555-8555-555555555555')
  dataverse.reset()

  await clerk.create(Project, { new_name: 'Bridge' })

  expect(await dataverse.list(Project)).toMatchObject([{ createdby: { name: 'Clerk' } }])
})

test('scans see every write: new, changed, deleted and made again', async () => {
  const dataverse = emulator()
  const query = select(Task, ['new_title']).where('new_effort', 'ge', 5).where('new_effort', 'lt', 50)
  const found = async () => (await dataverse.retrieveMultiple(query)).rows.map((row) => row.new_title)
  const ids: string[] = []
  for (let n = 0; n < 6; n++) ids.push(await dataverse.create(Task, { new_title: `${n}`, new_effort: n * 10 }))
  expect(await found()).toEqual(['1', '2', '3', '4'])

  await dataverse.delete(Task, ids[1]!)
  await dataverse.update(Task, ids[2]!, { new_effort: 99 })
  await dataverse.update(Task, ids[5]!, { new_effort: 6 })
  await dataverse.create(Task, { new_taskid: ids[1]!, new_title: 'again', new_effort: 7 })

  expect(await found()).toEqual(['again', '3', '4', '5'])
})

test('names that every object has are refused as columns', () => {
  const named = (name: string) =>
    defineTable({
      logicalName: 'new_odd',
      displayName: 'Odd',
      primaryName: name,
      columns: { [name]: column.text({ label: 'Odd' }) },
    })
  expect(() => named('constructor')).toThrow(/every object has/)
})

test('an intersect table cannot take the name of another table', () => {
  const odd = defineTable({
    logicalName: 'new_odd',
    displayName: 'Odd',
    primaryName: 'new_name',
    columns: { new_name: column.text({ label: 'Name' }) },
    manyToMany: { new_customer: { to: 'new_task' } },
  })
  expect(() => createEmulator({ tables: [...tables, odd] })).toThrow(/there is another table of that name/)
})
