import { deepFreeze } from '../../internal/freeze.ts'
import type { ModelName } from './models.ts'

/** What a route takes or gives: a model, a list of it, or the model where there may be none. */
export type Content = ModelName | `${ModelName}[]` | `${ModelName} | null` | 'boolean'

export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `:name` stands for one part of the path. */
  readonly path: string
  readonly takes?: Content
  /** Absent: 204, without content. */
  readonly gives?: Content
}

/**
 * Every route of the contract, as data: who serves it answers each name, and its OpenAPI document follows from it.
 *
 * @see https://docs.work365apps.com/docs/rest-provider
 */
export const routes = deepFreeze({
  providerProperties: { method: 'GET', path: '/utilities/provider-properties', gives: 'ProviderProperty' },
  checkDomain: { method: 'GET', path: '/utilities/domain-check/:domain', gives: 'boolean' },
  validateAddress: {
    method: 'POST',
    path: '/utilities/validate-address',
    takes: 'Address',
    gives: 'AddressValidationResponse',
  },
  validationRules: {
    method: 'GET',
    path: '/countries/:countryCode/validation-rules',
    gives: 'ValidationRulesForCountry',
  },
  listCustomers: { method: 'GET', path: '/customers', gives: 'Customer[]' },
  getCustomer: { method: 'GET', path: '/customers/:id', gives: 'Customer | null' },
  createCustomer: { method: 'POST', path: '/customers', takes: 'Customer', gives: 'Customer' },
  listAgreements: { method: 'GET', path: '/customers/:id/agreements', gives: 'Agreement[]' },
  createAgreement: { method: 'POST', path: '/agreements', takes: 'Agreement', gives: 'Agreement' },
  listSubscriptions: { method: 'GET', path: '/customers/:id/subscriptions', gives: 'Subscription[]' },
  getSubscription: {
    method: 'GET',
    path: '/customers/:customerId/subscriptions/:id',
    gives: 'Subscription | null',
  },
  createSubscription: { method: 'POST', path: '/subscriptions', takes: 'Subscription', gives: 'Subscription' },
  updateSubscription: { method: 'PATCH', path: '/subscriptions', takes: 'Subscription', gives: 'Subscription' },
  activateSubscription: { method: 'PATCH', path: '/subscriptions/:id/activate', gives: 'Subscription' },
  suspendSubscription: { method: 'PATCH', path: '/subscriptions/:id/suspend', gives: 'Subscription' },
  expireSubscription: { method: 'PATCH', path: '/subscriptions/:id/expire', gives: 'Subscription' },
  cancelSubscription: { method: 'DELETE', path: '/subscriptions/:id/cancel', gives: 'boolean' },
  listNonRecurringItems: { method: 'GET', path: '/nonrecurringitems', gives: 'NonRecurringItem[]' },
  createNonRecurringItems: { method: 'POST', path: '/nonrecurringitems', takes: 'NonRecurringItem[]' },
  listPrices: { method: 'GET', path: '/pricelists/:market/:type/:timeline', gives: 'PriceList[]' },
  listInvoices: { method: 'GET', path: '/invoices', gives: 'Invoice[]' },
  getInvoice: { method: 'GET', path: '/invoices/:id', gives: 'Invoice | null' },
  listUnbilledUsages: { method: 'GET', path: '/unbilledusages', gives: 'ConsumptionLine[]' },
  listBilledUsages: { method: 'GET', path: '/invoices/:id/billedusages', gives: 'ConsumptionLine[]' },
  listLicenseSummaries: { method: 'GET', path: '/invoices/:id/licensesummary', gives: 'LicenseSummary[]' },
  listNonRecurringItemSummaries: {
    method: 'GET',
    path: '/invoices/:id/nonrecurringitemsummary',
    gives: 'NonRecurringItemSummary[]',
  },
} as const satisfies Record<string, Route>)

export type RouteName = keyof typeof routes
