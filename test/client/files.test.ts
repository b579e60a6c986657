import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDataverseClient } from '../../src/client/index.ts'
import { Customer, tables } from '../emulator/tables.ts'

const base = 'https://contoso.crm4.dynamics.com'
const id = '11111111-1111-4111-8111-111111111111'
const column = `/api/data/v9.2/new_customers(${id})/new_file`
const client = createDataverseClient({ url: base, tables })
/** No text in any encoding. */
const bytes = Uint8Array.from({ length: 10 }, (_, at) => 245 + at)
const file = { fileName: 'Pläne 1.pdf', bytes }

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(unused).toEqual([])
})

const hex = (...parts: readonly number[]) => Buffer.from(parts).toString('hex')

test('a small file goes out in one request', async () => {
  nock(base, { reqheaders: { 'content-type': 'application/octet-stream' } })
    .patch(column, hex(...bytes))
    .query({ 'x-ms-file-name': file.fileName })
    .reply(204)

  await client.upload(Customer, id, 'new_file', file)
})

test('a larger file goes out in chunks, to where the environment says', async () => {
  const ranges: (string | undefined)[] = []
  const contents: string[] = []
  nock(base, { reqheaders: { 'x-ms-transfer-mode': 'chunked' } })
    .patch(column)
    .query({ 'x-ms-file-name': file.fileName })
    .reply(200, undefined, { location: `${base}${column}?sessiontoken=abc`, 'x-ms-chunk-size': '4194304' })
  nock(base)
    .patch(column, (body) => contents.push(body) > 0)
    .query({ sessiontoken: 'abc' })
    .times(3)
    .reply(function () {
      ranges.push(this.req.headers['content-range'])
      return [ranges.length === 3 ? 204 : 206]
    })

  await client.upload(Customer, id, 'new_file', file, { chunkBytes: 4 })

  expect(ranges).toEqual(['bytes 0-3/10', 'bytes 4-7/10', 'bytes 8-9/10'])
  expect(contents).toEqual([hex(...bytes.slice(0, 4)), hex(...bytes.slice(4, 8)), hex(...bytes.slice(8))])
})

test('a file comes in in chunks, and is put together', async () => {
  nock(base)
    .get(`${column}/$value`)
    .times(3)
    .reply(function () {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(String(this.req.headers.range))!.map(Number)
      const chunk = Buffer.from(bytes.slice(from, to! + 1))
      return [206, chunk, { 'x-ms-file-size': '10', 'x-ms-file-name': encodeURIComponent(file.fileName) }]
    })

  const found = await client.download(Customer, id, 'new_file', { chunkBytes: 4 })

  expect(found?.fileName).toBe(file.fileName)
  expect([...found!.bytes]).toEqual([...bytes])
})

test('a server that does not know ranges sends all at once', async () => {
  const headers = { 'content-disposition': 'attachment; filename="plan.pdf"' }
  nock(base).get(`${column}/$value`).reply(200, Buffer.from(bytes), headers)

  const found = await client.download(Customer, id, 'new_file', { chunkBytes: 4 })

  expect(found?.fileName).toBe('plan.pdf')
  expect(found?.bytes).toHaveLength(10)
})

test('no file is undefined, and a file can be taken away', async () => {
  nock(base).get(`${column}/$value`).reply(204)
  nock(base).delete(column).reply(204)

  expect(await client.download(Customer, id, 'new_file')).toBe(undefined)
  await client.deleteFile(Customer, id, 'new_file')
})
