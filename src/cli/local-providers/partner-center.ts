import { createPartnerCenter, memoryState } from '../../connectors/index.ts'
import { createPartnerCenterSimulator } from '../../testing/index.ts'
import type { LocalPartnerCenter, Stock } from './local-provider.ts'

/** A Partner Center that sells the products which the environment buys there, each for a year and billed by the month. */
export async function startPartnerCenter({
  name,
  country,
  customers,
  products,
  wantsAgreement,
  clock,
}: Stock): Promise<LocalPartnerCenter> {
  const application = { tenantId: crypto.randomUUID(), clientId: crypto.randomUUID() }
  const secrets = { clientSecret: crypto.randomUUID(), refreshToken: crypto.randomUUID() }
  const simulator = createPartnerCenterSimulator({
    ...application,
    ...secrets,
    clock,
    seed: {
      customers: customers.map((customer) => ({ ...customer, agreement: wantsAgreement ? 'none' : 'confirmed' })),
      products: products.map(({ partNumber, name }) => ({ id: partNumber, title: name })),
    },
  })
  const { url, close } = await simulator.listen()
  return {
    kind: 'Microsoft Partner Center',
    simulator,
    connection: {
      connector: createPartnerCenter({ title: name, endpoints: { api: url, login: url } }),
      settings: { ...application, countryCode: country },
      credentials: secrets,
      state: memoryState(),
    },
    url,
    purchases() {
      const { writes, subscriptions } = simulator.state
      return writes.flatMap(({ subscriptionId, quantity }) => {
        if (quantity === undefined) return []
        return { partNumber: subscriptions.find(({ id }) => id === subscriptionId)?.product, quantity }
      })
    },
    close,
  }
}
