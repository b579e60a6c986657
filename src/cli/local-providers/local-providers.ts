import {
  AgreementTemplate,
  labelOf,
  Product,
  ProviderAccount,
  providerConnector,
  providerType,
} from '../../entities/index.ts'
import type { Emulator } from '../../testing/index.ts'
import type { LocalProvider, LocalProviderKind, ProviderRow, Stock } from './local-provider.ts'
import { startPartnerCenter } from './partner-center.ts'
import { startPax8 } from './pax8.ts'
import { startRestProvider } from './rest-provider.ts'

/** What stands for an automatic provider, by what the column Connector of its row says. */
const byConnector: Readonly<Record<keyof typeof providerConnector, LocalProviderKind>> = {
  'Microsoft CSP': 'Microsoft Partner Center',
  Pax8: 'Pax8',
  Rest: 'Rest Provider',
  // Distributors that this package has no connector for yet: whoever sells through one serves it as a Rest Provider.
  'StreamOne Ion': 'Rest Provider',
  'Synnex (Stellr)': 'Rest Provider',
  Crayon: 'Rest Provider',
  Ingram: 'Rest Provider',
}

const starts: Readonly<Record<LocalProviderKind, (stock: Stock) => Promise<LocalProvider>>> = {
  'Microsoft Partner Center': startPartnerCenter,
  Pax8: startPax8,
  'Rest Provider': startRestProvider,
}

/** What can stand for a provider, each with the connectors for which it does. */
export function connectorsByKind(): readonly (readonly [LocalProviderKind, readonly string[]])[] {
  const kinds = Object.keys(starts) as LocalProviderKind[]
  return kinds.map((kind) => [
    kind,
    Object.entries(byConnector).flatMap(([connector, standsFor]) => (standsFor === kind ? [connector] : [])),
  ])
}

/** What stands for the provider of this row; `undefined` for one that no connector reaches. */
export function kindOf({
  work365_provider_type: type,
  work365_provider_connector: connector,
}: Pick<ProviderRow, 'work365_provider_type' | 'work365_provider_connector'>): LocalProviderKind | undefined {
  if (type === providerType.Rest) return 'Rest Provider'
  if (type !== providerType.Automatic) return undefined
  const label = connector === null ? undefined : labelOf(providerConnector, connector)
  return label === undefined ? 'Rest Provider' : byConnector[label as keyof typeof providerConnector]
}

/** The providers of an environment, each a simulator that starts when it is first asked. */
export interface LocalProviders {
  /** What stands for the provider of this row; `undefined` for one that no connector reaches. */
  of(row: ProviderRow): Promise<LocalProvider | undefined>
  /** The name of the provider that a request went to. */
  nameAt(url: string): string | undefined
  close(): Promise<void>
}

export function createLocalProviders(emulator: Emulator): LocalProviders {
  const started = new Map<string, Promise<LocalProvider>>()
  const names = new Map<string, string>()

  async function start(kind: LocalProviderKind, row: ProviderRow): Promise<LocalProvider> {
    const stock = await stockOf(emulator, row)
    const provider = await starts[kind](stock)
    names.set(new URL(provider.url).origin, stock.name)
    return provider
  }

  return {
    async of(row) {
      const kind = kindOf(row)
      if (kind === undefined) return undefined
      const { work365_providerid: id } = row
      const provider = started.get(id) ?? start(kind, row)
      started.set(id, provider)
      // One that could not start is started anew by who asks next.
      provider.catch(() => started.delete(id))
      return provider
    },
    nameAt: (url) => names.get(new URL(url).origin),
    async close() {
      await Promise.all([...started.values()].map(async (provider) => (await provider).close()))
    },
  }
}

async function stockOf(emulator: Emulator, row: ProviderRow): Promise<Stock> {
  const [accounts, products, templates] = await Promise.all([
    emulator.list(ProviderAccount),
    emulator.list(Product),
    emulator.list(AgreementTemplate),
  ])
  const { work365_providerid: id } = row
  return {
    name: row.work365_provider_name ?? 'Provider',
    country: row.work365_provider_countrycode ?? 'US',
    currency: row.work365_provider_currencycode ?? 'USD',
    customers: accounts.flatMap((account) => {
      const customer = account.work365_provideraccount_providerspecificaccountid
      if (account.work365_provideraccount_provider?.id !== id || customer === null) return []
      const { work365_provideraccount_name: name, work365_provideraccount_domain: domain } = account
      return { id: customer, name: name ?? customer, ...(domain !== null && { domain }) }
    }),
    products: products.flatMap((product) => {
      const partNumber = product.work365_product_providerpartnumber
      if (product.work365_product_provider?.id !== id || partNumber === null) return []
      return { partNumber, name: product.name ?? partNumber }
    }),
    wantsAgreement: templates.some((template) => template.work365_agreementtemplate_provider?.id === id),
    clock: emulator.clock,
  }
}
