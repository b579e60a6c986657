import { createRestProvider } from '../../connectors/index.ts'
import { API_KEY_HEADER } from '../../connectors/rest-provider/wire.ts'
import { createRestProviderSimulator } from '../../testing/index.ts'
import type { LocalRestProvider, Stock } from './local-provider.ts'

/** A Rest Provider that sells whatever part number it is asked for. */
export async function startRestProvider({
  name,
  country,
  currency,
  customers,
  clock,
}: Stock): Promise<LocalRestProvider> {
  const apiKey = crypto.randomUUID()
  const simulator = createRestProviderSimulator({ apiKey, clock, seed: { customers } })
  const { url, close } = await simulator.listen()
  return {
    kind: 'Rest Provider',
    simulator,
    connection: {
      connector: createRestProvider({ title: name }),
      settings: { endpointUrl: url, countryCode: country, currencyCode: currency },
      credentials: { apiKey },
    },
    url,
    purchases: () => simulator.state.purchases,
    async register(customer) {
      const headers = { [API_KEY_HEADER]: apiKey }
      const request = new Request(`${url}/customers`, { method: 'POST', headers, body: JSON.stringify(customer) })
      return ((await (await simulator.fetch(request)).json()) as { readonly id: string }).id
    },
    close,
  }
}
