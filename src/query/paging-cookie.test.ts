import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePagingCookie, printPagingCookie } from './paging-cookie.ts'

test('a cookie says page and columns as the platform does', () => {
  expect(printPagingCookie(2, ['name', 'accountid'], ['a', '1'], ['b', '2'])).toBe(
    '<cookie page="2"><name last="b" first="a" /><accountid last="2" first="1" /></cookie>',
  )
})

test('what was printed is read back, whatever the values', () => {
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (last) => {
      const columns = last.map((_, at) => `column_${at}`)
      const read = parsePagingCookie(printPagingCookie(1, columns, last, last), columns)
      expect(read.map((part) => (part === 0 ? 0 : part))).toEqual(last.map((part) => (part === 0 ? 0 : part)))
    }),
  )
})

describe('a cookie that cannot be used is refused', () => {
  test.each(['', 'nonsense', '<cookie page="1">', '<cookie page="x"></cookie>'])('%j', (cookie) => {
    expect(() => parsePagingCookie(cookie, ['name'])).toThrow(
      expect.objectContaining({ name: 'QueryBuilderInvalidPagingCookie' }),
    )
  })

  test('one of other orders', () => {
    const cookie = printPagingCookie(1, ['name', 'accountid'], ['a', '1'], ['b', '2'])
    expect(() => parsePagingCookie(cookie, ['createdon', 'accountid'])).toThrow(
      expect.objectContaining({ name: 'QueryBuilderPagingOrderBy' }),
    )
  })
})
