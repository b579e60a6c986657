import { expect, test } from 'vitest'
import { fetchCookieOf, isSkipToken, pageAfter, skipTokenOf } from './paging.ts'

const inner = '<cookie page="2"><accountid last="{A}" first="{B}" /></cookie>'
const outer = `<cookie pagenumber="3" pagingcookie="${encodeURIComponent(encodeURIComponent(inner))}" istracking="False" />`

test('the cookie of a FetchXML answer is taken out of its annotation, and knows the next page', () => {
  expect(fetchCookieOf(outer)).toBe(inner)
  expect(pageAfter(inner)).toBe(3)
  expect(fetchCookieOf('<cookie />')).toBe(undefined)
})

test('the cookie of a next link is told apart from it', () => {
  const link = `https://h/api/data/v9.2/accounts?$select=name&$skiptoken=${encodeURIComponent(outer)}`

  expect(skipTokenOf(link)).toBe(outer)
  expect(skipTokenOf(link.replace('$skip', '%24skip').replaceAll('%20', '+'))).toBe(outer)
  expect(skipTokenOf('https://h/accounts?$select=name')).toBe(undefined)
  expect([isSkipToken(outer), isSkipToken(inner)]).toEqual([true, false])
})

test('what is no cookie is refused', () => {
  expect(() => pageAfter('nonsense')).toThrow('paging cookie')
})
