import { expect, test, vi } from 'vitest'
import { createConnectorContext, createPartnerCenter, verifyConnectivity } from '../../src/connectors/index.ts'
import { clientId, clientSecret, tenantId } from './connection.ts'

vi.mock('@azure/msal-node', () => {
  throw new Error("Cannot find package '@azure/msal-node'")
})

test('without the library that it needs, the connector says what to do', async () => {
  const connector = createPartnerCenter()
  const context = createConnectorContext(connector, {
    settings: { tenantId, clientId, countryCode: 'US' },
    credentials: { clientSecret },
    key: 'verify',
  })

  expect(await verifyConnectivity(connector, context)).toMatchObject({
    ok: false,
    findings: [{ name: 'token', detail: expect.stringContaining('Run `npm install @azure/msal-node`') }],
  })
})
