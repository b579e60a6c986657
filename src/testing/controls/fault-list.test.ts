import { expect, test } from 'vitest'
import { createFaultList, type Fault } from './fault-list.ts'

const API = '/api/data/v9.2'

/** Whether a fault with this path is met by a request of that one. */
function meets(pattern: string, path: string): boolean {
  const faults = createFaultList()
  faults.add({ match: { path: pattern }, status: 500 })
  return faults.take('GET', path) !== undefined
}

test.each([
  ['/accounts', `${API}/accounts`, true],
  ['/accounts', '/accounts', true],
  [`${API}/accounts`, `${API}/accounts`, true],
  ['/accounts', `${API}/accounts(1)`, false],
  ['/accounts*', `${API}/accounts(1)/name`, true],
  ['/accounts*/name', `${API}/accounts(1)/name`, true],
  ['/accounts*/name', `${API}/accounts(1)/names`, false],
  ['*', '/contoso/oauth2/v2.0/token', true],
  ['/*/oauth2/*/token', '/contoso/oauth2/v2.0/token', true],
  ['*a*a*a', '/aa', false],
  ['/a*a', '/a', false],
  ['/(a+)+$', '/aaaa', false],
] as const)('the path %s and a request of %s: %s', (pattern, path, expected) => {
  expect(meets(pattern, path)).toBe(expected)
})

test('a pattern with many stars is looked at in the time that its length allows', () => {
  expect(meets('*a'.repeat(1000), `/${'a'.repeat(900)}`)).toBe(false)
})

test('the first fault that fits is met, once unless it says otherwise', () => {
  const faults = createFaultList()
  const once: Fault = { match: { method: 'post' }, status: 500 }
  const thrice: Fault = { status: 503, times: 3 }
  const always: Fault = { status: 504, times: null }
  for (const fault of [once, thrice, always]) faults.add(fault)

  const statuses = ['GET', 'POST', 'POST', 'GET', 'POST', 'GET'].map((method) => faults.take(method, '/')?.status)

  expect(statuses).toEqual([503, 500, 503, 503, 504, 504])
  expect(faults.list()).toEqual([{ id: 3, ...always, left: null }])
  faults.clear()
  expect(faults.empty).toBe(true)
  expect(faults.take('GET', '/')).toBeUndefined()
})
