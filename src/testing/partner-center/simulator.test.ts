import { beforeEach, describe, expect, test } from 'vitest'
import { sequentialIds } from '../../internal/ids.ts'
import { createTestClock, type TestClock } from '../clock.ts'
import { createPartnerCenterSimulator, type PartnerCenterSimulator } from './index.ts'

const tenantId = 'partner'
const secret = { client_id: 'app', client_secret: 'secret', scope: 'https://api.partnercenter.microsoft.com/.default' }
const product = 'CFQ7TTC0LH18:0001'

let clock: TestClock
let simulator: PartnerCenterSimulator
beforeEach(() => {
  clock = createTestClock('2026-11-24T09:00:00Z')
  simulator = createPartnerCenterSimulator({
    tenantId,
    clientId: 'app',
    clientSecret: 'secret',
    refreshToken: 'signed-in',
    clock,
    ids: sequentialIds(),
    requestsPerMinute: 5,
    seed: {
      customers: [{ id: 'contoso', name: 'Contoso' }],
      products: [{ id: product, title: 'Business Basic' }],
      subscriptions: [{ id: 'sub-1', customerId: 'contoso', product, quantity: 10 }],
    },
  })
})

async function signIn(form: Record<string, string> = { ...secret, grant_type: 'client_credentials' }) {
  const body = new URLSearchParams(form)
  return simulator.fetch(new Request(`http://any/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body }))
}

async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const { access_token } = (await (await signIn()).json()) as { access_token: string }
  return simulator.fetch(
    new Request(`http://any/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    }),
  )
}

describe('the sign-in', () => {
  test('gives a token to whoever proves to be the application', async () => {
    expect(await (await signIn()).json()).toMatchObject({ token_type: 'Bearer', expires_in: 3600 })
  })

  test('gives another refresh token each time, and the old one stays good', async () => {
    const exchange = async () =>
      (await signIn({ ...secret, grant_type: 'refresh_token', refresh_token: 'signed-in' })).json()
    const [one, other] = (await Promise.all([exchange(), exchange()])) as { refresh_token: string }[]
    expect(one?.refresh_token).not.toBe(other?.refresh_token)
  })

  test.each([
    ['another application', { client_id: 'other' }, 400, 700016],
    ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215],
    ['another audience', { scope: 'https://graph.windows.net/.default' }, 400, 70011],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'x' }, 400, 700082],
  ])('refuses %s with its number', async (_, part, status, code) => {
    const answer = await signIn({ ...secret, grant_type: 'client_credentials', ...part })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error_codes: [code] })
  })
})

test('a request without a token is refused, and so is one whose token is over', async () => {
  const answer = await simulator.fetch(new Request('http://any/v1/customers'))
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: 800001 }])
})

test('more requests in a minute than it takes are refused, until the minute is over', async () => {
  const statuses: number[] = []
  for (let count = 0; count < 6; count++) statuses.push((await ask('GET', '/customers')).status)
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429])

  const refused = await ask('GET', '/customers')
  expect(refused.headers.get('retry-after')).toBe('60')
  await clock.advance(61_000)
  expect((await ask('GET', '/customers')).status).toBe(200)
})

test('a repeated request id gets the first answer, and has no second effect', async () => {
  const line = { catalogItemId: `${product}:CFQ7TTC1124`, quantity: 1, termDuration: 'P1Y' }
  const cart = () => ask('POST', '/customers/contoso/carts', { lineItems: [line] }, { 'ms-requestid': 'r-1' })
  const ids = [
    ((await (await cart()).json()) as { id: string }).id,
    ((await (await cart()).json()) as { id: string }).id,
  ]

  expect(ids[0]).toBe(ids[1])
  expect(simulator.state.carts).toHaveLength(1)
})

test('a change that leaves something out resets it', async () => {
  await ask('PATCH', '/customers/contoso/subscriptions/sub-1', { quantity: 10, status: 'active' })

  expect(simulator.state.subscriptions).toMatchObject([{ autoRenewEnabled: false }])
})

test('a stale etag is refused', async () => {
  const answer = await ask('PATCH', '/customers/contoso/subscriptions/sub-1', { quantity: 11 }, { 'if-match': '"0"' })
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: '2055' }])
})

test('what it shows of its state is a copy, and a reset goes back to the seed', async () => {
  await ask('PATCH', '/customers/contoso/subscriptions/sub-1', {
    quantity: 12,
    status: 'active',
    autoRenewEnabled: true,
  })
  simulator.state.subscriptions.length = 0
  expect(simulator.state.subscriptions).toMatchObject([{ quantity: 12 }])

  simulator.fail({ status: 500, times: 9 })
  simulator.reset()
  expect(simulator.state).toMatchObject({ subscriptions: [{ quantity: 10 }], writes: [], requests: [] })
  expect((await ask('GET', '/customers')).status).toBe(200)
})

test('a request that is cut did nothing, an answer that is cut did', async () => {
  const change = () =>
    ask('PATCH', '/customers/contoso/subscriptions/sub-1', { quantity: 12, status: 'active', autoRenewEnabled: true })
  for (const [drop, writes] of [
    ['request', 0],
    ['answer', 1],
  ] as const) {
    simulator.fail({ method: 'PATCH', drop })
    await expect(change()).rejects.toThrow('cut the connection')
    expect(simulator.state.writes).toHaveLength(writes)
  }
})
