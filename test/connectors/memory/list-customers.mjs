// Lists the customers of a provider in a process with little memory: `constant-memory.test.ts` starts it. With `--keep`, it keeps them all.
import {
  createConnectorContext,
  createPartnerCenter,
  createPax8,
  createRestProvider,
} from '../../../dist/connectors/index.js'

const [name, url, keep] = process.argv.slice(2)
const guid = '11111111-1111-4111-8111-111111111111'
const connections = {
  'partner-center': () => ({
    connector: createPartnerCenter({ endpoints: { api: url, login: url }, limits: {} }),
    settings: { tenantId: guid, clientId: guid, countryCode: 'US' },
    credentials: { clientSecret: 'a secret', refreshToken: 'a token' },
  }),
  pax8: () => ({
    connector: createPax8({ endpoint: url }),
    settings: {},
    credentials: { clientId: 'a client', clientSecret: 'a secret' },
  }),
  'rest-provider': () => ({
    connector: createRestProvider(),
    settings: { endpointUrl: url, countryCode: 'US', currencyCode: 'USD' },
    credentials: { apiKey: 'a secret' },
  }),
}
const { connector, ...connection } = connections[name]()
const kept = []
let listed = 0
for await (const customer of connector.customers.list(
  createConnectorContext(connector, { ...connection, key: 'a list' }),
)) {
  listed++
  if (keep) kept.push(customer)
}
process.stdout.write(String(listed))
