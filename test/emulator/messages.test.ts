import { expect, test } from 'vitest'
import {
  Account,
  Contact,
  Email,
  Incident,
  Opportunity,
  Queue,
  QueueItem,
  Quote,
  standardTables,
  Team,
  Task as Todo,
} from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Project, Task, tables } from './tables.ts'

const emulator = (...steps: ReturnType<typeof defineStep>[]) =>
  createEmulator({ tables: [...standardTables, ...tables], steps, now: '2026-03-01T09:30:15Z' })
const names = (rows: readonly { new_name?: unknown }[]) => rows.map(({ new_name }) => new_name).sort()

test('CreateMultiple creates all rows or none, and runs the steps of each', async () => {
  const ran: unknown[] = []
  const dataverse = emulator(
    defineStep({
      name: 'each',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      run: ({ target }) => void ran.push(target.new_name),
    }),
  )
  const Targets = [{ new_name: 'A' }, { new_name: 'B' }]
  const { Ids } = await dataverse.execute('CreateMultiple', { EntityName: 'new_project', Targets })
  expect(Ids).toHaveLength(2)
  expect(ran).toEqual(['A', 'B'])

  const bad = { EntityName: 'new_project', Targets: [{ new_name: 'C' }, { new_name: 'x'.repeat(21) }] }
  await expect(dataverse.execute('CreateMultiple', bad)).rejects.toMatchObject({ name: 'StringLengthTooLong' })
  expect(names(await dataverse.list(Project))).toEqual(['A', 'B'])
  await expect(dataverse.execute('CreateMultiple', { EntityName: 'nope', Targets })).rejects.toMatchObject({
    name: 'QueryBuilderNoEntity',
  })
  await expect(dataverse.execute('CreateMultiple', { EntityName: 'new_project', Targets: [] })).rejects.toMatchObject({
    name: 'InvalidArgument',
  })
})

test('UpdateMultiple finds rows by id or alternate key, and changes all or none', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'A' })
  await dataverse.create(Project, { new_name: 'B', new_code: 'b' })
  const change = (Targets: object[]) => dataverse.execute('UpdateMultiple', { EntityName: 'new_project', Targets })

  await change([
    { new_projectid: id, new_seats: 1 },
    { new_code: 'b', new_seats: 2 },
  ])
  expect((await dataverse.list(Project, ['new_seats'])).map(({ new_seats }) => new_seats)).toEqual([1, 2])

  await expect(change([{ new_projectid: id, new_seats: 9 }, { new_code: 'c' }])).rejects.toMatchObject({ status: 404 })
  await expect(change([{ new_seats: 9 }])).rejects.toThrow("neither 'new_projectid' nor the columns")
  expect(await dataverse.retrieve(Project, id, ['new_seats'])).toEqual({ new_seats: 1 })
})

test('UpsertMultiple says which rows it created', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Project, { new_name: 'A', new_code: 'a' })
  const { Results } = await dataverse.execute('UpsertMultiple', {
    EntityName: 'new_project',
    Targets: [
      { new_code: 'a', new_name: 'A2' },
      { new_code: 'b', new_name: 'B' },
    ],
  })
  expect(Results).toMatchObject([
    { RecordCreated: false, Target: reference(Project, id) },
    { RecordCreated: true, Target: { logicalName: 'new_project' } },
  ])
  expect(names(await dataverse.list(Project))).toEqual(['A2', 'B'])
})

test('DeleteMultiple is for elastic tables only', async () => {
  const request = { EntityName: 'new_project', Targets: [{}] }
  await expect(emulator().execute('DeleteMultiple', request)).rejects.toMatchObject({
    name: 'SdkEntityDoesNotSupportMessage',
    message: expect.stringContaining('elastic'),
  })
})

test('Merge moves what refers to the subordinate, and deactivates it', async () => {
  const dataverse = emulator()
  const [master, other] = await dataverse.seed('account', [{ name: 'Contoso' }, { name: 'Contoso Ltd' }])
  const contact = await dataverse.create(Contact, {
    firstname: 'A',
    lastname: 'B',
    parentcustomerid: reference(Account, other!),
  })
  const task = await dataverse.create(Todo, { subject: 'Call', regardingobjectid: reference(Account, other!) })

  await dataverse.execute('Merge', {
    Target: reference(Account, master!),
    Subordinate: reference(Account, other!),
    UpdateContent: { telephone1: '555' },
    PerformParentingChecks: false,
  })

  expect(await dataverse.retrieve(Account, master!, ['name', 'telephone1', 'statecode'])).toEqual({
    name: 'Contoso',
    telephone1: '555',
    statecode: 0,
  })
  expect(await dataverse.retrieve(Account, other!, ['statecode', 'masterid', 'merged'])).toMatchObject({
    statecode: 1,
    masterid: { id: master },
    merged: true,
  })
  expect(await dataverse.retrieve(Contact, contact, ['parentcustomerid'])).toMatchObject({
    parentcustomerid: { id: master },
  })
  expect(await dataverse.retrieve(Todo, task, ['regardingobjectid'])).toMatchObject({
    regardingobjectid: { id: master },
  })
})

test('Merge takes two different rows of a table that has it', async () => {
  const dataverse = emulator()
  const account = reference(Account, await dataverse.create(Account, {}))
  const contact = reference(Contact, await dataverse.create(Contact, { firstname: 'A', lastname: 'B' }))
  const project = reference(Project, await dataverse.create(Project, { new_name: 'P' }))
  for (const [Target, Subordinate, name] of [
    [account, account, 'InvalidArgument'],
    [account, contact, 'InvalidArgument'],
    [project, project, 'SdkEntityDoesNotSupportMessage'],
  ] as const) {
    await expect(dataverse.execute('Merge', { Target, Subordinate })).rejects.toMatchObject({ name })
  }
})

test('WinOpportunity writes the close activity and the opportunity’s state', async () => {
  const dataverse = emulator()
  const opportunityid = reference(Opportunity, await dataverse.create(Opportunity, { name: 'Deal' }))
  const OpportunityClose = { subject: 'Won!', opportunityid, actualrevenue: 50 }
  await dataverse.execute('WinOpportunity', { Status: 3, OpportunityClose })

  const columns = ['statecode', 'statuscode', 'actualvalue', 'actualclosedate'] as const
  expect(await dataverse.retrieve(Opportunity, opportunityid.id, columns)).toEqual({
    statecode: 1,
    statuscode: 3,
    actualvalue: 50,
    actualclosedate: '2026-03-01',
  })
  expect(await dataverse.list('opportunityclose', ['subject', 'statecode', 'activitytypecode'])).toEqual([
    { subject: 'Won!', statecode: 1, activitytypecode: 'opportunityclose' },
  ])
  await expect(dataverse.execute('LoseOpportunity', { Status: 4, OpportunityClose })).rejects.toMatchObject({
    name: 'InvalidState',
  })
})

test('LoseOpportunity with a status reason of another state changes nothing', async () => {
  const dataverse = emulator()
  const opportunityid = reference(Opportunity, await dataverse.create(Opportunity, { name: 'Deal' }))
  const lose = (Status: number) =>
    dataverse.execute('LoseOpportunity', { Status, OpportunityClose: { subject: 'Lost', opportunityid } })
  await expect(lose(3)).rejects.toMatchObject({ name: 'InvalidStateCodeStatusCode' })
  expect(await dataverse.list('opportunityclose')).toEqual([])
  await lose(-1)
  expect(await dataverse.retrieve(Opportunity, opportunityid.id, ['statuscode'])).toEqual({ statuscode: 4 })
})

test('CloseIncident writes the resolution and the case’s state', async () => {
  const dataverse = emulator()
  const customerid = reference(Account, await dataverse.create(Account, {}))
  const incidentid = reference(Incident, await dataverse.create(Incident, { title: 'Broken', customerid }))
  const request = { Status: 5, IncidentResolution: { subject: 'Mended', incidentid } }
  await dataverse.execute('CloseIncident', request)
  expect(await dataverse.retrieve(Incident, incidentid.id, ['statecode', 'statuscode'])).toEqual({
    statecode: 1,
    statuscode: 5,
  })
  expect(await dataverse.list('incidentresolution', ['subject'])).toEqual([{ subject: 'Mended' }])
  await expect(dataverse.execute('CloseIncident', request)).rejects.toMatchObject({ name: 'InvalidState' })
})

test('a case that is resolved is reactivated before it is cancelled, a quote that is won stays', async () => {
  const dataverse = emulator()
  const customerid = reference(Account, await dataverse.create(Account, {}))
  const incident = await dataverse.create(Incident, { title: 'Broken', customerid })
  await dataverse.update(Incident, incident, { statuscode: 5 })
  await expect(dataverse.update(Incident, incident, { statuscode: 6 })).rejects.toMatchObject({
    name: 'InvalidStatusTransition',
  })
  await dataverse.update(Incident, incident, { statecode: 0 })
  await dataverse.update(Incident, incident, { statecode: 2 })

  const quote = await dataverse.create(Quote, { name: 'Q' })
  await expect(dataverse.update(Quote, quote, { statecode: 2 })).rejects.toMatchObject({ status: 400 })
  await dataverse.update(Quote, quote, { statecode: 1 })
  await dataverse.update(Quote, quote, { statecode: 2 })
  await expect(dataverse.update(Quote, quote, { statecode: 0 })).rejects.toMatchObject({ status: 400 })
})

test('AddToQueue makes one queue item per row, and moves it', async () => {
  const dataverse = emulator()
  const [first, second] = [await dataverse.create(Queue, { name: '1' }), await dataverse.create(Queue, { name: '2' })]
  const Target = reference(Todo, await dataverse.create(Todo, { subject: 'Call' }))
  const one = await dataverse.execute('AddToQueue', { DestinationQueueId: first, Target })
  const two = await dataverse.execute('AddToQueue', { DestinationQueueId: second, Target })
  expect(two).toEqual(one)
  expect(await dataverse.list(QueueItem, ['title', 'queueid', 'objectid'])).toMatchObject([
    { title: 'Call', queueid: { id: second }, objectid: { id: Target.id } },
  ])
})

test('members of a team are added and removed, given as references or as rows', async () => {
  const dataverse = emulator()
  const team = reference(Team, await dataverse.create(Team, { name: 'Sales' }))
  const [a, b] = await dataverse.seed('systemuser', [{ fullname: 'A' }, { fullname: 'B' }])
  const Members = [reference('systemuser', a!), { systemuserid: b! }]
  await dataverse.execute('AddMembersTeam', { Target: team, Members })
  const members = async () => (await dataverse.list('teammembership', ['systemuserid'])).map((row) => row.systemuserid)
  expect(await members()).toEqual([a, b])
  await dataverse.execute('RemoveMembersTeam', { Target: team, Members: [Members[1]] })
  expect(await members()).toEqual([a])
  await expect(dataverse.execute('AddMembersTeam', { Target: team, Members: [{}] })).rejects.toThrow("'systemuserid'")
})

test('a row is shared, for other things, and no longer', async () => {
  const dataverse = emulator()
  const Target = reference(Account, await dataverse.create(Account, {}))
  const Principal = reference('systemuser', await dataverse.seed('systemuser', { fullname: 'A' }))
  const shares = async () =>
    (await dataverse.list('principalobjectaccess', ['objectid', 'principalid', 'accessrightsmask'])).map(
      ({ accessrightsmask }) => accessrightsmask,
    )
  const access = (AccessMask: string) => ({ Target, PrincipalAccess: { Principal, AccessMask } })
  await dataverse.execute('GrantAccess', access('ReadAccess'))
  await dataverse.execute('GrantAccess', access('WriteAccess, ShareAccess'))
  expect(await shares()).toEqual([1 + 2 + 262_144])
  await dataverse.execute('ModifyAccess', access('ReadAccess, DeleteAccess'))
  expect(await shares()).toEqual([1 + 65_536])
  await dataverse.execute('RevokeAccess', { Target, Revokee: Principal })
  expect(await shares()).toEqual([])

  await expect(dataverse.execute('GrantAccess', access('EveryAccess'))).rejects.toThrow("'EveryAccess'")
  await dataverse.execute('GrantAccess', access('ReadAccess'))
  await dataverse.delete(Account, Target.id)
  expect(await shares()).toEqual([])
})

test('InitializeFrom gives the beginnings of a new row', async () => {
  const dataverse = emulator()
  const account = await dataverse.create(Account, { name: 'Contoso', telephone1: '555', revenue: 5 })
  const EntityMoniker = reference(Account, account)
  const child = await dataverse.execute('InitializeFrom', { EntityMoniker, TargetEntityName: 'account' })
  expect(child.Entity).toMatchObject({ name: 'Contoso', telephone1: '555', revenue: 5, parentaccountid: EntityMoniker })
  expect(child.Entity).not.toHaveProperty('accountid')
  expect(child.Entity).not.toHaveProperty('ownerid')
  expect(child.Entity).not.toHaveProperty('createdon')
  const contact = await dataverse.execute('InitializeFrom', { EntityMoniker, TargetEntityName: 'contact' })
  expect(contact.Entity).toMatchObject({ telephone1: '555', parentcustomerid: EntityMoniker })
  expect(await dataverse.list(Account)).toHaveLength(1)
})

test('rows are counted, of several tables at once', async () => {
  const dataverse = emulator()
  await dataverse.seed('account', [{}, {}])
  expect(await dataverse.execute('RetrieveTotalRecordCount', { EntityNames: ['account', 'contact'] })).toEqual({
    EntityRecordCountCollection: { account: 2, contact: 0 },
  })
  await expect(dataverse.execute('RetrieveTotalRecordCount', { EntityNames: ['nope'] })).rejects.toMatchObject({
    status: 400,
  })
})

test('the environment tells its version and its organization', async () => {
  const dataverse = emulator()
  expect(await dataverse.execute('RetrieveVersion')).toEqual({ Version: expect.stringMatching(/^9\.2\.\d+\.\d+$/) })
  expect(await dataverse.execute('RetrieveCurrentOrganization', { AccessType: 'Default' })).toMatchObject({
    Detail: { OrganizationId: dataverse.organization.organizationId, State: 'Enabled', FriendlyName: 'Emulator' },
  })
})

test('an address is formatted in lines', async () => {
  const address = { Line1: '1 Way', City: 'Redmond', StateOrProvince: 'WA', PostalCode: '98052', Country: 'USA' }
  expect(await emulator().execute('FormatAddress', address)).toEqual({ Address: '1 Way\r\nRedmond, WA 98052\r\nUSA' })
})

test('BulkDelete deletes by a system job, and keeps what cannot be deleted', async () => {
  const dataverse = emulator(
    defineStep({
      name: 'keep B',
      table: Project,
      message: 'Delete',
      stage: 'preOperation',
      preImage: ['new_name'],
      run({ preImage }) {
        if (preImage.new_name === 'B') throw new Error('kept')
      },
    }),
  )
  await dataverse.seed('new_project', [{ new_name: 'A' }, { new_name: 'B' }, { new_name: 'C' }, { new_name: 'D' }])
  const { JobId } = await dataverse.execute('BulkDelete', {
    QuerySet: [select(Project, ['new_name']).where('new_name', 'in', 'A', 'B', 'C')],
    JobName: 'Clean up',
    StartDateTime: new Date('2026-03-01T10:00:00Z'),
  })
  expect(await dataverse.drain()).toEqual([])
  expect(await dataverse.list(Project)).toHaveLength(4)

  await dataverse.clock.advance(60 * 60 * 1000)
  expect(await dataverse.drain()).toEqual([{ id: JobId, step: 'Clean up', outcome: 'succeeded' }])
  expect(names(await dataverse.list(Project))).toEqual(['B', 'D'])
  expect(await dataverse.retrieve('asyncoperation', JobId as string, ['operationtype', 'statecode'])).toEqual({
    operationtype: 13,
    statecode: 3,
  })
  const again = { QuerySet: [], JobName: 'x', RecurrencePattern: 'FREQ=DAILY' }
  await expect(dataverse.execute('BulkDelete', again)).rejects.toThrow('RecurrencePattern')
})

test('rollups are calculated on request, and by a system job', async () => {
  const dataverse = emulator()
  const account = reference(Account, await dataverse.create(Account, { name: 'Contoso' }))
  const deal = (estimatedvalue: number, closed = false) =>
    dataverse.create(Opportunity, {
      parentaccountid: account,
      estimatedvalue,
      ...(closed ? { statecode: 2 as const } : {}),
    })
  await deal(10)
  await deal(20)
  await deal(40, true)

  const request = { Target: account, FieldName: 'openrevenue' }
  expect(await dataverse.execute('CalculateRollupField', request)).toEqual({
    Entity: { accountid: account.id, openrevenue: 30, openrevenue_date: dataverse.clock.now(), openrevenue_state: 1 },
  })
  const columns = ['opendeals', 'openrevenue'] as const
  expect(await dataverse.retrieve(Account, account.id, columns)).toMatchObject({ opendeals: null, openrevenue: 30 })

  await deal(5)
  expect(await dataverse.drain()).toMatchObject([{ step: 'Calculate rollup columns', outcome: 'succeeded' }])
  expect(await dataverse.retrieve(Account, account.id, columns)).toMatchObject({ opendeals: 3, openrevenue: 35 })

  await deal(7)
  expect(await dataverse.drain()).toEqual([])
  await dataverse.clock.advance(60 * 60 * 1000)
  await dataverse.drain()
  expect(await dataverse.retrieve(Account, account.id, columns)).toMatchObject({ opendeals: 4, openrevenue: 42 })

  await expect(dataverse.execute('CalculateRollupField', { Target: account, FieldName: 'name' })).rejects.toThrow(
    'not a rollup column',
  )
})

test('an activity has a pointer of the same id, as long as it is there', async () => {
  const dataverse = emulator()
  const account = reference(Account, await dataverse.create(Account, {}))
  const id = await dataverse.create(Email, { subject: 'Hello', regardingobjectid: account })
  const columns = ['subject', 'activitytypecode', 'statecode', 'regardingobjectid']
  expect(await dataverse.retrieve('activitypointer', id, columns)).toMatchObject({
    subject: 'Hello',
    activitytypecode: 'email',
    statecode: 0,
    regardingobjectid: { id: account.id },
  })
  await dataverse.update(Email, id, { subject: 'Bye', statecode: 1 })
  expect(await dataverse.retrieve('activitypointer', id, columns)).toMatchObject({ subject: 'Bye', statecode: 1 })
  await dataverse.seed('task', { subject: 'Seeded' })
  expect(await dataverse.list('activitypointer')).toHaveLength(2)

  await dataverse.delete(Account, account.id)
  expect((await dataverse.list('activitypointer', ['subject'])).map(({ subject }) => subject)).toEqual(['Seeded'])
})

test('a steps listens to a message by its name', async () => {
  const seen: unknown[] = []
  const dataverse = emulator(
    defineStep({
      name: 'watch',
      table: Task,
      message: 'CreateMultiple',
      stage: 'postOperation',
      run: ({ inputParameters }) => void seen.push(inputParameters),
    }),
  )
  const Targets = [{ new_title: 'A' }]
  await dataverse.execute('CreateMultiple', { EntityName: 'new_task', Targets })
  expect(seen).toEqual([{ Targets }])
})

test('a message that is not emulated fails by its name', async () => {
  await expect(emulator().execute('QualifyLead')).rejects.toMatchObject({
    name: 'CrmHttpError',
    status: 404,
    message: expect.stringContaining('QualifyLead'),
  })
})
