import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Connected, connect } from './connection.ts'

const url = 'https://partner.example/events'

let center: Connected
beforeEach(async () => {
  center = await connect()
})
afterEach(() => center.close())

const register = (wanted: { url: string; events?: readonly string[] }) =>
  center.connector.events!.register!(center.context(), wanted)
const writes = () =>
  center.simulator.state.requests.filter(({ path, method }) => path.startsWith('/webhooks') && method !== 'GET')

test('events are registered, by default those of subscriptions', async () => {
  expect(await register({ url })).toEqual({ changed: true })
  expect(center.simulator.state.webhook).toEqual({ WebhookUrl: url, WebhookEvents: ['subscription-updated'] })
})

test('what is registered already is left as it is', async () => {
  await register({ url, events: ['subscription-updated', 'invoice-ready'] })
  expect(await register({ url, events: ['Invoice-Ready', 'subscription-updated'] })).toEqual({ changed: false })
  expect(writes()).toHaveLength(1)
})

test('another address, or other events, take its place', async () => {
  await register({ url })
  await register({ url, events: ['invoice-ready'] })
  await register({ url: `${url}/new`, events: ['invoice-ready'] })
  await register({ url })
  expect(center.simulator.state.webhook).toEqual({ WebhookUrl: url, WebhookEvents: ['subscription-updated'] })
  expect(writes().map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT', 'PUT'])
})

test('an address that is not https is refused before anything is asked', async () => {
  await expect(register({ url: 'http://partner.example' })).rejects.toMatchObject({
    code: 'invalid',
    details: { field: 'url' },
  })
  expect(center.simulator.state.requests).toEqual([])
})

test('a refusal is told, and nothing is written', async () => {
  center.simulator.fail({ path: '/webhooks/v1/registration', status: 403, times: 1 })
  await expect(register({ url })).rejects.toMatchObject({ code: 'auth' })
  expect(writes()).toEqual([])
})
