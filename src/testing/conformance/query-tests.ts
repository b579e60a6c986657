import { beforeEach, describe, expect, test } from 'vitest'
import {
  type ColumnValue,
  type Condition,
  type EntityReference,
  type Operator,
  type QueryExpression,
  reference,
} from '../../service/index.ts'
import { failureOf, type Subject } from './suite-context.ts'
import { SuiteCustomer, SuiteProject, suiteSize } from './tables.ts'

const { Small, Medium, Large } = suiteSize
const at = (day: number) => new Date(Date.UTC(2026, 2, day, 10))
const compare = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})

/** Questions: filters, orders, links, pages, counts, aggregates. */
export function queryTests(service: Subject): void {
  let fabrikam: EntityReference<'suite_customer'>
  let contoso: EntityReference<'suite_customer'>

  beforeEach(async () => {
    const customer = async (suite_name: string, suite_rating: number) =>
      reference(SuiteCustomer, await service().create(SuiteCustomer, { suite_name, suite_rating }))
    fabrikam = await customer('Fabrikam', 2)
    contoso = await customer('Contoso', 5)
    for (const row of [
      { suite_name: 'Alpha', suite_seats: 5, suite_size: Small, suite_due: '2026-01-31', suite_started: at(1) },
      { suite_name: 'beta', suite_seats: 10, suite_size: Large, suite_budget: 99.5, suite_sizes: [Small, Large] },
      { suite_name: 'Gamma 50%', suite_seats: 15, suite_billable: true, suite_started: at(3), suite_sizes: [Medium] },
      { suite_name: "Delta's & co", suite_due: '2026-12-31', suite_notes: 'some notes', suite_started: at(2) },
    ]) {
      const suite_customer = row.suite_name === 'Alpha' ? fabrikam : row.suite_name === 'beta' ? contoso : null
      await service().create(SuiteProject, { ...row, suite_customer })
    }
  })

  const ask = (query: Omit<QueryExpression, 'table'>) =>
    service().retrieveMultiple({ table: 'suite_project', ...query })
  const namesOf = async (query: Omit<QueryExpression, 'table' | 'columns'>) => {
    const orders = [{ column: 'suite_name' }]
    const { rows } = await ask({ columns: ['suite_name'], orders, ...query })
    return rows.map(({ suite_name }) => suite_name)
  }
  const found = (filter: Condition) => namesOf({ filter })
  const [A, B, C, D] = ['Alpha', 'beta', "Delta's & co", 'Gamma 50%']

  test.each<readonly [string, Condition, readonly (string | undefined)[]]>([
    ['a text, without regard to case', compare('suite_name', 'eq', 'ALPHA'), [A]],
    ['a text with a quote and an ampersand', compare('suite_name', 'eq', "Delta's & co"), [C]],
    ['another text; rows without one match, too', compare('suite_notes', 'ne', 'some notes'), [A, B, D]],
    ['a number', compare('suite_seats', 'eq', 10), [B]],
    ['a smaller number', compare('suite_seats', 'lt', 10), [A]],
    ['a number no greater', compare('suite_seats', 'le', 10), [A, B]],
    ['a greater number', compare('suite_seats', 'gt', 10), [D]],
    ['a number no smaller', compare('suite_seats', 'ge', 10), [B, D]],
    ['an amount', compare('suite_budget', 'eq', 99.5), [B]],
    ['a choice', compare('suite_size', 'eq', Large), [B]],
    ['true', compare('suite_billable', 'eq', true), [D]],
    ['a day', compare('suite_due', 'gt', '2026-01-31'), [C]],
    ['a moment', compare('suite_started', 'ge', at(2)), [C, D]],
    ['no value', compare('suite_seats', 'null'), [C]],
    ['a value', compare('suite_seats', 'not-null'), [A, B, D]],
    ['one of several', compare('suite_seats', 'in', 5, 15), [A, D]],
    ['none of several', compare('suite_seats', 'not-in', 5, 15), [B, C]],
    ['a range', compare('suite_seats', 'between', 6, 15), [B, D]],
    ['a beginning', compare('suite_name', 'begins-with', 'al'), [A]],
    ['another beginning', compare('suite_name', 'not-begin-with', 'al'), [B, C, D]],
    ['an end', compare('suite_name', 'ends-with', 'TA'), [B]],
    ['a pattern', compare('suite_name', 'like', '%t%'), [B, C]],
    ['a pattern with a class of characters', compare('suite_name', 'like', '[a-b]%'), [A, B]],
    ['one of several choices', compare('suite_sizes', 'contain-values', Small, Medium), [B, D]],
    ['none of several choices', compare('suite_sizes', 'not-contain-values', Small), [A, C, D]],
  ])('a filter finds %s', async (_, filter, expected) => {
    expect(await found(filter)).toEqual(expected)
  })

  test('a filter finds the rows that refer to a row, by reference and by id', async () => {
    expect(await found(compare('suite_customer', 'eq', fabrikam))).toEqual([A])
    expect(await found(compare('suite_customer', 'eq', contoso.id))).toEqual([B])
    expect(await found(compare('suite_customer', 'null'))).toEqual([C, D])
  })

  test('a filter finds rows by the primary key', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Epsilon' })

    expect(await found(compare('suite_projectid', 'eq', id))).toEqual(['Epsilon'])
    expect(await found(compare('suite_projectid', 'in', id))).toEqual(['Epsilon'])
  })

  test('conditions are joined by and, or and not', async () => {
    const [small, many] = [compare('suite_size', 'eq', Small), compare('suite_seats', 'gt', 9)]
    const late = compare('suite_due', 'eq', '2026-12-31')

    expect(await found({ kind: 'and', conditions: [small, many] })).toEqual([])
    expect(await found({ kind: 'or', conditions: [small, many] })).toEqual([A, B, D])
    const nested: Condition = {
      kind: 'and',
      conditions: [{ kind: 'or', conditions: [small, late] }, compare('suite_seats', 'null')],
    }
    expect(await found(nested)).toEqual([C])
    expect(await found({ kind: 'not', condition: compare('suite_name', 'begins-with', 'a') })).toEqual([B, C, D])
  })

  test('an empty and is true', async () => {
    expect(await found({ kind: 'and', conditions: [] })).toEqual([A, B, C, D])
  })

  test('a column is compared with another one', async () => {
    await service().create(SuiteProject, { suite_name: 'Epsilon', suite_seats: 3, suite_hours: 3 })

    const filter: Condition = {
      kind: 'compareColumns',
      column: 'suite_seats',
      operator: 'eq',
      with: { column: 'suite_hours' },
    }
    expect(await found(filter)).toEqual(['Epsilon'])
  })

  test('rows come in the order asked for, those without a value first', async () => {
    expect(await namesOf({ orders: [{ column: 'suite_seats' }] })).toEqual([C, A, B, D])
    expect(await namesOf({ orders: [{ column: 'suite_seats', descending: true }] })).toEqual([D, B, A, C])
    expect(await namesOf({ orders: [{ column: 'suite_customer' }, { column: 'suite_name' }] })).toEqual([C, D, B, A])
  })

  test('choices sort by their value', async () => {
    await service().create(SuiteProject, { suite_name: 'Epsilon', suite_size: Medium })
    const filter = compare('suite_size', 'not-null')

    expect(await namesOf({ filter, orders: [{ column: 'suite_size' }] })).toEqual([A, 'Epsilon', B])
  })

  test('rows are cut to the first so many', async () => {
    expect(await ask({ columns: ['suite_name'], orders: [{ column: 'suite_name' }], top: 2 })).toEqual({
      rows: [{ suite_name: A }, { suite_name: B }],
      moreRecords: false,
    })
  })

  test('a row has exactly the columns asked for, in their types', async () => {
    const { rows } = await ask({
      columns: ['suite_seats', 'suite_started', 'suite_customer', 'suite_sizes', 'suite_notes'],
      filter: compare('suite_name', 'eq', 'beta'),
    })

    expect(rows).toEqual([
      {
        suite_seats: 10,
        suite_started: null,
        suite_customer: { ...contoso, name: 'Contoso' },
        suite_sizes: [Small, Large],
        suite_notes: null,
      },
    ])
    expect((await ask({ columns: [], top: 1 })).rows).toEqual([{}])
  })

  test('a query without columns gives all of them', async () => {
    const { rows } = await ask({ top: 1 })

    expect(Object.keys(rows[0]!).sort()).toEqual(Object.keys(SuiteProject.columns).sort())
  })

  test('pages follow one another by their cookies, and the last one has none', async () => {
    const seen: unknown[] = []
    let cookie: string | undefined
    for (let number = 1; ; number++) {
      const answer = await ask({
        columns: ['suite_name'],
        orders: [{ column: 'suite_seats', descending: true }],
        page: { size: 3, number, ...(cookie === undefined ? {} : { cookie }) },
      })
      seen.push(answer.rows.map(({ suite_name }) => suite_name))
      cookie = answer.pagingCookie
      expect(answer.moreRecords).toBe(cookie !== undefined)
      if (cookie === undefined) break
    }
    expect(seen).toEqual([[D, B, A], [C]])
  })

  test('a page can be asked for by its number', async () => {
    const page = (number: number) => namesOf({ page: { size: 3, number } })

    expect([await page(1), await page(2), await page(3)]).toEqual([[A, B, C], [D], []])
  })

  test('pages of a query with a link follow one another', async () => {
    const links = [{ table: 'suite_customer', from: 'suite_customerid', to: 'suite_customer', type: 'outer' }] as const
    const query = { columns: ['suite_name'], orders: [{ column: 'suite_name' }], links }

    const first = await ask({ ...query, page: { size: 3 } })
    const second = await ask({ ...query, page: { size: 3, number: 2, cookie: first.pagingCookie! } })
    // A cookie knows its page.
    const same = await ask({ ...query, page: { size: 3, cookie: first.pagingCookie! } })

    expect(first.rows.map(({ suite_name }) => suite_name)).toEqual([A, B, C])
    expect(second).toEqual({ rows: [{ suite_name: D }], moreRecords: false })
    expect(same).toEqual(second)
  })

  test('all rows that match are counted, whatever the page', async () => {
    const filter = compare('suite_seats', 'not-null')

    const answer = await ask({ columns: ['suite_name'], filter, page: { size: 1 }, totalCount: true })
    expect(answer).toMatchObject({ totalRecordCount: 3, moreRecords: true })
    expect(answer.rows).toHaveLength(1)
    expect(await ask({ filter, totalCount: 'only' })).toEqual({ rows: [], moreRecords: false, totalRecordCount: 3 })
  })

  test('a link brings in the columns of another table, under its alias', async () => {
    const link = { table: 'suite_customer', from: 'suite_customerid', to: 'suite_customer' }
    const columns = ['suite_name', 'createdon', 'createdby']

    const { rows } = await ask({
      columns: ['suite_name'],
      orders: [{ column: 'suite_name' }],
      links: [{ ...link, alias: 'customer', type: 'inner', columns }],
    })

    expect(rows).toEqual([
      {
        suite_name: A,
        'customer.suite_name': 'Fabrikam',
        'customer.createdon': expect.any(Date),
        'customer.createdby': expect.objectContaining({ logicalName: 'systemuser', id: expect.any(String) }),
      },
      expect.objectContaining({ suite_name: B, 'customer.suite_name': 'Contoso' }),
    ])
  })

  test('an outer link keeps rows without a match, with nulls', async () => {
    const link = { table: 'suite_customer', from: 'suite_customerid', to: 'suite_customer', alias: 'c' }

    const { rows } = await ask({
      columns: ['suite_name'],
      orders: [{ column: 'suite_name' }],
      links: [{ ...link, type: 'outer', columns: ['suite_rating'] }],
    })

    expect(rows.map((row) => [row.suite_name, row['c.suite_rating']])).toEqual([
      [A, 2],
      [B, 5],
      [C, null],
      [D, null],
    ])
  })

  test('a filter and an order may look at a link', async () => {
    const link = {
      table: 'suite_customer',
      from: 'suite_customerid',
      to: 'suite_customer',
      alias: 'c',
      type: 'inner',
    } as const

    expect(await namesOf({ links: [link], orders: [{ column: 'suite_rating', link: 'c', descending: true }] })).toEqual(
      [B, A],
    )
    const filter: Condition = { kind: 'compare', column: 'suite_rating', link: 'c', operator: 'gt', values: [2] }
    expect(await namesOf({ links: [link], filter })).toEqual([B])
  })

  test('columns come under other names when asked to', async () => {
    const link = { table: 'suite_customer', from: 'suite_customerid', to: 'suite_customer', type: 'inner' } as const

    const { rows } = await ask({
      columns: [
        { column: 'suite_name', alias: 'project' },
        { column: 'suite_customer', alias: 'who' },
      ],
      orders: [{ column: 'suite_name' }],
      links: [{ ...link, columns: [{ column: 'createdon', alias: 'since' }, 'suite_rating'] }],
      top: 1,
    })

    expect(rows).toEqual([
      {
        project: A,
        who: { ...fabrikam, name: 'Fabrikam' },
        since: expect.any(Date),
        'suite_customer1.suite_rating': 2,
      },
    ])
  })

  test('a link may take one match each, or only ask whether there is one', async () => {
    const link = { table: 'suite_project', from: 'suite_customer', to: 'suite_customerid', alias: 'p' } as const
    await service().create(SuiteProject, { suite_name: 'Alpine', suite_customer: fabrikam, suite_seats: 1 })
    const rowsOf = async (type: 'matchfirstrowusingcrossapply' | 'exists' | 'in') => {
      const columns = type === 'matchfirstrowusingcrossapply' ? ['suite_customer', 'statecode'] : []
      const orders = [{ column: 'suite_name' }]
      const query = { table: 'suite_customer', columns: ['suite_name'], orders, links: [{ ...link, type, columns }] }
      return (await service().retrieveMultiple(query)).rows
    }

    expect(await rowsOf('matchfirstrowusingcrossapply')).toEqual([
      { suite_name: 'Contoso', 'p.suite_customer': { ...contoso, name: 'Contoso' }, 'p.statecode': 0 },
      { suite_name: 'Fabrikam', 'p.suite_customer': { ...fabrikam, name: 'Fabrikam' }, 'p.statecode': 0 },
    ])
    expect(await rowsOf('exists')).toEqual([{ suite_name: 'Contoso' }, { suite_name: 'Fabrikam' }])
    expect(await rowsOf('in')).toEqual([{ suite_name: 'Contoso' }, { suite_name: 'Fabrikam' }])
  })

  test('a condition may ask whether linked rows exist', async () => {
    const link = { table: 'suite_project', from: 'suite_customer', to: 'suite_customerid' }
    const filter = compare('suite_seats', 'gt', 7)
    const found = async (match: 'any' | 'notAny') => {
      const linked: Condition = { kind: 'linked', match, link: { ...link, filter } }
      const { rows } = await service().retrieveMultiple({
        table: 'suite_customer',
        columns: ['suite_name'],
        filter: linked,
      })
      return rows.map(({ suite_name }) => suite_name)
    }

    expect(await found('any')).toEqual(['Contoso'])
    expect(await found('notAny')).toEqual(['Fabrikam'])
  })

  test('equal rows come once when asked to be distinct', async () => {
    const { rows } = await ask({
      columns: ['suite_billable'],
      distinct: true,
      orders: [{ column: 'suite_billable' }],
    })

    expect(rows).toEqual([{ suite_billable: false }, { suite_billable: true }])
  })

  describe('that aggregate', () => {
    test('count, add up and find the greatest', async () => {
      const column = 'suite_seats'
      const { rows } = await ask({
        aggregates: [
          { aggregate: 'count', column: 'suite_projectid', alias: 'rows' },
          { aggregate: 'countcolumn', column, alias: 'filled' },
          { aggregate: 'sum', column, alias: 'total' },
          { aggregate: 'max', column, alias: 'most' },
          { aggregate: 'max', column: 'suite_started', alias: 'latest' },
        ],
      })

      expect(rows).toEqual([{ rows: 4, filled: 3, total: 30, most: 15, latest: at(3) }])
    })

    test('find the average, count different values, and group dates by a part of them', async () => {
      const { rows } = await ask({
        aggregates: [
          { aggregate: 'avg', column: 'suite_seats', alias: 'average' },
          { aggregate: 'countcolumn', column: 'suite_billable', alias: 'kinds', distinct: true },
        ],
        groupBy: [{ column: 'suite_started', alias: 'year', dateGrouping: 'year' }],
        filter: compare('suite_started', 'not-null'),
      })

      expect(rows).toEqual([{ year: 2026, average: 10, kinds: 2 }])
    })

    test('group by a choice', async () => {
      const { rows } = await ask({
        aggregates: [{ aggregate: 'sum', column: 'suite_seats', alias: 'seats' }],
        groupBy: [{ column: 'suite_size', alias: 'size' }],
        filter: compare('suite_size', 'not-null'),
        orders: [{ alias: 'seats', descending: true }],
      })

      expect(rows).toEqual([
        { size: Large, seats: 10 },
        { size: Small, seats: 5 },
      ])
    })

    test('answer a row per group, with the group’s value in its type', async () => {
      const { rows } = await ask({
        aggregates: [{ aggregate: 'count', column: 'suite_projectid', alias: 'rows' }],
        groupBy: [{ column: 'suite_customer', alias: 'customer' }],
        filter: compare('suite_customer', 'not-null'),
        orders: [{ alias: 'rows' }],
      })

      expect(rows).toHaveLength(2)
      expect(rows.map(({ rows }) => rows)).toEqual([1, 1])
      const names = rows.map(({ customer }) => (customer as EntityReference).id)
      expect(names.sort()).toEqual([fabrikam.id, contoso.id].sort())
    })
  })

  test.each<readonly [string, Omit<QueryExpression, 'table'>]>([
    ['a column', { columns: ['suite_nothing'] }],
    ['a filter’s column', { filter: compare('suite_nothing', 'eq', 1) }],
    ['an order’s column', { orders: [{ column: 'suite_nothing' }] }],
  ])('%s that the table does not have is refused by name', async (_, query) => {
    const error = await failureOf(ask(query))

    expect(error.status).toBe(400)
    expect(error.message).toContain('suite_nothing')
  })

  test.each<readonly [string, Omit<QueryExpression, 'table'>]>([
    ['top together with a page', { top: 1, page: { size: 1 } }],
    ['no rows at all', { top: 0 }],
    ['more than the first 5000 rows', { top: 5001 }],
    ['a page of no rows', { page: { size: 0 } }],
    ['a page of more than 5000 rows', { page: { size: 5001 } }],
    ['a cookie that is none', { page: { size: 1, number: 2, cookie: 'nonsense' } }],
    ['a text where a number is compared', { filter: compare('suite_seats', 'eq', 'many') }],
  ])('%s is refused', async (_, query) => {
    expect((await failureOf(ask({ columns: ['suite_name'], ...query }))).status).toBe(400)
  })
}
