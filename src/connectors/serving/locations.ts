import type { ConnectorContext } from '../connector-context.ts'
import type { RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { listFromConnector } from '../run-connector.ts'
import { createRecentMap } from './recent-map.ts'
import { offered, type Served } from './served.ts'

const MOST_KEPT = 100_000

/** The subscriptions of a provider, and whose they are: half of the contract's routes name no customer. */
export function createLocations(served: Served) {
  const { connector } = served
  const customers = createRecentMap<string>(MOST_KEPT)

  /** The customer's subscriptions; none of a customer that is not known. */
  async function* of(context: ConnectorContext, customerId: string): AsyncGenerator<RemoteSubscription, void, void> {
    const list = offered(served, connector.subscriptions, 'the subscriptions of a customer')
    try {
      for await (const found of listFromConnector(connector, context, () => list(context, { id: customerId }))) {
        customers.set(found.id, customerId)
        yield found
      }
    } catch (error) {
      if (!(ProviderError.isInstance(error) && error.code === 'notFound')) throw error
    }
  }

  async function find(context: ConnectorContext, customerId: string, id: string) {
    for await (const subscription of of(context, customerId)) if (subscription.id === id) return subscription
    return undefined
  }

  /** Whose subscription it is: as seen before, or found by looking at one customer after the other. */
  async function customerOf(context: ConnectorContext, id: string): Promise<string | undefined> {
    const known = customers.get(id)
    if (known !== undefined || !connector.customers || !connector.subscriptions) return known
    const { list } = connector.customers
    for await (const customer of listFromConnector(connector, context, () => list(context))) {
      if (await find(context, customer.id, id)) return customer.id
    }
    return undefined
  }

  return {
    of,
    find,
    customerOf,
    remember: (id: string, customerId: string) => customers.set(id, customerId),
    forget: (id: string) => customers.delete(id),
  }
}
