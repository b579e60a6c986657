import { createPax8, memoryState } from '../../connectors/index.ts'
import { createPax8Simulator } from '../../testing/index.ts'
import type { LocalPax8, Stock } from './local-provider.ts'

/** A Pax8 that sells the products which the environment buys there, billed by the month. */
export async function startPax8({ name, customers, products, clock }: Stock): Promise<LocalPax8> {
  const credentials = { clientId: crypto.randomUUID(), clientSecret: crypto.randomUUID() }
  const simulator = createPax8Simulator({
    ...credentials,
    clock,
    seed: {
      companies: customers.map(({ id, name, domain }) => ({ id, name, ...(domain && { website: domain }) })),
      products: products.map(({ partNumber, name }) => ({ id: partNumber, name })),
    },
  })
  const { url, close } = await simulator.listen()
  return {
    kind: 'Pax8',
    simulator,
    connection: {
      connector: createPax8({ title: name, endpoint: url }),
      settings: { billingTerm: 'Monthly' },
      credentials,
      state: memoryState(),
    },
    url,
    purchases() {
      const { writes, subscriptions } = simulator.state
      return writes.flatMap(({ kind, subscriptionId }) => {
        const subscription = subscriptions.find(({ id }) => id === subscriptionId)
        if (kind === 'cancel' || subscription === undefined) return []
        return { partNumber: subscription.productId, quantity: subscription.quantity }
      })
    },
    close,
  }
}
