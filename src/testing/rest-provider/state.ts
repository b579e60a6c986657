import { type ModelName, models, type Wire } from '../../connectors/rest-provider/models.ts'
import { readModel } from '../../connectors/rest-provider/wire.ts'

/** What a simulated provider starts with; property names in any case, all of it optional. */
export interface RestProviderSeed {
  readonly customers?: readonly Wire<'Customer'>[]
  readonly subscriptions?: readonly Wire<'Subscription'>[]
  readonly agreements?: readonly Wire<'Agreement'>[]
  readonly nonRecurringItems?: readonly Wire<'NonRecurringItem'>[]
  readonly priceLists?: readonly Wire<'PriceList'>[]
  readonly invoices?: readonly Wire<'Invoice'>[]
  readonly consumptionLines?: readonly Wire<'ConsumptionLine'>[]
  readonly licenseSummaries?: readonly Wire<'LicenseSummary'>[]
  readonly nonRecurringItemSummaries?: readonly Wire<'NonRecurringItemSummary'>[]
  /** Default: it can do everything. */
  readonly properties?: Wire<'ProviderProperty'>
  /** By upper-case country code; any other country gets rules that ask for little. */
  readonly validationRules?: Readonly<Record<string, Wire<'ValidationRulesForCountry'>>>
}

/** A write to a subscription that changed something. */
export interface Purchase {
  readonly kind: 'create' | 'update' | 'activate' | 'suspend' | 'expire' | 'cancel'
  readonly subscriptionId: string
  readonly customerId: string | undefined
  readonly partNumber: string | undefined
  /** The total after the write. */
  readonly quantity: number
  /** The idempotency key that came with it. */
  readonly key: string | undefined
  readonly at: Date
}

/** A request that arrived, before any fault. */
export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly key: string | undefined
}

export interface RestProviderState {
  readonly customers: Wire<'Customer'>[]
  readonly subscriptions: Wire<'Subscription'>[]
  readonly agreements: Wire<'Agreement'>[]
  readonly nonRecurringItems: Wire<'NonRecurringItem'>[]
  readonly priceLists: Wire<'PriceList'>[]
  readonly invoices: Wire<'Invoice'>[]
  readonly consumptionLines: Wire<'ConsumptionLine'>[]
  readonly licenseSummaries: Wire<'LicenseSummary'>[]
  readonly nonRecurringItemSummaries: Wire<'NonRecurringItemSummary'>[]
  readonly properties: Wire<'ProviderProperty'>
  readonly validationRules: Readonly<Record<string, Wire<'ValidationRulesForCountry'>>>
  /** The log of effective writes: a delivery that changed nothing is not in it. */
  readonly purchases: Purchase[]
  readonly requests: ReceivedRequest[]
}

export function createState(seed: RestProviderSeed): RestProviderState {
  return {
    customers: (seed.customers ?? []).map((part) => complete('Customer', part)),
    subscriptions: (seed.subscriptions ?? []).map((part) => complete('Subscription', part)),
    agreements: (seed.agreements ?? []).map((part) => complete('Agreement', part)),
    nonRecurringItems: (seed.nonRecurringItems ?? []).map((part) => complete('NonRecurringItem', part)),
    priceLists: (seed.priceLists ?? []).map((part) => complete('PriceList', part)),
    invoices: (seed.invoices ?? []).map((part) => complete('Invoice', part)),
    consumptionLines: (seed.consumptionLines ?? []).map((part) => complete('ConsumptionLine', part)),
    licenseSummaries: (seed.licenseSummaries ?? []).map((part) => complete('LicenseSummary', part)),
    nonRecurringItemSummaries: (seed.nonRecurringItemSummaries ?? []).map((part) =>
      complete('NonRecurringItemSummary', part),
    ),
    properties: {
      supportsAgreementConfirmation: true,
      supportsAddressVerification: true,
      supportsCustomerCreation: true,
      ...seed.properties,
    },
    validationRules: { ...seed.validationRules },
    purchases: [],
    requests: [],
  }
}

/** The model with each of its properties; `null` where nothing is known, as the sample sends them. */
export function complete<N extends ModelName>(name: N, content: unknown): Wire<N> {
  const nothing = Object.fromEntries(Object.keys(models[name]).map((property) => [property, null]))
  return { ...nothing, ...readModel(name, content) } as Wire<N>
}
