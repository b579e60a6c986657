import type { Log } from '../../connectors/index.ts'
import type { Provider } from '../../entities/index.ts'
import type { Connection } from '../../jobs/index.ts'
import type { RowOf } from '../../service/index.ts'
import type {
  AlsoSimulator,
  Emulator,
  PartnerCenterSimulator,
  Pax8Simulator,
  RestProviderSimulator,
} from '../../testing/index.ts'

/** What of a provider's row says how it is reached. */
export type ProviderRow = Pick<
  RowOf<typeof Provider>,
  | 'work365_providerid'
  | 'work365_provider_name'
  | 'work365_provider_type'
  | 'work365_provider_connector'
  | 'work365_provider_endpointurl'
  | 'work365_provider_countrycode'
  | 'work365_provider_currencycode'
>

/** What a simulator begins with: what the environment says of its provider when it is first asked. */
export interface Stock {
  readonly name: string
  readonly country: string
  readonly currency: string
  readonly customers: readonly { readonly id: string; readonly name: string; readonly domain?: string }[]
  readonly products: readonly { readonly partNumber: string; readonly name: string }[]
  /** Whether its customers have to accept an agreement: whether there is a template of it. */
  readonly wantsAgreement: boolean
  readonly clock: Emulator['clock']
  /** Takes note of the requests of a connector that is served: they are no job's own. */
  readonly log: Log
}

/** A quantity that was bought or changed. */
export interface LocalPurchase {
  readonly partNumber: string | undefined
  /** The total after it. */
  readonly quantity: number
}

/** Something over HTTP that has a name. */
export interface LocalAddress {
  readonly name: string
  readonly url: string
}

/** A simulator over HTTP, and how jobs reach it. */
export interface LocalProviderOf<K extends string, S> {
  readonly kind: K
  readonly simulator: S
  readonly connection: Connection
  /** Where jobs send their requests. */
  readonly url: string
  /** The simulator, where jobs do not reach it themselves but through a connector that is served. */
  readonly behind?: LocalAddress
  /** What was bought or changed there, the oldest first. */
  purchases(): readonly LocalPurchase[]
  close(): Promise<void>
}

export interface LocalRestProvider extends LocalProviderOf<'Rest Provider', RestProviderSimulator> {
  /** A new customer comes to the provider by itself; answers its id there. */
  register(customer: { readonly name: string; readonly domain: string }): Promise<string>
}
export type LocalPartnerCenter = LocalProviderOf<'Microsoft Partner Center', PartnerCenterSimulator>
export type LocalPax8 = LocalProviderOf<'Pax8', Pax8Simulator>
export type LocalServedAlso = LocalProviderOf<'ALSO behind a Rest Provider', AlsoSimulator>

/** What stands for an automatic provider on this machine. */
export type LocalProvider = LocalRestProvider | LocalPartnerCenter | LocalPax8 | LocalServedAlso
export type LocalProviderKind = LocalProvider['kind']
