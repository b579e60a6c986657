import { expect, test } from 'vitest'
import { fuzz } from './fuzz.ts'
import { faultIn } from './judge.ts'

test('three thousand requests of all kinds are answered in the platform’s shape, and none reaches another environment', async () => {
  const { findings, statuses, leaked } = await fuzz(3000, 20_260_318)
  expect(findings).toEqual([])
  expect(leaked).toBe(false)
  // Not only refusals: the requests reach what they aim at.
  const succeeded = [...statuses].reduce((sum, [status, count]) => sum + (status < 300 ? count : 0), 0)
  expect(succeeded).toBeGreaterThan(300)
}, 120_000)

test('a wrong answer is found', () => {
  const headers = { 'OData-Version': '4.0', 'Content-Type': 'application/json' }
  const error = (message: string, code = '0x80040216') => JSON.stringify({ error: { code, message } })
  expect(faultIn({ status: 200, headers, body: '{}' })).toBeUndefined()
  expect(faultIn({ status: 404, headers, body: error('Not there.') })).toBeUndefined()
  expect(faultIn({ status: 501, headers, body: error('X is not emulated yet.') })).toBeUndefined()
  for (const [status, body] of [
    [500, error('Something broke.')],
    [501, error('No.')],
    [400, 'Bad'],
    [400, error('Bad', '0x1')],
    [400, error("Cannot read 'x' of undefined")],
    [200, '{'],
    [204, '{}'],
  ] as const) {
    expect(faultIn({ status, headers, body }), body).toBeDefined()
  }
  const parts = `--b\r\n\r\nHTTP/1.1 500 Internal Server Error\r\n\r\n${error('Something broke.')}\r\n--b--`
  expect(
    faultIn({ status: 200, headers: { ...headers, 'Content-Type': 'multipart/mixed' }, body: parts }),
  ).toBeDefined()
})
