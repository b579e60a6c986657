import { beforeEach, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, priority, Task, tables } from './tables.ts'

let dataverse: Emulator
beforeEach(() => {
  dataverse = createEmulator({ tables, now: '2026-03-01T09:30:15Z' })
})
const nowhere = '11111111-1111-4111-8111-111111111111'

test('a new row gets the platform’s defaults: id, owner, created, modified, state, version and column defaults', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })

  const admin = { logicalName: 'systemuser', id: dataverse.organization.userId, name: 'Emulator Administrator' }
  expect(await dataverse.retrieve(Project, id)).toMatchObject({
    new_projectid: id,
    new_name: 'Bridge',
    new_billable: true,
    new_priority: priority.Low,
    new_number: 'P-01000',
    new_budget: null,
    createdon: new Date('2026-03-01T09:30:15Z'),
    createdby: admin,
    createdonbehalfby: null,
    modifiedby: admin,
    ownerid: admin,
    owninguser: admin,
    owningbusinessunit: { id: dataverse.organization.businessUnitId },
    statecode: 0,
    statuscode: 1,
    versionnumber: expect.any(Number),
  })
})

test('retrieve gives exactly the columns asked for', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_budget: 5 })

  expect(await dataverse.retrieve(Project, id, ['new_budget', 'new_due'])).toEqual({ new_budget: 5, new_due: null })
})

test('money and decimals are rounded to the column’s precision, half away from zero', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_budget: 1.005, new_hours: -2.675 })

  expect(await dataverse.retrieve(Project, id, ['new_budget', 'new_hours'])).toEqual({
    new_budget: 1.01,
    new_hours: -2.68,
  })
})

test('a moment is kept to the second, a day as it is written', async () => {
  const id = await dataverse.create(Project, {
    new_name: 'Bridge',
    new_started: new Date('2026-03-01T10:00:00.789Z'),
    new_due: '2026-12-31',
  })

  expect(await dataverse.retrieve(Project, id, ['new_started', 'new_due'])).toEqual({
    new_started: new Date('2026-03-01T10:00:00Z'),
    new_due: '2026-12-31',
  })
})

test('an update changes the columns given, who modified it and its version, and leaves the others', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_seats: 3 })
  const before = await dataverse.retrieve(Project, id)
  await dataverse.clock.advance(60_000)

  await dataverse.update(Project, id, { new_seats: 4 })

  const after = await dataverse.retrieve(Project, id)
  expect(after).toMatchObject({ new_name: 'Bridge', new_seats: 4, modifiedon: new Date('2026-03-01T09:31:15Z') })
  expect(after.versionnumber).toBeGreaterThan(before.versionnumber)
  expect(after.createdon).toEqual(before.createdon)
})

test('a row handed out, and a row handed in, can be changed without touching the store', async () => {
  const started = new Date('2026-03-01T10:00:00Z')
  const tags: (typeof priority.Low | typeof priority.High)[] = [priority.Low]
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_started: started, new_tags: tags })
  started.setUTCFullYear(1999)
  tags.push(priority.High)

  const row = await dataverse.retrieve(Project, id)
  row.new_started!.setUTCFullYear(1999)
  ;(row.new_tags as number[]).push(7)
  ;(row.ownerid as { id: string }).id = nowhere

  const again = await dataverse.retrieve(Project, id, ['new_started', 'new_tags', 'ownerid'])
  expect(again).toMatchObject({
    new_started: new Date('2026-03-01T10:00:00Z'),
    new_tags: [priority.Low],
    ownerid: { id: dataverse.organization.userId },
  })
})

const refusals: [title: string, row: object, error: object][] = [
  ['an unknown column', { new_name: 'x', new_colour: 'red' }, { name: 'UndeclaredProperty', status: 400 }],
  ['a prototype’s name as a column', JSON.parse('{"new_name":"x","__proto__":{}}'), { name: 'UndeclaredProperty' }],
  ['a text where a number belongs', { new_name: 'x', new_seats: '3' }, { name: 'WrongValueType', status: 400 }],
  ['a fraction where a whole number belongs', { new_name: 'x', new_seats: 1.5 }, { name: 'WrongValueType' }],
  ['a moment that does not exist', { new_name: 'x', new_started: new Date(Number.NaN) }, { name: 'WrongValueType' }],
  ['a day that is no day', { new_name: 'x', new_due: '2026-13-01' }, { name: 'WrongValueType' }],
  ['a text that is too long', { new_name: 'x'.repeat(21) }, { name: 'StringLengthTooLong', code: 0x80044331 }],
  ['a number out of range', { new_name: 'x', new_budget: -1 }, { name: 'ValueOutOfRange', status: 400 }],
  ['an unknown choice', { new_name: 'x', new_priority: 7 }, { name: 'PicklistValueOutOfRange', code: 0x8004431a }],
  ['an unknown choice among several', { new_name: 'x', new_tags: [7] }, { name: 'PicklistValueOutOfRange' }],
  ['a missing required value', { new_budget: 5 }, { name: 'RequiredFieldMissing', code: 0x80040200 }],
  [
    'a lookup to a missing row',
    { new_name: 'x', new_customer: reference(Customer, nowhere) },
    { name: 'ObjectDoesNotExist', status: 404 },
  ],
  ['a lookup to another table', { new_name: 'x', new_customer: reference(Task, nowhere) }, { name: 'WrongValueType' }],
  [
    'a status that does not belong to the state',
    { new_name: 'x', statecode: 0, statuscode: 2 },
    { name: 'InvalidStateCodeStatusCode', code: 0x80048408 },
  ],
  ['an id that is no GUID', { new_name: 'x', new_projectid: '5' }, { name: 'WrongValueType' }],
]
test.each(refusals)('%s is refused with the platform’s error and changes nothing', async (_title, row, error) => {
  await expect(dataverse.create('new_project', row as never)).rejects.toMatchObject(error)
  expect(await dataverse.list(Project)).toEqual([])

  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const before = await dataverse.retrieve(Project, id)
  const changes = { ...row, ...('new_budget' in row && !('new_name' in row) ? { new_name: null } : {}) }
  await expect(dataverse.update('new_project', id, changes as never)).rejects.toMatchObject({
    status: expect.any(Number),
  })
  expect(await dataverse.retrieve(Project, id)).toEqual(before)
})

test('an unknown table and a missing row are the platform’s errors', async () => {
  await expect(dataverse.create('new_nothing', {})).rejects.toMatchObject({ name: 'QueryBuilderNoEntity' })
  await expect(dataverse.retrieve(Project, nowhere)).rejects.toMatchObject({
    hexCode: '0x80040217',
    status: 404,
    message: `Entity 'new_project' With Id = ${nowhere} Does Not Exist`,
  })
  await expect(dataverse.update(Project, nowhere, {})).rejects.toMatchObject({ name: 'ObjectDoesNotExist' })
  await expect(dataverse.delete(Project, nowhere)).rejects.toMatchObject({ name: 'ObjectDoesNotExist' })
  await expect(dataverse.retrieve(Project, 'not an id')).rejects.toMatchObject({ name: 'InvalidArgument' })
})

test('a state moves as the table allows: a reason brings its state, a state its default reason', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })

  await dataverse.update(Project, id, { statuscode: 100_000_000 })
  await expect(dataverse.update(Project, id, { statuscode: 100_000_001 })).rejects.toMatchObject({
    name: 'InvalidStatusTransition',
  })
  await dataverse.update(Project, id, { statecode: 1 })
  expect(await dataverse.retrieve(Project, id, ['statecode', 'statuscode'])).toEqual({ statecode: 1, statuscode: 2 })
})

test('a row version that has passed is refused, and nobody’s change is lost', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge', new_seats: 0 })
  let refused = 0
  const add = async () => {
    for (;;) {
      const { new_seats, versionnumber } = await dataverse.retrieve(Project, id, ['new_seats', 'versionnumber'])
      await Promise.resolve()
      try {
        return await dataverse.update(Project, id, { new_seats: new_seats! + 1 }, { rowVersion: versionnumber })
      } catch (error) {
        expect(error).toMatchObject({ name: 'ConcurrencyVersionMismatch', status: 412, code: 0x80060882 })
        refused++
      }
    }
  }

  await Promise.all(Array.from({ length: 50 }, add))

  expect(await dataverse.retrieve(Project, id, ['new_seats'])).toEqual({ new_seats: 50 })
  expect(refused).toBeGreaterThan(0)
})

test('an alternate key finds, upserts and guards its row', async () => {
  const created = await dataverse.upsert(Project, { new_code: 'BR-1' }, { new_name: 'Bridge' })
  const updated = await dataverse.upsert(Project, { new_code: 'br-1' }, { new_name: 'Big bridge' })

  expect([created.created, updated.created, updated.id]).toEqual([true, false, created.id])
  expect(await dataverse.retrieve(Project, { new_code: 'BR-1' }, ['new_name'])).toEqual({ new_name: 'Big bridge' })
  await expect(dataverse.create(Project, { new_name: 'Other', new_code: 'BR-1' })).rejects.toMatchObject({
    name: 'DuplicateRecordEntityKey',
    status: 412,
  })
  await expect(dataverse.retrieve(Project, { new_code: 'none' })).rejects.toMatchObject({
    name: 'RecordNotFoundByEntityKey',
  })
  await expect(dataverse.retrieve(Project, { new_name: 'Bridge' })).rejects.toMatchObject({
    name: 'EntityKeyNotDefined',
  })
})

test('creating a row with a taken id is refused', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })

  await expect(dataverse.create(Project, { new_projectid: id, new_name: 'Other' })).rejects.toMatchObject({
    name: 'DuplicateRecord',
    status: 412,
  })
})

test('deleting a row deletes its children, unlinks those that refer to it, and is refused where that is restricted', async () => {
  const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
  const parent = await dataverse.create(Project, { new_name: 'Program', new_customer: reference(Customer, customer) })
  const child = await dataverse.create(Project, { new_name: 'Bridge', new_parent: reference(Project, parent) })
  await dataverse.create(Task, { new_title: 'Plan', new_project: reference(Project, parent) })

  await expect(dataverse.delete(Customer, customer)).rejects.toMatchObject({
    name: 'CannotDeleteDueToAssociation',
    code: 0x80040227,
  })
  await dataverse.delete(Project, parent)

  expect(await dataverse.list(Task)).toEqual([])
  expect(await dataverse.retrieve(Project, child, ['new_parent'])).toEqual({ new_parent: null })
  await dataverse.delete(Customer, customer)
})

test('rows are associated through a lookup or an intersect table, once', async () => {
  const project = await dataverse.create(Project, { new_name: 'Bridge' })
  const task = await dataverse.create(Task, { new_title: 'Plan' })
  const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })

  await dataverse.associate(Project, project, 'new_project_new_task_new_project', [reference(Task, task)])
  await dataverse.associate(Project, project, 'new_project_member', [reference(Customer, customer)])

  expect((await dataverse.retrieve(Task, task)).new_project).toMatchObject({ id: project, name: 'Bridge' })
  expect(await dataverse.list('new_project_member')).toMatchObject([
    { new_projectid: project, new_customerid: customer },
  ])
  await expect(
    dataverse.associate(Project, project, 'new_project_member', [reference(Customer, customer)]),
  ).rejects.toMatchObject({ name: 'DuplicateRecord' })

  await dataverse.disassociate(Project, project, 'new_project_member', [reference(Customer, customer)])
  await dataverse.disassociate(Project, project, 'new_project_new_task_new_project', [reference(Task, task)])
  expect(await dataverse.list('new_project_member')).toEqual([])
  expect((await dataverse.retrieve(Task, task)).new_project).toBeNull()
  await expect(dataverse.associate(Project, project, 'no_such', [])).rejects.toMatchObject({ name: 'InvalidArgument' })
})

test('a transaction of several writes takes effect whole or not at all', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const writes = (name: string) => [
    { message: 'Create', table: Task, row: { new_title: 'Plan' } } as const,
    { message: 'Update', table: Project, key: id, changes: { new_name: name } } as const,
  ]

  await expect(dataverse.execute('ExecuteTransaction', { Requests: writes('x'.repeat(99)) })).rejects.toMatchObject({
    name: 'StringLengthTooLong',
  })
  expect(await dataverse.list(Task)).toEqual([])

  await dataverse.execute('ExecuteTransaction', { Requests: writes('Big bridge') })
  expect(await dataverse.list(Task, ['new_title'])).toEqual([{ new_title: 'Plan' }])
})

test('a message that is not emulated fails by name', async () => {
  await expect(dataverse.execute('MakeCoffee')).rejects.toMatchObject({ name: 'CrmHttpError', status: 404 })
  await expect(dataverse.execute('constructor')).rejects.toMatchObject({ name: 'CrmHttpError' })
  expect(await dataverse.execute('WhoAmI', undefined)).toEqual({
    UserId: dataverse.organization.userId,
    BusinessUnitId: dataverse.organization.businessUnitId,
    OrganizationId: dataverse.organization.organizationId,
  })
})

test('a row written as another user says who really wrote it', async () => {
  const clerk = await dataverse.seed('systemuser', { fullname: 'Clerk' })

  const id = await dataverse.as(clerk).create(Project, { new_name: 'Bridge' })

  expect(await dataverse.retrieve(Project, id)).toMatchObject({
    createdby: { id: clerk, name: 'Clerk' },
    createdonbehalfby: { id: dataverse.organization.userId },
    ownerid: { id: clerk },
  })
  expect(() => dataverse.as(nowhere)).toThrow(/Does Not Exist/)
})

test('seeding takes rows in any order, even those only the platform writes, and all of them or none', async () => {
  const [parent, child] = [nowhere.replaceAll('1', '2'), nowhere.replaceAll('1', '3')]
  await dataverse.seed('new_project', [
    {
      new_projectid: child,
      new_name: 'Child',
      new_parent: reference(Project, parent),
      createdon: new Date('2020-01-01'),
    },
    { new_projectid: parent, new_name: 'Parent' },
  ])
  expect(await dataverse.retrieve(Project, child, ['createdon', 'new_parent'])).toMatchObject({
    createdon: new Date('2020-01-01'),
    new_parent: { name: 'Parent' },
  })

  await expect(dataverse.seed(Project, [{ new_name: 'Good' }, { new_name: 'x'.repeat(21) }])).rejects.toMatchObject({
    name: 'StringLengthTooLong',
  })
  expect((await dataverse.list(Project)).map((row) => row.new_name)).toEqual(['Parent', 'Child'])
})

test('a fork and the original go their own ways, and reset comes back to the beginning of each', async () => {
  const id = await dataverse.create(Project, { new_name: 'Bridge' })
  const fork = dataverse.fork()
  await fork.update(Project, id, { new_name: 'Tunnel' })
  await fork.clock.advance(1000)
  await dataverse.create(Project, { new_name: 'Tower' })

  expect(await dataverse.retrieve(Project, id, ['new_name'])).toEqual({ new_name: 'Bridge' })
  expect((await fork.list(Project)).map((row) => row.new_name)).toEqual(['Tunnel'])
  expect(dataverse.clock.now()).toEqual(new Date('2026-03-01T09:30:15Z'))

  fork.reset()
  expect((await fork.list(Project)).map((row) => row.new_name)).toEqual(['Bridge'])
  dataverse.reset()
  expect(await dataverse.list(Project)).toEqual([])
})

test('the clock of an emulator stays the same one over a reset, so that who holds it keeps the time', async () => {
  const { clock } = dataverse
  await clock.advance(60_000)

  dataverse.reset()
  expect(dataverse.clock).toBe(clock)
  expect(clock.now()).toEqual(new Date('2026-03-01T09:30:15Z'))

  clock.run()
  dataverse.reset()
  expect(clock.running).toBe(true)
})

test('many forks of forks keep their own rows', async () => {
  let current = dataverse
  for (let n = 0; n < 200; n++) {
    await current.create(Task, { new_title: `task ${n}` })
    if (n % 3 === 0) await current.delete(Task, (await current.list(Task))[0]!.new_taskid)
    current = current.fork()
  }
  expect(await current.list(Task)).toHaveLength(200 - 67)
  expect(await dataverse.list(Task)).toHaveLength(0)
})
