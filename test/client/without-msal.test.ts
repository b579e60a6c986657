import { expect, test, vi } from 'vitest'
import { createDataverseClient } from '../../src/client/index.ts'

vi.mock('@azure/msal-node', () => {
  throw new Error("Cannot find package '@azure/msal-node'")
})

test('client credentials without the library that they need say what to do', async () => {
  const client = createDataverseClient({
    url: 'https://contoso.crm4.dynamics.com',
    auth: { tenantId: 'a', clientId: 'b', clientSecret: 'c' },
  })

  await expect(client.execute('WhoAmI', {})).rejects.toThrow('Run `npm install @azure/msal-node`')
})
