import { beforeEach, describe, expect, test } from 'vitest'
import { column, defineTable, reference } from '../../src/index.ts'
import { type ColumnValue, type Condition, type Operator, operators, type Row } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'

const Thing = defineTable({
  logicalName: 'new_thing',
  displayName: 'Thing',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_story: column.memo({ label: 'Story' }),
    new_at: column.dateTime({ label: 'At' }),
    new_fixed: column.dateTime({ label: 'Fixed', behavior: 'timeZoneIndependent' }),
    new_day: column.dateOnly({ label: 'Day' }),
    new_count: column.integer({ label: 'Count' }),
    new_language: column.integer({ label: 'Language' }),
    new_colours: column.multiChoice({ label: 'Colours', options: { Red: 1, Green: 2, Blue: 12 } }),
    new_parent: column.lookup({ label: 'Parent', to: ['new_thing'] }),
    new_user: column.lookup({ label: 'User', to: ['systemuser'] }),
    new_unit: column.lookup({ label: 'Unit', to: ['businessunit'] }),
  },
})
const Leaf = defineTable({
  logicalName: 'new_leaf',
  displayName: 'Leaf',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_thing: column.lookup({ label: 'Thing', to: ['new_thing'] }),
  },
})
const Knot = defineTable({
  logicalName: 'new_knot',
  displayName: 'Knot',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_left: column.lookup({ label: 'Left', to: ['new_knot'] }),
    new_right: column.lookup({ label: 'Right', to: ['new_knot'] }),
    new_up: column.lookup({ label: 'Up', to: ['new_knot'], hierarchical: true }),
  },
})

/** Wednesday, 14:30 in UTC, 15:30 in Berlin and 10:30 in New York. */
const NOW = '2026-03-18T14:30:00Z'
const BERLIN = 110
const NEW_YORK = 35

const where = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})
const covered = new Set<Operator>()

let dataverse: Emulator
beforeEach(() => {
  dataverse = createEmulator({ tables: [Thing, Leaf, Knot], now: NOW })
})
const found = async (filter: Condition, service: Pick<Emulator, 'retrieveMultiple'> = dataverse) => {
  if (filter.kind === 'compare') covered.add(filter.operator)
  const { rows } = await service.retrieveMultiple<Row>({
    table: 'new_thing',
    columns: ['new_name'],
    filter,
    orders: [{ column: 'new_name' }],
  })
  return rows.map(({ new_name }) => new_name)
}
const refused = (filter: Condition, table = 'new_thing') =>
  dataverse.retrieveMultiple({ table, filter }).then(
    () => 'no error',
    ({ name, message }) => `${name}: ${message}`,
  )

describe('who asks', () => {
  const boss = '0b000000-0000-4000-8000-000000000001'
  const worker = '0b000000-0000-4000-8000-000000000002'
  const trainee = '0b000000-0000-4000-8000-000000000003'
  const stranger = '0b000000-0000-4000-8000-000000000004'
  const unit = '0b000000-0000-4000-8000-0000000000b1'
  const team = '0b000000-0000-4000-8000-0000000000c1'
  const traineesTeam = '0b000000-0000-4000-8000-0000000000c2'

  beforeEach(async () => {
    await dataverse.seed('businessunit', { businessunitid: unit, name: 'Sales' })
    const user = (systemuserid: string, fullname: string, manager?: string) => ({
      systemuserid,
      fullname,
      businessunitid: reference('businessunit', unit),
      ...(manager === undefined ? {} : { parentsystemuserid: reference('systemuser', manager) }),
    })
    await dataverse.seed('systemuser', [
      user(boss, 'Boss'),
      user(worker, 'Worker', boss),
      user(trainee, 'Trainee', worker),
      user(stranger, 'Stranger'),
    ])
    await dataverse.seed('team', [
      { teamid: team, name: 'Bosses' },
      { teamid: traineesTeam, name: 'Trainees' },
    ])
    await dataverse.seed('teammembership', [
      { teamid: team, systemuserid: boss },
      { teamid: traineesTeam, systemuserid: trainee },
    ])
    const owned = (new_name: string, table: string, id: string) => ({ new_name, ownerid: reference(table, id) })
    await dataverse.seed('new_thing', [
      { ...owned('boss', 'systemuser', boss), new_user: reference('systemuser', boss), new_language: 1031 },
      { ...owned('worker', 'systemuser', worker), new_unit: reference('businessunit', unit), new_language: 1033 },
      owned('trainee', 'systemuser', trainee),
      owned('stranger', 'systemuser', stranger),
      owned('team', 'team', team),
      owned('trainees', 'team', traineesTeam),
    ])
    await dataverse.seed('usersettings', { systemuserid: boss, uilanguageid: 1031 })
  })

  test.each<[string, Operator, string[]]>([
    ['ownerid', 'eq-userid', ['boss']],
    ['ownerid', 'ne-userid', ['stranger', 'team', 'trainee', 'trainees', 'worker']],
    // A row without a value is another one.
    ['new_user', 'ne-userid', ['stranger', 'team', 'trainee', 'trainees', 'worker']],
    ['ownerid', 'eq-userteams', ['team']],
    ['ownerid', 'eq-useroruserteams', ['boss', 'team']],
    ['ownerid', 'eq-useroruserhierarchy', ['boss', 'trainee', 'worker']],
    ['ownerid', 'eq-useroruserhierarchyandteams', ['boss', 'team', 'trainee', 'trainees', 'worker']],
    ['new_unit', 'eq-businessid', ['worker']],
    ['new_unit', 'ne-businessid', ['boss', 'stranger', 'team', 'trainee', 'trainees']],
    ['new_language', 'eq-userlanguage', ['boss']],
  ])('%s %s', async (column, operator, expected) => {
    expect(await found(where(column, operator), dataverse.as(boss))).toEqual(expected)
  })

  test('one query that cannot change gives everyone their own answer', async () => {
    const filter = Object.freeze({
      kind: 'compare',
      column: 'ownerid',
      operator: 'eq-userid',
      values: Object.freeze([]),
    })
    const query = Object.freeze({ table: 'new_thing', columns: Object.freeze(['new_name']), filter }) as never
    const names = async (user: string) => (await dataverse.as(user).retrieveMultiple<Row>(query)).rows
    expect(await names(boss)).toEqual([{ new_name: 'boss' }])
    expect(await names(worker)).toEqual([{ new_name: 'worker' }])
  })

  test('is refused on a column that holds no ids', async () => {
    expect(await refused(where('new_name', 'eq-userid'))).toMatch(/QueryBuilderInvalid_Value.*compares ids/)
  })
})

describe('hierarchies', () => {
  const id = (n: number) => `0c000000-0000-4000-8000-00000000000${n}`
  beforeEach(async () => {
    const thing = (n: number, new_name: string, parent?: number) => ({
      new_thingid: id(n),
      new_name,
      ...(parent === undefined ? {} : { new_parent: reference('new_thing', id(parent)) }),
    })
    await dataverse.seed('new_thing', [
      thing(1, 'root'),
      thing(2, 'left', 1),
      thing(3, 'right', 1),
      thing(4, 'leaf', 2),
      thing(5, 'alone'),
    ])
  })

  test.each<[Operator, number, string[]]>([
    ['above', 4, ['left', 'root']],
    ['eq-or-above', 4, ['leaf', 'left', 'root']],
    ['under', 1, ['leaf', 'left', 'right']],
    ['eq-or-under', 1, ['leaf', 'left', 'right', 'root']],
    ['not-under', 1, ['alone', 'root']],
  ])('%s', async (operator, n, expected) => {
    expect(await found(where('new_thingid', operator, id(n)))).toEqual(expected)
  })

  test('of another table are looked at through a lookup', async () => {
    await dataverse.seed('new_leaf', [
      { new_name: 'on left', new_thing: reference('new_thing', id(2)) },
      { new_name: 'on alone', new_thing: reference('new_thing', id(5)) },
    ])
    const { rows } = await dataverse.retrieveMultiple<Row>({
      table: 'new_leaf',
      filter: where('new_thing', 'under', id(1)),
    })
    expect(rows.map(({ new_name }) => new_name)).toEqual(['on left'])
  })

  test('that go round end somewhere', async () => {
    await dataverse.update('new_thing', id(1), { new_parent: reference('new_thing', id(4)) })
    expect(await found(where('new_thingid', 'above', id(4)))).toEqual(['leaf', 'left', 'root'])
    expect(await found(where('new_thingid', 'under', id(4)))).toEqual(['leaf', 'left', 'right', 'root'])
  })

  test('follow the lookup that is declared to be hierarchical', async () => {
    await dataverse.seed('new_knot', { new_knotid: id(1), new_name: 'top' })
    const up = { new_up: reference('new_knot', id(1)), new_left: reference('new_knot', id(1)) }
    await dataverse.seed('new_knot', [
      { ...up, new_name: 'below' },
      { new_name: 'beside', new_left: reference('new_knot', id(1)) },
    ])
    const { rows } = await dataverse.retrieveMultiple<Row>({
      table: 'new_knot',
      filter: where('new_knotid', 'under', id(1)),
    })
    expect(rows.map(({ new_name }) => new_name)).toEqual(['below'])
  })

  test('are refused where there is none, and for what is no id', async () => {
    expect(await refused(where('new_leafid', 'under', id(1)), 'new_leaf')).toMatch(/no hierarchical relationship/)
    expect(await refused(where('new_thingid', 'under', 'root'))).toMatch(/QueryBuilderInvalid_Value.*takes the id/)
    expect(await refused(where('new_name', 'under', id(1)))).toMatch(/QueryBuilderInvalid_Value/)
  })

  test('can be counted, a level at a time', async () => {
    const { rows } = await dataverse.retrieveMultiple<Row>({
      table: 'new_thing',
      columns: ['new_name', { column: 'new_thingid', alias: 'children', rowAggregate: 'CountChildren' }],
    })
    expect(rows.map(({ new_name, children }) => [new_name, children])).toEqual([
      ['root', 2],
      ['left', 1],
      ['right', 0],
      ['leaf', 0],
      ['alone', 0],
    ])
  })
})

describe('dates', () => {
  const at = (...moments: string[]) =>
    dataverse.seed('new_thing', moments.map((moment) => ({ new_name: moment, new_at: moment })) as never)
  const zone = async (code: number) => {
    await dataverse.seed('usersettings', { systemuserid: dataverse.organization.userId, timezonecode: code })
  }

  test.each<[Operator, ColumnValue[], string[]]>([
    ['today', [], ['2026-03-18T00:00:00Z', '2026-03-18T23:59:59Z']],
    ['yesterday', [], ['2026-03-17T23:59:59Z']],
    ['tomorrow', [], ['2026-03-19T00:00:00Z']],
    ['on', ['2026-03-18'], ['2026-03-18T00:00:00Z', '2026-03-18T23:59:59Z']],
    ['on', ['2026-03-17T12:00:00Z'], ['2026-03-17T23:59:59Z']],
    ['on', [new Date('2026-03-17T12:00:00Z')], ['2026-03-17T23:59:59Z']],
    ['on-or-before', ['2026-03-17'], ['2026-03-17T23:59:59Z']],
    ['on-or-after', ['2026-03-19'], ['2026-03-19T00:00:00Z']],
    ['last-x-days', [1], ['2026-03-17T23:59:59Z', '2026-03-18T00:00:00Z']],
    ['next-x-days', ['1'], ['2026-03-18T23:59:59Z', '2026-03-19T00:00:00Z']],
    ['olderthan-x-hours', [14], ['2026-03-17T23:59:59Z', '2026-03-18T00:00:00Z']],
    ['eq', ['2026-03-18'], ['2026-03-18T00:00:00Z']],
    ['between', ['2026-03-18', '2026-03-19'], ['2026-03-18T00:00:00Z', '2026-03-18T23:59:59Z', '2026-03-19T00:00:00Z']],
  ])('%s %j in UTC', async (operator, values, expected) => {
    await at('2026-03-17T23:59:59Z', '2026-03-18T00:00:00Z', '2026-03-18T23:59:59Z', '2026-03-19T00:00:00Z')
    expect(await found(where('new_at', operator, ...values))).toEqual(expected)
  })

  test.each<[string, number, Operator, ColumnValue[], string[]]>([
    ['Berlin', BERLIN, 'today', [], ['2026-03-17T23:00:00Z', '2026-03-18T22:59:59Z']],
    ['New York', NEW_YORK, 'today', [], ['2026-03-18T22:59:59Z', '2026-03-18T23:00:00Z']],
    ['Berlin', BERLIN, 'on', ['2026-03-19'], ['2026-03-18T23:00:00Z']],
    ['Berlin', BERLIN, 'eq', ['2026-03-18'], ['2026-03-17T23:00:00Z']],
    ['Berlin', BERLIN, 'ge', ['2026-03-18T23:59:59'], ['2026-03-18T22:59:59Z', '2026-03-18T23:00:00Z']],
  ])('in the time zone of the caller, %s: %s %s %j', async (_, code, operator, values, expected) => {
    await zone(code)
    await at('2026-03-17T22:59:59Z', '2026-03-17T23:00:00Z', '2026-03-18T22:59:59Z', '2026-03-18T23:00:00Z')
    expect(await found(where('new_at', operator, ...values))).toEqual(expected)
  })

  test('that are the same for everyone are not translated, and days have no hours', async () => {
    await zone(NEW_YORK)
    await dataverse.seed('new_thing', [
      { new_name: 'a', new_fixed: '2026-03-18T00:00:00Z', new_day: '2026-03-18' },
      { new_name: 'b', new_fixed: '2026-03-17T23:59:59Z', new_day: '2026-03-17' },
      { new_name: 'c', new_fixed: '2026-03-18T23:59:59Z', new_day: '2026-03-19' },
    ] as never)
    expect(await found(where('new_fixed', 'today'))).toEqual(['a', 'c'])
    expect(await found(where('new_fixed', 'eq', '2026-03-18'))).toEqual(['a'])
    expect(await found(where('new_day', 'today'))).toEqual(['a'])
    expect(await found(where('new_day', 'on-or-before', '2026-03-18T22:00:00'))).toEqual(['a', 'b'])
    expect(await found(where('new_day', 'last-x-days', 1))).toEqual(['a', 'b'])
    expect(await found(where('new_day', 'next-x-days', 1))).toEqual(['a', 'c'])
    expect(await found(where('new_day', 'olderthan-x-days', 1))).toEqual([])
    expect(await found(where('new_day', 'in-fiscal-period', 1))).toEqual(['a', 'b', 'c'])
    expect(await refused(where('new_day', 'last-x-hours', 1))).toMatch(/QueryBuilderInvalid_Value.*counts hours/)
  })

  test('hours are real ones when the clocks change', async () => {
    await zone(BERLIN)
    // At 01:00 in UTC, clocks in Berlin went from 02:00 to 03:00.
    dataverse.clock.set('2026-03-29T02:00:00Z')
    await at('2026-03-28T23:59:59Z', '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z')
    expect(await found(where('new_at', 'last-x-hours', 2))).toEqual(['2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z'])
    dataverse.clock.set('2026-03-29T22:00:00Z')
    await at('2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z')
    // That day has 23 hours.
    expect(await found(where('new_at', 'yesterday'))).toEqual([
      '2026-03-28T23:00:00Z',
      '2026-03-28T23:59:59Z',
      '2026-03-29T00:00:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-29T21:59:59Z',
    ])
  })

  test('follow the clock that a test turns, also in a query that cannot change', async () => {
    await at('2026-03-18T12:00:00Z', '2026-03-19T12:00:00Z')
    const filter = Object.freeze({ kind: 'compare', column: 'new_at', operator: 'today', values: Object.freeze([]) })
    const query = Object.freeze({ table: 'new_thing', columns: Object.freeze(['new_name']), filter }) as never
    expect((await dataverse.retrieveMultiple(query)).rows).toEqual([{ new_name: '2026-03-18T12:00:00Z' }])
    dataverse.clock.set('2026-03-19T08:00:00Z')
    expect((await dataverse.retrieveMultiple(query)).rows).toEqual([{ new_name: '2026-03-19T12:00:00Z' }])
  })

  test('know the fiscal year and the week of the organization', async () => {
    await at('2025-06-30T12:00:00Z', '2025-07-01T12:00:00Z', '2026-03-01T12:00:00Z', '2026-03-15T12:00:00Z')
    await dataverse.update('organization', dataverse.organization.organizationId, {
      fiscalcalendarstart: '2000-07-01T00:00:00Z',
      fiscalperiodtype: 2003,
      weekstartdaycode: 1,
    })
    expect(await found(where('new_at', 'this-fiscal-year'))).toHaveLength(3)
    expect(await found(where('new_at', 'this-fiscal-period'))).toHaveLength(2)
    expect(await found(where('new_at', 'in-fiscal-period', 12))).toEqual(['2025-06-30T12:00:00Z'])
    expect(await found(where('new_at', 'in-fiscal-period-and-year', 1, 2025))).toEqual(['2025-07-01T12:00:00Z'])
    expect(await found(where('new_at', 'this-week'))).toEqual([])
    expect(await found(where('new_at', 'last-week'))).toEqual(['2026-03-15T12:00:00Z'])
    expect(await refused(where('new_at', 'in-fiscal-period', 13))).toMatch(/has 12 periods, not 13/)
  })

  test.each<[string, Condition, RegExp]>([
    ['on a text', where('new_name', 'today'), /compares dates/],
    ['with a number that is none', where('new_at', 'last-x-days', 'many'), /whole number above 0/],
    ['with nothing', where('new_at', 'last-x-days', 0), /whole number above 0/],
    ['with less than nothing', where('new_at', 'last-x-days', -1), /whole number above 0/],
    ['with too much', where('new_at', 'last-x-years', 1e12), /whole number above 0/],
    ['without its number', where('new_at', 'last-x-days'), /takes one value, but got 0/],
    ['with a number too many', where('new_at', 'today', 1), /takes no value, but got 1/],
    ['with no day', where('new_at', 'on', 'soon'), /takes a day/],
    ['with no such day', where('new_at', 'on', '2026-02-30'), /takes a day/],
  ])('are refused %s', async (_, filter, expected) => {
    expect(await refused(filter)).toMatch(expected)
  })

  test('far beyond the calendar are no error', async () => {
    await at('2026-03-18T12:00:00Z')
    for (const operator of ['last-x-years', 'next-x-years', 'olderthan-x-years'] as const) {
      expect(await refused(where('new_at', operator, 1_000_000))).toBe('no error')
      expect(await refused(where('new_day', operator, 1_000_000))).toBe('no error')
    }
  })
})

describe('values', () => {
  let contoso: string
  beforeEach(async () => {
    contoso = await dataverse.seed('new_thing', {
      new_name: 'Contoso',
      new_count: 12,
      new_colours: [1, 12],
      new_story: 'long',
    })
    await dataverse.seed('new_thing', { new_name: 'Nothing' })
  })

  test.each<[string, Operator, string[], string[]]>([
    ['new_count', 'eq', ['12'], ['Contoso']],
    ['new_count', 'gt', [' 1.2e1 '], []],
    ['new_count', 'in', ['1', '12'], ['Contoso']],
    ['new_colours', 'contain-values', ['12'], ['Contoso']],
    ['new_colours', 'contain-values', ['2'], []],
    ['new_colours', 'not-contain-values', ['2'], ['Contoso', 'Nothing']],
    ['new_colours', 'eq', ['12,1'], ['Contoso']],
    ['new_colours', 'null', [], ['Nothing']],
    ['statecode', 'eq', ['0'], ['Contoso', 'Nothing']],
  ])('may be texts: %s %s %j', async (column, operator, values, expected) => {
    expect(await found(where(column, operator, ...values))).toEqual(expected)
  })

  test('may be ids in braces', async () => {
    expect(await found(where('new_thingid', 'eq', `{${contoso.toUpperCase()}}`))).toEqual(['Contoso'])
  })

  test.each<[string, Condition, RegExp]>([
    ['a number with letters', where('new_count', 'eq', '12x'), /QueryBuilderInvalid_Value/],
    ['an empty number', where('new_count', 'eq', ''), /QueryBuilderInvalid_Value/],
    ['a list on a long text', where('new_story', 'in', 'a'), /unManagedidsfetchbetweentext/],
    ['a range on a long text', where('new_story', 'not-between', 'a', 'b'), /unManagedidsfetchbetweentext/],
    ['a value that a null test does not take', where('new_count', 'null', 1), /takes no value/],
    [
      'columns of different kinds',
      { kind: 'compareColumns', column: 'new_name', operator: 'eq', with: { column: 'new_count' } },
      /QueryBuilderBad_Condition/,
    ],
  ])('are refused: %s', async (_, filter, expected) => {
    expect(await refused(filter)).toMatch(expected)
  })
})

test('every operator that depends on who asks or when has been asked here', () => {
  const rest = operators.slice(operators.indexOf('eq-userid'))
  // Those of the calendar have a table of their own, beside their file.
  const isOfTheCalendar = (operator: string) => /week|month|year|fiscal|seven|-x-/.test(operator)
  expect(rest.filter((operator) => !covered.has(operator) && !isOfTheCalendar(operator))).toEqual([])
})
