import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningServer, type ServeOptions, serve } from '../../src/cli/serve.ts'
import { createDataverseClient } from '../../src/client/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import { createEmulator, type EmulatorOptions } from '../../src/testing/index.ts'
import { Customer, tables } from '../emulator/tables.ts'

const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

async function start(options: Partial<ServeOptions> = {}, emulated: EmulatorOptions = {}) {
  const dataverse = createEmulator({ tables, now: '2026-03-01T09:00:00Z', ...emulated })
  const server = await serve(dataverse, { port: 0, host: '127.0.0.1', ...options })
  running.push(server)
  return { dataverse, server, url: server.url }
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: what is answered is what is tested
  readonly body: any
}

async function ask(
  url: string,
  method = 'GET',
  payload?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = payload === undefined ? null : JSON.stringify(payload)
  const type = body === null ? {} : { 'Content-Type': 'application/json' }
  const response = await fetch(url, { method, body, headers: { ...type, ...headers } })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

const API = '/api/data/v9.2'
const titles = async (url: string) =>
  (await ask(`${url}${API}/new_customers?$select=new_title&$orderby=new_title`)).body.value.map(
    ({ new_title }: { new_title: string }) => new_title,
  )

describe('forks', () => {
  test('have the rows of the moment and a future of their own, however many there are at a time', async () => {
    const { dataverse, url } = await start()
    await dataverse.seed(Customer, { new_title: 'all' })
    const forks = await Promise.all(Array.from({ length: 20 }, () => ask(`${url}/_emulator/fork`, 'POST')))
    expect(new Set(forks.map(({ status, body }) => `${status} ${body.url}`)).size).toBe(20)

    await Promise.all(
      forks.flatMap(({ body }, one) =>
        Array.from({ length: 5 }, (_, n) =>
          ask(`${body.url}${API}/new_customers`, 'POST', { new_title: `${one} ${n}` }),
        ),
      ),
    )

    for (const [one, { body }] of forks.entries()) {
      expect(await titles(body.url)).toEqual([...Array.from({ length: 5 }, (_, n) => `${one} ${n}`), 'all'])
    }
    expect(await titles(url)).toEqual(['all'])
  })

  test('are environments to every client, with addresses that lead back into them', async () => {
    const { url } = await start()
    const { body: fork } = await ask(`${url}/_emulator/fork`, 'POST')
    const client = createDataverseClient({ url: fork.url, tables })
    const id = await client.create(Customer, { new_title: 'Fabrikam' })

    expect(await client.retrieve(Customer, id, ['new_title'])).toEqual({ new_title: 'Fabrikam' })
    const { headers } = await ask(`${fork.url}${API}/new_customers`, 'POST', { new_title: 'Contoso' })
    expect(headers.get('odata-entityid')).toMatch(`${fork.url}${API}/new_customers(`)
    expect((await ask(`${url}${API}/new_customers(${id})`)).status).toBe(404)
  })

  test('have controls of their own: clock, reset, faults, trace, and forks', async () => {
    const { dataverse, url } = await start()
    const { body: fork } = await ask(`${url}/_emulator/fork`, 'POST')
    await ask(`${fork.url}/_emulator/clock`, 'PUT', { now: '2030-01-01T00:00:00Z' })
    await ask(`${fork.url}/_emulator/faults`, 'POST', { status: 503 })
    await ask(`${fork.url}${API}/new_customers`, 'POST', { new_title: 'lost' })
    await ask(`${fork.url}${API}/new_customers`, 'POST', { new_title: 'kept' })

    expect(dataverse.clock.now()).toEqual(new Date('2026-03-01T09:00:00Z'))
    expect((await ask(`${url}/_emulator/trace`)).body).toEqual([])
    const { body: second } = await ask(`${fork.url}/_emulator/fork`, 'POST')
    expect(await titles(second.url)).toEqual(['kept'])
    expect((await ask(`${second.url}/_emulator/clock`)).body.now).toBe('2030-01-01T00:00:00.000Z')
    expect((await ask(`${fork.url}/_emulator/reset`, 'POST')).status).toBe(204)
    expect(await titles(fork.url)).toEqual([])
    expect(await titles(second.url)).toEqual(['kept'])
  })

  test('go on running where the clock of what is forked runs', async () => {
    const { dataverse, url } = await start()
    dataverse.clock.run()
    const { body: fork } = await ask(`${url}/_emulator/fork`, 'POST')

    expect((await ask(`${fork.url}/_emulator/clock`)).body.running).toBe(true)
  })

  test('that are gone say so, and those that never were', async () => {
    const { url } = await start({ maxForks: 2 })
    const forks: string[] = []
    for (let n = 0; n < 3; n++) forks.push((await ask(`${url}/_emulator/fork`, 'POST')).body.url)
    expect((await ask(`${url}/_emulator/forks/2`, 'DELETE')).status).toBe(204)

    const [oldest, deleted, kept] = await Promise.all(forks.map((fork) => ask(`${fork}${API}/new_customers`)))
    expect(oldest).toMatchObject({
      status: 410,
      body: { error: { message: expect.stringMatching(/oldest.*--max-forks/) } },
    })
    expect(deleted!.status).toBe(410)
    expect(kept!.status).toBe(200)
    for (const id of ['4', '0', '-1', '1e1', '__proto__', '%31']) {
      expect(await ask(`${url}/forks/${id}${API}/new_customers`)).toMatchObject({ status: 404 })
    }
    expect((await ask(`${url}/_emulator/forks/2`, 'DELETE')).status).toBe(404)
  })
})

describe('a fault', () => {
  test('meets the requests that it is for, as often as it says', async () => {
    const { url } = await start()
    const fault = { match: { method: 'GET', path: '/new_customers*' }, status: 429, retryAfter: 7, times: 2 }
    expect(await ask(`${url}/_emulator/faults`, 'POST', fault)).toMatchObject({
      status: 201,
      body: { ...fault, left: 2 },
    })

    expect((await ask(`${url}${API}/new_projects`)).status).toBe(200)
    expect((await ask(`${url}${API}/new_customers`, 'POST', {})).status).toBe(204)
    const { status, headers, body } = await ask(`${url}${API}/new_customers?$top=1`)
    expect([status, headers.get('retry-after'), body.error.code]).toEqual([429, '7', '0x80072322'])
    expect((await ask(`${url}/_emulator/faults`)).body).toMatchObject([{ left: 1 }])
    expect((await ask(`${url}${API}/new_customers/$count`)).status).toBe(429)
    expect((await ask(`${url}${API}/new_customers`)).status).toBe(200)
    expect((await ask(`${url}/_emulator/faults`)).body).toEqual([])
  })

  test('cuts the connection before the request did anything, or after', async () => {
    const { url } = await start()
    const create = (new_title: string) => ask(`${url}${API}/new_customers`, 'POST', { new_title })
    await ask(`${url}/_emulator/faults`, 'POST', { drop: true })
    await ask(`${url}/_emulator/faults`, 'POST', { drop: 'answer' })

    await expect(create('before')).rejects.toThrow('fetch failed')
    await expect(create('after')).rejects.toThrow('fetch failed')
    expect(await titles(url)).toEqual(['after'])
  })

  test('without an end is met until it is deleted, or the environment is reset', async () => {
    const { url } = await start()
    for (const [method, path] of [
      ['DELETE', '/faults'],
      ['POST', '/reset'],
    ] as const) {
      await ask(`${url}/_emulator/faults`, 'POST', { match: { path: `${API}/*` }, status: 503, times: null })
      for (let n = 0; n < 3; n++) expect((await ask(`${url}${API}/new_customers`)).status).toBe(503)
      expect((await ask(`${url}/_emulator${path}`, method)).status).toBe(204)
      expect((await ask(`${url}${API}/new_customers`)).status).toBe(200)
    }
  })

  test('of the token endpoint is met there', async () => {
    const { url } = await start()
    await ask(`${url}/_emulator/faults`, 'POST', { match: { path: '/*/oauth2/v2.0/token' }, status: 500 })

    expect((await ask(`${url}/contoso/oauth2/v2.0/token`, 'POST', {})).status).toBe(500)
    expect((await ask(`${url}/contoso/oauth2/v2.0/token`, 'POST', {})).status).toBe(400)
  })

  test('that delays is over when the client goes', async () => {
    const { server, url } = await start({ graceMs: 60_000 })
    await ask(`${url}/_emulator/faults`, 'POST', { delayMs: 600_000 })
    const stop = new AbortController()
    const waiting = fetch(`${url}${API}/new_customers`, { signal: stop.signal }).catch((error) => error.name)
    await expect.poll(async () => (await ask(`${url}/_emulator/faults`)).body).toEqual([])

    stop.abort()

    expect(await waiting).toBe('AbortError')
    await server.close()
  })
})

test('the trace tells of requests, and of what they set off', async () => {
  const late = defineStep({
    name: 'say hello',
    table: Customer,
    message: 'Create',
    stage: 'postOperation',
    run: ({ trace }) => trace('hello'),
  })
  const { url } = await start({}, { steps: [late] })
  await ask(`${url}${API}/new_customers`, 'POST', { new_title: 'Fabrikam' })

  expect((await ask(`${url}/_emulator/trace`)).body).toMatchObject([
    { level: 0, kind: 'request', title: `POST ${API}/new_customers`, status: 204, duration: expect.any(Number) },
    { level: 0, kind: 'operation', title: expect.stringMatching(/^Create new_customer/) },
    { level: 1, kind: 'step', title: expect.stringContaining('say hello') },
    { kind: 'text', title: 'hello' },
  ])
})

test('what is asked for and not there is counted, in batches too, and stays counted when the environment is reset', async () => {
  const { url } = await start()
  const batch = [
    '--b',
    'Content-Type: application/http',
    '',
    `GET ${API}/Frobnicate() HTTP/1.1`,
    '',
    '',
    '--b--',
    '',
  ].join('\r\n')
  await fetch(`${url}${API}/$batch`, {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/mixed; boundary=b' },
    body: batch,
  })
  for (let n = 0; n < 2; n++) await ask(`${url}${API}/new_customers?$search=x`)
  await ask(`${url}${API}/new_customers(11111111-1111-4111-8111-111111111111)`)
  await ask(`${url}/_emulator/reset`, 'POST')

  expect((await ask(`${url}/_emulator/unsupported`)).body).toMatchObject([
    { what: expect.stringContaining("'$search'"), count: 2, status: 501, method: 'GET' },
    { what: expect.stringContaining("'Frobnicate'"), count: 1, status: 404 },
  ])
})

const remaining = ({ headers }: Answer) =>
  ['burst', 'time'].map((what) => headers.get(`x-ms-ratelimit-${what}-remaining-xrm-requests`))

describe('service protection', () => {
  test('is told with every answer, and refuses who has nothing left', async () => {
    const { dataverse, url } = await start({}, { serviceProtection: { requests: 3, executionTimeMs: 5_000 } })
    const who = () => ask(`${url}${API}/WhoAmI`)
    expect(remaining(await who())).toEqual(['2', '5.00'])
    expect(remaining(await ask(`${url}${API}/new_customers`, 'POST', { new_title: 'Fabrikam' }))).toEqual(['1', '5.00'])
    // What nobody asks of Dataverse costs nothing, and is told all the same.
    expect(remaining(await ask(`${url}${API}/nothing`))).toEqual(['1', '5.00'])
    expect(remaining(await who())).toEqual(['0', '5.00'])

    const refused = await who()
    expect([refused.status, refused.headers.get('retry-after'), ...remaining(refused)]).toEqual([
      429,
      '300',
      '0',
      '5.00',
    ])
    expect(refused.body.error.code).toBe('0x80072322')
    await dataverse.clock.advance(300_000)
    expect(remaining(await who())).toEqual(['2', '5.00'])
  })

  test('that is off tells nothing', async () => {
    const { url } = await start()
    expect(remaining(await ask(`${url}${API}/WhoAmI`))).toEqual([null, null])
  })

  test('counts for a fork what was asked of the fork', async () => {
    const { url } = await start({}, { serviceProtection: { requests: 9 } })
    await ask(`${url}${API}/WhoAmI`)
    const { body: fork } = await ask(`${url}/_emulator/fork`, 'POST')
    expect(remaining(await ask(`${fork.url}${API}/WhoAmI`))).toEqual(['8', '1,200.00'])
    expect(remaining(await ask(`${url}${API}/WhoAmI`))).toEqual(['7', '1,200.00'])
  })
})

describe('tokens', () => {
  const applicationId = '33333333-3333-4333-8333-333333333333'
  const applicationOfRita = '66666666-6666-4666-8666-666666666666'
  const users = {
    systemuser: [
      { systemuserid: '44444444-4444-4444-8444-444444444444', fullname: 'Robot', applicationid: applicationId },
      { systemuserid: '55555555-5555-4555-8555-555555555555', fullname: 'Rita' },
    ],
  }
  const tokenOf = async (url: string, resource = url, client = applicationId) => {
    const form = { grant_type: 'client_credentials', client_id: client, client_secret: 'any' }
    const body = new URLSearchParams({ ...form, scope: `${resource}/.default` })
    const response = await fetch(`${url}/contoso/oauth2/v2.0/token`, { method: 'POST', body })
    return { Authorization: `Bearer ${((await response.json()) as { access_token: string }).access_token}` }
  }

  test('are asked for with --auth only, live by the emulator’s clock, and are for one address', async () => {
    const { dataverse, url } = await start({ auth: true }, { seed: users })
    const asRobot = await tokenOf(url)
    const who = (headers?: Record<string, string>) => ask(`${url}${API}/WhoAmI()`, 'GET', undefined, headers)

    expect(await who(asRobot)).toMatchObject({ status: 200, body: { UserId: users.systemuser[0]!.systemuserid } })
    expect(await who({ Authorization: 'Bearer x.y.z' })).toMatchObject({ status: 401 })
    expect(await who(await tokenOf(url, 'https://contoso.crm4.dynamics.com'))).toMatchObject({ status: 401 })
    const refused = await who()
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=.*, resource_id=/)

    await dataverse.clock.advance(59 * 60_000)
    expect((await who(asRobot)).status).toBe(200)
    await dataverse.clock.advance(60_000)
    expect(await who(asRobot)).toMatchObject({
      status: 401,
      body: { error: { message: expect.stringMatching(/expired/) } },
    })
    expect((await who(await tokenOf(url))).status).toBe(200)
  })

  test('for a fork live by the fork’s clock', async () => {
    const { url } = await start({ auth: true }, { seed: users })
    const { body: fork } = await ask(`${url}/_emulator/fork`, 'POST')
    await ask(`${fork.url}/_emulator/clock/advance`, 'POST', { by: 'PT2H' })
    const who = (headers: Record<string, string>) => ask(`${fork.url}${API}/WhoAmI()`, 'GET', undefined, headers)

    expect((await who(await tokenOf(url))).status).toBe(401)
    expect((await who(await tokenOf(url, fork.url))).status).toBe(200)
  })

  test('let an application act for others, with its name beside theirs', async () => {
    const { dataverse, url } = await start({ auth: true }, { seed: users })
    const [robot, rita] = users.systemuser
    const headers = { ...(await tokenOf(url)), MSCRMCallerID: rita!.systemuserid }
    expect((await ask(`${url}${API}/new_customers`, 'POST', { new_title: 'Fabrikam' }, headers)).status).toBe(204)

    const [row] = await dataverse.list(Customer, ['createdby', 'createdonbehalfby'])
    expect(row).toMatchObject({ createdby: { id: rita!.systemuserid }, createdonbehalfby: { id: robot!.systemuserid } })
  })

  test('tell each caller what is left to it, and not to those whom it acts for', async () => {
    const [robot, rita] = users.systemuser
    const seed = { systemuser: [robot!, { ...rita!, applicationid: applicationOfRita }] }
    const { url } = await start({ auth: true }, { seed, serviceProtection: { requests: 9 } })
    const asRobot = await tokenOf(url)
    const who = (headers: Record<string, string>) => ask(`${url}${API}/WhoAmI`, 'GET', undefined, headers)

    expect(remaining(await who(asRobot))).toEqual(['8', '1,200.00'])
    expect(remaining(await who({ ...asRobot, MSCRMCallerID: rita!.systemuserid }))).toEqual(['7', '1,200.00'])
    expect(remaining(await who(await tokenOf(url, url, applicationOfRita)))).toEqual(['8', '1,200.00'])
  })

  test('are not looked at without --auth', async () => {
    const { url } = await start()
    for (const headers of [{}, { Authorization: 'Bearer anything' }]) {
      expect((await ask(`${url}${API}/WhoAmI()`, 'GET', undefined, headers)).status).toBe(200)
    }
  })

  test.each<readonly [string, Record<string, string>, number, number]>([
    ['no grant', {}, 400, 900144],
    ['another grant', { grant_type: 'password' }, 400, 70003],
    ['no application', { grant_type: 'client_credentials' }, 400, 900144],
    [
      'a scope that is none',
      { grant_type: 'client_credentials', client_id: 'a', scope: 'x', client_secret: 's' },
      400,
      1002012,
    ],
    ['no secret', { grant_type: 'client_credentials', client_id: 'a', scope: 'https://x/.default' }, 401, 7000216],
  ])('are refused with Entra’s code: %s', async (_, form, status, code) => {
    const { url } = await start()
    const response = await fetch(`${url}/contoso/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })

    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      error_codes: [code],
      error_description: expect.stringContaining(`AADSTS${code}: `),
    })
  })
})

describe('the controls', () => {
  /** A request with headers that `fetch` does not let one send. */
  const raw = (url: string, head: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(url)
      let text = ''
      const socket = connect(Number(port), hostname, () => socket.write(`${head}\r\nConnection: close\r\n\r\n`))
      socket
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve(text))
        .on('error', reject)
    })

  test.each(['/_emulator/reset', '/forks/1/_emulator/reset'])('%s is not for pages of other sites', async (path) => {
    const { dataverse, url } = await start()
    await dataverse.seed(Customer, { new_title: 'Fabrikam' })
    await ask(`${url}/_emulator/fork`, 'POST')
    const { host } = new URL(url)

    expect(await raw(url, `POST ${path} HTTP/1.1\r\nHost: evil.example`)).toMatch(/^HTTP\/1\.1 403/)
    expect(await raw(url, `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.example`)).toMatch(/403/)
    expect(await raw(url, `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: null`)).toMatch(/403/)
    expect(await titles(`${url}/forks/1`)).toEqual(['Fabrikam'])
    expect(await raw(url, `POST ${path} HTTP/1.1\r\nHost: ${host}`)).toMatch(/^HTTP\/1\.1 204/)
  })

  test('refuse a body that is too long', async () => {
    const { url } = await start()
    expect((await ask(`${url}/_emulator/faults`, 'POST', { match: { path: 'x'.repeat(70_000) } })).status).toBe(413)
  })

  test('keep at most a hundred faults', async () => {
    const { url } = await start()
    for (let n = 0; n < 100; n++) await ask(`${url}/_emulator/faults`, 'POST', { match: { path: '/x' }, status: 500 })

    expect((await ask(`${url}/_emulator/faults`, 'POST', { status: 500 })).status).toBe(409)
  })
})

test('a long address reaches the Web API, which refuses it by its own rule', async () => {
  const { url } = await start()
  const address = `${url}${API}/new_customers?$filter=new_title eq '${'x'.repeat(20_000)}'`

  expect((await ask(address)).status).toBe(200)
  expect((await ask(`${address}${'x'.repeat(20_000)}`)).status).toBe(414)
})

test('of fifty clients that change one row at a time, each success is a version of its own, and nothing is lost', async () => {
  const { dataverse, url } = await start()
  const id = await dataverse.seed(Customer, { new_title: 'Fabrikam', new_rating: 0 })
  const row = `${url}${API}/new_customers(${id})`
  const written: string[] = []
  let lost = 0

  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (let n = 0; n < 5; n++) {
        const { body } = await ask(row)
        const headers = { 'If-Match': body['@odata.etag'], Prefer: 'return=representation' }
        const answer = await ask(row, 'PATCH', { new_rating: body.new_rating + 1 }, headers)
        if (answer.status === 200) written.push(answer.body['@odata.etag'])
        else if (answer.status === 412) lost++
        else throw new Error(JSON.stringify(answer.body))
      }
    }),
  )

  expect(written.length + lost).toBe(250)
  expect(lost).toBeGreaterThan(0)
  expect(new Set(written).size).toBe(written.length)
  expect(await dataverse.retrieve(Customer, id, ['new_rating'])).toEqual({ new_rating: written.length })
})

test('a port that is taken is refused', async () => {
  const { url } = await start()

  await expect(start({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
