import { describe, expect, test } from 'vitest'
import {
  comparable,
  layoutOf,
  type QueryContext,
  type RowSource,
  runQuery,
  type StoredRow,
} from '../../src/query/index.ts'
import type { ColumnValue, Operator, Row } from '../../src/service/index.ts'
import { Task } from '../emulator/tables.ts'

const layout = layoutOf(Task)
const row = (id: string, values: Readonly<Record<string, string | number>>): StoredRow =>
  layout.names.map((name) => (name === Task.primaryKey ? id : (values[name] ?? null)))
const rows = [
  row('1', { new_title: 'dig', new_effort: 5, createdon: Date.UTC(2026, 2, 17, 23, 30) }),
  row('2', { new_title: 'build', createdon: Date.UTC(2026, 2, 18, 12) }),
]
/** The least that a source can be: an array. */
const source: RowSource = {
  definition: () => Task,
  get: (_, id) => rows.find(([own]) => own === id),
  scan: (_, test) => (test ? rows.filter(test) : [...rows]),
  isIndexed: () => false,
  find: (_, position, value) =>
    rows.filter((row) => comparable(layout.columns[position]!, row[position] ?? null) === value),
}
const titles = (context: Partial<QueryContext>, column: string, operator: Operator, ...values: ColumnValue[]) =>
  runQuery(
    { table: 'new_task', columns: ['new_title'], filter: { kind: 'compare', column, operator, values } },
    source,
    () => undefined,
    context,
  ).rows.map((row: Row) => row.new_title)

describe('whether negatives match rows without a value is one switch', () => {
  test.each<[Operator, ColumnValue[]]>([
    ['ne', [9]],
    ['not-in', [9]],
    ['not-between', [8, 9]],
  ])('%s', (operator, values) => {
    expect(titles({}, 'new_effort', operator, ...values)).toEqual(['dig', 'build'])
    expect(titles({ negativesMatchNull: true }, 'new_effort', operator, ...values)).toEqual(['dig', 'build'])
    expect(titles({ negativesMatchNull: false }, 'new_effort', operator, ...values)).toEqual(['dig'])
  })
})

test('a query that cannot change has a plan for each reading', () => {
  const filter = Object.freeze({ kind: 'compare', column: 'new_effort', operator: 'ne', values: Object.freeze([9]) })
  const query = Object.freeze({ table: 'new_task', filter }) as never
  const count = (context: Partial<QueryContext>) => runQuery(query, source, () => undefined, context).rows.length
  expect([count({}), count({ negativesMatchNull: false }), count({})]).toEqual([2, 1, 2])
})

test('the time zone is that of the context', () => {
  const now = new Date('2026-03-18T14:00:00Z')
  expect(titles({ now }, 'createdon', 'today')).toEqual(['build'])
  expect(titles({ now, timeZone: 'Europe/Berlin' }, 'createdon', 'today')).toEqual(['dig', 'build'])
})

test.each<[string, string, Operator, string]>([
  ['when', 'createdon', 'today', "'now'"],
  ['who', 'ownerid', 'eq-userid', "'userId'"],
  ['where', 'owningbusinessunit', 'eq-businessid', "'businessUnitId'"],
])('an operator that asks %s, where nobody says, is refused by name', (_, column, operator, what) => {
  expect(() => titles({}, column, operator)).toThrow(what)
})
