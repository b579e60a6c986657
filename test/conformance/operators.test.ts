import { beforeAll, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { type Client, connect, environment, sample, Thing } from './environment.ts'
import { feature } from './feature.ts'

const id = (n: number) => `6c000000-0000-4000-8000-00000000000${n}`
const [root, leaf] = [id(1), id(4)]

let client: Client
const names = (body: { value: { new_name: string }[] }) => body.value.map(({ new_name }) => new_name)

/** The names of the things that a FetchXML condition finds. */
async function byOperator(column: string, operator: string, values: readonly string[], headers = {}) {
  const body = values.map((value) => `<value>${value}</value>`).join('')
  const xml = `<fetch><entity name="new_thing"><attribute name="new_name"/><order attribute="new_name"/><filter><condition attribute="${column}" operator="${operator}">${body}</condition></filter></entity></fetch>`
  return names((await client.get(`/new_things?fetchXml=${encodeURIComponent(xml)}`, headers)).body)
}

/** The names of the things that a query function finds. */
async function byFunction(call: string, headers = {}) {
  const filter = encodeURIComponent(`Microsoft.Dynamics.CRM.${call}`)
  return names((await client.get(`/new_things?$select=new_name&$orderby=new_name&$filter=${filter}`, headers)).body)
}

describe('comparing values', () => {
  beforeAll(async () => {
    const { dataverse } = environment()
    client = connect(dataverse)
    await dataverse.seed('new_thing', [
      { new_name: 'alpha', new_number: 1, new_colours: [1, 2] },
      { new_name: 'beta', new_number: 2, new_colours: [12] },
      { new_name: 'gamma', new_number: 3 },
      { new_name: 'delta' },
    ])
  })

  test.each<[string, string, string, string[], string[]]>([
    [feature('operator.eq'), 'new_name', 'eq', ['ALPHA'], ['alpha']],
    [feature('operator.ne'), 'new_number', 'ne', ['2'], ['alpha', 'delta', 'gamma']],
    [feature('operator.neq'), 'new_number', 'neq', ['2'], ['alpha', 'delta', 'gamma']],
    [feature('operator.gt'), 'new_number', 'gt', ['2'], ['gamma']],
    [feature('operator.ge'), 'new_number', 'ge', ['2'], ['beta', 'gamma']],
    [feature('operator.lt'), 'new_number', 'lt', ['2'], ['alpha']],
    [feature('operator.le'), 'new_number', 'le', ['2'], ['alpha', 'beta']],
    [feature('operator.null'), 'new_number', 'null', [], ['delta']],
    [feature('operator.not-null'), 'new_number', 'not-null', [], ['alpha', 'beta', 'gamma']],
    [feature('operator.in'), 'new_number', 'in', ['1', '3'], ['alpha', 'gamma']],
    [feature('operator.not-in'), 'new_number', 'not-in', ['1', '3'], ['beta', 'delta']],
    [feature('operator.between'), 'new_number', 'between', ['2', '3'], ['beta', 'gamma']],
    [feature('operator.not-between'), 'new_number', 'not-between', ['2', '3'], ['alpha', 'delta']],
    [feature('operator.like'), 'new_name', 'like', ['_[a-f]%t_'], ['beta', 'delta']],
    [feature('operator.not-like'), 'new_name', 'not-like', ['%ta'], ['alpha', 'gamma']],
    [feature('operator.begins-with'), 'new_name', 'begins-with', ['GA'], ['gamma']],
    [feature('operator.not-begin-with'), 'new_name', 'not-begin-with', ['ga'], ['alpha', 'beta', 'delta']],
    [feature('operator.ends-with'), 'new_name', 'ends-with', ['ta'], ['beta', 'delta']],
    [feature('operator.not-end-with'), 'new_name', 'not-end-with', ['ta'], ['alpha', 'gamma']],
    [feature('operator.contain-values'), 'new_colours', 'contain-values', ['2', '12'], ['alpha', 'beta']],
    [feature('operator.not-contain-values'), 'new_colours', 'not-contain-values', ['1'], ['beta', 'delta', 'gamma']],
  ])('%s', async (_title, column, operator, values, expected) => {
    expect(await byOperator(column, operator, values)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    [feature('function.In'), 'In(PropertyName=\'new_number\',PropertyValues=["1","3"])', ['alpha', 'gamma']],
    [feature('function.NotIn'), 'NotIn(PropertyName=\'new_number\',PropertyValues=["1","3"])', ['beta', 'delta']],
    [feature('function.Between'), 'Between(PropertyName=\'new_number\',PropertyValues=["2","3"])', ['beta', 'gamma']],
    [
      feature('function.NotBetween'),
      'NotBetween(PropertyName=\'new_number\',PropertyValues=["2","3"])',
      ['alpha', 'delta'],
    ],
    [
      feature('function.ContainValues'),
      'ContainValues(PropertyName=\'new_colours\',PropertyValues=["2","12"])',
      ['alpha', 'beta'],
    ],
    [
      feature('function.DoesNotContainValues'),
      'DoesNotContainValues(PropertyName=\'new_colours\',PropertyValues=["1"])',
      ['beta', 'delta', 'gamma'],
    ],
  ])('%s', async (_title, text, expected) => {
    expect(await byFunction(text)).toEqual(expected)
  })
})

describe('hierarchies', () => {
  beforeAll(async () => {
    const { dataverse } = environment()
    client = connect(dataverse)
    const below = (parent: string) => ({ new_parent: reference(Thing, parent) })
    await dataverse.seed('new_thing', [
      { new_thingid: root, new_name: 'root' },
      { new_thingid: id(2), new_name: 'left', ...below(root) },
      { new_thingid: id(3), new_name: 'right', ...below(root) },
      { new_thingid: leaf, new_name: 'leaf', ...below(id(2)) },
      { new_name: 'alone' },
    ])
  })

  test.each<[string, string, string, string[], string[]]>([
    [feature('operator.above'), 'new_thingid', 'above', [leaf], ['left', 'root']],
    [feature('operator.eq-or-above'), 'new_thingid', 'eq-or-above', [leaf], ['leaf', 'left', 'root']],
    [feature('operator.under'), 'new_thingid', 'under', [root], ['leaf', 'left', 'right']],
    [feature('operator.eq-or-under'), 'new_thingid', 'eq-or-under', [root], ['leaf', 'left', 'right', 'root']],
    [feature('operator.not-under'), 'new_thingid', 'not-under', [root], ['alone', 'root']],
  ])('%s', async (_title, column, operator, values, expected) => {
    expect(await byOperator(column, operator, values)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    [feature('function.Above'), `Above(PropertyName='new_thingid',PropertyValue='${leaf}')`, ['left', 'root']],
    [
      feature('function.AboveOrEqual'),
      `AboveOrEqual(PropertyName='new_thingid',PropertyValue='${leaf}')`,
      ['leaf', 'left', 'root'],
    ],
    [feature('function.Under'), `Under(PropertyName='new_thingid',PropertyValue='${root}')`, ['leaf', 'left', 'right']],
    [
      feature('function.UnderOrEqual'),
      `UnderOrEqual(PropertyName='new_thingid',PropertyValue='${root}')`,
      ['leaf', 'left', 'right', 'root'],
    ],
    [feature('function.NotUnder'), `NotUnder(PropertyName='new_thingid',PropertyValue='${root}')`, ['alone', 'root']],
  ])('%s', async (_title, text, expected) => {
    expect(await byFunction(text)).toEqual(expected)
  })
})

describe('time', () => {
  beforeAll(async () => {
    const { dataverse } = environment()
    client = connect(dataverse)
    /** Letters in order of time, around Wednesday the 18th of March 2026 at 14:30. */
    const moments = {
      a: '2024-06-01T12:00:00Z',
      b: '2025-02-10T12:00:00Z',
      c: '2025-11-20T12:00:00Z',
      d: '2026-01-05T12:00:00Z',
      e: '2026-02-20T12:00:00Z',
      f: '2026-03-11T12:00:00Z',
      g: '2026-03-16T12:00:00Z',
      h: '2026-03-17T08:00:00Z',
      i: '2026-03-18T10:00:00Z',
      j: '2026-03-18T16:00:00Z',
      k: '2026-03-19T12:00:00Z',
      l: '2026-03-24T12:00:00Z',
      m: '2026-04-10T12:00:00Z',
      n: '2026-09-01T12:00:00Z',
      o: '2027-05-05T12:00:00Z',
      p: '2028-01-01T12:00:00Z',
    }
    const rows = Object.entries(moments).map(([new_name, at]) => ({ new_name, new_at: new Date(at) }))
    await dataverse.seed(Thing, rows)
  })

  test.each<[string, string, string, string[], string[]]>([
    [feature('operator.today'), 'new_at', 'today', [], ['i', 'j']],
    [feature('operator.yesterday'), 'new_at', 'yesterday', [], ['h']],
    [feature('operator.tomorrow'), 'new_at', 'tomorrow', [], ['k']],
    [feature('operator.this-week'), 'new_at', 'this-week', [], ['g', 'h', 'i', 'j', 'k']],
    [feature('operator.last-week'), 'new_at', 'last-week', [], ['f']],
    [feature('operator.next-week'), 'new_at', 'next-week', [], ['l']],
    [feature('operator.this-month'), 'new_at', 'this-month', [], ['f', 'g', 'h', 'i', 'j', 'k', 'l']],
    [feature('operator.last-month'), 'new_at', 'last-month', [], ['e']],
    [feature('operator.next-month'), 'new_at', 'next-month', [], ['m']],
    [feature('operator.this-year'), 'new_at', 'this-year', [], ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n']],
    [feature('operator.last-year'), 'new_at', 'last-year', [], ['b', 'c']],
    [feature('operator.next-year'), 'new_at', 'next-year', [], ['o']],
    [feature('operator.last-seven-days'), 'new_at', 'last-seven-days', [], ['g', 'h', 'i', 'j']],
    [feature('operator.next-seven-days'), 'new_at', 'next-seven-days', [], ['i', 'j', 'k', 'l']],
    [feature('operator.last-x-hours'), 'new_at', 'last-x-hours', ['5'], ['i']],
    [feature('operator.next-x-hours'), 'new_at', 'next-x-hours', ['2'], ['j']],
    [feature('operator.last-x-days'), 'new_at', 'last-x-days', ['2'], ['g', 'h', 'i']],
    [feature('operator.next-x-days'), 'new_at', 'next-x-days', ['2'], ['j', 'k']],
    [feature('operator.last-x-weeks'), 'new_at', 'last-x-weeks', ['2'], ['f', 'g', 'h', 'i']],
    [feature('operator.next-x-weeks'), 'new_at', 'next-x-weeks', ['1'], ['j', 'k', 'l']],
    [feature('operator.last-x-months'), 'new_at', 'last-x-months', ['1'], ['e', 'f', 'g', 'h', 'i']],
    [feature('operator.next-x-months'), 'new_at', 'next-x-months', ['1'], ['j', 'k', 'l', 'm']],
    [feature('operator.last-x-years'), 'new_at', 'last-x-years', ['1'], ['c', 'd', 'e', 'f', 'g', 'h', 'i']],
    [feature('operator.next-x-years'), 'new_at', 'next-x-years', ['1'], ['j', 'k', 'l', 'm', 'n']],
    [
      feature('operator.olderthan-x-minutes'),
      'new_at',
      'olderthan-x-minutes',
      ['300'],
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    ],
    [feature('operator.olderthan-x-hours'), 'new_at', 'olderthan-x-hours', ['32'], ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    [feature('operator.olderthan-x-days'), 'new_at', 'olderthan-x-days', ['3'], ['a', 'b', 'c', 'd', 'e', 'f']],
    [feature('operator.olderthan-x-weeks'), 'new_at', 'olderthan-x-weeks', ['2'], ['a', 'b', 'c', 'd', 'e']],
    [feature('operator.olderthan-x-months'), 'new_at', 'olderthan-x-months', ['2'], ['a', 'b', 'c', 'd']],
    [feature('operator.olderthan-x-years'), 'new_at', 'olderthan-x-years', ['1'], ['a', 'b']],
    [feature('operator.on'), 'new_at', 'on', ['2026-03-18'], ['i', 'j']],
    [feature('operator.on-or-before'), 'new_at', 'on-or-before', ['2026-03-11'], ['a', 'b', 'c', 'd', 'e', 'f']],
    [feature('operator.on-or-after'), 'new_at', 'on-or-after', ['2026-09-01'], ['n', 'o', 'p']],
    [
      feature('operator.this-fiscal-year'),
      'new_at',
      'this-fiscal-year',
      [],
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'],
    ],
    [feature('operator.last-fiscal-year'), 'new_at', 'last-fiscal-year', [], ['b', 'c']],
    [feature('operator.next-fiscal-year'), 'new_at', 'next-fiscal-year', [], ['o']],
    [
      feature('operator.this-fiscal-period'),
      'new_at',
      'this-fiscal-period',
      [],
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
    ],
    [feature('operator.last-fiscal-period'), 'new_at', 'last-fiscal-period', [], ['c']],
    [feature('operator.next-fiscal-period'), 'new_at', 'next-fiscal-period', [], ['m']],
    [feature('operator.last-x-fiscal-years'), 'new_at', 'last-x-fiscal-years', ['1'], ['b', 'c']],
    [feature('operator.next-x-fiscal-years'), 'new_at', 'next-x-fiscal-years', ['1'], ['o']],
    [feature('operator.last-x-fiscal-periods'), 'new_at', 'last-x-fiscal-periods', ['1'], ['c']],
    [feature('operator.next-x-fiscal-periods'), 'new_at', 'next-x-fiscal-periods', ['1'], ['m']],
    [feature('operator.in-fiscal-year'), 'new_at', 'in-fiscal-year', ['2025'], ['b', 'c']],
    [
      feature('operator.in-fiscal-period'),
      'new_at',
      'in-fiscal-period',
      ['1'],
      ['b', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'p'],
    ],
    [
      feature('operator.in-fiscal-period-and-year'),
      'new_at',
      'in-fiscal-period-and-year',
      ['1', '2026'],
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
    ],
    [
      feature('operator.in-or-before-fiscal-period-and-year'),
      'new_at',
      'in-or-before-fiscal-period-and-year',
      ['4', '2025'],
      ['a', 'b', 'c'],
    ],
    [
      feature('operator.in-or-after-fiscal-period-and-year'),
      'new_at',
      'in-or-after-fiscal-period-and-year',
      ['3', '2026'],
      ['n', 'o', 'p'],
    ],
  ])('%s', async (_title, column, operator, values, expected) => {
    expect(await byOperator(column, operator, values)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    [feature('function.Today'), "Today(PropertyName='new_at')", ['i', 'j']],
    [feature('function.Yesterday'), "Yesterday(PropertyName='new_at')", ['h']],
    [feature('function.Tomorrow'), "Tomorrow(PropertyName='new_at')", ['k']],
    [feature('function.ThisWeek'), "ThisWeek(PropertyName='new_at')", ['g', 'h', 'i', 'j', 'k']],
    [feature('function.LastWeek'), "LastWeek(PropertyName='new_at')", ['f']],
    [feature('function.NextWeek'), "NextWeek(PropertyName='new_at')", ['l']],
    [feature('function.ThisMonth'), "ThisMonth(PropertyName='new_at')", ['f', 'g', 'h', 'i', 'j', 'k', 'l']],
    [feature('function.LastMonth'), "LastMonth(PropertyName='new_at')", ['e']],
    [feature('function.NextMonth'), "NextMonth(PropertyName='new_at')", ['m']],
    [
      feature('function.ThisYear'),
      "ThisYear(PropertyName='new_at')",
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'],
    ],
    [feature('function.LastYear'), "LastYear(PropertyName='new_at')", ['b', 'c']],
    [feature('function.NextYear'), "NextYear(PropertyName='new_at')", ['o']],
    [feature('function.Last7Days'), "Last7Days(PropertyName='new_at')", ['g', 'h', 'i', 'j']],
    [feature('function.Next7Days'), "Next7Days(PropertyName='new_at')", ['i', 'j', 'k', 'l']],
    [feature('function.LastXHours'), "LastXHours(PropertyName='new_at',PropertyValue='5')", ['i']],
    [feature('function.NextXHours'), "NextXHours(PropertyName='new_at',PropertyValue='2')", ['j']],
    [feature('function.LastXDays'), "LastXDays(PropertyName='new_at',PropertyValue='2')", ['g', 'h', 'i']],
    [feature('function.NextXDays'), "NextXDays(PropertyName='new_at',PropertyValue='2')", ['j', 'k']],
    [feature('function.LastXWeeks'), "LastXWeeks(PropertyName='new_at',PropertyValue='2')", ['f', 'g', 'h', 'i']],
    [feature('function.NextXWeeks'), "NextXWeeks(PropertyName='new_at',PropertyValue='1')", ['j', 'k', 'l']],
    [
      feature('function.LastXMonths'),
      "LastXMonths(PropertyName='new_at',PropertyValue='1')",
      ['e', 'f', 'g', 'h', 'i'],
    ],
    [feature('function.NextXMonths'), "NextXMonths(PropertyName='new_at',PropertyValue='1')", ['j', 'k', 'l', 'm']],
    [
      feature('function.LastXYears'),
      "LastXYears(PropertyName='new_at',PropertyValue='1')",
      ['c', 'd', 'e', 'f', 'g', 'h', 'i'],
    ],
    [feature('function.NextXYears'), "NextXYears(PropertyName='new_at',PropertyValue='1')", ['j', 'k', 'l', 'm', 'n']],
    [
      feature('function.OlderThanXMinutes'),
      "OlderThanXMinutes(PropertyName='new_at',PropertyValue='300')",
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    ],
    [
      feature('function.OlderThanXHours'),
      "OlderThanXHours(PropertyName='new_at',PropertyValue='32')",
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    ],
    [
      feature('function.OlderThanXDays'),
      "OlderThanXDays(PropertyName='new_at',PropertyValue='3')",
      ['a', 'b', 'c', 'd', 'e', 'f'],
    ],
    [
      feature('function.OlderThanXWeeks'),
      "OlderThanXWeeks(PropertyName='new_at',PropertyValue='2')",
      ['a', 'b', 'c', 'd', 'e'],
    ],
    [
      feature('function.OlderThanXMonths'),
      "OlderThanXMonths(PropertyName='new_at',PropertyValue='2')",
      ['a', 'b', 'c', 'd'],
    ],
    [feature('function.OlderThanXYears'), "OlderThanXYears(PropertyName='new_at',PropertyValue='1')", ['a', 'b']],
    [feature('function.On'), "On(PropertyName='new_at',PropertyValue='2026-03-18')", ['i', 'j']],
    [
      feature('function.OnOrBefore'),
      "OnOrBefore(PropertyName='new_at',PropertyValue='2026-03-11')",
      ['a', 'b', 'c', 'd', 'e', 'f'],
    ],
    [feature('function.OnOrAfter'), "OnOrAfter(PropertyName='new_at',PropertyValue='2026-09-01')", ['n', 'o', 'p']],
    [
      feature('function.ThisFiscalYear'),
      "ThisFiscalYear(PropertyName='new_at')",
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'],
    ],
    [feature('function.LastFiscalYear'), "LastFiscalYear(PropertyName='new_at')", ['b', 'c']],
    [feature('function.NextFiscalYear'), "NextFiscalYear(PropertyName='new_at')", ['o']],
    [
      feature('function.ThisFiscalPeriod'),
      "ThisFiscalPeriod(PropertyName='new_at')",
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
    ],
    [feature('function.LastFiscalPeriod'), "LastFiscalPeriod(PropertyName='new_at')", ['c']],
    [feature('function.NextFiscalPeriod'), "NextFiscalPeriod(PropertyName='new_at')", ['m']],
    [feature('function.LastXFiscalYears'), "LastXFiscalYears(PropertyName='new_at',PropertyValue='1')", ['b', 'c']],
    [feature('function.NextXFiscalYears'), "NextXFiscalYears(PropertyName='new_at',PropertyValue='1')", ['o']],
    [feature('function.LastXFiscalPeriods'), "LastXFiscalPeriods(PropertyName='new_at',PropertyValue='1')", ['c']],
    [feature('function.NextXFiscalPeriods'), "NextXFiscalPeriods(PropertyName='new_at',PropertyValue='1')", ['m']],
    [feature('function.InFiscalYear'), "InFiscalYear(PropertyName='new_at',PropertyValue='2025')", ['b', 'c']],
    [
      feature('function.InFiscalPeriod'),
      "InFiscalPeriod(PropertyName='new_at',PropertyValue='1')",
      ['b', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'p'],
    ],
    [
      feature('function.InFiscalPeriodAndYear'),
      "InFiscalPeriodAndYear(PropertyName='new_at',PropertyValue1=1,PropertyValue2=2026)",
      ['d', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
    ],
    [
      feature('function.InOrBeforeFiscalPeriodAndYear'),
      "InOrBeforeFiscalPeriodAndYear(PropertyName='new_at',PropertyValue1=4,PropertyValue2=2025)",
      ['a', 'b', 'c'],
    ],
    [
      feature('function.InOrAfterFiscalPeriodAndYear'),
      "InOrAfterFiscalPeriodAndYear(PropertyName='new_at',PropertyValue1=3,PropertyValue2=2026)",
      ['n', 'o', 'p'],
    ],
  ])('%s', async (_title, text, expected) => {
    expect(await byFunction(text)).toEqual(expected)
  })
})

describe('who asks', () => {
  const [stranger, unit, workers] = [id(5), id(6), id(7)]
  const asBoss = { MSCRMCallerID: sample.boss }

  /** The worker is below the boss, and each has a team. */
  beforeAll(async () => {
    const { dataverse } = environment()
    client = connect(dataverse)
    await dataverse.seed('businessunit', { businessunitid: unit, name: 'Sales' })
    await dataverse.update('systemuser', sample.boss, { businessunitid: reference('businessunit', unit) })
    await dataverse.seed('systemuser', { systemuserid: stranger, fullname: 'Stranger' })
    await dataverse.seed('team', { teamid: workers, name: 'Workers' })
    await dataverse.seed('teammembership', [
      { teamid: sample.team, systemuserid: sample.boss },
      { teamid: workers, systemuserid: sample.worker },
    ])
    await dataverse.seed('usersettings', { systemuserid: sample.boss, uilanguageid: 1031 })
    const of = (new_name: string, table: string, owner: string) => ({ new_name, ownerid: reference(table, owner) })
    await dataverse.seed('new_thing', [
      { ...of('boss', 'systemuser', sample.boss), new_language: 1031 },
      { ...of('worker', 'systemuser', sample.worker), new_language: 1033, new_unit: reference('businessunit', unit) },
      of('stranger', 'systemuser', stranger),
      of('team', 'team', sample.team),
      of('workers', 'team', workers),
    ])
  })

  test.each<[string, string, string, string[], string[]]>([
    [feature('operator.eq-userid'), 'ownerid', 'eq-userid', [], ['boss']],
    [feature('operator.ne-userid'), 'ownerid', 'ne-userid', [], ['stranger', 'team', 'worker', 'workers']],
    [feature('operator.eq-businessid'), 'new_unit', 'eq-businessid', [], ['worker']],
    [feature('operator.ne-businessid'), 'new_unit', 'ne-businessid', [], ['boss', 'stranger', 'team', 'workers']],
    [feature('operator.eq-userteams'), 'ownerid', 'eq-userteams', [], ['team']],
    [feature('operator.eq-useroruserteams'), 'ownerid', 'eq-useroruserteams', [], ['boss', 'team']],
    [feature('operator.eq-useroruserhierarchy'), 'ownerid', 'eq-useroruserhierarchy', [], ['boss', 'worker']],
    [
      feature('operator.eq-useroruserhierarchyandteams'),
      'ownerid',
      'eq-useroruserhierarchyandteams',
      [],
      ['boss', 'team', 'worker', 'workers'],
    ],
    [feature('operator.eq-userlanguage'), 'new_language', 'eq-userlanguage', [], ['boss']],
  ])('%s', async (_title, column, operator, values, expected) => {
    expect(await byOperator(column, operator, values, asBoss)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    [feature('function.EqualUserId'), "EqualUserId(PropertyName='ownerid')", ['boss']],
    [
      feature('function.NotEqualUserId'),
      "NotEqualUserId(PropertyName='ownerid')",
      ['stranger', 'team', 'worker', 'workers'],
    ],
    [feature('function.EqualBusinessId'), "EqualBusinessId(PropertyName='new_unit')", ['worker']],
    [
      feature('function.NotEqualBusinessId'),
      "NotEqualBusinessId(PropertyName='new_unit')",
      ['boss', 'stranger', 'team', 'workers'],
    ],
    [feature('function.EqualUserTeams'), "EqualUserTeams(PropertyName='ownerid')", ['team']],
    [feature('function.EqualUserOrUserTeams'), "EqualUserOrUserTeams(PropertyName='ownerid')", ['boss', 'team']],
    [
      feature('function.EqualUserOrUserHierarchy'),
      "EqualUserOrUserHierarchy(PropertyName='ownerid')",
      ['boss', 'worker'],
    ],
    [
      feature('function.EqualUserOrUserHierarchyAndTeams'),
      "EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')",
      ['boss', 'team', 'worker', 'workers'],
    ],
    [feature('function.EqualUserLanguage'), "EqualUserLanguage(PropertyName='new_language')", ['boss']],
  ])('%s', async (_title, text, expected) => {
    expect(await byFunction(text, asBoss)).toEqual(expected)
  })
})
