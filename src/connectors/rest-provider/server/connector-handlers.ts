import { ProviderError } from '../../provider-error.ts'
import { listFromConnector, verifyConnectivity } from '../../run-connector.ts'
import { failedFindings } from '../../serving/failed-findings.ts'
import { offered, type Served } from '../../serving/served.ts'
import type { Wire } from '../models.ts'
import type { RouteHandlers, RouteRequest } from './app.ts'
import { billingHandlers } from './billing.ts'
import { customerHandlers } from './customers.ts'
import { itemHandlers } from './items.ts'
import { lenientRules } from './lenient-rules.ts'
import { subscriptionHandlers } from './subscriptions.ts'
import { toPrice } from './to-model.ts'

/** By upper-case country code. */
export type ValidationRules = Readonly<Record<string, Wire<'ValidationRulesForCountry'>>>

/** A connector's catalogue is what this type of price list holds; the others are empty. */
const PRICE_LIST_TYPE = 'licensebased'

/** What a connector answers on each route. */
export function connectorHandlers(served: Served, validationRules: ValidationRules): RouteHandlers {
  const { connector, contextFor } = served

  return {
    /** This is what Verify Connectivity asks for, so the provider's own door is tried as well. */
    async providerProperties(): Promise<Wire<'ProviderProperty'>> {
      const failed = failedFindings(await verifyConnectivity(connector, contextFor()), connector.title)
      if (failed.length > 0) throw new ProviderError('auth', `${connector.title} is not open. ${failed.join(' ')}`)
      return {
        supportsAgreementConfirmation: connector.agreements?.accept !== undefined,
        supportsAddressVerification: connector.customers?.validateAddress !== undefined,
        supportsCustomerCreation: connector.customers?.create !== undefined,
      }
    },
    validationRules: ({ params }) => validationRules[params.countryCode!.toUpperCase()] ?? lenientRules,

    ...customerHandlers(served),
    ...subscriptionHandlers(served),
    ...itemHandlers(served),
    ...billingHandlers(served),

    async listPrices({ params: { market = '', type = '' } }: RouteRequest) {
      const { products } = offered(served, connector.catalog, 'price lists')
      if (type.toLowerCase() !== PRICE_LIST_TYPE) return []
      const context = contextFor()
      const models: Wire<'PriceList'>[] = []
      for await (const product of listFromConnector(connector, context, () => products(context)))
        models.push(toPrice(product, { market, type: PRICE_LIST_TYPE }))
      return models
    },
  }
}
