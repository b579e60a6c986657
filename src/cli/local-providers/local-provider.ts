import type { Provider } from '../../entities/index.ts'
import type { Connection } from '../../jobs/index.ts'
import type { RowOf } from '../../service/index.ts'
import type { Emulator, PartnerCenterSimulator, Pax8Simulator, RestProviderSimulator } from '../../testing/index.ts'

/** What of a provider's row says how it is reached. */
export type ProviderRow = Pick<
  RowOf<typeof Provider>,
  | 'work365_providerid'
  | 'work365_provider_name'
  | 'work365_provider_type'
  | 'work365_provider_connector'
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
}

/** A quantity that was bought or changed. */
export interface LocalPurchase {
  readonly partNumber: string | undefined
  /** The total after it. */
  readonly quantity: number
}

/** A simulator over HTTP, and how jobs reach it. */
export interface LocalProviderOf<K extends string, S> {
  readonly kind: K
  readonly simulator: S
  readonly connection: Connection
  /** Where the simulator is. */
  readonly url: string
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

/** What stands for an automatic provider on this machine. */
export type LocalProvider = LocalRestProvider | LocalPartnerCenter | LocalPax8
export type LocalProviderKind = LocalProvider['kind']
