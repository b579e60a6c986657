// A connector that reaches nobody, served as a Rest Provider: what is measured is the serving.
import { defineConnector, serveRestProvider } from '../../dist/connectors/index.js'

const customers = Array.from({ length: 10 }, (_, n) => ({ id: `customer-${n}`, name: `Customer ${n}` }))
const connector = defineConnector({
  name: 'in-memory',
  title: 'In Memory',
  contract: 1,
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => ({ status: 'notApplicable', reason: 'nothing is sold here' }),
  customers: {
    async *list() {
      yield* customers
    },
    find: async (_, id) => customers.find((one) => one.id === id) ?? null,
  },
})

const { url } = await serveRestProvider(connector, { apiKey: process.env.REST_PROVIDER_API_KEY }).listen()
process.send({ url })
