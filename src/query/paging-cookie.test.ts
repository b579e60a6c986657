import { describe, expect, test } from 'vitest'
import { Project, priority } from '../../test/emulator/tables.ts'
import { parsePagingCookie, printPagingCookie } from './paging-cookie.ts'
import type { SortColumn } from './sort.ts'
import { layoutOf, type StoredValue } from './stored-row.ts'

const layout = layoutOf(Project)
const by = (name: string, isByLabel = false): SortColumn => {
  const position = layout.positions.get(name)!
  return { name, place: { layout, position, read: (row) => row[position] ?? null }, isDescending: false, isByLabel }
}
const id = '11111111-2222-3333-4444-55555555555a'
const name = (thrown: () => unknown) => {
  try {
    thrown()
    return 'no error'
  } catch (error) {
    return (error as Error).name
  }
}

test('a cookie is written as the platform documents it', () => {
  expect(printPagingCookie(1, [by('new_name'), by('new_projectid')], ['A & "B"', id], [null, id])).toBe(
    `<cookie page="1"><new_name lastnull="1" first="A &amp; &quot;B&quot;" /><new_projectid last="{${id.toUpperCase()}}" first="{${id.toUpperCase()}}" /></cookie>`,
  )
})

test.each<[string, SortColumn, StoredValue, unknown]>([
  ['a text', by('new_name'), 'É <&">', 'e <&">'],
  ['an empty text', by('new_name'), '', ''],
  ['a number', by('new_budget'), 12.5, 12.5],
  ['a truth value', by('new_billable'), false, false],
  ['a moment', by('new_started'), 1_700_000_000_000, 1_700_000_000_000],
  ['a day', by('new_due'), '2026-03-01', '2026-03-01'],
  ['a choice', by('new_priority'), priority.High, priority.High],
  ['a choice by its label, which may look like a number', by('new_priority', true), '2026', '2026'],
  ['the name of a lookup', by('new_customer'), 'Contoso', 'contoso'],
  ['a text that looks like an id', by('new_name'), id, id],
  ['several choices', by('new_tags'), [1, 2], ',1,2,'],
  ['an id', by('new_projectid'), id, id],
  ['nothing', by('new_name'), null, null],
])('%s comes back as it sorts', (_, column, shown, expected) => {
  expect(parsePagingCookie(printPagingCookie(3, [column], [shown], [shown]), [column])).toEqual([expected])
})

describe('a cookie is refused', () => {
  const cookie = printPagingCookie(1, [by('new_name'), by('new_projectid')], ['a', id], ['b', id])
  test.each([
    ['that is none', 'x', 'QueryBuilderInvalidPagingCookie'],
    ['that is empty', '', 'QueryBuilderInvalidPagingCookie'],
    ['of other orders', cookie.replaceAll('new_name', 'new_code'), 'QueryBuilderPagingOrderBy'],
    ['of fewer orders', '<cookie page="1"></cookie>', 'QueryBuilderPagingOrderBy'],
  ])('%s', (_, text, expected) => {
    expect(name(() => parsePagingCookie(text, [by('new_name'), by('new_projectid')]))).toBe(expected)
  })

  test('whose number is none', () => {
    expect(name(() => parsePagingCookie('<cookie page="1"><new_seats last="x" /></cookie>', [by('new_seats')]))).toBe(
      'QueryBuilderInvalidPagingCookie',
    )
  })
})
