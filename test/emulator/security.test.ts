import { beforeEach, describe, expect, test } from 'vitest'
import { column, defineTable, standardTables } from '../../src/entities/index.ts'
import { defineCustomApi, defineStep } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { type OrganizationService, reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator, type RoleDefinition } from '../../src/testing/emulator/index.ts'

const Case = defineTable({
  logicalName: 'new_case',
  displayName: 'Case',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_salary: column.integer({ label: 'Salary', secured: true }),
    new_client: column.lookup({ label: 'Client', to: ['new_client'] }),
    new_patron: column.lookup({ label: 'Patron', to: ['new_client'], secured: true }),
    new_parent: column.lookup({ label: 'Parent', to: ['new_case'], behavior: 'parental' }),
  },
})
const Client = defineTable({
  logicalName: 'new_client',
  displayName: 'Client',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }) },
})
const Part = defineTable({
  logicalName: 'new_part',
  displayName: 'Part',
  primaryName: 'new_name',
  ownership: 'none',
  states: null,
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_case: column.lookup({ label: 'Case', to: ['new_case'], behavior: 'parental' }),
  },
})
const Setting = defineTable({
  logicalName: 'new_setting',
  displayName: 'Setting',
  primaryName: 'new_name',
  ownership: 'organization',
  columns: { new_name: column.text({ label: 'Name' }) },
})
const tables = [...standardTables, Case, Client, Part, Setting]

const id = (n: number) => `aaaaaaaa-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const [root, north, south, northEast] = ['0a6f0c1e-0000-4000-8000-0000000000b1', id(1), id(2), id(3)] as const
const unit = (unitId: string) => reference('businessunit', unitId)
/** Two people in the north, one below it, one in the south. */
const [ann, ben, eve, sam] = [id(11), id(12), id(13), id(14)] as const
const team = id(21)
const seed = {
  businessunit: [
    { businessunitid: north, name: 'North', parentbusinessunitid: unit(root) },
    { businessunitid: northEast, name: 'North-east', parentbusinessunitid: unit(north) },
    { businessunitid: south, name: 'South', parentbusinessunitid: unit(root) },
  ],
  systemuser: [
    { systemuserid: ann, fullname: 'Ann', businessunitid: unit(north) },
    { systemuserid: ben, fullname: 'Ben', businessunitid: unit(north) },
    { systemuserid: eve, fullname: 'Eve', businessunitid: unit(northEast) },
    { systemuserid: sam, fullname: 'Sam', businessunitid: unit(south) },
  ],
  team: [{ teamid: team, name: 'Southerners', businessunitid: unit(south) }],
}
const caseOf = { [ann]: id(31), [ben]: id(32), [eve]: id(33), [sam]: id(34), [team]: id(35) }

/** An environment in which everybody owns a case. */
function environment(roles: readonly RoleDefinition[], options: object = {}): Emulator {
  const owned = (owner: string) => ({
    new_caseid: caseOf[owner]!,
    new_name: `of ${owner.slice(-2)}`,
    ownerid: reference(owner === team ? 'team' : 'systemuser', owner),
  })
  return createEmulator({
    tables,
    security: 'enforced',
    roles,
    seed: { ...seed, new_case: [ann, ben, eve, sam, team].map(owned) },
    ...options,
  })
}
const everything = {
  create: 'user',
  read: 'user',
  write: 'user',
  delete: 'user',
  append: 'user',
  appendTo: 'user',
  assign: 'user',
  share: 'user',
} as const
const role = (name: string, privileges: RoleDefinition['privileges'], more: Partial<RoleDefinition> = {}) => ({
  name,
  privileges,
  users: [ann],
  ...more,
})
const owners = async (service: OrganizationService) =>
  (await service.retrieveMultiple(select(Case, ['ownerid']))).rows.map(({ ownerid }) => ownerid!.id).sort()

describe('how far a privilege reaches', () => {
  test.each([
    ['user', [ann]],
    ['businessUnit', [ann, ben]],
    ['parentChild', [ann, ben, eve]],
    ['organization', [ann, ben, eve, sam, team]],
  ] as const)('with the depth %s', async (depth, seen) => {
    const dataverse = environment([role('Reader', { new_case: { read: depth } })])
    const asAnn = dataverse.as(ann)
    expect(await owners(asAnn)).toEqual([...seen])
    for (const owner of [ann, ben, eve, sam, team]) {
      const reading = asAnn.retrieve(Case, caseOf[owner]!, ['new_name'])
      if ((seen as readonly string[]).includes(owner)) await expect(reading).resolves.toBeDefined()
      else await expect(reading).rejects.toMatchObject({ name: 'unManagedIdsAccessDenied', status: 403 })
    }
  })

  test('is the farthest of several roles', async () => {
    const dataverse = environment([
      role('Near', { new_case: { read: 'user' } }),
      role('Far', { new_case: { read: 'businessUnit' } }),
    ])
    expect(await owners(dataverse.as(ann))).toEqual([ann, ben])
  })

  test('a member of a team has its roles: what the team owns, and from its business unit', async () => {
    const dataverse = environment([
      role('Team reader', { new_case: { read: 'user' } }, { users: [], teams: [team] }),
      role('Nothing', {}, { users: [ann] }),
    ])
    await expect(owners(dataverse.as(ann))).rejects.toMatchObject({ name: 'PrivilegeDenied' })
    await dataverse.execute('AddMembersTeam', {
      Target: reference('team', team),
      Members: [reference('systemuser', ann)],
    })
    expect(await owners(dataverse.as(ann))).toEqual([ann, team])
    await dataverse.seedRole(role('Unit reader', { new_case: { read: 'businessUnit' } }, { users: [], teams: [team] }))
    expect(await owners(dataverse.as(ann))).toEqual([ann, sam, team])
  })

  test('rows of the organization have no owner: any depth is enough, none is not', async () => {
    const dataverse = environment([role('Reader', { new_setting: { read: 'organization' } })])
    const setting = await dataverse.create(Setting, { new_name: 'S' })
    expect(await dataverse.as(ann).retrieve(Setting, setting, ['new_name'])).toEqual({ new_name: 'S' })
    await expect(dataverse.as(ann).update(Setting, setting, { new_name: 'T' })).rejects.toMatchObject({
      name: 'PrivilegeDenied',
    })
  })

  test('parts of a row are reached where the row is', async () => {
    const dataverse = environment([role('Clerk', { new_case: everything, new_part: 'user' })])
    const parts = [ann, ben].map((owner) => ({ new_name: owner, new_case: reference(Case, caseOf[owner]!) }))
    const [mine, other] = await dataverse.seed(Part, parts)
    const asAnn = dataverse.as(ann)
    expect(await asAnn.retrieveMultiple(select(Part, ['new_name']))).toMatchObject({ rows: [{ new_name: ann }] })
    await asAnn.update(Part, mine!, { new_name: 'x' })
    await expect(asAnn.update(Part, other!, { new_name: 'x' })).rejects.toMatchObject({ status: 403 })
    await expect(asAnn.create(Part, { new_case: reference(Case, caseOf[ben]!) })).rejects.toMatchObject({ status: 403 })
  })
})

describe('a refusal', () => {
  test('for want of a privilege names the user, the privilege and the depth', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'user' } })])
    await expect(dataverse.as(ann).create(Case, { new_name: 'mine' })).rejects.toMatchObject({
      name: 'PrivilegeDenied',
      status: 403,
      hexCode: '0x80040220',
      message: expect.stringMatching(
        new RegExp(
          `Principal user \\(Id=${ann}, type=8, roleCount=1, privilegeCount=1, accessMode=0\\), is missing prvCreatenew_case privilege \\(Id=[0-9a-f-]{36}\\) for entity 'new_case'.*Needed depth: Basic`,
        ),
      ),
    })
  })

  test('for a row that is not reached names the row, the user, the privilege and its depth', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'businessUnit' } })])
    await expect(dataverse.as(ann).retrieve(Case, caseOf[sam]!)).rejects.toMatchObject({
      name: 'unManagedIdsAccessDenied',
      hexCode: '0x80048306',
      message: expect.stringMatching(
        new RegExp(
          `ObjectID: ${caseOf[sam]}, OwnerId: ${sam} and CallingUser: ${ann}.*objectBusinessUnitId: ${south}, AccessRights: ReadAccess.*prvReadnew_case.*depth Local`,
        ),
      ),
    })
  })

  test('a user without a role, and one who is disabled, may do nothing', async () => {
    const dataverse = environment([])
    await expect(owners(dataverse.as(ann))).rejects.toMatchObject({ name: 'UserNotAssignedRoles', status: 403 })
    await dataverse.update('systemuser', ann, { isdisabled: true })
    await expect(owners(dataverse.as(ann))).rejects.toMatchObject({ name: 'unManagedidsusernotenabled' })
  })

  test('changes nothing, and no step of the operation itself has run', async () => {
    const ran: string[] = []
    const on = (stage: 'preValidation' | 'preOperation') =>
      defineStep({ name: stage, table: Case, message: 'Update', stage, run: () => void ran.push(stage) })
    const dataverse = environment([role('Reader', { new_case: { read: 'user' } })], {
      steps: [on('preValidation'), on('preOperation')],
    })
    await expect(dataverse.as(ann).update(Case, caseOf[ann]!, { new_name: 'x' })).rejects.toMatchObject({ status: 403 })
    expect(ran).toEqual(['preValidation'])
    expect(await dataverse.retrieve(Case, caseOf[ann]!, ['new_name'])).toEqual({ new_name: 'of 0b' })
  })
})

describe('writing', () => {
  let dataverse: Emulator
  let asAnn: OrganizationService
  beforeEach(() => {
    const reach = { ...everything, read: 'organization', create: 'businessUnit' } as const
    dataverse = environment([
      role('Clerk', { new_case: reach, new_client: { create: 'user', read: 'user', append: 'user' } }),
      role('Other', { new_case: { read: 'user' } }, { users: [ben] }),
    ])
    asAnn = dataverse.as(ann)
  })

  test('reaches the rows of its own privilege, whatever can be read', async () => {
    await asAnn.update(Case, caseOf[ann]!, { new_name: 'x' })
    await expect(asAnn.update(Case, caseOf[ben]!, { new_name: 'x' })).rejects.toMatchObject({ status: 403 })
    await expect(asAnn.delete(Case, caseOf[ben]!)).rejects.toMatchObject({ status: 403 })
    await asAnn.delete(Case, caseOf[ann]!)
  })

  test('a new row may be of those whom the depth of creating reaches', async () => {
    const of = (owner: string) => asAnn.create(Case, { ownerid: reference('systemuser', owner) })
    await of(ann)
    await of(ben)
    await expect(of(sam)).rejects.toMatchObject({ name: 'PrivilegeDenied' })
  })

  test('assigning needs its privilege, and an owner who may read', async () => {
    await asAnn.update(Case, caseOf[ann]!, { ownerid: reference('systemuser', ben) })
    await expect(asAnn.update(Case, caseOf[ben]!, { ownerid: reference('systemuser', ann) })).rejects.toMatchObject({
      status: 403,
    })
    const mine = await asAnn.create(Case, {})
    await expect(asAnn.update(Case, mine, { ownerid: reference('systemuser', sam) })).rejects.toMatchObject({
      name: 'PrincipalPrivilegeDenied',
    })
  })

  test('a lookup needs Append on the row and AppendTo on the other', async () => {
    const client = await asAnn.create(Client, { new_name: 'C' })
    const linking = asAnn.update(Case, caseOf[ann]!, { new_client: reference(Client, client) })
    await expect(linking).rejects.toMatchObject({
      name: 'PrivilegeDenied',
      message: expect.stringContaining('prvAppendTonew_client'),
    })
    await expect(asAnn.create(Case, { new_client: reference(Client, client) })).rejects.toMatchObject({ status: 403 })
    await dataverse.seedRole(role('Appender', { new_client: { appendTo: 'user' } }))
    await asAnn.update(Case, caseOf[ann]!, { new_client: reference(Client, client) })
  })

  test('a lookup needs Append on the row itself too', async () => {
    const clerk = role('Linker', { new_case: { read: 'user', write: 'user' }, new_client: 'organization' })
    const linking = environment([clerk])
    const client = await linking.create(Client, { new_name: 'C' })
    await expect(
      linking.as(ann).update(Case, caseOf[ann]!, { new_client: reference(Client, client) }),
    ).rejects.toMatchObject({ name: 'PrivilegeDenied', message: expect.stringContaining('prvAppendnew_case') })
  })

  test('a link between rows needs Append on the one and AppendTo on the other, whichever way it is made', async () => {
    const admin = reference('role', dataverse.organization.administratorRoleId)
    const promote = () => asAnn.associate('systemuser', ann, 'systemuserroles_association', [admin])
    await expect(promote()).rejects.toMatchObject({
      name: 'PrivilegeDenied',
      message: expect.stringContaining('prvAppendUser'),
    })
    const link = { systemuserid: ann, roleid: admin.id }
    await expect(asAnn.create('systemuserroles', link)).rejects.toMatchObject({ name: 'PrivilegeDenied' })
    await dataverse.seedRole(role('Half', { systemuser: { append: 'user' } }))
    await expect(promote()).rejects.toThrow('prvAppendToRole')
    await dataverse.seedRole(role('Whole', { role: { appendTo: 'organization' } }))
    await promote()
    const other = reference('systemuser', ben)
    await expect(asAnn.associate('team', team, 'teammembership_association', [other])).resolves.toBeUndefined()
    const [membership] = await dataverse.list('teammembership')
    await expect(
      dataverse.as(ben).delete('teammembership', membership!.teammembershipid as string),
    ).rejects.toMatchObject({
      name: 'PrivilegeDenied',
    })
  })

  test('overriding when a row was created, and bypassing steps, need privileges of their own', async () => {
    const created = { overriddencreatedon: new Date('2020-01-01T00:00:00Z') }
    await expect(asAnn.create(Case, created)).rejects.toThrow('prvOverrideCreatedOnCreatedBy')
    const bypass = { bypassBusinessLogic: ['CustomSync'] } as const
    await expect(asAnn.create(Case, {}, bypass)).rejects.toThrow('prvBypassCustomBusinessLogic')
    const also = ['prvOverrideCreatedOnCreatedBy', 'prvBypassCustomBusinessLogic']
    await dataverse.seedRole(role('More', {}, { also }))
    await asAnn.create(Case, created, bypass)
  })

  test('a role that is given or taken away counts at once, also inside of a transaction', async () => {
    const reader = await dataverse.seedRole(role('Reader', { new_setting: { read: 'organization' } }, { users: [] }))
    const setting = await dataverse.create(Setting, {})
    await expect(asAnn.retrieve(Setting, setting)).rejects.toMatchObject({ status: 403 })
    await dataverse.associate('systemuser', ann, 'systemuserroles_association', [reference('role', reader)])
    await asAnn.retrieve(Setting, setting)
    await dataverse.disassociate('systemuser', ann, 'systemuserroles_association', [reference('role', reader)])
    await expect(asAnn.retrieve(Setting, setting)).rejects.toMatchObject({ status: 403 })
  })
})

describe('sharing', () => {
  const share = (dataverse: OrganizationService, owner: string, principal: [string, string], AccessMask: string) =>
    dataverse.execute('GrantAccess', {
      Target: reference(Case, caseOf[owner]!),
      PrincipalAccess: { Principal: reference(...principal), AccessMask },
    })
  const reader = () =>
    environment([role('Clerk', { new_case: everything }), role('B', { new_case: everything }, { users: [ben] })])

  test('opens a row for what it says, to a user or to all members of a team', async () => {
    const dataverse = reader()
    const asAnn = dataverse.as(ann)
    await share(dataverse, sam, ['systemuser', ann], 'ReadAccess')
    expect(await owners(asAnn)).toEqual([ann, sam])
    await expect(asAnn.update(Case, caseOf[sam]!, { new_name: 'x' })).rejects.toMatchObject({ status: 403 })

    await share(dataverse, eve, ['team', team], 'ReadAccess, WriteAccess')
    expect(await owners(asAnn)).toEqual([ann, sam])
    await dataverse.execute('AddMembersTeam', {
      Target: reference('team', team),
      Members: [reference('systemuser', ann)],
    })
    // Of the team itself, too: its members have what it owns.
    expect(await owners(asAnn)).toEqual([ann, eve, sam, team])
    await asAnn.update(Case, caseOf[eve]!, { new_name: 'x' })

    await dataverse.execute('RevokeAccess', {
      Target: reference(Case, caseOf[sam]!),
      Revokee: reference('systemuser', ann),
    })
    expect(await owners(asAnn)).toEqual([ann, eve, team])
  })

  test('is for those who may share, and of what they may themselves', async () => {
    const dataverse = reader()
    const asBen = dataverse.as(ben)
    await expect(share(asBen, ann, ['systemuser', ben], 'ReadAccess')).rejects.toMatchObject({ status: 403 })
    await share(asBen, ben, ['systemuser', ann], 'ReadAccess, ShareAccess')
    await share(dataverse.as(ann), ben, ['systemuser', sam], 'ReadAccess')
    await expect(share(dataverse.as(ann), ben, ['systemuser', sam], 'WriteAccess')).rejects.toMatchObject({
      status: 403,
    })
  })

  test('goes down to rows that follow, and those that come under the row later', async () => {
    const dataverse = reader()
    const parent = reference(Case, caseOf[sam]!)
    const before = await dataverse.create(Case, { new_name: 'before', new_parent: parent })
    await share(dataverse, sam, ['systemuser', ann], 'ReadAccess')
    const later = await dataverse.create(Case, { new_name: 'later', new_parent: parent })
    const asAnn = dataverse.as(ann)
    await asAnn.retrieve(Case, before)
    await asAnn.retrieve(Case, later)
    await dataverse.update(Case, later, { new_parent: null })
    await expect(asAnn.retrieve(Case, later)).rejects.toMatchObject({ status: 403 })
    await dataverse.execute('RevokeAccess', { Target: parent, Revokee: reference('systemuser', ann) })
    await expect(asAnn.retrieve(Case, before)).rejects.toMatchObject({ status: 403 })
  })

  test('what somebody may do with a row can be asked', async () => {
    const dataverse = reader()
    await share(dataverse, sam, ['systemuser', ann], 'ReadAccess, DeleteAccess')
    const rights = async (owner: string, principal = reference('systemuser', ann)) =>
      (
        await dataverse.execute('RetrievePrincipalAccess', {
          Target: reference(Case, caseOf[owner]!),
          Principal: principal,
        })
      ).AccessRights
    expect(await rights(sam)).toBe('ReadAccess, DeleteAccess')
    expect(await rights(ben)).toBe('None')
    expect(await rights(ann)).toMatch(/^ReadAccess, WriteAccess, .*AssignAccess$/)
    expect(await rights(sam, reference('systemuser', dataverse.organization.userId))).toMatch(/AssignAccess/)
    await expect(rights(sam, reference('systemuser', sam))).rejects.toMatchObject({ name: 'UserNotAssignedRoles' })
  })
})

test('what is shared, deleted and attached is written by messages only', async () => {
  const dataverse = environment([role('Clerk', { new_case: everything })])
  const asAnn = dataverse.as(ann)
  const grab = { objectid: caseOf[sam]!, objecttypecode: 'new_case', principalid: ann, principaltypecode: 'systemuser' }
  await expect(asAnn.create('principalobjectaccess', { ...grab, accessrightsmask: 1 })).rejects.toMatchObject({
    name: 'AccessDenied',
  })
  const file = await dataverse.create('fileattachment', { filename: 'x' })
  await expect(asAnn.delete('fileattachment', file)).rejects.toMatchObject({ name: 'AccessDenied' })
  await expect(asAnn.update('fileattachment', file, { filename: 'y' })).rejects.toMatchObject({ name: 'AccessDenied' })
  await asAnn.retrieve('fileattachment', file)
})

test('messages that read are for those who may read', async () => {
  const dataverse = environment([role('Clerk', { new_case: everything })])
  const asAnn = dataverse.as(ann)
  const EntityMoniker = reference(Case, caseOf[sam]!)
  const copying = asAnn.execute('InitializeFrom', { EntityMoniker, TargetEntityName: 'new_case' })
  await expect(copying).rejects.toMatchObject({ status: 403 })
  await asAnn.execute('InitializeFrom', { EntityMoniker: reference(Case, caseOf[ann]!), TargetEntityName: 'new_case' })
  const counting = asAnn.execute('RetrieveTotalRecordCount', { EntityNames: ['new_client'] })
  await expect(counting).rejects.toThrow('prvReadnew_client')
})

describe('queries', () => {
  test('see in links and conditions on links only what may be seen', async () => {
    const dataverse = environment([
      role('Reader', { new_case: { read: 'user' }, new_client: { read: 'organization' } }),
    ])
    const client = await dataverse.create(Client, { new_name: 'C' })
    for (const owner of [ann, sam])
      await dataverse.update(Case, caseOf[owner]!, { new_client: reference(Client, client) })
    const link = { table: 'new_case', from: 'new_client', to: 'new_clientid', alias: 'c', type: 'outer' as const }
    const linked = { table: 'new_client', columns: ['new_name'], links: [{ ...link, columns: ['new_name'] }] }
    expect((await dataverse.as(ann).retrieveMultiple(linked)).rows).toEqual([{ new_name: 'C', 'c.new_name': 'of 0b' }])
    expect((await dataverse.retrieveMultiple(linked)).rows).toHaveLength(2)
  })

  test('names the row that a lookup refers to, whoever may read it', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'organization' } })])
    expect(await dataverse.as(ann).retrieve(Case, caseOf[sam]!, ['ownerid'])).toMatchObject({
      ownerid: { name: 'Sam' },
    })
  })

  test('fail for want of the privilege on any of their tables', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'user' } })])
    const link = { table: 'new_client', from: 'new_clientid', to: 'new_client', type: 'outer' as const }
    const query = { table: 'new_case', links: [link] }
    await expect(dataverse.as(ann).retrieveMultiple(query)).rejects.toThrow('prvReadnew_client')
  })

  test('know who asks without any privilege on users and teams', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'organization' } })])
    await dataverse.execute('AddMembersTeam', {
      Target: reference('team', team),
      Members: [reference('systemuser', ann)],
    })
    const of = async (operator: 'eq-userid' | 'eq-userteams' | 'eq-businessid') => {
      const column = operator === 'eq-businessid' ? 'owningbusinessunit' : 'ownerid'
      const filter = { kind: 'compare', column, operator, values: [] } as const
      const { rows } = await dataverse.as(ann).retrieveMultiple({ table: 'new_case', columns: ['ownerid'], filter })
      return rows.map(({ ownerid }) => (ownerid as { id: string }).id)
    }
    expect(await of('eq-userid')).toEqual([ann])
    expect(await of('eq-userteams')).toEqual([team])
    expect(await of('eq-businessid')).toEqual([ann, ben])
  })

  test('count only what may be seen, with nothing to filter by either', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'businessUnit' } })])
    const query = { table: 'new_case', columns: [], totalCount: true, top: 1 }
    expect(await dataverse.as(ann).retrieveMultiple(query)).toMatchObject({ totalRecordCount: 2 })
    expect(await dataverse.retrieveMultiple(query)).toMatchObject({ totalRecordCount: 5 })
  })

  test('count and page what may be seen', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'parentChild' } })])
    const query = { table: 'new_case', columns: ['new_name'], totalCount: true, page: { size: 2 } }
    const first = await dataverse.as(ann).retrieveMultiple(query)
    expect(first).toMatchObject({ totalRecordCount: 3, moreRecords: true })
    expect(first.rows).toHaveLength(2)
    const second = { ...query, page: { size: 2, number: 2, cookie: first.pagingCookie! } }
    expect((await dataverse.as(ann).retrieveMultiple(second)).rows).toHaveLength(1)
  })
})

describe('secured columns', () => {
  const profile = id(41)
  const environmentWith = (permission: object) =>
    environment([role('Clerk', { new_case: everything })], {
      seed: {
        ...seed,
        new_case: [{ new_caseid: caseOf[ann]!, new_salary: 100, ownerid: reference('systemuser', ann) }],
        fieldsecurityprofile: [{ fieldsecurityprofileid: profile, name: 'Payroll' }],
        fieldpermission: [
          {
            fieldsecurityprofileid: reference('fieldsecurityprofile', profile),
            entityname: 'new_case',
            attributelogicalname: 'new_salary',
            ...permission,
          },
        ],
        systemuserprofiles: [{ systemuserid: ann, fieldsecurityprofileid: profile }],
      },
    })

  test('are empty for who may not read them, also in conditions', async () => {
    const dataverse = environmentWith({})
    const asAnn = dataverse.as(ann)
    expect(await asAnn.retrieve(Case, caseOf[ann]!, ['new_salary'])).toEqual({ new_salary: null })
    const paid = select(Case, ['new_salary']).where('new_salary', 'eq', 100)
    expect((await asAnn.retrieveMultiple(paid)).rows).toEqual([])
    expect((await asAnn.retrieveMultiple(select(Case, ['new_salary']))).rows).toEqual([{ new_salary: null }])
    expect((await dataverse.retrieveMultiple(paid)).rows).toEqual([{ new_salary: 100 }])
  })

  test('are found by nobody who may not read them, not even through an index or a link', async () => {
    const dataverse = environmentWith({})
    await dataverse.seedRole(role('Clients', { new_client: 'organization' }))
    const patron = await dataverse.create(Client, { new_name: 'Patron' })
    await dataverse.update(Case, caseOf[ann]!, { new_patron: reference(Client, patron) })
    const link = { table: 'new_case', from: 'new_patron', to: 'new_clientid', type: 'inner' as const }
    const queries = [
      {
        table: 'new_case',
        filter: { kind: 'compare', column: 'new_patron', operator: 'eq', values: [patron] } as const,
      },
      { table: 'new_client', links: [link] },
    ]
    for (const query of queries) {
      expect((await dataverse.as(ann).retrieveMultiple(query)).rows).toHaveLength(0)
      expect((await dataverse.retrieveMultiple(query)).rows).toHaveLength(1)
    }
  })

  test('are written by whom a profile lets do it', async () => {
    const asAnn = environmentWith({}).as(ann)
    await expect(asAnn.update(Case, caseOf[ann]!, { new_salary: 1 })).rejects.toMatchObject({
      name: 'AttributePermissionUpdateIsMissingDuringUpdate',
      status: 403,
      message: expect.stringContaining("'new_salary'"),
    })
    await expect(asAnn.create(Case, { new_salary: 1 })).rejects.toMatchObject({
      name: 'AttributePrivilegeCreateIsMissing',
    })
    const opened = environmentWith({ canread: 4, canupdate: 4, cancreate: 4 }).as(ann)
    await opened.update(Case, caseOf[ann]!, { new_salary: 1 })
    await opened.create(Case, { new_salary: 1 })
    expect(await opened.retrieve(Case, caseOf[ann]!, ['new_salary'])).toEqual({ new_salary: 1 })
  })
})

describe('who acts', () => {
  test('the administrator may do everything', async () => {
    const dataverse = environment([])
    const made = await dataverse.create(Case, { new_salary: 1 })
    await dataverse.update(Case, made, { ownerid: reference('team', team) })
    await dataverse.delete(Case, made)
  })

  test('who impersonates has the rights that both have, and needs the privilege for it', async () => {
    const dataverse = environment([
      role('Reader', { new_case: { read: 'parentChild' } }, { users: [ann] }),
      role('Southern', { new_case: { read: 'businessUnit' } }, { users: [sam] }),
      role('Near', { new_case: { read: 'businessUnit' } }, { users: [ben] }),
    ])
    const benAsAnn = dataverse.as(ann, ben)
    await expect(owners(benAsAnn)).rejects.toMatchObject({ name: 'CannotActOnBehalfOfAnotherUser', status: 403 })
    await dataverse.seedRole(role('Actor', {}, { also: ['prvActOnBehalfOfAnotherUser'], users: [ben] }))
    expect(await owners(benAsAnn)).toEqual([ann, ben])
    expect(await owners(dataverse.as(ann))).toEqual([ann, ben, eve])
  })

  test('a user who calls for itself is nobody’s delegate', async () => {
    const dataverse = environment([role('Clerk', { new_case: everything })])
    const made = await dataverse.as(ann, ann).create(Case, {})
    const delegated = await dataverse.as(ann).create(Case, {})
    const by = async (row: string) => (await dataverse.retrieve(Case, row, ['createdonbehalfby'])).createdonbehalfby?.id
    expect(await by(made)).toBeUndefined()
    expect(await by(delegated)).toBe(dataverse.organization.userId)
  })

  test('a step has the rights of the caller, unless it runs as somebody else', async () => {
    const peek = (name: string, runAs?: string) =>
      defineStep({
        name,
        table: Case,
        message: 'Update',
        stage: 'postOperation',
        ...(runAs ? { runAs } : {}),
        run: async ({ service }) => void seen.push((await owners(service)).length),
      })
    const seen: number[] = []
    const roles = [role('Clerk', { new_case: everything })]
    const steps = [peek('as the caller'), peek('as admin', '0a6f0c1e-0000-4000-8000-0000000000a1')]
    await environment(roles, { steps }).as(ann).update(Case, caseOf[ann]!, { new_name: 'x' })
    expect(seen).toEqual([1, 5])
  })

  test('a custom API needs the privilege that it declares', async () => {
    const api = defineCustomApi({
      uniqueName: 'new_Approve',
      kind: 'action',
      privilege: 'prvnew_Approve',
      response: { Done: { type: 'Boolean' } },
      run: () => ({ Done: true }),
    })
    const dataverse = environment([role('Clerk', {})], { customApis: [api] })
    await expect(dataverse.as(ann).execute('new_Approve')).rejects.toThrow('prvnew_Approve')
    await dataverse.seedRole(role('Approver', {}, { also: ['prvnew_Approve'] }))
    expect(await dataverse.as(ann).execute('new_Approve')).toEqual({ Done: true })
  })
})

describe('hierarchy security', () => {
  const settings = { ishierarchicalsecuritymodelenabled: true }
  const own = role('Worker', { new_case: everything, new_client: everything }, { users: [ann, ben, eve, sam] })
  /** Ann manages Ben and Sam, who works in another business unit; Ben manages Eve. */
  async function managed(organization: object = settings): Promise<Emulator> {
    const dataverse = environment([own])
    for (const [user, manager] of [
      [ben, ann],
      [sam, ann],
      [eve, ben],
    ] as const) {
      await dataverse.update('systemuser', user, { parentsystemuserid: reference('systemuser', manager) })
    }
    await dataverse.update('organization', dataverse.organization.organizationId, organization as never)
    return dataverse
  }
  const refusal = { name: 'unManagedIdsAccessDenied' }

  test('gives a manager the rows of reports: those of direct ones to change, those further down to read', async () => {
    const dataverse = await managed()
    const asAnn = dataverse.as(ann, ann)
    const client = await asAnn.create(Client, { new_name: 'C' })

    expect(await owners(asAnn)).toEqual([ann, ben, eve])
    await asAnn.update(Case, caseOf[ben]!, { new_name: 'by Ann', new_client: reference('new_client', client) })
    await expect(asAnn.update(Case, caseOf[eve]!, { new_name: 'x' })).rejects.toMatchObject(refusal)
    await expect(asAnn.delete(Case, caseOf[ben]!)).rejects.toMatchObject(refusal)
    await expect(asAnn.update(Case, caseOf[ben]!, { ownerid: reference('systemuser', ann) })).rejects.toMatchObject(
      refusal,
    )
    expect(await owners(dataverse.as(eve, eve))).toEqual([eve])
  })

  test('is off unless the organization turns it on, and goes no deeper than it says', async () => {
    expect(await owners((await managed({})).as(ann, ann))).toEqual([ann])
    const shallow = await managed({ ...settings, maxdepthforhierarchicalsecuritymodel: 1 })
    expect(await owners(shallow.as(ann, ann))).toEqual([ann, ben])

    await shallow.update('organization', shallow.organization.organizationId, settings)
    await shallow.update('organization', shallow.organization.organizationId, {
      maxdepthforhierarchicalsecuritymodel: 2,
    } as never)
    expect(await owners(shallow.as(ann, ann))).toEqual([ann, ben, eve])
  })

  test('covers rows of teams of reports, and what is shared with them, for what they may do with it', async () => {
    const dataverse = await managed()
    const asAnn = dataverse.as(ann, ann)
    await dataverse.execute('AddMembersTeam', {
      Target: reference('team', team),
      Members: [reference('systemuser', ben)],
    })
    await dataverse.execute('GrantAccess', {
      Target: reference('new_case', caseOf[sam]!),
      PrincipalAccess: { Principal: reference('systemuser', ben), AccessMask: 'ReadAccess, DeleteAccess' },
    })

    expect(await owners(asAnn)).toEqual([ann, ben, eve, sam, team])
    await asAnn.update(Case, caseOf[team]!, { new_name: 'by Ann' })
    await expect(asAnn.update(Case, caseOf[sam]!, { new_name: 'x' })).rejects.toMatchObject(refusal)
    await expect(asAnn.delete(Case, caseOf[sam]!)).rejects.toMatchObject(refusal)
  })

  test('needs a privilege on the table', async () => {
    const dataverse = environment([{ ...own, users: [ben] }, role('None', { new_client: everything })])
    await dataverse.update('systemuser', ben, { parentsystemuserid: reference('systemuser', ann) })
    await dataverse.update('organization', dataverse.organization.organizationId, settings)

    await expect(owners(dataverse.as(ann, ann))).rejects.toMatchObject({ name: 'PrivilegeDenied' })
  })

  test('goes by positions, whatever the business unit, where the organization says so; conditions follow', async () => {
    const dataverse = await managed({ ...settings, usepositionhierarchy: true })
    let above: string | undefined
    for (const user of [eve, sam, ann]) {
      const parentpositionid = above === undefined ? null : reference('position', above)
      const position = await dataverse.create('position', { name: `of ${user}`, parentpositionid })
      await dataverse.update('systemuser', user, { positionid: reference('position', position) })
      above = position
    }
    const asEve = dataverse.as(eve, eve)

    expect(await owners(asEve)).toEqual([ann, eve, sam])
    await asEve.update(Case, caseOf[sam]!, { new_name: 'by Eve' })
    await expect(asEve.update(Case, caseOf[ann]!, { new_name: 'x' })).rejects.toMatchObject(refusal)
    expect(await owners(dataverse.as(ann, ann))).toEqual([ann])
    const below = select(Case, ['ownerid']).where('ownerid', 'eq-useroruserhierarchy')
    const found = async (user: string) =>
      (await dataverse.as(user, user).retrieveMultiple(below)).rows.map(({ ownerid }) => ownerid!.id).sort()
    expect(await found(eve)).toEqual([ann, eve, sam])
    expect(await found(ann)).toEqual([ann])
  })

  test('positions in a circle come once', async () => {
    const dataverse = await managed({ ...settings, usepositionhierarchy: true })
    const [first, second] = await dataverse.seed('position', [{ name: 'A' }, { name: 'B' }])
    await dataverse.update('position', first!, { parentpositionid: reference('position', second!) })
    await dataverse.update('position', second!, { parentpositionid: reference('position', first!) })
    await dataverse.update('systemuser', ann, { positionid: reference('position', first!) })
    await dataverse.update('systemuser', ben, { positionid: reference('position', second!) })

    expect(await owners(dataverse.as(ann, ann))).toEqual([ann, ben])
  })
})

describe('roles as rows', () => {
  test('privileges follow from the tables, and are asked and granted by messages', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'businessUnit' } })])
    const asked = await dataverse.execute('RetrieveUserPrivileges', { UserId: ann })
    expect(asked.RolePrivileges).toMatchObject([
      { PrivilegeName: 'prvReadnew_case', Depth: 'Local', BusinessUnitId: north },
    ])
    expect(await dataverse.as(ann).execute('WhoAmI')).toMatchObject({ UserId: ann, BusinessUnitId: north })

    const query = select('privilege', ['privilegeid']).where('name', 'eq', 'prvDeletenew_case')
    const [privilege] = (await dataverse.retrieveMultiple(query)).rows
    const [found] = (await dataverse.retrieveMultiple(select('role', ['roleid']).where('name', 'eq', 'Reader'))).rows
    await expect(dataverse.as(ann).delete(Case, caseOf[ann]!)).rejects.toMatchObject({ status: 403 })
    await dataverse.execute('AddPrivilegesRole', {
      RoleId: found!.roleid as string,
      Privileges: [{ PrivilegeId: privilege!.privilegeid, Depth: 'Basic' }],
    })
    await dataverse.as(ann).delete(Case, caseOf[ann]!)
  })

  test('a role that names what there is not is refused by name', () => {
    expect(() => environment([role('R', { nope: { read: 'user' } })])).toThrow(
      "role 'R': 'nope' is not one of the tables",
    )
    expect(() => environment([role('R', {}, { also: ['prvNope'] })])).toThrow("role 'R': 'prvNope' is not a privilege")
    expect(() => environment([role('R', { new_case: { read: 'all' as never } })])).toThrow("'all' is not a depth")
    expect(() => environment([role('R', { new_setting: { share: 'user' } })])).toThrow(
      "nothing to share on 'new_setting'",
    )
  })

  test('a fork has its own roles from then on', async () => {
    const dataverse = environment([role('Reader', { new_case: { read: 'user' } })])
    const fork = dataverse.fork()
    await fork.seedRole(role('Far', { new_case: { read: 'organization' } }))
    expect(await owners(fork.as(ann))).toHaveLength(5)
    expect(await owners(dataverse.as(ann))).toHaveLength(1)
    fork.reset()
    expect(await owners(fork.as(ann))).toHaveLength(1)
  })
})

test('where security is off, everybody may do everything', async () => {
  const dataverse = environment([], { security: 'off' })
  await dataverse.as(ann).delete(Case, caseOf[sam]!)
  const question = { Target: reference(Case, caseOf[ben]!), Principal: reference('systemuser', ann) }
  expect((await dataverse.execute('RetrievePrincipalAccess', question)).AccessRights).toMatch(/DeleteAccess/)
})
