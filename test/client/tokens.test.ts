import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type Auth,
  createDataverseClient,
  type DataverseClientOptions,
  type TokenRequest,
} from '../../src/client/index.ts'
import { Customer, tables } from '../emulator/tables.ts'
import { createInstantClock, type InstantClock } from './instant-clock.ts'

const base = 'https://contoso.crm4.dynamics.com'
const login = 'https://login.microsoftonline.com'
const tenantId = '22222222-2222-4222-8222-222222222222'
const clientId = '33333333-3333-4333-8333-333333333333'
const clientSecret = "s3cr3t & 'more'"
const id = '11111111-1111-4111-8111-111111111111'
const row = `/api/data/v9.2/new_customers(${id})`

let clock: InstantClock
beforeEach(() => {
  nock.disableNetConnect()
  clock = createInstantClock()
})
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(unused).toEqual([])
})

const client = (auth: Auth, options: Partial<DataverseClientOptions> = {}) =>
  createDataverseClient({ url: base, auth, tables, clock, ...options })
const withSecret: Auth = { tenantId, clientId, clientSecret }
const read = (from: ReturnType<typeof client>) => from.retrieve(Customer, id, ['new_title'])

/** What Microsoft Entra ID answers about its endpoints, should MSAL ask: it knows those of the public cloud. */
function openIdDocument() {
  nock(login)
    .get(`/${tenantId}/v2.0/.well-known/openid-configuration`)
    .query(true)
    .optionally()
    .reply(200, {
      issuer: `${login}/${tenantId}/v2.0`,
      authorization_endpoint: `${login}/${tenantId}/oauth2/v2.0/authorize`,
      token_endpoint: `${login}/${tenantId}/oauth2/v2.0/token`,
      jwks_uri: `${login}/${tenantId}/discovery/v2.0/keys`,
    })
}

/** Gives tokens that live an hour, and remembers what it was asked with. */
function tokenEndpoint(...tokens: readonly string[]): URLSearchParams[] {
  const asked: URLSearchParams[] = []
  for (const access_token of tokens) {
    nock(login)
      .post(`/${tenantId}/oauth2/v2.0/token`, (body) => {
        asked.push(new URLSearchParams(body))
        return true
      })
      .query(true)
      .reply(200, () => {
        // MSAL reads the machine's own clock: an hour from then until an hour from the test's now.
        const expires_in = Math.round((clock.now().getTime() + 3_600_000 - Date.now()) / 1000)
        return { token_type: 'Bearer', expires_in, ext_expires_in: expires_in, access_token }
      })
  }
  return asked
}

function environment(token: string, times = 1) {
  nock(base, { reqheaders: { authorization: `Bearer ${token}` } })
    .get(row)
    .query(true)
    .times(times)
    .reply(200, { new_customerid: id, new_title: 'Fabrikam' })
}

describe('client credentials', () => {
  test('with a secret get a token for the environment, which is kept', async () => {
    openIdDocument()
    const asked = tokenEndpoint('token-1')
    environment('token-1', 3)
    const dataverse = client(withSecret)

    await Promise.all([read(dataverse), read(dataverse)])
    expect(await read(dataverse)).toEqual({ new_title: 'Fabrikam' })

    expect(asked).toHaveLength(1)
    expect(Object.fromEntries(asked[0]!)).toMatchObject({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
      scope: `${base}/.default`,
    })
  })

  test('get another token five minutes before the first one ends', async () => {
    openIdDocument()
    tokenEndpoint('token-1', 'token-2')
    environment('token-1', 2)
    environment('token-2')
    const dataverse = client(withSecret)

    await read(dataverse)
    clock.advance(54 * 60_000)
    await read(dataverse)
    clock.advance(2 * 60_000)
    await read(dataverse)
  })

  test('with a certificate sign what they send, and send no secret', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    openIdDocument()
    const asked = tokenEndpoint('token-1')
    environment('token-1')

    await read(client({ tenantId, clientId, certificate: { thumbprintSha256: 'ab'.repeat(32), privateKey: key } }))

    const assertion = asked[0]!.get('client_assertion')!
    const [header, claims] = assertion.split('.').map((part) => {
      return part.startsWith('ey') ? JSON.parse(Buffer.from(part, 'base64url').toString()) : part
    })
    expect(header).toMatchObject({
      alg: 'PS256',
      'x5t#S256': Buffer.from('ab'.repeat(32), 'hex').toString('base64url'),
    })
    expect(claims).toMatchObject({ iss: clientId, sub: clientId })
    expect(asked[0]!.has('client_secret')).toBe(false)
  })

  test('that are refused say which application and why, and not with which secret', async () => {
    openIdDocument()
    nock(login)
      .post(`/${tenantId}/oauth2/v2.0/token`)
      .query(true)
      .reply(401, {
        error: 'invalid_client',
        error_description: `AADSTS7000215: Invalid client secret '${clientSecret}' provided.\nTrace ID: 1`,
        error_codes: [7000215],
      })

    const error = await read(client(withSecret)).catch((thrown) => thrown)

    expect(error).toMatchObject({ name: 'InvalidUserAuth', status: 401 })
    expect(error.message).toContain(clientId)
    expect(error.message).toContain('AADSTS7000215')
    expect(inspect(error, { depth: 9 })).not.toContain('s3cr3t')
  })
})

describe('tokens from elsewhere', () => {
  test('are asked for before every request, and again when one is refused', async () => {
    const asked: TokenRequest[] = []
    const auth: Auth = {
      token(request) {
        asked.push(request)
        return request.renew ? 'fresh' : 'stale'
      },
    }
    nock(base, { reqheaders: { authorization: 'Bearer stale' } })
      .get(row)
      .query(true)
      .reply(401)
    environment('fresh')

    expect(await read(client(auth))).toEqual({ new_title: 'Fabrikam' })
    expect(asked.map(({ scope, renew }) => [scope, renew])).toEqual([
      [`${base}/.default`, false],
      [`${base}/.default`, true],
    ])
  })

  test('that are refused twice are refused', async () => {
    nock(base).get(row).query(true).times(2).reply(401)

    const error = await read(client({ token: () => 'stale' })).catch((thrown) => thrown)

    expect(error).toMatchObject({ name: 'InvalidUserAuth', status: 401 })
  })
})

describe('a secret', () => {
  const token = "tok'en+with/signs=="
  const auth: Auth = { token: () => token }
  const spellings = [token, encodeURIComponent(token), "tok'en", 'signs==']

  test.each<readonly [string, () => void]>([
    [
      'an error of the environment that repeats it',
      () =>
        void nock(base)
          .get(row)
          .query(true)
          .reply(400, { error: { code: '0x80040203', message: `bad ${token} ${encodeURIComponent(token)}` } }),
    ],
    ['a page that repeats it', () => void nock(base).get(row).query(true).reply(400, `<html>${token}</html>`)],
    ['a text that repeats it', () => void nock(base).get(row).query(true).reply(400, `no ${token}`)],
    [
      'a broken connection',
      () =>
        void nock(base)
          .get(row)
          .query(true)
          .replyWithError(Object.assign(new Error(`Bearer ${token}`), { code: 'EPIPE' })),
    ],
  ])('is in no message, stack, cause or log of %s', async (_, prepare) => {
    prepare()
    const log: unknown[] = []
    const dataverse = client(auth, { retry: { attempts: 1 }, log: (entry) => log.push(entry) })

    const error = await read(dataverse).catch((thrown) => thrown)

    expect(error).toBeInstanceOf(Error)
    const text = inspect([error, error.cause, log, dataverse], { depth: 12, showHidden: true })
    for (const spelling of spellings) expect(text).not.toContain(spelling)
  })

  test('does not follow a redirect', async () => {
    nock(base).get(row).query(true).reply(302, undefined, { Location: 'https://elsewhere.example/' })

    expect((await read(client(auth)).catch((thrown) => thrown)).status).toBe(302)
  })

  test('does not go over plain HTTP to another machine', () => {
    expect(() => createDataverseClient({ url: 'http://contoso.example', auth })).toThrow('use https')
    createDataverseClient({ url: 'http://127.0.0.1:8365', auth })
    createDataverseClient({ url: 'http://localhost:8365', auth })
  })
})

test.each([
  ['contoso', 'is not an address'],
  ['ftp://contoso.example', 'neither https nor http'],
  ['https://user:pw@contoso.example', 'carries credentials'],
])('the url %s is refused', (url, why) => {
  expect(() => createDataverseClient({ url })).toThrow(why)
})

test.each([
  ['https://contoso.crm4.dynamics.com/', 'https://contoso.crm4.dynamics.com/api/data/v9.2'],
  ['https://contoso.crm4.dynamics.com/api/data/v9.1/', 'https://contoso.crm4.dynamics.com/api/data/v9.1'],
  ['http://localhost:1/forks/7', 'http://localhost:1/forks/7/api/data/v9.2'],
])('the url %s leads to %s', async (url, expected) => {
  const { origin, pathname } = new URL(expected)
  nock(origin).get(`${pathname}/new_customers(${id})`).query(true).reply(200, { new_title: 'Fabrikam' })

  expect(await read(createDataverseClient({ url, tables }))).toEqual({ new_title: 'Fabrikam' })
})
