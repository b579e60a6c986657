import { expect, test } from 'vitest'
import { parseFault } from './parse-fault.ts'

test.each([
  [{ status: 503 }, { status: 503 }],
  [{ drop: true }, { drop: 'request' }],
  [
    { match: { method: 'GET', path: '/x*' }, delayMs: 5, drop: 'answer', times: null },
    { match: { method: 'GET', path: '/x*' }, delayMs: 5, drop: 'answer', times: null },
  ],
  [
    { status: 429, code: '0x80072321', retryAfter: 3, times: 2 },
    { status: 429, code: '0x80072321', retryAfter: 3, times: 2 },
  ],
] as const)('%j is a fault', (content, fault) => {
  expect(parseFault(content)).toEqual(fault)
})

test.each<readonly [object, RegExp]>([
  [{}, /a 'status', a 'delayMs' or a 'drop'/],
  [{ status: 200 }, /'status' is a status from 400 to 599/],
  [{ status: 600 }, /'status'/],
  [{ status: '500' }, /'status'/],
  [{ status: 500, drop: true }, /not both/],
  [{ delayMs: 5, retryAfter: 1 }, /give its 'status'/],
  [{ delayMs: -1 }, /'delayMs'/],
  [{ delayMs: 600_001 }, /'delayMs'/],
  [{ drop: false }, /'drop'/],
  [{ status: 500, times: 0 }, /'times'/],
  [{ status: 500, match: [] }, /'match' is an object/],
  [{ status: 500, match: { path: 5 } }, /'match\.path'/],
  [{ status: 500, match: { path: 'x'.repeat(2049) } }, /'match\.path'/],
  [{ status: 500, match: { verb: 'GET' } }, /no 'match\.verb'. There are: method, path/],
  [{ status: 500, code: '12' }, /'code'/],
  [{ stauts: 500 }, /no 'stauts'. There are: match, status/],
  [JSON.parse('{"status":500,"__proto__":1}'), /no '__proto__'/],
])('%j is refused by name', (content, message) => {
  expect(() => parseFault(content as Record<string, unknown>)).toThrow(message)
})
