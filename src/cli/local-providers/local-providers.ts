import type { Log } from '../../connectors/index.ts'
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
import { startServedAlso } from './served-also.ts'

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

/** What stands for a Rest provider where a partner serves a connector of this package, by the EndPointUrl of its row. */
const byEndPoint: ReadonlyMap<string, LocalProviderKind> = new Map([
  ['https://also.partner.example/work365', 'ALSO behind a Rest Provider'],
])

const starts: Readonly<Record<LocalProviderKind, (stock: Stock) => Promise<LocalProvider>>> = {
  'Microsoft Partner Center': startPartnerCenter,
  Pax8: startPax8,
  'Rest Provider': startRestProvider,
  'ALSO behind a Rest Provider': startServedAlso,
}

/** What can stand for a provider, each with the connectors and the end points for which it does. */
export function rowsByKind(): readonly (readonly [LocalProviderKind, readonly string[]])[] {
  const kinds = Object.keys(starts) as LocalProviderKind[]
  return kinds.map((kind) => {
    const rows = [...Object.entries(byConnector), ...byEndPoint]
    return [kind, rows.filter(([, standsFor]) => standsFor === kind).map(([name]) => name)]
  })
}

type HowReached = Pick<
  ProviderRow,
  'work365_provider_type' | 'work365_provider_connector' | 'work365_provider_endpointurl'
>

/** What stands for the provider of this row; `undefined` for one that no connector reaches. */
export function kindOf({
  work365_provider_type: type,
  work365_provider_connector: connector,
  work365_provider_endpointurl: endPoint,
}: HowReached): LocalProviderKind | undefined {
  if (type === providerType.Rest) return byEndPoint.get(endPoint ?? '') ?? 'Rest Provider'
  if (type !== providerType.Automatic) return undefined
  const label = connector === null ? undefined : labelOf(providerConnector, connector)
  return label === undefined ? 'Rest Provider' : byConnector[label as keyof typeof providerConnector]
}

/** The providers of an environment, each a simulator that starts when it is first asked. */
export interface LocalProviders {
  /** What stands for the provider of this row; `undefined` for one that no connector reaches. */
  of(row: ProviderRow): Promise<LocalProvider | undefined>
  /** The name of the provider that a request went to, or of what answers for it. */
  nameAt(url: string): string | undefined
  close(): Promise<void>
}

/** @param log takes note of what served connectors send: it has no secrets. */
export function createLocalProviders(emulator: Emulator, log: Log): LocalProviders {
  const started = new Map<string, Promise<LocalProvider>>()
  const names = new Map<string, string>()

  async function start(kind: LocalProviderKind, row: ProviderRow): Promise<LocalProvider> {
    const stock = { ...(await stockOf(emulator, row)), log }
    const provider = await starts[kind](stock)
    const { url, behind } = provider
    names.set(new URL(url).origin, stock.name)
    if (behind) names.set(new URL(behind.url).origin, behind.name)
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

async function stockOf(emulator: Emulator, row: ProviderRow): Promise<Omit<Stock, 'log'>> {
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
