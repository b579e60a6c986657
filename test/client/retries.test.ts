import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createDataverseClient,
  type DataverseClient,
  type DataverseClientOptions,
  NoAnswer,
  type RequestLogEntry,
} from '../../src/client/index.ts'
import { DataverseError } from '../../src/service/index.ts'
import { Customer, tables } from '../emulator/tables.ts'
import { createInstantClock, type InstantClock } from './instant-clock.ts'

const base = 'https://contoso.crm4.dynamics.com'
const api = '/api/data/v9.2'
const id = '11111111-1111-4111-8111-111111111111'
const row = `${api}/new_customers(${id})`
const throttled = { error: { code: '0x80072322', message: 'Number of requests exceeded the limit of 6000.' } }

let clock: InstantClock
let log: RequestLogEntry[]
beforeEach(() => {
  nock.disableNetConnect()
  clock = createInstantClock()
  log = []
})
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(unused).toEqual([])
})

function client(options: Partial<DataverseClientOptions> = {}): DataverseClient {
  const auth = { token: () => 'a-token' }
  return createDataverseClient({ url: base, auth, tables, clock, random: () => 0, log: (e) => log.push(e), ...options })
}

const failure = (work: Promise<unknown>): Promise<DataverseError> =>
  work.then(
    (value) => expect.fail(`it succeeded with ${JSON.stringify(value)}`),
    (error) => error,
  )

const read = (from = client()) => from.retrieve(Customer, id, ['new_title'])
const shown = { new_customerid: id, new_title: 'Fabrikam' }
const brokenConnection = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })

describe('a throttled request', () => {
  test('is made again after the time that the environment asks for', async () => {
    nock(base).get(row).query(true).times(2).reply(429, throttled, { 'Retry-After': '17' })
    nock(base).get(row).query(true).reply(200, shown)

    expect(await read()).toEqual({ new_title: 'Fabrikam' })
    expect(clock.slept).toEqual([17_000, 17_000])
  })

  test('is made again though it writes, because it was refused before anything was done', async () => {
    nock(base).post(`${api}/new_customers`).reply(429, throttled, { 'Retry-After': '1' })
    nock(base)
      .post(`${api}/new_customers`, { new_title: 'Fabrikam' })
      .reply(204, undefined, { 'OData-EntityId': `${base}${row}` })

    expect(await client().create(Customer, { new_title: 'Fabrikam' })).toBe(id)
  })

  test('waits for a moment that is given as a date, and longer from time to time where it is not given', async () => {
    nock(base).get(row).query(true).reply(429, throttled, { 'Retry-After': 'Tue, 24 Nov 2026 00:00:30 GMT' })
    nock(base).get(row).query(true).times(2).reply(429, throttled)
    nock(base).get(row).query(true).reply(200, shown)

    await read()
    expect(clock.slept).toEqual([30_000, 1_000, 2_000])
  })

  test('spreads its return over up to half the delay', async () => {
    nock(base).get(row).query(true).times(2).reply(429, throttled)
    nock(base).get(row).query(true).reply(200, shown)

    await read(client({ random: () => 1 }))
    expect(clock.slept).toEqual([750, 1_500])
  })

  test('is given up after five attempts, with the platform’s error and the time to wait', async () => {
    nock(base).get(row).query(true).times(5).reply(429, throttled, { 'Retry-After': '3' })

    expect(await failure(read())).toMatchObject({
      name: 'ThrottlingBurstRequestLimitExceededError',
      status: 429,
      message: throttled.error.message,
      details: { retryAfter: 3 },
    })
    expect(clock.slept).toHaveLength(4)
  })

  test('is not made again when the environment asks to wait longer than allowed', async () => {
    nock(base).get(row).query(true).reply(429, throttled, { 'Retry-After': '301' })

    expect(await failure(read())).toMatchObject({ status: 429, details: { retryAfter: 301 } })
    expect(clock.slept).toEqual([])
  })

  test('is made as often as the caller allows', async () => {
    nock(base).get(row).query(true).reply(429, throttled)

    expect((await failure(read(client({ retry: { attempts: 1 } })))).status).toBe(429)
  })
})

describe('a request that something on the way fails', () => {
  test.each([408, 502, 503, 504])('is made again after %i when it only reads', async (status) => {
    nock(base).get(row).query(true).reply(status)
    nock(base).get(row).query(true).reply(200, shown)

    expect(await read()).toEqual({ new_title: 'Fabrikam' })
    expect(clock.slept).toEqual([500])
  })

  test('is made again when the connection breaks', async () => {
    nock(base).get(row).query(true).replyWithError(brokenConnection())
    nock(base).get(row).query(true).reply(200, shown)

    expect(await read()).toEqual({ new_title: 'Fabrikam' })
  })

  test.each([
    ['create', (to: DataverseClient) => to.create(Customer, { new_title: 'x' })],
    ['update', (to: DataverseClient) => to.update(Customer, id, { new_title: 'x' })],
    ['upsert', (to: DataverseClient) => to.upsert(Customer, id, { new_title: 'x' })],
    [
      'ExecuteTransaction',
      (to: DataverseClient) =>
        to.execute('ExecuteTransaction', { Requests: [{ message: 'Delete', table: Customer, key: id }] }),
    ],
  ] as const)('is not made again when it is a %s: nobody knows whether it took effect', async (_, call) => {
    nock(base).persist().intercept(/.*/, 'POST').reply(503).intercept(/.*/, 'PATCH').reply(503)

    expect((await failure(call(client()))).status).toBe(503)
    expect(log).toHaveLength(1)
    nock.cleanAll()
  })

  test('a delete whose answer was lost is done when the row is gone', async () => {
    nock(base).delete(row).replyWithError(brokenConnection())
    nock(base)
      .delete(row)
      .reply(404, { error: { code: '0x80040217', message: 'Does Not Exist' } })

    await client().delete(Customer, id)
  })

  test('a delete of a row that never was fails', async () => {
    nock(base)
      .delete(row)
      .reply(404, { error: { code: '0x80040217', message: 'Does Not Exist' } })

    expect((await failure(client().delete(Customer, id))).name).toBe('ObjectDoesNotExist')
  })

  test.each([400, 401, 403, 404, 412, 500, 501])('is not made again after %i', async (status) => {
    nock(base)
      .get(row)
      .query(true)
      .times(status === 401 ? 2 : 1)
      .reply(status, { error: { code: '0x80040216', message: 'no' } })

    expect((await failure(read())).status).toBe(status)
    expect(clock.slept).toEqual([])
  })

  test('that gets no answer in the end says who, where and why', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    nock(base).get(row).query(true).times(5).replyWithError(refused)

    const error = await failure(read())

    expect(error).toBeInstanceOf(NoAnswer)
    expect(DataverseError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ name: 'NoAnswer', status: 0 })
    expect(error.message).toBe(
      `GET new_customers(${id}) got no answer from ${base}: nothing listens there (ECONNREFUSED).`,
    )
  })

  test('a batch that only reads is made again, one that writes is not', async () => {
    const batch = `${api}/$batch`
    nock(base).post(batch).times(2).reply(503)

    const reading = client({ retry: { attempts: 2 } }).batch((service) => service.retrieve(Customer, id, []))
    expect((await failure(reading)).status).toBe(503)
    nock(base).post(batch).reply(503)
    const writing = client({ retry: { attempts: 2 } }).batch((service) => service.delete(Customer, id))
    expect((await failure(writing)).status).toBe(503)
  })
})

describe('time', () => {
  test('an answer that takes longer than allowed is no answer', async () => {
    nock(base).get(row).query(true).delay(60_000).reply(200, shown)

    const error = await failure(read(client({ retry: { attempts: 1 }, timeoutMs: 5 })))

    expect(error).toMatchObject({ name: 'NoAnswer' })
    expect(error.message).toContain('no whole answer within 5 ms')
    nock.abortPendingRequests()
  })

  test('a signal ends a request that is under way, and the reason is the answer', async () => {
    nock(base).get(row).query(true).delay(60_000).reply(200, shown)
    const stop = new AbortController()
    const call = read(client().with({ signal: stop.signal }))

    stop.abort(new Error('enough'))

    expect((await failure(call)).message).toBe('enough')
    nock.cleanAll()
    nock.abortPendingRequests()
  })

  test('a signal ends waiting', async () => {
    nock(base).get(row).query(true).reply(429, throttled, { 'Retry-After': '100' })
    const stop = new AbortController()
    const waiting = createDataverseClient({
      url: base,
      tables,
      log: () => stop.abort(new Error('enough')),
    })

    expect((await failure(read(waiting.with({ signal: stop.signal })))).message).toBe('enough')
  })
})

describe('the log', () => {
  test('hears of every attempt, without queries', async () => {
    nock(base).get(row).query(true).reply(503)
    nock(base).get(row).query(true).reply(200, shown)

    await read()

    expect(log).toEqual([
      { method: 'GET', path: `new_customers(${id})`, attempt: 1, status: 503, retryInMs: 500 },
      { method: 'GET', path: `new_customers(${id})`, attempt: 2, status: 200 },
    ])
  })
})
