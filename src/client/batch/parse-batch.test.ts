import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ApiAnswer } from '../http/api.ts'
import { textOf } from '../http/api.ts'
import { isBatchAnswer, type PartAnswer, parseBatch } from './parse-batch.ts'

const answer = (body: string, type = 'multipart/mixed; boundary=batchresponse_1'): ApiAnswer => ({
  status: 200,
  headers: { 'content-type': type },
  bytes: new TextEncoder().encode(body),
})
const part = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n'
const body = [
  '--batchresponse_1',
  `${part}`,
  'HTTP/1.1 200 OK',
  'Content-Type: application/json; odata.metadata=minimal',
  'OData-Version: 4.0',
  '',
  '{"value":[]}',
  '--batchresponse_1',
  'Content-Type: multipart/mixed; boundary=changesetresponse_2',
  '',
  '--changesetresponse_2',
  `${part}Content-ID: 1\r\n`,
  'HTTP/1.1 204 No Content',
  'OData-EntityId: https://h/accounts(1)',
  '',
  '',
  '--changesetresponse_2',
  `${part}Content-ID: 2\r\n`,
  'HTTP/1.1 204 No Content',
  '',
  '',
  '--changesetresponse_2--',
  '--batchresponse_1--',
  '',
].join('\r\n')

const show = ({ status, contentId, ...rest }: PartAnswer) => [status, contentId, textOf({ status, ...rest })]

test.each([
  ['CRLF', body],
  ['LF', body.replaceAll('\r\n', '\n')],
])('answers and change sets are read with lines that end in %s', (_, text) => {
  const [first, second, ...others] = parseBatch(answer(text))

  expect(show(first as PartAnswer)).toEqual([200, undefined, '{"value":[]}'])
  expect((second as readonly PartAnswer[]).map(show)).toEqual([
    [204, '1', ''],
    [204, '2', ''],
  ])
  expect((second as readonly PartAnswer[])[0]!.headers['odata-entityid']).toBe('https://h/accounts(1)')
  expect(others).toEqual([])
})

test('an answer that is no multipart is told apart', () => {
  expect(isBatchAnswer(answer('{}', 'application/json'))).toBe(false)
  expect(isBatchAnswer(answer('', 'multipart/mixed'))).toBe(false)
  expect(isBatchAnswer(answer('', 'multipart/mixed; boundary="a b"'))).toBe(true)
})

test('nothing that a server may send makes reading fail', () => {
  const pieces = fc.constantFrom('--batchresponse_1', '--batchresponse_1--', '', ...body.split('\r\n'), 'HTTP/1.1', ':')
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string())), (lines) => {
      expect(Array.isArray(parseBatch(answer(lines.join('\r\n'))))).toBe(true)
    }),
  )
})
