import { beforeAll, describe, expect, test } from 'vitest'
import { parseFetchXml } from '../../src/query/index.ts'
import { type QueryExpression, type Row, reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, priority, tables } from '../emulator/tables.ts'

const { Low, High } = priority
let dataverse: Emulator

beforeAll(async () => {
  dataverse = createEmulator({ tables, now: '2026-03-01T00:00:00Z' })
  await dataverse.seed('usersettings', { systemuserid: dataverse.organization.userId, timezonecode: 110 })
  const contoso = await dataverse.seed(Customer, { new_title: 'Contoso', new_rating: 3 })
  const adatum = await dataverse.seed(Customer, { new_title: 'Adatum', new_rating: 5 })
  const project = (new_name: string, row: object) => ({ new_name, ...row })
  await dataverse.seed(Project, [
    project('A', {
      new_budget: 10.1,
      new_seats: 3,
      new_priority: High,
      new_customer: reference(Customer, contoso),
      // In Berlin that is the year 2026 already.
      new_started: '2025-12-31T23:30:00Z',
      new_due: '2026-01-01',
    }),
    project('B', {
      new_budget: 20.2,
      new_seats: 4,
      new_priority: Low,
      new_customer: reference(Customer, contoso),
      new_started: '2026-02-15T12:00:00Z',
      new_due: '2026-12-31',
    }),
    project('C', {
      new_budget: 0.3,
      new_seats: 4,
      new_priority: Low,
      new_customer: reference(Customer, adatum),
      new_started: '2026-05-15T12:00:00Z',
    }),
    project('D', { new_priority: null }),
  ] as never)
})

const fetch = async (body: string, attributes = '') => {
  const query = parseFetchXml(
    `<fetch aggregate="true" ${attributes}><entity name="new_project">${body}</entity></fetch>`,
  )
  return dataverse.retrieveMultiple<Row>(query)
}
const rows = async (body: string, attributes = '') => (await fetch(body, attributes)).rows
const attribute = (name: string, rest: string) => `<attribute name="${name}" ${rest} />`
const error = (body: string, attributes = '') =>
  fetch(body, attributes).then(
    () => 'no error',
    ({ name }) => name,
  )

describe('without groups there is one row', () => {
  test('of all rows together', async () => {
    const all = [
      attribute('new_projectid', 'aggregate="count" alias="n"'),
      attribute('new_seats', 'aggregate="countcolumn" alias="filled"'),
      attribute('new_seats', 'aggregate="countcolumn" distinct="true" alias="different"'),
      attribute('new_budget', 'aggregate="sum" alias="sum"'),
      attribute('new_seats', 'aggregate="avg" alias="mean"'),
      attribute('new_budget', 'aggregate="avg" alias="meanBudget"'),
      attribute('new_budget', 'aggregate="min" alias="least"'),
      attribute('new_started', 'aggregate="max" alias="latest"'),
      attribute('new_due', 'aggregate="min" alias="first"'),
    ]
    expect(await rows(all.join(''))).toEqual([
      {
        n: 4,
        filled: 3,
        different: 2,
        // Not 30.600000000000001: cents are counted as cents.
        sum: 30.6,
        // 11 / 3, of whole numbers a whole number.
        mean: 3,
        meanBudget: 10.2,
        least: 0.3,
        latest: new Date('2026-05-15T12:00:00Z'),
        first: '2026-01-01',
      },
    ])
  })

  test('also of no rows', async () => {
    const none = '<filter><condition attribute="new_name" operator="eq" value="nobody" /></filter>'
    expect(
      await rows(
        none +
          attribute('new_projectid', 'aggregate="count" alias="n"') +
          attribute('new_budget', 'aggregate="sum" alias="sum"') +
          attribute('new_budget', 'aggregate="max" alias="most"'),
      ),
    ).toEqual([{ n: 0, sum: 0, most: null }])
  })
})

describe('groups', () => {
  const count = attribute('new_projectid', 'aggregate="count" alias="n"')
  test('are by value, and those without one are a group too', async () => {
    expect(await rows(attribute('new_seats', 'groupby="true" alias="seats"') + count)).toEqual([
      { seats: null, n: 1 },
      { seats: 3, n: 1 },
      { seats: 4, n: 2 },
    ])
  })

  test('by a lookup have its name, and sort by it', async () => {
    const groups = await rows(attribute('new_customer', 'groupby="true" alias="who"') + count)
    expect(groups).toMatchObject([
      { who: null, n: 1 },
      { who: { logicalName: 'new_customer', name: 'Adatum' }, n: 1 },
      { who: { name: 'Contoso' }, n: 2 },
    ])
  })

  test('by a choice sort by label, or by value where that is asked for', async () => {
    const body = `${attribute('new_priority', 'groupby="true" alias="p"')}${count}<order alias="p" />`
    expect((await rows(body)).map(({ p }) => p)).toEqual([null, High, Low])
    expect((await rows(body, 'useraworderby="true"')).map(({ p }) => p)).toEqual([null, Low, High])
  })

  test('by a column of a link', async () => {
    const link = `<link-entity name="new_customer" from="new_customerid" to="new_customer" alias="c">${attribute('new_rating', 'groupby="true" alias="rating"')}</link-entity>`
    expect(
      await rows(
        `${attribute('new_budget', 'aggregate="sum" alias="sum"')}${link}<order alias="sum" descending="true" />`,
      ),
    ).toEqual([
      { rating: 3, sum: 30.3 },
      { rating: 5, sum: 0.3 },
    ])
  })

  test.each<[string, string, (number | null)[]]>([
    ['year', '', [null, 2026]],
    ['year', 'usertimezone="false"', [null, 2025, 2026]],
    ['quarter', '', [null, 1, 2]],
    ['month', '', [null, 1, 2, 5]],
    ['week', '', [null, 1, 8, 20]],
    ['day', '', [null, 1, 15]],
    ['fiscal-year', '', [null, 2026]],
    ['fiscal-period', '', [null, 1, 2]],
  ])('by %s of a date %s', async (grouping, zone, expected) => {
    const body = attribute('new_started', `groupby="true" dategrouping="${grouping}" ${zone} alias="part"`) + count
    expect((await rows(body)).map(({ part }) => part)).toEqual(expected)
  })

  test('by fiscal periods say what they are called', async () => {
    const body =
      attribute('new_started', 'groupby="true" dategrouping="fiscal-period" alias="period"') +
      attribute('new_started', 'groupby="true" dategrouping="fiscal-year" alias="year"') +
      count
    expect((await fetch(body)).formatted).toEqual([
      {},
      { period: 'Quarter 1 FY2026', year: 'FY2026' },
      { period: 'Quarter 2 FY2026', year: 'FY2026' },
    ])
  })

  test('by fiscal period keep the years apart', async () => {
    const other = createEmulator({ tables })
    await other.seed(
      'new_project',
      ['2024-02-01', '2025-02-01', '2025-03-01'].map((new_due) => ({ new_name: 'x', new_due })),
    )
    const body = attribute('new_due', 'groupby="true" dategrouping="fiscal-period" alias="period"') + count
    const query = parseFetchXml(`<fetch aggregate="true"><entity name="new_project">${body}</entity></fetch>`)
    const { rows, formatted } = await other.retrieveMultiple<Row>(query)
    expect(rows.map(({ period, n }) => [period, n]).sort()).toEqual([
      [1, 1],
      [1, 2],
    ])
    expect(formatted?.map(({ period }) => period).sort()).toEqual(['Quarter 1 FY2024', 'Quarter 1 FY2025'])
  })

  test('can be cut and paged', async () => {
    const body = `${attribute('new_name', 'groupby="true" alias="name"')}${count}<order alias="name" descending="true" />`
    expect((await rows(body, 'top="2"')).map(({ name }) => name)).toEqual(['D', 'C'])
    expect(await fetch(body, 'count="3" page="1"')).toMatchObject({ moreRecords: true, rows: [{ name: 'D' }, {}, {}] })
    expect(await fetch(body, 'count="3" page="2" returntotalrecordcount="true"')).toMatchObject({
      moreRecords: false,
      rows: [{ name: 'A' }],
      totalRecordCount: 4,
    })
  })
})

describe('what cannot be aggregated gets the error of the platform', () => {
  test.each([
    ['the sum of a text', attribute('new_name', 'aggregate="sum" alias="x"'), 'QueryBuilderInvalidAggregateAttribute'],
    [
      'the sum of a choice',
      attribute('new_priority', 'aggregate="sum" alias="x"'),
      'QueryBuilderInvalidAggregateAttribute',
    ],
    [
      'the average of dates',
      attribute('new_due', 'aggregate="avg" alias="x"'),
      'QueryBuilderInvalidAggregateAttribute',
    ],
    [
      'the most of a lookup',
      attribute('new_customer', 'aggregate="max" alias="x"'),
      'QueryBuilderInvalidAggregateAttribute',
    ],
    ['an unknown column', attribute('nmae', 'aggregate="max" alias="x"'), 'QueryBuilderNoAttribute'],
    [
      'the year of a text',
      attribute('new_name', 'groupby="true" dategrouping="year" alias="x"'),
      'QueryBuilderInvalidDateGrouping',
    ],
    [
      'an order by something else',
      `${attribute('new_seats', 'aggregate="max" alias="x"')}<order alias="y" />`,
      'QueryBuilderInvalid_Alias',
    ],
  ])('%s', async (_, body, expected) => {
    expect(await error(body)).toBe(expected)
  })

  test('more rows than the limit', async () => {
    const count = attribute('new_projectid', 'aggregate="count" alias="n"')
    expect(await error(count, 'aggregatelimit="3"')).toBe('AggregateQueryRecordLimitExceeded')
    expect(await error(count, 'aggregatelimit="4"')).toBe('no error')
    expect(await error(count, 'aggregatelimit="60000"')).toBe('InvalidQuery')
  })

  test('columns beside aggregates', async () => {
    const query: QueryExpression = {
      table: 'new_project',
      columns: ['new_name'],
      aggregates: [{ aggregate: 'count', column: 'new_name', alias: 'n' }],
    }
    await expect(dataverse.retrieveMultiple(query)).rejects.toMatchObject({
      name: 'QueryBuilderAttribute_With_Aggregate',
    })
  })
})

test('choices sort by label where FetchXML asks, also across pages', async () => {
  const seen: unknown[] = []
  let cookie = ''
  for (let page = 1; page <= 4; page++) {
    const query = parseFetchXml(
      `<fetch count="1" page="${page}"${cookie && ` paging-cookie="${cookie.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')}"`}><entity name="new_project"><attribute name="new_name" /><order attribute="new_priority" /></entity></fetch>`,
    )
    const result = await dataverse.retrieveMultiple<Row>(query)
    seen.push(...result.rows.map(({ new_name }) => new_name))
    cookie = result.pagingCookie ?? ''
    if (page === 2) expect(cookie).toContain('<new_priority last="High" first="High" />')
  }
  expect(seen).toEqual(['D', 'A', 'B', 'C'])
})

test('counting alone gives no rows', async () => {
  expect(await dataverse.retrieveMultiple({ table: 'new_project', totalCount: 'only' })).toEqual({
    rows: [],
    moreRecords: false,
    totalRecordCount: 4,
  })
})

test('pages without a cookie reach 50,000 rows', async () => {
  const page = (number: number) => dataverse.retrieveMultiple({ table: 'new_project', page: { size: 5000, number } })
  expect((await page(10)).rows).toEqual([])
  await expect(page(11)).rejects.toMatchObject({ name: 'InvalidQuery' })
})
