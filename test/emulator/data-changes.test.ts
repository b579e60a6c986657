import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  Account,
  Contact,
  column,
  DuplicateRuleCondition,
  defineTable,
  DuplicateRule as RuleTable,
} from '../../src/entities/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type DuplicateRule, type Emulator } from '../../src/testing/emulator/index.ts'
import { Project, tables } from './tables.ts'

interface Change {
  readonly Type: string
  readonly Id: string
  readonly NewOrUpdatedEntity?: object
}
async function changes(dataverse: Emulator, DataVersion?: string, Columns = ['name']) {
  const { EntityChanges } = await dataverse.execute('RetrieveEntityChanges', {
    EntityName: 'account',
    Columns,
    ...(DataVersion === undefined ? {} : { DataVersion }),
  })
  const { Changes, DataToken } = EntityChanges as { Changes: Change[]; DataToken: string }
  return { list: Changes.map(({ Type, Id }) => [Type, Id]), Changes, token: DataToken }
}
const emulator = () => createEmulator({ tables: [...tables, Account, Contact], now: '2026-03-01T09:30:15Z' })

describe('change tracking', () => {
  test('tells what is new, changed and gone since a token', async () => {
    const dataverse = emulator()
    const [a, b] = (await dataverse.seed('account', [{ name: 'A' }, { name: 'B' }])) as [string, string]
    const first = await changes(dataverse)
    expect(first.list).toEqual([
      ['NewOrUpdated', a],
      ['NewOrUpdated', b],
    ])
    expect(first.Changes[0]?.NewOrUpdatedEntity).toEqual({ accountid: a, name: 'A' })
    expect(first.token).toMatch(/^\d+!03\/01\/2026 09:30:15$/)
    expect((await changes(dataverse, first.token)).list).toEqual([])

    const c = await dataverse.create(Account, { name: 'C' })
    await dataverse.update(Account, a, { name: 'A2' })
    await dataverse.delete(Account, b)
    const second = await changes(dataverse, first.token)
    expect(second.list).toEqual([
      ['NewOrUpdated', c],
      ['NewOrUpdated', a],
      ['RemoveOrDeleted', b],
    ])
    expect((await changes(dataverse, second.token)).list).toEqual([])
  })

  test('a row that came and went in between is told as gone, one that came back as new', async () => {
    const dataverse = emulator()
    const { token } = await changes(dataverse)
    const id = await dataverse.create(Account, { name: 'A' })
    await dataverse.delete(Account, id)
    expect((await changes(dataverse, token)).list).toEqual([['RemoveOrDeleted', id]])
    await dataverse.create(Account, { accountid: id, name: 'A' })
    expect((await changes(dataverse, token)).list).toEqual([['NewOrUpdated', id]])
  })

  test('what a transaction undid is not told', async () => {
    const dataverse = emulator()
    const id = await dataverse.create(Account, { name: 'A' })
    const { token } = await changes(dataverse)
    await dataverse
      .execute('ExecuteTransaction', {
        Requests: [
          { message: 'Delete', table: 'account', key: id },
          { message: 'Delete', table: 'account', key: id },
        ],
      })
      .catch(() => {})
    expect((await changes(dataverse, token)).list).toEqual([])
  })

  test('tokens of more than seven days ago have expired', async () => {
    const dataverse = emulator()
    const { token } = await changes(dataverse)
    await dataverse.clock.advance(7 * 24 * 60 * 60 * 1000)
    await changes(dataverse, token)
    await dataverse.clock.advance(1000)
    await expect(changes(dataverse, token)).rejects.toMatchObject({
      name: 'ExpiredVersionStamp',
      hexCode: '0x80044352',
    })
  })

  test.each(['', 'x', '12', '1!2026-01-01', '1!99/99/2026 10:00:00', '-1!03/01/2026 09:30:15'])(
    "'%s' is no token",
    async (token) => {
      await expect(changes(emulator(), token)).rejects.toMatchObject({ name: 'InvalidArgument' })
    },
  )

  test('is for tables that are tracked, and their columns', async () => {
    const dataverse = emulator()
    const untracked = dataverse.execute('RetrieveEntityChanges', { EntityName: 'new_project' })
    await expect(untracked).rejects.toMatchObject({ name: 'ChangeTrackingNotEnabledForEntity' })
    await expect(changes(dataverse, undefined, ['nope'])).rejects.toMatchObject({ name: 'UndeclaredProperty' })
    await dataverse.delete(Project, await dataverse.create(Project, { new_name: 'P' }))
    expect(await dataverse.list('deleteditemreference')).toEqual([])
  })

  test('whatever happens, the changes since any token lead from what was there to what is there', async () => {
    const action = fc.record({ kind: fc.constantFrom('create', 'update', 'delete'), pick: fc.nat(9) })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), fc.nat(25), async (actions, lookAt) => {
        const dataverse = emulator()
        const rows = async () => new Set((await dataverse.list(Account, ['accountid'])).map((row) => row.accountid))
        let [token, known] = [(await changes(dataverse)).token, await rows()]
        for (const [at, { kind, pick }] of actions.entries()) {
          if (at === lookAt) [token, known] = [(await changes(dataverse)).token, await rows()]
          const ids = [...(await rows())]
          const id = ids[pick % Math.max(ids.length, 1)]
          if (kind === 'create' || id === undefined) await dataverse.create(Account, {})
          else if (kind === 'update') await dataverse.update(Account, id, { name: String(at) })
          else await dataverse.delete(Account, id)
        }
        for (const [type, id] of (await changes(dataverse, token)).list) {
          if (type === 'NewOrUpdated') known.add(id!)
          else known.delete(id!)
        }
        expect(known).toEqual(await rows())
      }),
      { numRuns: 30 },
    )
  })
})

describe('duplicate detection', () => {
  const detect = { suppressDuplicateDetection: false } as const
  const duplicated = { name: 'DuplicateRecordsFound', status: 412, hexCode: '0x80040333' }
  const withRules = (...duplicateRules: DuplicateRule[]) =>
    createEmulator({ tables: [Account, Contact], duplicateRules })
  const byEmail = { table: 'contact', columns: ['emailaddress1'] }

  test('refuses a row that is alike in all columns of a rule, when it is asked for', async () => {
    const dataverse = withRules({ table: 'contact', columns: ['emailaddress1', 'lastname'] })
    const row = { firstname: 'A', lastname: 'B', emailaddress1: 'a@b.c' }
    const id = await dataverse.create(Contact, row, detect)
    await expect(dataverse.create(Contact, { ...row, emailaddress1: 'A@B.C' }, detect)).rejects.toMatchObject(
      duplicated,
    )
    await dataverse.create(Contact, { ...row, lastname: 'C' }, detect)
    await dataverse.create(Contact, row)
    await expect(dataverse.update(Contact, id, { firstname: 'Z' }, detect)).rejects.toMatchObject(duplicated)
    await dataverse.update(Contact, id, { lastname: 'D' }, detect)
  })

  test('a row is no duplicate of itself, nor of one without a value', async () => {
    const dataverse = withRules(byEmail)
    const id = await dataverse.create(Contact, { firstname: 'A', lastname: 'B', emailaddress1: 'a@b.c' }, detect)
    await dataverse.update(Contact, id, { emailaddress1: 'a@b.c' }, detect)
    await dataverse.create(Contact, { firstname: 'A', lastname: 'B' }, detect)
    await dataverse.create(Contact, { firstname: 'A', lastname: 'B' }, detect)
  })

  test('may look through another table, and leave out what is not active', async () => {
    const dataverse = withRules({ ...byEmail, matching: 'account', excludeInactive: true })
    const account = await dataverse.create(Account, { emailaddress1: 'a@b.c' })
    const row = { firstname: 'A', lastname: 'B', emailaddress1: 'a@b.c' }
    await expect(dataverse.create(Contact, row, detect)).rejects.toMatchObject(duplicated)
    await dataverse.update(Account, account, { statecode: 1 })
    await dataverse.create(Contact, row, detect)
  })

  test('a rule on what there is not is refused by name', () => {
    expect(() => withRules({ table: 'nope', columns: ['x'] })).toThrow("'nope' is not one of the tables")
    expect(() => withRules({ table: 'contact', columns: ['x'] })).toThrow("'contact' has no column 'x'")
    expect(() => withRules({ table: 'contact', columns: [] })).toThrow('compares no columns')
  })
})

describe('duplicate detection rules that are rows', () => {
  const detect = { suppressDuplicateDetection: false } as const
  const condition = { baseattributename: 'emailaddress1', matchingattributename: 'emailaddress1', operatorcode: 0 }
  type Condition = Partial<
    Record<keyof typeof condition | 'operatorparam' | 'ignoreblankvalues', string | number | boolean>
  >
  const person = { firstname: 'A', lastname: 'Baker', emailaddress1: 'a@b.c' }
  let dataverse: Emulator
  beforeEach(() => {
    dataverse = createEmulator({ tables: [Account, Contact, RuleTable, DuplicateRuleCondition] })
  })

  async function ruleOf(conditions: readonly Condition[], more: object = {}): Promise<string> {
    const tables = { baseentityname: 'contact', matchingentityname: 'contact' }
    const rule = await dataverse.create('duplicaterule', { name: 'Rule', ...tables, ...more })
    for (const one of conditions) {
      const regardingobjectid = reference('duplicaterule', rule)
      await dataverse.create('duplicaterulecondition', { ...condition, ...one, regardingobjectid })
    }
    return rule
  }
  async function published(conditions: readonly Condition[], more?: object): Promise<string> {
    const rule = await ruleOf(conditions, more)
    await dataverse.execute('PublishDuplicateRule', { DuplicateRuleId: rule })
    await dataverse.drain()
    return rule
  }
  const isRefused = (row: object) =>
    dataverse.create(Contact, row as typeof person, detect).then(
      () => false,
      ({ name }) => name === 'DuplicateRecordsFound',
    )

  test('take part from when the job that publishes them has run until they are taken out of use', async () => {
    const rule = await ruleOf([{}])
    await dataverse.create(Contact, person, detect)
    const status = async () =>
      (await dataverse.retrieve(RuleTable, rule, ['statecode', 'statuscode'])) as Record<string, number>

    const { JobId } = await dataverse.execute('PublishDuplicateRule', { DuplicateRuleId: rule })
    expect(await status()).toEqual({ statecode: 0, statuscode: 1 })
    expect(await isRefused(person)).toBe(false)
    await dataverse.drain()
    expect(await dataverse.retrieve('asyncoperation', JobId as string, ['statuscode'])).toEqual({ statuscode: 30 })
    expect(await status()).toEqual({ statecode: 1, statuscode: 2 })
    expect(await isRefused({ ...person, emailaddress1: 'A@B.C' })).toBe(true)
    expect(await isRefused({ ...person, emailaddress1: 'x@b.c' })).toBe(false)

    await dataverse.execute('UnpublishDuplicateRule', { DuplicateRuleId: rule })
    expect(await isRefused(person)).toBe(false)
  })

  test.each<readonly [string, readonly Condition[], object, object, boolean]>([
    ['with regard to case', [{}], { iscasesensitive: true }, { emailaddress1: 'A@B.C' }, false],
    ['by first characters', [{ operatorcode: 1, operatorparam: 2 }], {}, { emailaddress1: 'A@x.y' }, true],
    ['by more first characters', [{ operatorcode: 1, operatorparam: 3 }], {}, { emailaddress1: 'A@x.y' }, false],
    ['by last characters', [{ operatorcode: 2, operatorparam: 2 }], {}, { emailaddress1: 'xx.c' }, true],
    ['with another column', [{ matchingattributename: 'lastname' }], {}, { emailaddress1: 'baker' }, true],
    [
      'by date',
      [{ operatorcode: 3, baseattributename: 'overriddencreatedon', matchingattributename: 'createdon' }],
      {},
      { overriddencreatedon: new Date('2026-03-01T23:00:00Z') },
      true,
    ],
    ['blank values alike', [{}, { baseattributename: 'jobtitle', matchingattributename: 'jobtitle' }], {}, {}, true],
    [
      'blank values apart',
      [{}, { baseattributename: 'jobtitle', matchingattributename: 'jobtitle', ignoreblankvalues: true }],
      {},
      {},
      false,
    ],
  ])('compare %s', async (_, conditions, more, row, expected) => {
    dataverse.clock.set(new Date('2026-03-01T09:00:00Z'))
    await dataverse.create(Contact, person)
    await published(conditions, more)

    expect(await isRefused({ ...person, ...row })).toBe(expected)
  })

  test('are published only when what they compare is there', async () => {
    const publish = (DuplicateRuleId: string) => dataverse.execute('PublishDuplicateRule', { DuplicateRuleId })

    await expect(publish(await ruleOf([]))).rejects.toThrow('compares no columns')
    await expect(publish(await ruleOf([{ baseattributename: 'x' }]))).rejects.toThrow("'contact' has no column 'x'")
    await expect(publish(await ruleOf([{}], { matchingentityname: 'nope' }))).rejects.toThrow('not one of the tables')
    await expect(publish(await ruleOf([{ operatorcode: 2 }]))).rejects.toThrow("its 'operatorparam'")
  })

  test('RetrieveDuplicates gives the rows that are alike with one, page by page, by rules of both kinds', async () => {
    const [first, second] = await dataverse.seed(Contact, [person, person])
    const ask = (more: object = {}) =>
      dataverse.execute('RetrieveDuplicates', {
        EntityName: 'contact',
        BusinessEntity: { emailaddress1: 'A@b.c' },
        MatchingEntityName: 'contact',
        ...more,
      })
    const ids = async (more?: object) => {
      const { DuplicateCollection } = await ask(more)
      return (DuplicateCollection as { contactid: string }[]).map(({ contactid }) => contactid)
    }

    await expect(ask()).rejects.toThrow("No published duplicate detection rule compares 'contact' with 'contact'")
    await published([{}])
    expect(await ids()).toEqual([first, second])
    expect(await ids({ PagingInfo: { PageNumber: 2, Count: 1 } })).toEqual([second])
    expect(await ids({ BusinessEntity: { contactid: first, emailaddress1: 'a@b.c' } })).toEqual([second])
    const declared = createEmulator({
      tables: [Contact],
      duplicateRules: [{ table: 'contact', columns: ['lastname'] }],
    })
    const [only] = await declared.seed(Contact, [person])
    const BusinessEntity = { lastname: 'BAKER' }
    const request = { EntityName: 'contact', MatchingEntityName: 'contact', BusinessEntity }
    expect(await declared.execute('RetrieveDuplicates', request)).toMatchObject({
      DuplicateCollection: [{ contactid: only }],
    })
  })
})

describe('a change of owner', () => {
  const owned = (name: string, assign: 'all' | 'active' | 'userOwned' | 'none') =>
    column.lookup({
      label: name,
      to: ['new_head'],
      behavior: { delete: 'removeLink', assign, share: 'none', unshare: 'none', reparent: 'none', merge: 'none' },
    })
  const Head = defineTable({
    logicalName: 'new_head',
    displayName: 'Head',
    primaryName: 'new_name',
    columns: { new_name: column.text({ label: 'Name' }), new_above: owned('Above', 'all') },
  })
  const Line = defineTable({
    logicalName: 'new_line',
    displayName: 'Line',
    primaryName: 'new_name',
    columns: {
      new_name: column.text({ label: 'Name' }),
      new_all: owned('All', 'all'),
      new_active: owned('Active', 'active'),
      new_own: owned('Own', 'userOwned'),
      new_none: owned('None', 'none'),
    },
  })

  test('takes along what its relationships say', async () => {
    const dataverse = createEmulator({ tables: [Head, Line] })
    const [old, next, other] = await dataverse.seed('systemuser', [
      { fullname: 'O' },
      { fullname: 'N' },
      { fullname: 'X' },
    ])
    const user = (id: string | undefined) => reference('systemuser', id!)
    const top = reference(Head, await dataverse.create(Head, { ownerid: user(old) }))
    const head = reference(Head, await dataverse.create(Head, { ownerid: user(other), new_above: top }))
    const [mine, others] = [{ ownerid: user(old) }, { ownerid: user(other) }]
    const lines = await dataverse.seed(Line, [
      { ...others, new_all: head },
      { ...mine, new_active: top },
      { ...mine, new_active: top, statecode: 1 },
      { ...mine, new_own: top },
      { ...others, new_own: top },
      { ...mine, new_none: top },
    ])

    await dataverse.update(Head, top.id, { ownerid: user(next) })

    const owner = async (id: string) => (await dataverse.retrieve(Line, id, ['ownerid'])).ownerid?.name
    expect(await Promise.all(lines.map(owner))).toEqual(['N', 'N', 'O', 'N', 'X', 'O'])
    expect((await dataverse.retrieve(Head, head.id, ['ownerid', 'owninguser'])).owninguser?.id).toBe(next)
  })

  test('ends where rows are above each other', async () => {
    const dataverse = createEmulator({ tables: [Head, Line] })
    const next = await dataverse.seed('systemuser', { fullname: 'N' })
    const a = await dataverse.create(Head, {})
    const b = await dataverse.create(Head, { new_above: reference(Head, a) })
    await dataverse.update(Head, a, { new_above: reference(Head, b) })
    await dataverse.update(Head, a, { ownerid: reference('systemuser', next) })
    expect((await dataverse.list(Head, ['ownerid'])).map(({ ownerid }) => ownerid?.id)).toEqual([next, next])
  })
})
