import fc from 'fast-check'
import nock from 'nock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConnectorContext, createPartnerCenter, ProviderError, retryTable } from '../../src/connectors/index.ts'
import { errorGroups } from '../../src/connectors/partner-center/error-table.ts'
import { clientId, clientSecret, tenantId } from './connection.ts'

const api = 'https://api.partnercenter.microsoft.com'
const login = 'https://login.microsoftonline.com'
const clock = { now: () => new Date('2026-11-24T09:00:00Z'), sleep: async () => {} }
const connector = createPartnerCenter()
const context = createConnectorContext(connector, {
  settings: { tenantId, clientId, countryCode: 'US' },
  credentials: { clientSecret },
  key: 'log-1',
  clock,
  random: () => 0,
})

beforeAll(() => {
  nock.disableNetConnect()
  nock(login)
    .post(`/${tenantId}/oauth2/v2.0/token`)
    .query(true)
    .reply(200, { token_type: 'Bearer', expires_in: 3599, access_token: 'token-1' })
})
afterAll(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

/** What becomes of a refusal with this status and body. */
async function refusal(
  status: number,
  body: string | object,
  headers: Record<string, string> = {},
): Promise<ProviderError> {
  nock(api).get('/v1/customers/c/subscriptions').query(true).times(3).reply(status, body, headers)
  try {
    for await (const _ of connector.subscriptions!(context, { id: 'c' })) expect.fail('it was answered')
    return expect.fail('it was answered')
  } catch (error) {
    nock.cleanAll()
    nock(login)
      .post(/token$/)
      .query(true)
      .times(5)
      .reply(401, { error: 'invalid_client', error_description: 'AADSTS1: no' })
    return error as ProviderError
  }
}

describe('the table of errors', () => {
  const all = errorGroups.flatMap(({ failure, codes }) => codes.map((code) => [code, failure] as const))

  test('has each code once, and knows no failure but ours', () => {
    expect(new Set(all.map(([code]) => code)).size).toBe(all.length)
    expect(all.every(([, failure]) => failure in retryTable)).toBe(true)
    expect(all.length).toBeGreaterThan(200)
  })

  test.each(all.filter(([code]) => !/^(2|401)/.test(code)))(
    '%s is %s, by a text and by a number alike',
    async (code, failure) => {
      const [status, number] = code.split(':')
      const asText = { code: number, description: 'It was refused.', data: [], source: 'service' }
      const asNumber = {
        code: Number(number),
        message: 'It was refused.',
        errorName: 'X',
        isRetryable: false,
        parameters: {},
      }

      for (const body of [asText, asNumber]) {
        expect(await refusal(Number(status), body)).toMatchObject({
          code: failure,
          message: expect.stringContaining('It was refused.'),
          details: { status: Number(status), providerCode: number },
        })
      }
    },
  )

  test('the same number means another thing under another status', async () => {
    expect(await refusal(404, { code: '20002' })).toMatchObject({ code: 'notFound' })
    expect(await refusal(400, { code: '2002' })).toMatchObject({ code: 'quantityInvalid' })
  })
})

describe('other shapes', () => {
  test('throttling says how long, in the header or only in words', async () => {
    const body = { statusCode: 429, message: 'Rate limit is exceeded. Try again in 57 seconds.' }
    const other = createConnectorContext(connector, {
      settings: { tenantId, clientId, countryCode: 'DE' },
      credentials: { clientSecret },
      key: 'log-1',
      clock,
    })
    nock.cleanAll()
    nock(login)
      .post(/token$/)
      .query(true)
      .reply(200, { token_type: 'Bearer', expires_in: 3599, access_token: 'token-2' })
    nock(api).get('/v1/customers/c').reply(429, body)
    await expect(connector.customers!.find!(other, 'c')).rejects.toMatchObject({
      code: 'throttled',
      retryAfterMs: 57_000,
    })
  })

  test.each([
    ['an unknown code', 400, { code: '999999', description: 'New.' }, 'invalid'],
    ['nothing', 503, '', 'transient'],
    ['a page of the gateway', 502, '<html><title>Bad Gateway</title></html>', 'transient'],
    ['XML', 403, '<error><code>5</code></error>', 'auth'],
  ])('%s is judged by its status', async (_, status, body, code) => {
    expect(await refusal(status, body)).toMatchObject({ code, details: { status } })
  })

  test('the correlation id is that of the answer', async () => {
    const error = await refusal(400, { code: '3000' }, { 'MS-CorrelationId': 'cv-1' })
    expect(error.details.correlationId).toBe('cv-1')
  })

  test('whatever bytes come, what is thrown is classified', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `{"code":${text},"description":${text}}`),
        ),
        fc.constantFrom(400, 403, 404, 409, 422),
        async (body, status) => {
          expect(ProviderError.isInstance(await refusal(status, body))).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})
