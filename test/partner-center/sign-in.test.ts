import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ConnectionState, memoryState, verifyConnectivity } from '../../src/connectors/index.ts'
import { type Connected, clientId, clientSecret, connect, HOUR_MS, order, ref, refreshToken } from './connection.ts'

let center: Connected
beforeEach(async () => {
  center = await connect()
})
afterEach(() => center.close())

const verify = (options?: Parameters<Connected['context']>[0]) =>
  verifyConnectivity(center.connector, center.context(options))
const customer = (options?: Parameters<Connected['context']>[0]) =>
  center.connector.customers!.find!(center.context(options), 'contoso')

describe('Verify Connectivity', () => {
  test('names the account, and finds each thing right', async () => {
    expect(await verify()).toEqual({
      ok: true,
      account: 'Contoso Partner',
      findings: ['token', 'audience', 'role', 'tenant'].map((name) => ({ name, ok: true })),
    })
  })

  test('without the integration user asks for a customer', async () => {
    expect(await verify({ credentials: { refreshToken: undefined } })).toMatchObject({
      ok: true,
      findings: [{ name: 'token' }, { name: 'audience' }, { name: 'role' }],
    })
  })

  test.each<[string, () => void, object, string, string]>([
    ['a wrong secret', () => {}, { credentials: { clientSecret: 'wrong' } }, 'token', 'enter its value, not its id'],
    ['a lost consent', () => center.simulator.expireConsent(), {}, 'token', 'sign in again'],
    [
      'a refused audience',
      () => center.simulator.fail({ path: '/v1/*', status: 401, body: '{"code":"900420"}', times: 2 }),
      {},
      'audience',
      '401',
    ],
    [
      'a missing role',
      () =>
        center.simulator.fail({
          path: '/v1/*',
          status: 403,
          body: '{"code":900308,"message":"Insufficient privileges"}',
        }),
      {},
      'role',
      'Insufficient privileges',
    ],
    [
      'no sign-in at all',
      () => center.simulator.fail({ path: /token$/, drop: 'request', times: 9 }),
      {},
      'token',
      'gave no answer that can be used',
    ],
    [
      'a page instead of a token',
      () => center.simulator.fail({ path: /token$/, status: 502, body: '<html><title>Down</title></html>' }),
      {},
      'token',
      'it answered 502 with something that is not JSON',
    ],
    ['neither secret nor certificate', () => {}, { credentials: { clientSecret: undefined } }, 'token', 'Enter either'],
  ])('finds %s by its name', async (_, break_, options, name, detail) => {
    break_()

    const report = await verify(options)
    expect(report.ok).toBe(false)
    expect(report.findings?.at(-1)).toMatchObject({ name, ok: false, detail: expect.stringContaining(detail) })
  })

  test('finds another tenant, and a sign-in without a second factor', async () => {
    const body = JSON.stringify({ companyName: 'Other', tenantId: clientId })
    center.simulator.fail({ path: '/v1/*', status: 200, body, headers: { isMfaCompliant: 'false' } })

    expect(await verify()).toMatchObject({
      ok: false,
      findings: [{}, {}, {}, { name: 'mfa', ok: false }, { name: 'tenant', ok: false }],
    })
  })
})

describe('a token', () => {
  test('is asked for once by ten calls at the same time, and again once it is over', async () => {
    await Promise.all(Array.from({ length: 10 }, () => customer()))
    expect(center.simulator.tokensGiven).toBe(1)

    await center.clock.advance(HOUR_MS)
    await Promise.all(Array.from({ length: 10 }, () => customer()))
    expect(center.simulator.tokensGiven).toBe(2)
  })

  test('that was revoked is replaced once, however many calls meet it', async () => {
    await customer()
    center.simulator.revokeTokens()

    await Promise.all(Array.from({ length: 10 }, () => customer()))
    expect(center.simulator.tokensGiven).toBe(2)
  })

  test('comes by certificate as well', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const certificateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
    const options = {
      settings: { certificateThumbprint: 'ab'.repeat(32) },
      credentials: { clientSecret: undefined, certificateKey },
    }

    expect(await customer(options)).toMatchObject({ name: 'Contoso' })
  })
})

describe('the refresh token that comes back', () => {
  test('is kept before the access token is used, and is what the next one is asked with', async () => {
    center.simulator.behave({ quirks: { refreshTokensOnce: true } })
    const kept = memoryState()
    const events: string[] = []
    const state: ConnectionState = {
      get: () => kept.get(),
      async set(next, expected) {
        const calls = center.simulator.state.requests.filter(({ path }) => path.startsWith('/v1')).length
        events.push(`${JSON.stringify(next).includes('"claim"') ? 'claimed' : 'kept'} after ${calls} calls`)
        return kept.set(next, expected)
      },
    }

    await customer({ state })
    await center.clock.advance(HOUR_MS)
    await customer({ state })
    expect(events).toEqual([
      'claimed after 0 calls',
      'kept after 0 calls',
      'claimed after 1 calls',
      'kept after 1 calls',
    ])
    expect(JSON.stringify(await kept.get())).toContain('refresh-')
  })

  test('that cannot be kept lets nothing go out', async () => {
    const state: ConnectionState = { get: async () => null, set: () => Promise.reject(new Error('the disk is full')) }

    await expect(customer({ state })).rejects.toThrow('the disk is full')
    expect(center.simulator.state.requests.filter(({ path }) => path.startsWith('/v1'))).toEqual([])
  })

  test('refused means that somebody has to consent again', async () => {
    center.simulator.expireConsent()

    await expect(customer()).rejects.toMatchObject({
      code: 'consentExpired',
      details: { providerCode: 'AADSTS700082' },
    })
  })
})

test('the application alone is told what it cannot do', async () => {
  const context = center.context({ credentials: { refreshToken: undefined } })

  await expect(center.connector.agreements!.template!(context)).rejects.toMatchObject({
    code: 'auth',
    message: expect.stringContaining('enter a refresh token'),
  })
})

test('no secret shows in notes, errors, handles or outcomes, whatever goes wrong', async () => {
  const shown: unknown[] = []
  const attempt = async (work: () => Promise<unknown>) => shown.push(await work().catch((error) => error))
  center.simulator.behave({ timing: { acceptedForMs: 30_000 } })
  const echo = `no ${clientSecret} ${refreshToken}`
  const faults = [
    {
      path: /token$/,
      status: 400,
      body: JSON.stringify({ error: 'invalid_grant', error_description: `AADSTS1: ${echo}` }),
    },
    { path: /token$/, drop: 'answer' as const, times: 3 },
    { path: '/v1/*', status: 400, body: echo },
    { path: '/v1/*', status: 401, body: echo, times: 2 },
    { path: '/v1/*', status: 500, body: `<html><title>${echo}</title></html>`, times: 3 },
    { path: '/v1/*', drop: 'answer' as const, times: 3 },
  ]
  for (const fault of faults) {
    center.simulator.fail(fault)
    await attempt(() => center.apply({ kind: 'setQuantity', subscription: ref('sub-1'), quantity: 20 + shown.length }))
  }
  await attempt(() => center.apply(order))
  await attempt(() => verify())

  const text = inspect([shown, center.notes], { depth: 20, showHidden: true }) + JSON.stringify(shown)
  expect(shown.length).toBe(faults.length + 2)
  for (const secret of [clientSecret, refreshToken]) expect(text).not.toContain(secret)
  // Those that the simulator gives end with a GUID.
  expect(text).not.toMatch(/(access|refresh)-[0-9a-f]{8}-/)
})
