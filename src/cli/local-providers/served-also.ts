import { createAlso, createRestProvider, memoryState, serveRestProvider } from '../../connectors/index.ts'
import { createAlsoSimulator } from '../../testing/index.ts'
import type { LocalServedAlso, Stock } from './local-provider.ts'

/**
 * Work 365 lists no connector for ALSO, so a partner serves the one of this package as a Rest Provider: jobs ask the served
 * connector, and that asks an ALSO that sells the products which the environment buys there.
 */
export async function startServedAlso(stock: Stock): Promise<LocalServedAlso> {
  const { name, country, currency, customers, products, clock, log } = stock
  const credentials = { userName: crypto.randomUUID(), password: crypto.randomUUID() }
  const apiKey = crypto.randomUUID()
  const connector = createAlso()
  const simulator = createAlsoSimulator({
    ...credentials,
    clock,
    seed: { customers: customers.map(({ id }) => id), services: products.map(({ partNumber }) => partNumber) },
  })
  const also = await simulator.listen()
  const server = await serveRestProvider(connector, {
    apiKey,
    settings: { endpointUrl: also.url },
    credentials,
    state: memoryState(),
    clock,
    log,
  }).listen({ graceMs: 0 })
  return {
    kind: 'ALSO behind a Rest Provider',
    simulator,
    connection: {
      connector: createRestProvider({ title: name }),
      settings: { endpointUrl: server.url, countryCode: country, currencyCode: currency },
      credentials: { apiKey },
    },
    url: server.url,
    behind: { name: connector.title, url: also.url },
    purchases() {
      const { writes, subscriptions } = simulator.state
      return writes.flatMap(({ kind, accountId }) => {
        const subscription = subscriptions.find(({ AccountId }) => AccountId === accountId)
        if (kind === 'terminate' || subscription === undefined) return []
        return { partNumber: subscription.ServiceId, quantity: subscription.Quantity }
      })
    },
    async close() {
      await server.close()
      await also.close()
    },
  }
}
