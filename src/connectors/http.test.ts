import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Clock } from '../internal/clock.ts'
import {
  createConnectorContext,
  defineConnector,
  field,
  type Json,
  notApplicable,
  type Refused,
  type XmlElement,
} from './index.ts'

const apiKey = 's3cr3t-key'
const base = 'https://api.contoso.example'

/** A clock on which waiting takes no time, and which remembers how long it was asked to wait. */
function instantClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = []
  return {
    slept,
    now: () => new Date('2026-11-24T00:00:00Z'),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      slept.push(milliseconds)
    },
  }
}

const connector = defineConnector({
  name: 'contoso',
  title: 'Contoso',
  contract: 1,
  settings: { baseUrl: field.url({ title: 'Base URL' }) },
  credentials: { apiKey: field.secret({ title: 'API key', header: 'Authorization', scheme: 'Bearer' }) },
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('nothing to do'),
})

let clock: ReturnType<typeof instantClock>
let notes: [string, Json | undefined][]

beforeEach(() => {
  clock = instantClock()
  notes = []
})

function httpTo(baseUrl: string, options: { signal?: AbortSignal; timeoutMs?: number; maxBytes?: number } = {}) {
  const { signal, ...transport } = options
  return createConnectorContext(connector, {
    settings: { baseUrl },
    credentials: { apiKey },
    key: 'log-1',
    clock,
    random: () => 0,
    signal,
    transport,
    log: (event, data) => notes.push([event, data]),
  }).http
}

const failure = (work: Promise<unknown>) =>
  work.then(
    (value) => expect.fail(`it succeeded with ${JSON.stringify(value)}`),
    (error) => error,
  )

describe('over a scripted network', () => {
  beforeEach(() => nock.disableNetConnect())
  afterEach(() => {
    const unused = nock.pendingMocks()
    nock.cleanAll()
    nock.enableNetConnect()
    expect(unused).toEqual([])
  })

  test('a request carries the secret, JSON and the idempotency key to an address below the base', async () => {
    nock(base, { reqheaders: { authorization: `Bearer ${apiKey}`, 'idempotency-key': 'log-1' } })
      .patch('/v1/subscriptions/7', { seats: 5 })
      .query({ notify: 'false' })
      .reply(200, { seats: 5 })

    const body = { seats: 5 }
    const options = { body, idempotencyKey: 'log-1', query: { notify: false, page: undefined } }
    expect(await httpTo(`${base}/v1/`).patch('/subscriptions/7', options)).toEqual({ seats: 5 })
  })

  test('another host does not get the secret', async () => {
    nock('https://elsewhere.example', { badheaders: ['authorization'] })
      .get('/')
      .reply(200, '{}')

    await httpTo(base).get('https://elsewhere.example/')
  })

  test.each([
    [400, 'invalid', 'never'],
    [401, 'auth', 'never'],
    [403, 'auth', 'never'],
    [404, 'notFound', 'never'],
    [409, 'conflict', 'sameKey'],
    [412, 'conflict', 'sameKey'],
    [422, 'invalid', 'never'],
    [429, 'throttled', 'later'],
    [501, 'notEligible', 'never'],
  ])('status %i is %s, and is not asked again', async (status, code, retry) => {
    nock(base).get('/').reply(status)

    expect(await failure(httpTo(base).get('/'))).toMatchObject({ code, retry, details: { status } })
    expect(clock.slept).toEqual([])
  })

  test.each([408, 500, 502, 503, 504])(
    'status %i is transient: tried three times, waiting longer each time',
    async (status) => {
      nock(base).get('/').times(3).reply(status)

      expect(await failure(httpTo(base).get('/'))).toMatchObject({ code: 'transient' })
      expect(clock.slept).toEqual([800, 1600])
    },
  )

  test('a connector may read a status in its own way', async () => {
    nock(base).get('/').reply(403)

    expect(await failure(httpTo(base).get('/', { failures: { 403: 'agreementRequired' } }))).toMatchObject({
      code: 'agreementRequired',
    })
  })

  test('a broken connection is tried again under the same key', async () => {
    const keys: (string | undefined)[] = []
    const remember = function (this: { req: { headers: Record<string, string> } }) {
      keys.push(this.req.headers['idempotency-key'])
      return { id: 1 }
    }
    nock(base)
      .post('/orders')
      .replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
    nock(base).post('/orders').reply(201, remember)

    expect(await httpTo(base).post('/orders', { body: {}, idempotencyKey: 'log-1' })).toEqual({ id: 1 })
    expect(keys).toEqual(['log-1'])
  })

  test('a POST without a key is never repeated: nobody knows whether it took effect', async () => {
    nock(base)
      .post('/orders')
      .replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))

    expect(await failure(httpTo(base).post('/orders', { body: {} }))).toMatchObject({ code: 'transient' })
    expect(clock.slept).toEqual([])
  })

  test.each([
    ['seconds', '7', 7_000],
    ['an HTTP date', 'Tue, 24 Nov 2026 00:01:30 GMT', 90_000],
    ['a date that is over', 'Mon, 23 Nov 2026 00:00:00 GMT', 0],
    ['nonsense', 'soon', undefined],
  ])('throttling says how long to wait, by %s', async (_, header, wait) => {
    nock(base).get('/').reply(429, '', { 'retry-after': header })

    expect((await failure(httpTo(base).get('/'))).retryAfterMs).toBe(wait)
  })

  test('a transient fault that asks for patience gets it, unless it asks for more than a minute', async () => {
    nock(base).get('/').reply(503, '', { 'retry-after': '20' })
    nock(base).get('/').reply(503, '', { 'retry-after': '120' })

    expect(await failure(httpTo(base).get('/'))).toMatchObject({ code: 'transient', retryAfterMs: 120_000 })
    expect(clock.slept).toEqual([20_000])
  })

  test.each([
    [
      'problem details',
      { title: 'Bad', detail: 'The seats are wrong.', traceId: 't-1' },
      'The seats are wrong.',
      undefined,
      't-1',
    ],
    ['an error object', { error: { code: 3001, message: 'Too late.' } }, 'Too late.', '3001', undefined],
    [
      'an OAuth error',
      { error: 'invalid_grant', error_description: 'Consent is gone.' },
      'Consent is gone.',
      undefined,
      undefined,
    ],
    ['plain text', 'Subscription Id 7 not found', 'Subscription Id 7 not found', undefined, undefined],
    [
      'a page',
      '<!DOCTYPE html><html><title>Gateway down</title></html>',
      'an HTML page ("Gateway down")',
      undefined,
      undefined,
    ],
    [
      'XML under a JSON header',
      '<r><error><code>7</code><message>No seats.</message></error></r>',
      'No seats.',
      '7',
      undefined,
    ],
    ['XML that says it in its root', '<error>no</error>', ': no', undefined, undefined],
    ['XML that must not be read', '<!DOCTYPE e [<!ENTITY a "b">]><e>&a;</e>', '<!DOCTYPE e [', undefined, undefined],
    ['nothing', '', 'GET https://api.contoso.example/x answered 400', undefined, undefined],
  ])(
    'a refusal in the shape of %s says what the provider says',
    async (_, body, message, providerCode, correlationId) => {
      nock(base).get('/x').reply(400, body, { 'content-type': 'application/json' })

      const error = await failure(httpTo(base).get('/x'))
      expect(error.message).toContain(message)
      expect(error.details).toMatchObject({ providerCode, correlationId })
    },
  )

  test('the correlation id of the header comes first', async () => {
    nock(base).get('/').reply(404, { traceId: 'body' }, { 'MS-CorrelationId': 'header' })

    expect((await failure(httpTo(base).get('/'))).details.correlationId).toBe('header')
  })

  test.each([
    ['an HTML page', '<html><title>Sign in</title></html>', 'an HTML page ("Sign in")'],
    ['half an object', '{"seats":', 'something that is not JSON'],
    ['nothing', '', 'nothing'],
  ])('an answer of 200 with %s is a classified failure', async (_, body, what) => {
    nock(base).get('/').times(3).reply(200, body, { 'x-request-id': 'r-1' })

    expect(await failure(httpTo(base).get('/'))).toMatchObject({
      code: 'transient',
      message: `GET ${base}/ answered 200 with ${what}: is the address in the settings that of the API?`,
      details: { status: 200, correlationId: 'r-1' },
    })
  })

  test('a byte order mark is not content, and 204 is undefined', async () => {
    nock(base).get('/bom').reply(200, Buffer.from('\uFEFF{"seats":5}'))
    nock(base).delete('/x').reply(204)

    expect(await httpTo(base).get('/bom')).toEqual({ seats: 5 })
    expect(await httpTo(base).delete('/x')).toBeUndefined()
  })

  test.each([
    ['XML as XML', 'xml', '<s seats="5"/>', 'application/xml'],
    ['XML as what it is, under a JSON header', 'auto', '\uFEFF<s seats="5"/>', 'application/json'],
  ] as const)('an answer is read: %s', async (_, as, body, type) => {
    nock(base).get('/').reply(200, Buffer.from(body), { 'content-type': type })

    expect((await httpTo(base).get<XmlElement>('/', { as })).attribute('seats')).toBe('5')
  })

  test('JSON is read as JSON, under whatever header', async () => {
    nock(base).get('/').reply(200, '{"seats":5}', { 'content-type': 'text/html' })

    expect(await httpTo(base).get('/', { as: 'auto' })).toEqual({ seats: 5 })
  })

  test.each([
    ['a document type', '<!DOCTYPE s [<!ENTITY a "b">]><s>&a;</s>', 'something that is not XML'],
    ['endless nesting', '<s>'.repeat(10_000) + '</s>'.repeat(10_000), 'something that is not XML'],
    ['a page', '<html><title>Sign in</title></html>', 'an HTML page ("Sign in")'],
  ])('XML with %s is a classified failure', async (_, body, what) => {
    nock(base).get('/').reply(200, body)

    expect(await failure(httpTo(base).get('/', { as: 'xml', tries: 1 }))).toMatchObject({
      code: 'transient',
      message: expect.stringContaining(what),
    })
  })

  test('a form is sent as a form, and bytes as they are', async () => {
    nock(base, { reqheaders: { 'content-type': 'application/x-www-form-urlencoded' } })
      .post('/token', 'grant_type=a%26b')
      .reply(204)
    nock(base, { reqheaders: { 'content-type': 'text/xml' } })
      .post('/soap', '<s/>')
      .reply(204)

    await httpTo(base).post('/token', { body: new URLSearchParams({ grant_type: 'a&b' }) })
    const headers = { 'content-type': 'text/xml' }
    await httpTo(base).post('/soap', { body: new TextEncoder().encode('<s/>'), headers })
  })

  test('a provider that says only in words how long to wait is understood', async () => {
    nock(base).get('/').reply(429, { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' })

    expect(await failure(httpTo(base).get('/'))).toMatchObject({ code: 'throttled', retryAfterMs: 57_000 })
  })

  test("a provider's own codes may decide what a refusal means, with advice", async () => {
    nock(base).get('/').reply(400, { code: 7, description: 'Too late.' })
    const failures = ({ providerCode }: Refused) =>
      providerCode === '7' ? ({ code: 'windowClosed', advice: 'Wait for the renewal.' } as const) : undefined

    expect(await failure(httpTo(base).get('/', { failures }))).toMatchObject({
      code: 'windowClosed',
      message: `GET ${base}/ answered 400: Too late. Wait for the renewal.`,
    })
  })

  test('a provider that throttles one context is left alone by the others', async () => {
    nock(base).get('/').reply(429, '', { 'retry-after': '120' })
    await failure(httpTo(base).get('/'))

    expect(await failure(httpTo(base).get('/'))).toMatchObject({ code: 'throttled', retryAfterMs: 120_000 })
  })

  test.each([
    ['to another host', 'GET', 'https://evil.example/x', 'to another host, https://evil.example'],
    ['to the same host without encryption', 'GET', 'http://api.contoso.example/', 'to another host'],
    ['of a request that writes', 'POST', '/elsewhere', 'a request that writes'],
  ])('a redirect %s is refused', async (_, method, location, why) => {
    nock(base).intercept('/', method).reply(307, '', { location })

    const error = await failure(httpTo(base).request(method as 'GET', '/', method === 'GET' ? {} : { body: {} }))
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining(why) })
  })

  test('a redirect on the same host is followed, but not for ever', async () => {
    nock(base).get('/old').reply(301, '', { location: '/new' })
    nock(base).get('/new').reply(200, { ok: true })
    expect(await httpTo(base).get('/old')).toEqual({ ok: true })

    nock(base).get('/loop').times(6).reply(302, '', { location: '/loop' })
    expect((await failure(httpTo(base).get('/loop'))).message).toContain('in a circle')
  })

  test.each([
    ['ENOTFOUND', 'transient', 'typing error'],
    ['ECONNREFUSED', 'transient', 'ECONNREFUSED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'invalid', 'the certificate is not trusted'],
    ['CERT_HAS_EXPIRED', 'invalid', 'the certificate is not trusted'],
  ])('%s is %s', async (code, failureCode, message) => {
    nock(base)
      .get('/')
      .times(failureCode === 'transient' ? 3 : 1)
      .replyWithError(Object.assign(new Error(code), { code }))

    expect(await failure(httpTo(base).get('/'))).toMatchObject({
      code: failureCode,
      message: expect.stringContaining(message),
    })
  })

  test('no error and no note shows a secret, however the provider repeats it', async () => {
    const long = 'x'.repeat(496)
    for (const reply of [
      () => nock(base).get('/').query(true).reply(400, `${long}${apiKey}`),
      () =>
        nock(base)
          .get('/')
          .query(true)
          .reply(401, { error: { code: apiKey, message: `key ${apiKey}` } }),
      () => nock(base).get('/').query(true).reply(404, '', { 'x-request-id': apiKey }),
      () =>
        nock(base)
          .get('/')
          .query(true)
          .times(3)
          .replyWithError(Object.assign(new Error(`no ${apiKey}`), { code: 'EPIPE' })),
    ]) {
      reply()
      const error = await failure(httpTo(base).get('/', { query: { apiKey } }))
      expect(`${error.stack}${JSON.stringify(error)}${JSON.stringify(error.details)}`).not.toMatch(/s3cr/)
      expect(error.cause).toBeUndefined()
    }
    expect(notes.length).toBeGreaterThan(0)
    expect(JSON.stringify(notes)).not.toMatch(/s3cr/)
  })
})

describe('over a real network', () => {
  let server: Server | undefined

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  test('an answer that is too long is not read to its end', async () => {
    const url = await serve((_, response) => response.setHeader('x-request-id', 'r-1').end('x'.repeat(100_000)))

    expect(await failure(httpTo(url, { maxBytes: 1_000 }).get('/'))).toMatchObject({
      code: 'bug',
      message: expect.stringContaining('maxBytes'),
      details: { correlationId: 'r-1' },
    })
  })

  test('an answer that drips for ever times out', async () => {
    const url = await serve((request, response) => {
      response.setHeader('x-request-id', 'r-2')
      const timer = setInterval(() => response.write(' '), 10)
      request.socket.on('close', () => clearInterval(timer))
    })

    expect(await failure(httpTo(url, { timeoutMs: 100 }).get('/', { tries: 1 }))).toMatchObject({
      code: 'transient',
      message: expect.stringContaining('no whole answer within 100 ms'),
      details: { correlationId: 'r-2' },
    })
  })

  test('a certificate that nobody vouches for is refused, not asked again', async () => {
    const { generate } = await import('selfsigned')
    const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }])
    const secure = createSecureServer({ cert, key }, (_, response) => response.end('{}'))
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))

    const { port } = secure.address() as AddressInfo
    const error = await failure(httpTo(`https://127.0.0.1:${port}`).get('/'))
    secure.close()
    expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('certificate is not trusted') })
  })

  test('a signal stops the request under way, with its own reason', async () => {
    const stop = new AbortController()
    const url = await serve(() => stop.abort(new Error('lease lost')))

    await expect(httpTo(url, { signal: stop.signal }).get('/')).rejects.toThrow('lease lost')
  })

  test('a connection cut before the answer is transient', async () => {
    let requests = 0
    const url = await serve((request) => {
      requests++
      request.socket.destroy()
    })

    expect(await failure(httpTo(url).get('/'))).toMatchObject({ code: 'transient' })
    expect(requests).toBe(3)
  })
})
