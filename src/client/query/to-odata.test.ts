import { describe, expect, test } from 'vitest'
import { tables as definitions } from '../../../test/emulator/tables.ts'
import type { ColumnValue, Condition, Operator, QueryExpression } from '../../service/index.ts'
import { fromDefinition } from '../tables/from-definitions.ts'
import { toOData } from './to-odata.ts'

const table = fromDefinition(definitions[0]!, definitions)
const print = (query: Omit<QueryExpression, 'table'>) => {
  const text = toOData({ table: 'new_project', ...query }, table)
  return text === undefined ? undefined : decodeURIComponent(text)
}
const compare = (column: string, operator: Operator, ...values: ColumnValue[]): Condition => ({
  kind: 'compare',
  column,
  operator,
  values,
})
const filter = (condition: Condition) => print({ filter: condition })?.replace(/^\?\$filter=/, '')
const id = '11111111-1111-4111-8111-111111111111'

describe('a query that OData can say', () => {
  test('is printed with its options, lookups under the name of their value', () => {
    expect(
      print({
        columns: ['new_name', 'new_customer'],
        orders: [{ column: 'new_customer' }, { column: 'new_seats', descending: true }],
        top: 5,
        totalCount: true,
      }),
    ).toBe('?$select=new_name,_new_customer_value&$orderby=_new_customer_value,new_seats desc&$count=true&$top=5')
  })

  test('without anything is no query string, and without columns asks for the key', () => {
    expect(print({})).toBe('')
    expect(print({ columns: [] })).toBe('?$select=new_projectid')
  })

  test.each<readonly [Condition, string]>([
    [compare('new_name', 'eq', "O'Brien & co"), "new_name eq 'O''Brien & co'"],
    [compare('new_seats', 'ge', 1), 'new_seats ge 1'],
    [compare('new_hours', 'lt', 1e21), 'new_hours lt 1e+21'],
    [compare('new_billable', 'ne', false), 'new_billable ne false'],
    [compare('new_due', 'gt', '2026-03-01'), 'new_due gt 2026-03-01'],
    [compare('new_started', 'le', new Date('2026-03-01T10:00:00Z')), 'new_started le 2026-03-01T10:00:00Z'],
    [compare('new_customer', 'eq', { logicalName: 'new_customer', id }), `_new_customer_value eq ${id}`],
    [compare('new_projectid', 'eq', id.toUpperCase()), `new_projectid eq ${id}`],
    [compare('new_seats', 'null'), 'new_seats eq null'],
    [compare('new_seats', 'not-null'), 'new_seats ne null'],
    [compare('new_name', 'begins-with', 'Br'), "startswith(new_name,'Br')"],
    [compare('new_name', 'ends-with', "'s"), "endswith(new_name,'''s')"],
    [
      { kind: 'compareColumns', column: 'new_seats', operator: 'gt', with: { column: 'new_hours' } },
      'new_seats gt new_hours',
    ],
    [
      { kind: 'or', conditions: [compare('new_seats', 'eq', 1), compare('new_seats', 'eq', 2)] },
      '((new_seats eq 1) or (new_seats eq 2))',
    ],
    [{ kind: 'and', conditions: [compare('new_seats', 'eq', 1)] }, 'new_seats eq 1'],
  ])('prints the condition %j', (condition, expected) => {
    expect(filter(condition)).toBe(expected)
  })

  test('has no space in its text, which would end an address in a batch', () => {
    const query = { table: 'new_project', filter: compare('new_name', 'eq', 'a b'), columns: ['new_name'] }
    expect(toOData(query, table)).toBe("?$select=new_name&$filter=new_name%20eq%20'a%20b'")
  })
})

describe('a query that OData cannot say, or would mean otherwise, is left to FetchXML', () => {
  const link = { table: 'new_customer', from: 'new_customerid', to: 'new_customer', type: 'inner' } as const
  test.each<readonly [string, Omit<QueryExpression, 'table'>]>([
    ['a link', { links: [link] }],
    ['an aggregate', { aggregates: [{ aggregate: 'count', column: 'new_seats', alias: 'n' }] }],
    ['groups', { groupBy: [{ column: 'new_seats', alias: 'n' }] }],
    ['distinct rows', { distinct: true }],
    ['choices by label', { orderChoicesBy: 'label', orders: [{ column: 'new_priority' }] }],
    ['a column under another name', { columns: [{ column: 'new_name', alias: 'n' }] }],
    ['an order by a link’s column', { orders: [{ column: 'new_title', link: 'c' }] }],
    ['a pattern', { filter: compare('new_name', 'like', 'a%') }],
    ['one of several', { filter: compare('new_seats', 'in', 1, 2) }],
    ['a negation', { filter: { kind: 'not', condition: compare('new_seats', 'eq', 1) } }],
    ['a wildcard that is meant', { filter: compare('new_name', 'begins-with', '50%') }],
    ['a beginning that is none', { filter: compare('new_name', 'begins-with', '') }],
    ['a day relative to now', { filter: compare('new_due', 'today') }],
    ['a value of another type', { filter: compare('new_seats', 'eq', 'many') }],
    ['a moment with fractions of a second', { filter: compare('new_started', 'eq', new Date(1)) }],
    ['a column of a link', { filter: { ...compare('new_title', 'eq', 'x'), link: 'c' } as Condition }],
    ['a part that is always true', { filter: { kind: 'or', conditions: [{ kind: 'and', conditions: [] }] } }],
    ['something that is no name', { columns: ['new_name&$top=1'] }],
  ])('%s', (_, query) => {
    expect(print(query)).toBe(undefined)
  })
})
