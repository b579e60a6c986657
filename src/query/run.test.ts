import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Customer, Project, priority, Task, tables } from '../../test/emulator/tables.ts'
import type { ColumnValue, Condition, Link, Operator, QueryExpression, Row } from '../service/index.ts'
import { operators, reference } from '../service/index.ts'
import { createEmulator, type Emulator } from '../testing/index.ts'
import { fold, select } from './index.ts'

const { Low, High } = priority
const where = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})
const on = (link: string, column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  link,
  column,
  operator,
  values,
})
const and = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions })
const or = (...conditions: Condition[]): Condition => ({ kind: 'or', conditions })
const not = (condition: Condition): Condition => ({ kind: 'not', condition })

let dataverse: Emulator
let contoso: string
let fabrikam: string

/** Alpha has everything, Bravo some of it, Charlie (all but) nothing. */
beforeAll(async () => {
  dataverse = createEmulator({ tables, now: '2026-03-01T00:00:00Z' })
  contoso = await dataverse.seed(Customer, { new_title: 'Contoso', new_rating: 3 })
  fabrikam = await dataverse.seed(Customer, { new_title: 'fabrikam', new_rating: 5 })
  const alpha = await dataverse.seed(Project, {
    new_name: 'Alpha',
    new_code: 'Été_1',
    new_budget: 100,
    new_seats: 10,
    new_billable: true,
    new_priority: High,
    new_tags: [Low, High],
    new_due: '2026-03-10',
    new_started: new Date('2026-03-01T08:00:00Z'),
    new_customer: reference(Customer, fabrikam),
  })
  const bravo = await dataverse.seed(Project, {
    new_name: 'bravo',
    new_code: 'B-2',
    new_budget: 50,
    new_seats: 20,
    new_billable: false,
    new_priority: Low,
    new_tags: [Low],
    new_due: '2026-03-20',
    new_started: new Date('2026-03-02T08:00:00Z'),
    new_customer: reference(Customer, contoso),
    new_parent: reference(Project, alpha),
  })
  await dataverse.seed(Project, { new_name: 'Charlie', new_billable: null, new_priority: null } as never)
  const task = (new_title: string, project: string, new_effort: number | null) => ({
    new_title,
    new_project: reference(Project, project),
    new_effort,
  })
  await dataverse.seed(Task, [task('dig', alpha, 5), task('build', alpha, 8), task('paint', bravo, 1)])
})

async function names(filter: Condition, more: Partial<QueryExpression> = {}): Promise<string[]> {
  const { rows } = await dataverse.retrieveMultiple<Row>({ table: 'new_project', filter, ...more })
  return rows.map(({ new_name }) => new_name as string)
}
const error = (query: QueryExpression) =>
  dataverse.retrieveMultiple(query).then(
    () => 'no error',
    (thrown) => `${thrown.name}: ${thrown.message}`,
  )

const ALL = ['Alpha', 'bravo', 'Charlie']

describe('operators', () => {
  const cases: [string, Operator, ColumnValue[], string[]][] = [
    ['new_seats', 'eq', [10], ['Alpha']],
    ['new_seats', 'ne', [10], ['bravo', 'Charlie']],
    ['new_seats', 'gt', [10], ['bravo']],
    ['new_seats', 'ge', [10], ['Alpha', 'bravo']],
    ['new_seats', 'lt', [20], ['Alpha']],
    ['new_seats', 'le', [20], ['Alpha', 'bravo']],
    ['new_seats', 'in', [10, 99], ['Alpha']],
    ['new_seats', 'in', [], []],
    ['new_seats', 'not-in', [10, 99], ['bravo', 'Charlie']],
    ['new_seats', 'not-in', [], ALL],
    ['new_seats', 'between', [10, 15], ['Alpha']],
    ['new_seats', 'not-between', [10, 15], ['bravo', 'Charlie']],
    ['new_seats', 'null', [], ['Charlie']],
    ['new_seats', 'not-null', [], ['Alpha', 'bravo']],
    ['new_budget', 'eq', [50], ['bravo']],
    ['new_name', 'eq', ['ALPHA'], ['Alpha']],
    ['new_name', 'ne', ['alpha'], ['bravo', 'Charlie']],
    ['new_name', 'gt', ['BRAVO'], ['Charlie']],
    ['new_name', 'in', ['BRAVO', 'charlie'], ['bravo', 'Charlie']],
    ['new_code', 'eq', ['ete_1'], ['Alpha']],
    ['new_code', 'like', ['%ÉTÉ%'], ['Alpha']],
    ['new_code', 'like', ['_-_'], ['bravo']],
    ['new_code', 'like', ['[a-c]%'], ['bravo']],
    ['new_code', 'not-like', ['b%'], ['Alpha', 'Charlie']],
    ['new_code', 'begins-with', ['b-'], ['bravo']],
    ['new_code', 'begins-with', ['%'], []],
    ['new_code', 'not-begin-with', ['b'], ['Alpha', 'Charlie']],
    ['new_code', 'ends-with', ['_1'], ['Alpha']],
    ['new_code', 'not-end-with', ['2'], ['Alpha', 'Charlie']],
    ['new_billable', 'eq', [true], ['Alpha']],
    ['new_billable', 'eq', [0], ['bravo']],
    ['new_billable', 'ne', [true], ['bravo', 'Charlie']],
    ['new_priority', 'eq', [High], ['Alpha']],
    ['new_tags', 'contain-values', [High], ['Alpha']],
    ['new_tags', 'contain-values', [High, Low], ['Alpha', 'bravo']],
    ['new_tags', 'not-contain-values', [High], ['bravo', 'Charlie']],
    ['new_due', 'ge', ['2026-03-20'], ['bravo']],
    ['new_due', 'lt', [new Date('2026-03-20T00:00:00Z')], ['Alpha']],
    ['new_started', 'eq', [new Date('2026-03-01T08:00:00Z')], ['Alpha']],
    ['new_started', 'gt', ['2026-03-01T09:00:00+00:00'], ['bravo']],
    ['new_customer', 'null', [], ['Charlie']],
    ['statecode', 'eq', [0], ALL],
  ]
  test.each(cases)('%s %s %j', async (column, operator, values, expected) => {
    expect(await names(where(column, operator, ...values))).toEqual(expected)
  })

  test('every operator on values, texts and several choices is covered', () => {
    expect(new Set(cases.map(([, operator]) => operator))).toEqual(
      new Set(operators.slice(0, 1 + operators.indexOf('not-contain-values'))),
    )
  })

  test('lookups compare by id, given as a reference or as text in any case', async () => {
    expect(await names(where('new_customer', 'eq', contoso))).toEqual(['bravo'])
    expect(await names(where('new_customer', 'eq', contoso.toUpperCase()))).toEqual(['bravo'])
    expect(await names(where('new_customer', 'eq', reference(Customer, contoso)))).toEqual(['bravo'])
    expect(await names(where('new_customer', 'ne', contoso))).toEqual(['Alpha', 'Charlie'])
    expect(await names(where('new_customer', 'in', contoso, fabrikam))).toEqual(['Alpha', 'bravo'])
  })
})

describe('junctions', () => {
  const small = where('new_seats', 'lt', 15)
  const cheap = where('new_budget', 'le', 50)
  test.each<[string, Condition, string[]]>([
    ['and', and(small, where('new_billable', 'eq', true)), ['Alpha']],
    ['and of many', and(small, where('new_due', 'not-null'), where('statecode', 'eq', 0), not(cheap)), ['Alpha']],
    ['and of none: true', and(), ALL],
    ['or', or(small, cheap), ['Alpha', 'bravo']],
    ['or of none: true, as in FetchXML', or(), ALL],
    ['not: also what has no value', not(small), ['bravo', 'Charlie']],
    ['nested', or(and(small, cheap), not(or(small, cheap))), ['Charlie']],
  ])('%s', async (_, filter, expected) => {
    expect(await names(filter)).toEqual(expected)
  })

  test('a column against another', async () => {
    const compare = (operator: 'eq' | 'ne' | 'gt' | 'le', column: string, other: string) =>
      names({ kind: 'compareColumns', column, operator, with: { column: other } })
    expect(await compare('gt', 'new_budget', 'new_seats')).toEqual(['Alpha', 'bravo'])
    expect(await compare('le', 'new_budget', 'new_seats')).toEqual([])
    expect(await compare('eq', 'new_seats', 'new_seats')).toEqual(['Alpha', 'bravo'])
    expect(await compare('ne', 'new_name', 'new_code')).toEqual(ALL)
  })
})

describe('links', () => {
  const customer: Link = {
    table: 'new_customer',
    from: 'new_customerid',
    to: 'new_customer',
    type: 'inner',
    alias: 'c',
  }
  const tasks: Link = { table: 'new_task', from: 'new_project', to: 'new_projectid', type: 'inner', alias: 't' }
  const query = (links: Link[], more: Partial<QueryExpression> = {}) =>
    dataverse
      .retrieveMultiple<Row>({ table: 'new_project', columns: ['new_name'], links, ...more })
      .then(({ rows }) => rows)

  test('inner keeps the rows that have a counterpart, once for each', async () => {
    expect(await query([{ ...customer, columns: ['new_title'] }])).toEqual([
      { new_name: 'Alpha', 'c.new_title': 'fabrikam' },
      { new_name: 'bravo', 'c.new_title': 'Contoso' },
    ])
    expect((await query([tasks])).map(({ new_name }) => new_name)).toEqual(['Alpha', 'Alpha', 'bravo'])
  })

  test('outer keeps all, with null for what is missing', async () => {
    expect(await query([{ ...customer, type: 'outer', columns: ['new_title'] }])).toContainEqual({
      new_name: 'Charlie',
      'c.new_title': null,
    })
  })

  test('a filter on an outer link takes away counterparts, one in the query takes away rows', async () => {
    const outer: Link = { ...customer, type: 'outer', columns: ['new_title'] }
    const rated = where('new_rating', 'gt', 3)
    expect(await query([{ ...outer, filter: rated }])).toEqual([
      { new_name: 'Alpha', 'c.new_title': 'fabrikam' },
      { new_name: 'bravo', 'c.new_title': null },
      { new_name: 'Charlie', 'c.new_title': null },
    ])
    expect(await query([outer], { filter: on('c', 'new_rating', 'gt', 3) })).toHaveLength(1)
    expect(await query([outer], { filter: on('c', 'new_customerid', 'null') })).toEqual([
      { new_name: 'Charlie', 'c.new_title': null },
    ])
  })

  test('links hang on links', async () => {
    const parent: Link = {
      table: 'new_project',
      from: 'new_projectid',
      to: 'new_parent',
      type: 'inner',
      alias: 'p',
      columns: ['new_name'],
      links: [{ ...customer, columns: ['new_title'] }],
    }
    expect(await query([parent])).toEqual([{ new_name: 'bravo', 'p.new_name': 'Alpha', 'c.new_title': 'fabrikam' }])
    expect(
      await query([parent], {
        filter: {
          kind: 'compareColumns',
          column: 'new_seats',
          operator: 'gt',
          with: { column: 'new_seats', link: 'p' },
        },
      }),
    ).toHaveLength(1)
  })

  test('a link without an alias is called by its table and position', async () => {
    const { alias: _, ...nameless } = customer
    expect((await query([{ ...nameless, columns: ['new_title'] }]))[0]).toHaveProperty(['new_customer1.new_title'])
  })

  test('any, notAny, all and notAll are as the platform documents them', async () => {
    const linked = (match: 'any' | 'notAny' | 'all' | 'notAll', filter: Condition) =>
      names({ kind: 'linked', match, link: { table: 'new_task', from: 'new_project', to: 'new_projectid', filter } })
    const big = where('new_effort', 'gt', 6)
    expect(await linked('any', big)).toEqual(['Alpha'])
    expect(await linked('notAny', big)).toEqual(['bravo', 'Charlie'])
    // "all": there are linked rows, and none of them satisfies the filter.
    expect(await linked('all', big)).toEqual(['bravo'])
    // "notAll" is the same as "any".
    expect(await linked('notAll', big)).toEqual(['Alpha'])
  })

  test('a condition on linked rows looks through links of its own', async () => {
    const ofFabrikam = {
      table: 'new_project',
      from: 'new_projectid',
      to: 'new_project',
      links: [{ ...customer, filter: where('new_title', 'eq', 'fabrikam') }],
    }
    const { rows } = await dataverse.retrieveMultiple<Row>({
      table: 'new_task',
      filter: { kind: 'linked', match: 'any', link: ofFabrikam },
    })
    expect(rows.map(({ new_title }) => new_title)).toEqual(['dig', 'build'])
  })
})

describe('orders', () => {
  const ordered = (...orders: QueryExpression['orders'] & object) => names(and(), { orders })
  test('rows without a value come first, descending last', async () => {
    expect(await ordered({ column: 'new_seats' })).toEqual(['Charlie', 'Alpha', 'bravo'])
    expect(await ordered({ column: 'new_seats', descending: true })).toEqual(['bravo', 'Alpha', 'Charlie'])
  })

  test('texts sort without case', async () => {
    expect(await ordered({ column: 'new_name' })).toEqual(['Alpha', 'bravo', 'Charlie'])
  })

  test('lookups sort by the name of their row', async () => {
    expect(await ordered({ column: 'new_customer' })).toEqual(['Charlie', 'bravo', 'Alpha'])
  })

  test('the first order counts most, and links can be ordered by', async () => {
    expect(await ordered({ column: 'statecode' }, { column: 'new_name', descending: true })).toEqual([
      'Charlie',
      'bravo',
      'Alpha',
    ])
    const customer: Link = {
      table: 'new_customer',
      from: 'new_customerid',
      to: 'new_customer',
      type: 'outer',
      alias: 'c',
    }
    const orders = [{ column: 'new_rating', link: 'c', descending: true }]
    expect(await names(and(), { links: [customer], orders })).toEqual(['Alpha', 'bravo', 'Charlie'])
  })
})

test('distinct drops rows that are equal in what is returned', async () => {
  const tasks: Link = { table: 'new_task', from: 'new_project', to: 'new_projectid', type: 'inner' }
  expect(await names(and(), { columns: ['new_name'], links: [tasks], distinct: true })).toEqual(['Alpha', 'bravo'])
})

test('the total counts all rows that match, whatever the page', async () => {
  const query = { table: 'new_project', totalCount: true, filter: where('new_seats', 'not-null') }
  expect(await dataverse.retrieveMultiple({ ...query, page: { size: 1 } })).toMatchObject({
    totalRecordCount: 2,
    moreRecords: true,
  })
  expect(await dataverse.retrieveMultiple({ ...query, totalCount: false })).not.toHaveProperty('totalRecordCount')
})

describe('what cannot be run gets the error of the platform', () => {
  const table = 'new_project'
  const link: Link = { table: 'new_customer', from: 'new_customerid', to: 'new_customer', type: 'outer' }
  test.each<[string, QueryExpression, RegExp]>([
    ['an unknown table', { table: 'new_nothing' }, /QueryBuilderNoEntity.*new_nothing/],
    ['an unknown column', { table, columns: ['nmae'] }, /QueryBuilderNoAttribute.*nmae/],
    ['an unknown column in a condition', { table, filter: where('nmae', 'null') }, /QueryBuilderNoAttribute.*nmae/],
    ['an unknown column in an order', { table, orders: [{ column: 'nmae' }] }, /QueryBuilderNoAttribute.*nmae/],
    ['an unknown table in a link', { table, links: [{ ...link, table: 'new_nothing' }] }, /QueryBuilderNoEntity/],
    ['an unknown column in a link', { table, links: [{ ...link, from: 'nmae' }] }, /QueryBuilderNoAttribute/],
    ['an unknown alias', { table, filter: on('x', 'new_title', 'null') }, /InvalidQuery.*alias 'x'/],
    [
      'two links with one alias',
      {
        table,
        links: [
          { ...link, alias: 'c' },
          { ...link, alias: 'c' },
        ],
      },
      /QueryBuilderDuplicateAlias/,
    ],
    ['an unknown operator', { table, filter: where('new_name', 'sounds-like' as never, 'x') }, /sounds-like/],
    ['an unknown condition', { table, filter: { kind: 'xor' } as never }, /InvalidQuery.*xor/],
    ['a text for a number', { table, filter: where('new_seats', 'eq', 'many') }, /QueryBuilderInvalid_Value.*many/],
    ['a number that is none', { table, filter: where('new_seats', 'eq', Number.NaN) }, /QueryBuilderInvalid_Value/],
    ['null for a value', { table, filter: where('new_seats', 'eq', null) }, /QueryBuilderInvalid_Value/],
    ['no id for a lookup', { table, filter: where('new_customer', 'eq', 'Contoso') }, /QueryBuilderInvalid_Value/],
    ['no date for a date', { table, filter: where('new_due', 'gt', 'soon') }, /QueryBuilderInvalid_Value/],
    ['too few values', { table, filter: where('new_seats', 'between', 1) }, /takes two values, but got 1/],
    ['too many values', { table, filter: where('new_seats', 'eq', 1, 2) }, /takes one value, but got 2/],
    ['like on a number', { table, filter: where('new_seats', 'like', '1%') }, /QueryBuilderInvalid_Value/],
    ['contain-values on a text', { table, filter: where('new_name', 'contain-values', 1) }, /not a multi-select/],
    ['top and page together', { table, top: 1, page: { size: 1 } }, /InvalidQuery/],
    ['top 0', { table, top: 0 }, /InvalidQuery/],
    ['top 5001', { table, top: 5001 }, /InvalidQuery/],
    ['a page of 5001', { table, page: { size: 5001 } }, /InvalidQuery/],
    ['half a row', { table, top: 1.5 }, /InvalidQuery/],
    ['a broken cookie', { table, page: { size: 1, cookie: 'x' } }, /QueryBuilderInvalidPagingCookie/],
    [
      '501 conditions',
      { table, filter: and(...Array<Condition>(501).fill(where('new_name', 'not-null'))) },
      /TooManyConditionsInQuery/,
    ],
    [
      '501 conditions, half of them on a link',
      {
        table,
        filter: and(...Array<Condition>(250).fill(where('new_name', 'not-null'))),
        links: [{ ...link, filter: and(...Array<Condition>(251).fill(where('new_title', 'not-null'))) }],
      },
      /TooManyConditionsInQuery/,
    ],
    ['16 links', { table, links: Array<Link>(16).fill(link) }, /TooManyLinkEntitiesInQuery/],
  ])('%s', async (_, query, message) => {
    expect(await error(query)).toMatch(message)
  })

  test('485 conditions and 15 links are allowed: together they are 500', async () => {
    const filter = and(...Array<Condition>(485).fill(where('new_name', 'not-null')))
    expect(await error({ table, filter, links: Array<Link>(15).fill(link) })).toBe('no error')
  })
})

describe('on any rows', () => {
  const row = fc.record({
    new_title: fc.option(fc.constantFrom('a', 'B', 'b', 'é', 'E', '', '<&">', 'zz')),
    new_effort: fc.option(fc.integer({ min: -3, max: 3 })),
  })
  const rows = fc.array(row, { maxLength: 40 })
  const orders = fc.uniqueArray(
    fc.record({ column: fc.constantFrom('new_title', 'new_effort'), descending: fc.boolean() }),
    { selector: ({ column }) => column, maxLength: 2 },
  )
  const filled = async (rows: readonly Row[], indexes?: Record<string, string[]>) => {
    const emulator = createEmulator({ tables, ...(indexes ? { indexes } : {}) })
    await emulator.seed('new_task', rows)
    return emulator
  }
  /** The order of the platform, written down once more: null first, folded, the key last. */
  const inOrder = (rows: readonly Row[], orders: readonly { column: string; descending: boolean }[]) =>
    [...rows].sort((a, b) => {
      for (const { column, descending } of [...orders, { column: 'new_taskid', descending: false }]) {
        const [x, y] = [a[column] ?? null, b[column] ?? null].map((v) => (typeof v === 'string' ? fold(v) : v))
        if (x === y) continue
        const less = x === null || (y !== null && x! < y!)
        return less === descending ? 1 : -1
      }
      return 0
    })

  test('the first rows are those of sorting all and cutting', async () => {
    await fc.assert(
      fc.asyncProperty(rows, orders, fc.integer({ min: 1, max: 12 }), async (rows, orders, top) => {
        const emulator = await filled(rows)
        const all = await emulator.list('new_task')
        const first = await emulator.retrieveMultiple({ table: 'new_task', orders, top })
        expect(first.rows).toEqual(inOrder(all, orders).slice(0, top))
      }),
      { numRuns: 150 },
    )
  })

  test('pages put together are all rows in order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(rows, orders, fc.integer({ min: 1, max: 7 }), async (rows, orders, size) => {
        const emulator = await filled(rows)
        const all = await emulator.list('new_task')
        const paged: Row[] = []
        let cookie: string | undefined
        do {
          const page = await emulator.retrieveMultiple({
            table: 'new_task',
            orders,
            page: { size, ...(cookie === undefined ? {} : { cookie }) },
          })
          expect(page.moreRecords).toBe(page.pagingCookie !== undefined)
          paged.push(...page.rows)
          cookie = page.pagingCookie
        } while (cookie !== undefined)
        expect(paged).toEqual(inOrder(all, orders))

        const third = await emulator.retrieveMultiple({ table: 'new_task', orders, page: { size, number: 3 } })
        expect(third.rows).toEqual(inOrder(all, orders).slice(2 * size, 3 * size))
      }),
      { numRuns: 150 },
    )
  })

  test('rows that come and go between pages neither repeat nor hide others', async () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), row }),
      fc.record({ kind: fc.constant('drop' as const), which: fc.nat(39) }),
    )
    await fc.assert(
      fc.asyncProperty(
        rows,
        orders,
        fc.integer({ min: 1, max: 5 }),
        fc.array(change, { maxLength: 8 }),
        async (rows, orders, size, changes) => {
          const emulator = await filled(rows)
          const before = (await emulator.list('new_task')).map((row) => row.new_taskid as string)
          const dropped = new Set<string>()
          const seen: string[] = []
          let cookie: string | undefined
          do {
            const page = await emulator.retrieveMultiple<Row>({
              table: 'new_task',
              orders,
              page: { size, ...(cookie === undefined ? {} : { cookie }) },
            })
            seen.push(...page.rows.map((row) => row.new_taskid as string))
            cookie = page.pagingCookie
            const change = changes.shift()
            if (change?.kind === 'add') await emulator.create('new_task', change.row)
            if (change?.kind === 'drop') {
              const id = before[change.which]
              if (id && !dropped.has(id)) {
                dropped.add(id)
                await emulator.delete('new_task', id)
              }
            }
          } while (cookie !== undefined)
          expect(new Set(seen).size).toBe(seen.length)
          for (const id of before) if (!dropped.has(id)) expect(seen).toContain(id)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('pages of joined rows put together are all of them', async () => {
    const shape = fc.array(fc.nat(5), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(shape, fc.integer({ min: 1, max: 4 }), async (counts, size) => {
        const emulator = createEmulator({ tables })
        const expected: string[] = []
        for (const [at, count] of counts.entries()) {
          const project = await emulator.create(Project, { new_name: `P${at}` })
          for (let n = 0; n < count; n++) {
            await emulator.create(Task, { new_title: `${at}/${n}`, new_project: reference(Project, project) })
            expected.push(`${at}/${n}`)
          }
          if (count === 0) expected.push(`${at}/none`)
        }
        const tasks: Link = {
          table: 'new_task',
          from: 'new_project',
          to: 'new_projectid',
          type: 'outer',
          alias: 't',
          columns: ['new_title'],
        }
        const query = select('new_project', ['new_name']).linked(tasks).orderBy('new_name')
        const seen: string[] = []
        let cookie: string | undefined
        do {
          const page = await emulator.retrieveMultiple<Row>(query.paged(size, cookie))
          for (const row of page.rows) {
            seen.push(String(row['t.new_title'] ?? `${(row.new_name as string).slice(1)}/none`))
          }
          cookie = page.pagingCookie
        } while (cookie !== undefined)
        expect(seen).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  test('an index answers as a scan does', async () => {
    const comparison = fc.oneof(
      fc
        .tuple(fc.constantFrom<Operator>('eq', 'ne', 'gt', 'le'), fc.constantFrom('A', 'b', 'É', '', 'none'))
        .map(([operator, value]) => where('new_title', operator, value)),
      fc
        .array(fc.constantFrom('A', 'a', 'b', 'É'), { maxLength: 4 })
        .chain((values) =>
          fc.constantFrom<Operator>('in', 'not-in').map((operator) => where('new_title', operator, ...values)),
        ),
      fc
        .tuple(fc.constantFrom<Operator>('eq', 'ne', 'lt'), fc.integer({ min: -3, max: 3 }))
        .map(([operator, value]) => where('new_effort', operator, value)),
      fc.constantFrom<Operator>('null', 'not-null').map((operator) => where('new_title', operator)),
    )
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        comparison,
        fc.array(tie('condition'), { maxLength: 3 }).map((parts) => and(...parts)),
        fc.array(tie('condition'), { maxLength: 3 }).map((parts) => or(...parts)),
        tie('condition').map(not),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(
        rows,
        row,
        fc.array(condition, { minLength: 1, maxLength: 5 }),
        async (rows, late, conditions) => {
          const plain = await filled(rows)
          const indexed = await filled(rows, { new_task: ['new_title', 'new_effort'] })
          // Layers, updates and deletions are where an index can go wrong.
          for (const emulator of [plain, indexed]) {
            emulator.fork()
            const [first, second] = await emulator.list('new_task')
            await emulator.create('new_task', late)
            if (first) await emulator.update('new_task', first.new_taskid as string, late)
            if (second) await emulator.delete('new_task', second.new_taskid as string)
          }
          for (const filter of conditions) {
            const ids = async (emulator: Emulator) =>
              (await emulator.retrieveMultiple<Row>({ table: 'new_task', filter })).rows.map((row) => row.new_taskid)
            expect(await ids(indexed)).toEqual(await ids(plain))
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe('select', () => {
  test('builds the tree that it reads like, and never changes what it was built from', () => {
    const base = select(Task, ['new_title'])
    const query = base
      .where('new_effort', 'gt', 3)
      .where('new_title', 'like', 'a%')
      .orderBy('new_title')
      .orderBy('new_effort', 'descending')
      .first(10)
    expect({ ...query }).toEqual({
      table: 'new_task',
      columns: ['new_title'],
      filter: and(where('new_effort', 'gt', 3), where('new_title', 'like', 'a%')),
      orders: [
        { column: 'new_title', descending: false },
        { column: 'new_effort', descending: true },
      ],
      top: 10,
    })
    expect({ ...base }).toEqual({ table: 'new_task', columns: ['new_title'] })
    expect(Object.isFrozen(query)).toBe(true)
  })

  test('adds conditions to an `or` instead of into it', () => {
    const query = select(Task)
      .matching(or(where('new_effort', 'null')))
      .where('new_effort', 'gt', 3)
    expect(query.filter).toEqual(and(or(where('new_effort', 'null')), where('new_effort', 'gt', 3)))
  })
})
