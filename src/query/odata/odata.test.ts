import { describe, expect, test } from 'vitest'
import { Project, tables } from '../../../test/emulator/tables.ts'
import { scopeOf } from '../../../test/query/odata-scope.ts'
import { type ColumnValue, type Condition, DataverseError, type Operator } from '../../service/index.ts'
import { parseApply, parseExpand, parseODataFilter, parseOrderBy, parseSelect, queryFunctions } from '../index.ts'

const scope = scopeOf(Project, tables)
const GUID = '11111111-2222-3333-4444-555555555555'
const where = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})
const on = (link: string, column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  link,
  operator,
  values,
})
const and = (...conditions: Condition[]): Condition => ({ kind: 'and', conditions })
const or = (...conditions: Condition[]): Condition => ({ kind: 'or', conditions })
const not = (condition: Condition): Condition => ({ kind: 'not', condition })
const filter = (text: string, aliases: Record<string, string> = {}) =>
  parseODataFilter(text, scope, new Map(Object.entries(aliases))).filter

/** The error as it is told: its code and its text. */
function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (DataverseError.isInstance(error)) return `${error.hexCode} ${error.message}`
    throw error
  }
  return 'no error'
}

describe('$filter', () => {
  test.each<[string, Condition]>([
    ["new_name eq 'Alpha'", where('new_name', 'eq', 'Alpha')],
    ["new_name eq 'O''Brien''s'", where('new_name', 'eq', "O'Brien's")],
    ["new_name eq ''", where('new_name', 'eq', '')],
    ['new_seats gt 10', where('new_seats', 'gt', 10)],
    ['new_seats ge -10', where('new_seats', 'ge', -10)],
    ['10 lt new_seats', where('new_seats', 'gt', 10)],
    ['new_budget le 1.5e3', where('new_budget', 'le', 1500)],
    ['new_budget lt 12.50M', where('new_budget', 'lt', 12.5)],
    ['new_billable eq true', where('new_billable', 'eq', true)],
    ['new_billable', where('new_billable', 'eq', true)],
    ['not new_billable', where('new_billable', 'ne', true)],
    ['new_priority ne 100000000', where('new_priority', 'ne', 100_000_000)],
    ['new_due ge 2026-03-01', where('new_due', 'ge', '2026-03-01')],
    ['new_started gt 2026-03-01T08:00:00Z', where('new_started', 'gt', new Date('2026-03-01T08:00:00Z'))],
    ['new_started gt 2026-03-01T08:00:00.5+01:00', where('new_started', 'gt', new Date('2026-03-01T07:00:00.5Z'))],
    ['new_started lt 2026-03-01', where('new_started', 'lt', '2026-03-01')],
    [`_new_customer_value eq ${GUID}`, where('new_customer', 'eq', GUID)],
    [`_new_customer_value eq '${GUID}'`, where('new_customer', 'eq', GUID)],
    [`new_projectid ne ${GUID.toUpperCase()}`, where('new_projectid', 'ne', GUID)],
    ['new_seats eq null', where('new_seats', 'null')],
    ['null ne new_seats', where('new_seats', 'not-null')],
    ['new_seats gt null', where('new_seats', 'in')],
    ["contains(new_name,'a%b')", where('new_name', 'like', '%a%b%')],
    ["startswith(new_name, 'a')", where('new_name', 'like', 'a%')],
    ["endswith( new_name,'a' )", where('new_name', 'like', '%a')],
    ["not contains(new_name,'a')", where('new_name', 'not-like', '%a%')],
    ["not not contains(new_name,'a')", where('new_name', 'like', '%a%')],
    ['not (new_seats gt 1)', not(where('new_seats', 'gt', 1))],
    ['not (new_seats eq null)', where('new_seats', 'not-null')],
    [
      'new_seats eq 1 and new_seats eq 2 or new_seats eq 3',
      or(and(where('new_seats', 'eq', 1), where('new_seats', 'eq', 2)), where('new_seats', 'eq', 3)),
    ],
    [
      'new_seats eq 1 and (new_seats eq 2 or new_seats eq 3)',
      and(where('new_seats', 'eq', 1), or(where('new_seats', 'eq', 2), where('new_seats', 'eq', 3))),
    ],
    ['((new_seats)) eq (5)', where('new_seats', 'eq', 5)],
    [
      'new_budget gt new_seats',
      { kind: 'compareColumns', column: 'new_budget', operator: 'gt', with: { column: 'new_seats' } },
    ],
  ])('%s', (text, expected) => {
    expect(filter(text)).toEqual(expected)
  })

  test('a path through lookups is a column of an outer join, and paths share their joins', () => {
    const text =
      "new_customer/new_title eq 'A' and new_parent/new_customer/new_title ne 'B' and new_parent/new_seats gt 1"
    expect(parseODataFilter(text, scope)).toEqual({
      filter: and(
        on('new_customer', 'new_title', 'eq', 'A'),
        on('new_parent__new_customer', 'new_title', 'ne', 'B'),
        on('new_parent', 'new_seats', 'gt', 1),
      ),
      links: [
        { table: 'new_customer', from: 'new_customerid', to: 'new_customer', alias: 'new_customer', type: 'outer' },
        {
          table: 'new_project',
          from: 'new_projectid',
          to: 'new_parent',
          alias: 'new_parent',
          type: 'outer',
          links: [
            {
              table: 'new_customer',
              from: 'new_customerid',
              to: 'new_customer',
              alias: 'new_parent__new_customer',
              type: 'outer',
            },
          ],
        },
      ],
    })
  })

  test('the key at the end of a lookup is the lookup itself, without a join', () => {
    expect(parseODataFilter(`new_customer/new_customerid eq ${GUID}`, scope)).toEqual({
      filter: where('new_customer', 'eq', GUID),
      links: [],
    })
    expect(parseODataFilter(`new_parent/new_customer/new_customerid eq ${GUID}`, scope)).toEqual({
      filter: on('new_parent', 'new_customer', 'eq', GUID),
      links: [{ table: 'new_project', from: 'new_projectid', to: 'new_parent', alias: 'new_parent', type: 'outer' }],
    })
  })

  const tasks = { table: 'new_task', from: 'new_project', to: 'new_projectid' }
  test.each<[string, Condition]>([
    ['new_project_new_task_new_project/any()', { kind: 'linked', match: 'any', link: tasks }],
    ['not new_project_new_task_new_project/any()', { kind: 'linked', match: 'notAny', link: tasks }],
    [
      "new_project_new_task_new_project/any(t:t/new_effort gt 5 and startswith(t/new_title,'d'))",
      {
        kind: 'linked',
        match: 'any',
        link: { ...tasks, filter: and(where('new_effort', 'gt', 5), where('new_title', 'like', 'd%')) },
      },
    ],
    [
      'new_project_new_task_new_project/all(t:t/new_effort gt 5)',
      { kind: 'linked', match: 'notAny', link: { ...tasks, filter: not(where('new_effort', 'gt', 5)) } },
    ],
    [
      'new_project_new_project_new_parent/any(p:p/new_project_new_task_new_project/any(t:t/new_effort eq 1))',
      {
        kind: 'linked',
        match: 'any',
        link: {
          table: 'new_project',
          from: 'new_parent',
          to: 'new_projectid',
          filter: { kind: 'linked', match: 'any', link: { ...tasks, filter: where('new_effort', 'eq', 1) } },
        },
      },
    ],
    [
      "new_project_new_project_new_parent/any(p:p/new_customer/new_title eq 'x')",
      {
        kind: 'linked',
        match: 'any',
        link: {
          table: 'new_project',
          from: 'new_parent',
          to: 'new_projectid',
          filter: on('new_customer', 'new_title', 'eq', 'x'),
          links: [
            { table: 'new_customer', from: 'new_customerid', to: 'new_customer', alias: 'new_customer', type: 'outer' },
          ],
        },
      },
    ],
    [
      "new_project_member/any(c:c/new_title eq 'x')",
      {
        kind: 'linked',
        match: 'any',
        link: {
          table: 'new_project_member',
          from: 'new_projectid',
          to: 'new_projectid',
          intersect: true,
          filter: {
            kind: 'linked',
            match: 'any',
            link: {
              table: 'new_customer',
              from: 'new_customerid',
              to: 'new_customerid',
              filter: where('new_title', 'eq', 'x'),
            },
          },
        },
      },
    ],
  ])('%s', (text, expected) => {
    expect(filter(text)).toEqual(expected)
  })

  test('parameter aliases stand for literals and properties, and are null when they are not given', () => {
    const aliases = { '@p1': 'new_name', '@p2': "'x'", '@p3': 'new_customer/new_title' }
    expect(filter('contains(@p1,@p2) and @p1 eq @p2', aliases)).toEqual(
      and(where('new_name', 'like', '%x%'), where('new_name', 'eq', 'x')),
    )
    expect(filter('@p3 eq @p2', aliases)).toEqual(on('new_customer', 'new_title', 'eq', 'x'))
    expect(filter('new_seats eq @missing')).toEqual(where('new_seats', 'null'))
    expect(
      filter('Microsoft.Dynamics.CRM.LastXDays(PropertyName=@a,PropertyValue=@b)', {
        '@a': "'createdon'",
        '@b': "'7'",
      }),
    ).toEqual(where('createdon', 'last-x-days', '7'))
  })

  describe('query functions', () => {
    const call = (name: string, parameters: string) => filter(`Microsoft.Dynamics.CRM.${name}(${parameters})`)
    test.each([...queryFunctions].map(([name, found]) => [name, found] as const))('%s', (name, found) => {
      const parameters = {
        none: "PropertyName='createdon'",
        one: "PropertyName='createdon',PropertyValue=5",
        two: "PropertyName='createdon',PropertyValue1=1,PropertyValue2=2026",
        list: `PropertyName='new_name',PropertyValues=["a","b"]`,
      }
      const values = { none: [], one: [5], two: [1, 2026], list: ['a', 'b'] }
      const column = found.arguments === 'list' ? 'new_name' : 'createdon'
      expect(call(name, parameters[found.arguments])).toEqual(where(column, found.operator, ...values[found.arguments]))
    })

    test('name a property or a column, and can stand at the end of a path', () => {
      expect(call('EqualUserId', "PropertyName='ownerid'")).toEqual(where('ownerid', 'eq-userid'))
      expect(call('EqualUserId', "PropertyName='_ownerid_value'")).toEqual(where('ownerid', 'eq-userid'))
      expect(filter("new_customer/Microsoft.Dynamics.CRM.Today(PropertyName='createdon')")).toEqual(
        on('new_customer', 'createdon', 'today'),
      )
    })

    test('take lists in either kind of quotes', () => {
      expect(call('In', "PropertyName='new_name',PropertyValues=['a', 'b']")).toEqual(where('new_name', 'in', 'a', 'b'))
      expect(call('In', `PropertyName='new_name',PropertyValues=["O'Brien","a\\"b"]`)).toEqual(
        where('new_name', 'in', "O'Brien", 'a"b'),
      )
      expect(call('Between', "PropertyName='new_seats',PropertyValues=[1,2]")).toEqual(
        where('new_seats', 'between', 1, 2),
      )
      expect(call('In', "PropertyName='new_seats',PropertyValues=[]")).toEqual(where('new_seats', 'in'))
    })
  })

  test.each([
    ["new_name eq 'O'Brien'", "0x80060888 There is an unterminated literal at position 21 in 'new_name eq 'O'Brien''."],
    ["new_name eq 'x", "There is an unterminated literal at position 14 in 'new_name eq 'x'."],
    ['nmae eq 1', "0x80060888 Could not find a property named 'nmae' on type 'Microsoft.Dynamics.CRM.new_project'."],
    ['new_customer/nmae eq 1', "Could not find a property named 'nmae' on type 'Microsoft.Dynamics.CRM.new_customer'."],
    ['new_customer eq null', "Could not find a property named 'new_customer'"],
    ['__proto__ eq 1', "Could not find a property named '__proto__'"],
    ['constructor/name eq 1', "Could not find a property named 'constructor'"],
    ['new_name eq', "Expression expected at position 11 in 'new_name eq'."],
    ['', "Expression expected at position 0 in ''."],
    ['new_name', "A comparison is expected at position 0 in 'new_name'."],
    ['new_seats eq 1 2', "Syntax error at position 15 in 'new_seats eq 1 2'."],
    ['(new_seats eq 1', "')' or operator expected at position 15 in '(new_seats eq 1'."],
    ['new_seats eq 1)', "Syntax error at position 14 in 'new_seats eq 1)'."],
    ['new_seats eq %', "Syntax error: character '%' is not valid at position 13 in 'new_seats eq %'."],
    [
      "new_seats eq 'x'",
      "A binary operator with incompatible types was detected. Found operand types 'Edm.Int32' and 'Edm.String' for operator kind 'Equal'.",
    ],
    ['new_name gt 5', "'Edm.String' and 'Edm.Int32' for operator kind 'GreaterThan'"],
    ['new_name eq new_seats', "'Edm.String' and 'Edm.Int32' for operator kind 'Equal'"],
    ['not new_name', "Found operand type 'Edm.String' for operator kind 'Not'."],
    ['new_seats add 1 eq 2', "The operator 'add' is not supported at position 10"],
    ["new_name in ('a')", "The operator 'in' is not supported"],
    ["tolower(new_name) eq 'a'", "The function 'tolower' is not supported at position 0"],
    ["frob(new_name) eq 'a'", "An unknown function with name 'frob' was found."],
    ['contains(new_seats,1)', "No function signature for the function with name 'contains' matches"],
    ["contains('a',new_name)", "No function signature for the function with name 'contains' matches"],
    ["contains(new_name 'a')", "')' or ',' expected at position 18"],
    [
      "not Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
      'Not operator along with the Custom Named Condition operators is not allowed',
    ],
    ['Microsoft.Dynamics.CRM.Frob(PropertyName=1)', 'An unknown function with name'],
    ["Microsoft.Dynamics.CRM.Contains(PropertyName='new_name',PropertyValue='x')", 'full-text function'],
    ["Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon')", "needs the parameter 'PropertyValue'"],
    ["Microsoft.Dynamics.CRM.Today(PropertyName='createdon',Extra=1)", "has no parameter 'Extra'"],
    ["Microsoft.Dynamics.CRM.Today(PropertyName='nmae')", "Could not find a property named 'nmae'"],
    [
      "Microsoft.Dynamics.CRM.In(PropertyName='new_name',PropertyValues=['O'Brien'])",
      "Invalid JSON. A comma character ',' was expected in scope 'Array'.",
    ],
    ['new_name/length eq 1', "The parent value for a property access of a property 'length' is not a single value."],
    ['new_project_new_task_new_project/new_effort eq 1', "of a property 'new_effort' is not a single value"],
    ['new_project_new_task_new_project/$count gt 1', "'$count' in $filter is not supported"],
    ['new_parent/new_project_new_task_new_project/any()', 'cannot be filtered by'],
    ['new_project_new_task_new_project/any(t:new_name eq 1)', "does not begin with 't/'"],
    ["ownerid/name eq 'x'", "The navigation property 'ownerid' leads to rows of several tables"],
    ['1 eq 1', 'A comparison needs a property'],
    [`${'('.repeat(5000)}new_seats eq 1`, 'Recursion depth exceeded allowed limit.'],
    [`${'not '.repeat(5000)}new_billable`, 'Recursion depth exceeded allowed limit.'],
    [`new_name eq '${'x'.repeat(70_000)}'`, '0x8004418a Request message length is too large.'],
  ])('%.80s is refused', (text, expected) => {
    expect(refusal(() => filter(text))).toContain(expected)
  })

  test('an alias that leads to itself is refused, and so is a long chain of them', () => {
    expect(refusal(() => filter('@a eq 1', { '@a': '@b', '@b': '@a' }))).toContain("'@a' stands for itself")
    const chain = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`@p${n}`, `@p${n + 1}`]))
    expect(refusal(() => filter('@p0 eq 1', chain))).toContain('Recursion depth')
    expect(refusal(() => filter('@a eq 1', { '@a': '(@b eq 1)' }))).toContain('neither a property nor a literal')
  })

  test('five hundred conditions side by side are not deep', () => {
    expect(filter(Array(500).fill('new_seats eq 1').join(' or '))).toMatchObject({ kind: 'or' })
  })
})

describe('$orderby', () => {
  test('names columns, with a direction, also through lookups', () => {
    expect(parseOrderBy('new_name desc, _new_customer_value,new_customer/new_rating asc', scope)).toEqual({
      orders: [
        { column: 'new_name', descending: true },
        { column: 'new_customer' },
        { column: 'new_rating', link: 'new_customer' },
      ],
      links: [
        { table: 'new_customer', from: 'new_customerid', to: 'new_customer', alias: 'new_customer', type: 'outer' },
      ],
    })
    expect(parseOrderBy('@p desc', scope, new Map([['@p', 'new_name']])).orders).toEqual([
      { column: 'new_name', descending: true },
    ])
  })

  test.each([
    ['nmae', "Could not find a property named 'nmae'"],
    ['new_name up', "Syntax error at position 9 in 'new_name up'."],
    ['new_name,', 'Expression expected at position 9'],
    ["'x'", 'A property is expected at position 0'],
    ['new_seats eq 1', 'Syntax error at position 10'],
  ])('%s is refused', (text, expected) => {
    expect(refusal(() => parseOrderBy(text, scope))).toContain(expected)
  })
})

describe('$select', () => {
  test('names columns by their properties', () => {
    expect(parseSelect('new_name, _new_customer_value,new_name,', scope)).toEqual({
      all: false,
      columns: ['new_name', 'new_customer'],
      properties: ['new_name', '_new_customer_value', 'new_name'],
      navigations: [],
    })
    expect(parseSelect('*', scope)).toMatchObject({ all: true, columns: [], properties: ['*'] })
    expect(parseSelect('', scope)).toMatchObject({ all: true })
    expect(parseSelect('new_customer', scope).navigations).toMatchObject([{ name: 'new_customer' }])
  })

  test.each([
    ['nmae', "Could not find a property named 'nmae' on type 'Microsoft.Dynamics.CRM.new_project'."],
    ['new_name new_code', 'Syntax error at position 9'],
    ['new_name/x', 'Syntax error at position 8'],
  ])('%s is refused', (text, expected) => {
    expect(refusal(() => parseSelect(text, scope))).toContain(expected)
  })
})

describe('$expand', () => {
  test('has options in parentheses, and expands within', () => {
    const text =
      "new_customer($select=new_title;$expand=ownerid),new_project_new_task_new_project($select=new_title;$filter=contains(new_title,';)') and new_effort gt 1;$orderby=new_effort desc,new_title;$top=5),new_parent/$ref"
    expect(parseExpand(text, scope)).toMatchObject([
      {
        navigation: { name: 'new_customer', collection: false },
        text: 'new_customer($select=new_title;$expand=ownerid)',
        reference: false,
        select: { columns: ['new_title'] },
        expand: [{ navigation: { name: 'ownerid' }, expand: [] }],
      },
      {
        navigation: { name: 'new_project_new_task_new_project', collection: true },
        filter: and(where('new_title', 'like', '%;)%'), where('new_effort', 'gt', 1)),
        orders: [{ column: 'new_effort', descending: true }, { column: 'new_title' }],
        top: 5,
        links: [],
      },
      { navigation: { name: 'new_parent' }, reference: true, text: 'new_parent/$ref' },
    ])
  })

  test.each([
    ['nmae', "Could not find a property named 'nmae'"],
    ['new_name', "Property 'new_name' on type 'Microsoft.Dynamics.CRM.new_project' is not a navigation property"],
    ['*', "'*' in $expand is not supported"],
    ['new_customer,new_customer', 'is expanded twice'],
    ['new_customer($levels=2)', "The query option '$levels' is not supported in $expand."],
    ['new_customer($count=true)', "The query option '$count' is not supported in $expand."],
    ['new_customer($skip=1)', "The query option '$skip' is not supported in $expand."],
    ['new_customer($select=new_title', "')' expected at position 30"],
    ['new_customer($orderby=new_title)', '0x80060888 Only $select and $filter clause can be provided'],
    ['new_customer($top=1)', 'Only $select and $filter clause can be provided'],
    ['new_parent($expand=new_project_new_task_new_project($top=1))', 'Only $select and $filter clause can be provided'],
    ['new_project_new_task_new_project($top=0)', 'requires a positive integer value'],
    ['new_project_new_task_new_project/$ref', 'Expand with $ref is only supported on lookup type navigation property.'],
    ['ownerid($select=name)', 'leads to rows of several tables'],
    ['new_customer($filter=@p eq 1)', 'A comparison needs a property'],
    [`${'new_parent($expand='.repeat(20)}new_parent${')'.repeat(20)}`, '0x8004430d'],
  ])('%.80s is refused', (text, expected) => {
    expect(refusal(() => parseExpand(text, scope))).toContain(expected)
  })
})

describe('$apply', () => {
  test('groups, aggregates and filters', () => {
    const text =
      'filter(new_seats gt 1)/groupby((new_priority,new_customer/new_title,new_customer/new_customerid),aggregate($count as count,new_budget with sum as total,new_budget with average as mean,new_name with countdistinct as names))'
    expect(parseApply(text, scope)).toEqual({
      filter: where('new_seats', 'gt', 1),
      groupBy: [
        { column: 'new_priority', alias: 'new_priority' },
        { column: 'new_title', link: 'new_customer', alias: 'new_customer_new_title' },
        { column: 'new_customer', alias: 'new_customer_new_customerid' },
      ],
      aggregates: [
        { aggregate: 'count', column: 'new_projectid', alias: 'count' },
        { aggregate: 'sum', column: 'new_budget', alias: 'total' },
        { aggregate: 'avg', column: 'new_budget', alias: 'mean' },
        { aggregate: 'countcolumn', column: 'new_name', alias: 'names', distinct: true },
      ],
      links: [
        { table: 'new_customer', from: 'new_customerid', to: 'new_customer', alias: 'new_customer', type: 'outer' },
      ],
    })
    expect(parseApply('aggregate(new_seats with max as most)', scope)).toMatchObject({
      groupBy: [],
      aggregates: [{ aggregate: 'max', column: 'new_seats', alias: 'most' }],
    })
    expect(parseApply('groupby((statuscode))', scope)).toMatchObject({ aggregates: [] })
  })

  test.each([
    ['groupby((createdon))', 'Grouping by a date and time is not supported'],
    ['groupby((nmae))', "Could not find a property named 'nmae'"],
    ['compute(1)', "The transformation 'compute' is not supported at position 0"],
    ['filter(new_seats gt 1)', 'A transformation after filter is expected'],
    ['aggregate(new_seats with median as m)', "The aggregation method 'median' is not supported"],
    ['aggregate(new_seats with sum)', "'as' expected at position 28"],
    ['aggregate(new_seats as m)', "'with' expected"],
    ['aggregate($count as a,$count as a)', "The name 'a' is given to two results"],
    ['groupby((statuscode))/filter(statuscode eq 1)', 'A transformation after groupby is not supported'],
  ])('%s is refused', (text, expected) => {
    expect(refusal(() => parseApply(text, scope))).toContain(expected)
  })
})
