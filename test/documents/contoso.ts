// Runs beside the code of the README: `readme.test.ts` copies it there.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyChange, createConnectorContext, verifyConnectivity } from 'work365-sdk/connectors'

// No literal: the file stands beside this one only once it is copied.
const { contoso } = await import('./contoso.ts' as string)

const received: unknown[] = []
let seats = 10
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  const { method, url, headers } = request
  received.push([method, url, headers['x-api-key'], headers['idempotency-key'], body])
  if (method === 'PATCH') seats = JSON.parse(body).seats
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(url === '/me' ? { company: 'Fabrikam' } : { ref: 'S/1', seats }))
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

test('the connector of the README converges, and a repeated change writes nothing', async () => {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const context = createConnectorContext(contoso, {
    settings: { baseUrl },
    credentials: { apiKey: 'k' },
    key: 'change-1',
  })
  expect(await verifyConnectivity(contoso, context)).toEqual({ ok: true, account: 'Fabrikam' })

  const change = { kind: 'setQuantity', subscription: { id: 'S/1', customerId: 'C' }, quantity: 12 } as const
  expect(await applyChange(contoso, context, change)).toMatchObject({ changed: true, subscription: { quantity: 12 } })
  expect(await applyChange(contoso, context, change)).toMatchObject({ changed: false, subscription: { quantity: 12 } })
  expect(received.filter((request) => (request as string[])[0] === 'PATCH')).toEqual([
    ['PATCH', '/subscriptions/S%2F1', 'k', 'change-1', '{"seats":12}'],
  ])
})
