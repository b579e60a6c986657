import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseFetchXml } from '../../src/query/index.ts'
import {
  type ColumnValue,
  type Condition,
  type Link,
  type Operator,
  type QueryExpression,
  type Row,
  reference,
} from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'

const where = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})
const and = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions })

let dataverse: Emulator
/** Alpha has three tasks, Bravo one, Charlie none; Alpha and Bravo have a customer. */
beforeAll(async () => {
  dataverse = createEmulator({ tables, now: '2026-03-01T00:00:00Z' })
  const contoso = await dataverse.seed(Customer, { new_title: 'Contoso', new_rating: 3 })
  const fabrikam = await dataverse.seed(Customer, { new_title: 'Fabrikam', new_rating: 5 })
  const alpha = await dataverse.seed(Project, { new_name: 'Alpha', new_customer: reference(Customer, fabrikam) })
  const bravo = await dataverse.seed(Project, {
    new_name: 'Bravo',
    new_customer: reference(Customer, contoso),
    new_parent: reference(Project, alpha),
  })
  await dataverse.seed(Project, { new_name: 'Charlie' })
  await dataverse.seed(Task, [
    { new_title: 'dig', new_effort: 5, new_project: reference(Project, alpha) },
    { new_title: 'build', new_effort: 8, new_project: reference(Project, alpha) },
    { new_title: 'paint', new_effort: 1, new_project: reference(Project, alpha) },
    { new_title: 'clean', new_effort: 1, new_project: reference(Project, bravo) },
  ])
  await dataverse.associate('new_project', alpha, 'new_project_member', [reference(Customer, contoso)])
})

const tasks: Link = { table: 'new_task', from: 'new_project', to: 'new_projectid', type: 'inner', alias: 't' }
const customer: Link = { table: 'new_customer', from: 'new_customerid', to: 'new_customer', type: 'outer', alias: 'c' }
const run = async (query: Partial<QueryExpression>, on: Emulator = dataverse) =>
  (await on.retrieveMultiple<Row>({ table: 'new_project', columns: ['new_name'], ...query })).rows
const names = async (query: Partial<QueryExpression>) => (await run(query)).map(({ new_name }) => new_name)

describe('links that return no more than one row each', () => {
  test.each(['exists', 'in'] as const)('%s keeps a row once', async (type) => {
    expect(await names({ links: [{ ...tasks, type }] })).toEqual(['Alpha', 'Bravo'])
    expect(await names({ links: [{ ...tasks, type, filter: where('new_effort', 'gt', 4) }] })).toEqual(['Alpha'])
  })

  test('exists hangs on other links too', async () => {
    const parent: Link = {
      table: 'new_project',
      from: 'new_projectid',
      to: 'new_parent',
      type: 'inner',
      alias: 'p',
      columns: ['new_name'],
      links: [{ ...tasks, type: 'exists', filter: where('new_title', 'eq', 'dig') }],
    }
    expect(await run({ links: [parent] })).toEqual([{ new_name: 'Bravo', 'p.new_name': 'Alpha' }])
    const none = {
      ...parent,
      links: [{ ...tasks, type: 'exists' as const, filter: where('new_title', 'eq', 'clean') }],
    }
    expect(await run({ links: [none] })).toEqual([])
  })

  test('the first match joins one row', async () => {
    const first: Link = { ...tasks, type: 'matchfirstrowusingcrossapply', columns: ['new_title'] }
    const rows = await run({ links: [first] })
    expect(rows.map(({ new_name }) => new_name)).toEqual(['Alpha', 'Bravo'])
    expect(['dig', 'build', 'paint']).toContain(rows[0]!['t.new_title'])
    expect(await run({ links: [{ ...first, filter: where('new_effort', 'eq', 8) }] })).toEqual([
      { new_name: 'Alpha', 't.new_title': 'build' },
    ])
    // A condition after the join looks at the row that was joined, whichever it was.
    const after: Condition = { kind: 'compare', link: 't', column: 'new_effort', operator: 'ge', values: [0] }
    expect(await names({ links: [first], filter: after })).toEqual(['Alpha', 'Bravo'])
  })
})

describe('conditions and links', () => {
  const on = (link: string, column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
    kind: 'compare',
    link,
    column,
    operator,
    values,
  })

  test('a condition on an outer link takes rows without a counterpart or leaves them, as it says', async () => {
    const links = [customer]
    expect(await names({ links, filter: on('c', 'new_title', 'eq', 'Contoso') })).toEqual(['Bravo'])
    expect(await names({ links, filter: on('c', 'new_title', 'ne', 'Contoso') })).toEqual(['Alpha', 'Charlie'])
    expect(await names({ links, filter: on('c', 'new_title', 'null') })).toEqual(['Charlie'])
    const either: Condition = {
      kind: 'or',
      conditions: [on('c', 'new_title', 'eq', 'Contoso'), where('new_name', 'eq', 'Charlie')],
    }
    expect(await names({ links, filter: either })).toEqual(['Bravo', 'Charlie'])
    expect(await names({ links, filter: { kind: 'not', condition: on('c', 'new_title', 'eq', 'Contoso') } })).toEqual([
      'Alpha',
      'Charlie',
    ])
  })

  test('a link can be called by its table, where that is one of them', async () => {
    expect(await names({ links: [customer], filter: on('new_customer', 'new_rating', 'gt', 4) })).toEqual(['Alpha'])
  })

  test('a condition within a link can call it by its alias, and look at links before it', async () => {
    expect(await names({ links: [{ ...tasks, type: 'exists', filter: on('t', 'new_effort', 'gt', 7) }] })).toEqual([
      'Alpha',
    ])
    const more: Link = {
      ...tasks,
      columns: ['new_title'],
      filter: {
        kind: 'compareColumns',
        column: 'new_effort',
        operator: 'ge',
        with: { column: 'new_rating', link: 'c' },
      },
    }
    expect(await run({ links: [customer, more] })).toEqual([
      { new_name: 'Alpha', 't.new_title': 'dig' },
      { new_name: 'Alpha', 't.new_title': 'build' },
    ])
  })

  test('an N:N relationship is two links', async () => {
    const members: Link = {
      table: 'new_project_member',
      from: 'new_projectid',
      to: 'new_projectid',
      type: 'inner',
      intersect: true,
      links: [
        {
          table: 'new_customer',
          from: 'new_customerid',
          to: 'new_customerid',
          type: 'inner',
          alias: 'm',
          columns: ['new_title'],
        },
      ],
    }
    expect(await run({ links: [members] })).toEqual([{ new_name: 'Alpha', 'm.new_title': 'Contoso' }])
  })

  test('orders of links come after those of the query', async () => {
    const links: Link[] = [{ ...tasks, columns: ['new_title'], orders: [{ column: 'new_title', descending: true }] }]
    const titles = async (query: Partial<QueryExpression>) => (await run(query)).map((row) => row['t.new_title'])
    expect(await titles({ links })).toEqual(['paint', 'dig', 'clean', 'build'])
    expect(await titles({ links, orders: [{ column: 'new_name', descending: true }] })).toEqual([
      'clean',
      'paint',
      'dig',
      'build',
    ])
    expect(await titles({ links, orders: [{ column: 'new_effort', link: 't' }] })).toEqual([
      'paint',
      'clean',
      'dig',
      'build',
    ])
  })

  test('columns have aliases, and no two results one name', async () => {
    const links: Link[] = [
      { ...tasks, columns: [{ column: 'new_title', alias: 'what' }], filter: where('new_effort', 'eq', 8) },
    ]
    expect(await run({ columns: [{ column: 'new_name', alias: 'who' }], links })).toEqual([
      { who: 'Alpha', what: 'build' },
    ])
    await expect(run({ columns: ['new_code', { column: 'new_name', alias: 'new_code' }] })).rejects.toMatchObject({
      name: 'QueryBuilderDuplicateAlias',
    })
    expect(Object.keys((await run({ links: [{ ...tasks, columns: 'all' }] }))[0]!)).toContain('t.new_effort')
  })

  test.each<[string, Link, string]>([
    ['by a multi-select choice', { ...tasks, to: 'new_tags' }, 'InvalidQuery'],
    ['of an unknown type', { ...tasks, type: 'full' as never }, 'QueryBuilderInvalidJoinOperator'],
  ])('links %s are refused', async (_, link, name) => {
    await expect(run({ links: [link] })).rejects.toMatchObject({ name })
  })

  test('a link that changes nothing is still read for mistakes', async () => {
    const wrong: Link = { ...customer, filter: where('nmae', 'eq', 'x') }
    await expect(run({ links: [wrong] })).rejects.toMatchObject({ name: 'QueryBuilderNoAttribute' })
    await expect(run({ links: [{ ...customer, to: 'nmae' }] })).rejects.toMatchObject({
      name: 'QueryBuilderNoAttribute',
    })
  })

  test('links within conditions count, however deep they are', async () => {
    const linked = (inner: Condition | undefined): Condition => ({
      kind: 'linked',
      match: 'any',
      link: {
        table: 'new_project',
        from: 'new_projectid',
        to: 'new_parent',
        ...(inner ? { filter: inner } : {}),
      },
    })
    let filter: Condition | undefined
    for (let depth = 0; depth < 16; depth++) filter = linked(filter)
    await expect(run({ filter: filter! })).rejects.toMatchObject({ name: 'TooManyLinkEntitiesInQuery' })
  })
})

/** What rows are linked, written down once more, as loops. */
describe('on any rows', () => {
  const shape = fc.record({
    /** The rating of each customer, and of each project which customer it has. */
    ratings: fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 4 }),
    customers: fc.array(fc.option(fc.nat(3)), { maxLength: 90 }),
    efforts: fc.array(fc.tuple(fc.nat(89), fc.option(fc.integer({ min: 0, max: 4 }))), { maxLength: 120 }),
  })

  test('conditions on linked rows find what loops find, from whichever side', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape,
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom('any', 'notAny', 'all', 'notAll'),
        fc.constantFrom<Operator>('eq', 'ge', 'ne'),
        fc.boolean(),
        async ({ ratings, customers, efforts }, effort, match, operator, isAlone) => {
          const emulator = createEmulator({ tables })
          const ids = await emulator.seed(
            Customer,
            ratings.map((new_rating, n) => ({ new_title: `C${n}`, new_rating })),
          )
          const projects = await emulator.seed(
            Project,
            customers.map((n, at) => ({
              new_name: `P${at}`,
              new_customer: n === null ? null : reference(Customer, ids[n % ids.length]!),
            })),
          )
          await emulator.seed(
            Task,
            efforts.map(([project, new_effort]) => ({
              new_title: 't',
              new_effort,
              new_project: projects.length === 0 ? null : reference(Project, projects[project % projects.length]!),
            })),
          )
          const satisfies = (value: number | null) =>
            operator === 'ne'
              ? value !== effort
              : value !== null && (operator === 'eq' ? value === effort : value >= effort)
          const ofProject = (at: number) =>
            efforts
              .filter(([project]) => projects.length > 0 && project % projects.length === at)
              .map(([, value]) => value)
          const holds = (at: number) => {
            const some = ofProject(at).some(satisfies)
            return match === 'notAny' ? !some : match === 'all' ? ofProject(at).length > 0 && !some : some
          }
          const isGood = (at: number) =>
            isAlone || (customers[at] !== null && ratings[customers[at]! % ids.length]! >= 2)
          const linked: Condition = {
            kind: 'linked',
            match,
            link: {
              table: 'new_task',
              from: 'new_project',
              to: 'new_projectid',
              filter: where('new_effort', operator, effort),
            },
          }
          const good: Condition = { kind: 'compare', link: 'c', column: 'new_rating', operator: 'ge', values: [2] }
          const query: Partial<QueryExpression> = isAlone
            ? { filter: linked }
            : { filter: and(linked, good), links: [customer] }
          const found = (await run(query, emulator)).map(({ new_name }) => new_name)
          expect(found.sort()).toEqual(
            projects
              .map((_, at) => at)
              .filter((at) => holds(at) && isGood(at))
              .map((at) => `P${at}`)
              .sort(),
          )
        },
      ),
      { numRuns: 120 },
    )
  })

  test('a plan is used again, on other rows and other environments, and never with what it found before', async () => {
    const query = parseFetchXml(`
      <fetch><entity name="new_project"><attribute name="new_name" />
        <filter><link-entity name="new_task" from="new_project" to="new_projectid" link-type="any">
          <filter><condition attribute="new_effort" operator="gt" value="4" /></filter>
        </link-entity></filter>
      </entity></fetch>`)
    const found = async (on: Emulator) => (await on.retrieveMultiple<Row>(query)).rows.map(({ new_name }) => new_name)
    const one = createEmulator({ tables })
    const many = await one.seed(
      Project,
      Array.from({ length: 200 }, (_, n) => ({ new_name: `P${n}` })),
    )
    const other = one.fork()
    expect(await found(one)).toEqual([])
    await one.seed(Task, { new_title: 'big', new_effort: 9, new_project: reference(Project, many[150]!) })
    expect(await found(one)).toEqual(['P150'])
    expect(await found(other)).toEqual([])
    await one.delete('new_project', many[150]!)
    expect(await found(one)).toEqual([])
  })
})
