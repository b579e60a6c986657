import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  applyChange,
  createConnectorContext,
  createRestProvider,
  serveRestProvider,
} from '../../src/connectors/index.ts'
import type { ListeningSimulator } from '../../src/testing/index.ts'
import { BASIC, type Connected, clientSecret, connect, order, refreshToken } from '../partner-center/connection.ts'

/** Work 365's side, the served Partner Center connector, and Partner Center. */
const apiKey = 'sh4red-s3cret'
const restProvider = createRestProvider()

let partnerCenter: Connected
let server: ListeningSimulator

beforeEach(async () => {
  partnerCenter = await connect()
  const { settings, credentials, clock, state } = partnerCenter.context()
  const options = { apiKey, settings, credentials, clock, state, random: () => 0 }
  server = await serveRestProvider(partnerCenter.connector, options).listen()
})
afterEach(async () => {
  await server.close()
  await partnerCenter.close()
})

const context = (key = 'log-1') =>
  createConnectorContext(restProvider, {
    settings: { endpointUrl: server.url, countryCode: 'US', currencyCode: 'USD' },
    credentials: { apiKey },
    key,
    clock: partnerCenter.context().clock,
    random: () => 0,
  })

async function ask(method: string, path: string, body?: object) {
  const headers = { 'work-365-rest-provider-api-key': apiKey, 'idempotency-key': 'log-9' }
  const response = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  const text = await response.text()
  return { status: response.status, body: text.startsWith('Sub') ? text : JSON.parse(text) }
}

describe('Partner Center, served as a Rest Provider', () => {
  test('says what it can do', async () => {
    expect((await ask('GET', '/utilities/provider-properties')).body).toEqual({
      supportsAgreementConfirmation: true,
      supportsAddressVerification: true,
      supportsCustomerCreation: true,
    })
  })

  test('sells a subscription, changes it, pauses and resumes it, and cancels it', async () => {
    const { subscription, status } = (await applyChange(restProvider, context(), order)) as {
      status: string
      subscription: { id: string }
    }
    const bought = { id: subscription.id, customerId: 'contoso' }

    expect([status, subscription]).toMatchObject([
      'done',
      { quantity: 5, status: 'active', sku: expect.stringContaining(BASIC) },
    ])
    const changes = [
      [{ kind: 'setQuantity', subscription: bought, quantity: 8 }, { quantity: 8 }],
      [{ kind: 'setAutoRenew', subscription: bought, enabled: false }, { autoRenew: false }],
      [{ kind: 'pause', subscription: bought }, { status: 'paused' }],
      [{ kind: 'resume', subscription: bought }, { status: 'active' }],
      [{ kind: 'cancel', subscription: bought }, { status: 'cancelled' }],
    ] as const
    for (const [change, target] of changes) {
      expect(await applyChange(restProvider, context(change.kind), change)).toMatchObject({ subscription: target })
    }
  })

  test.each(['request', 'answer'] as const)('whose checkout loses its %s never buys twice', async (drop) => {
    partnerCenter.simulator.fail({ method: 'POST', path: /checkout$/, drop })
    const deliver = () => applyChange(restProvider, context(), order)

    const outcome = await deliver().catch(deliver)

    expect(outcome).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
    expect(partnerCenter.simulator.state.writes.filter(({ kind }) => kind === 'order')).toHaveLength(1)
  })

  test('refuses in the words and with the code of Partner Center', async () => {
    const reduction = {
      kind: 'setQuantity',
      subscription: { id: 'old-1', customerId: 'contoso' },
      quantity: 1,
    } as const

    await expect(applyChange(restProvider, context(), reduction)).rejects.toMatchObject({ code: 'reductionNotAllowed' })
    await expect(
      applyChange(restProvider, context(), { ...order, customer: { id: 'fabrikam' } }),
    ).rejects.toMatchObject({ code: 'agreementRequired' })
  })

  test('lists customers, subscriptions and prices, and knows whose a subscription is', async () => {
    expect((await ask('GET', '/customers')).body).toMatchObject([
      { id: 'contoso' },
      { id: 'fabrikam' },
      { id: 'litware' },
    ])
    expect((await ask('GET', '/customers/contoso/subscriptions')).body).toHaveLength(3)
    expect((await ask('GET', '/pricelists/US/licensebased/current')).body[0]).toMatchObject({
      productId: 'CFQ7TTC0LH18',
    })
    expect((await ask('PATCH', '/subscriptions/sub-1/suspend')).body).toMatchObject({ id: 'sub-1', status: 2 })
    expect(await ask('PATCH', '/subscriptions/none/suspend')).toEqual({
      status: 400,
      body: 'Subscription Id none not found',
    })
  })

  test('shows no secret in a refusal', async () => {
    partnerCenter.simulator.fail({ status: 500, body: `{"description":"${clientSecret} ${refreshToken}"}`, times: 9 })

    expect(JSON.stringify(await ask('GET', '/customers'))).not.toMatch(/s3cret|t0ken/)
  })
})
