import type { Http, HttpMethod, HttpOptions } from '../http.ts'
import type { Classify } from '../http-failure.ts'
import type { Acceptance } from '../operations.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import { type FailureCode, retryTable } from '../retry-table.ts'
import { WireError } from '../serving/read-model.ts'
import type { ModelName, Wire } from './models.ts'
import { toNewAgreement } from './to-wire.ts'
import { REPLAYED_HEADER, readModel, readModels } from './wire.ts'

/** A provider may not know idempotency keys: what it creates is asked for once, and the next delivery looks before it asks again. */
const once = { tries: 1 }

/** What this SDK's own server says is taken at its word: its problem details carry the code. Others are judged by their status. */
const meaning =
  (statuses: Readonly<Record<number, FailureCode>> = {}): Classify =>
  ({ status, providerCode = '' }) =>
    Object.hasOwn(retryTable, providerCode) ? (providerCode as FailureCode) : statuses[status]

/** The routes that the connector uses, typed. Every request carries the idempotency key. */
export function restProviderApi({ http, key }: { readonly http: Http; readonly key: string }) {
  const ask = (method: HttpMethod, url: string, options: HttpOptions = {}) =>
    http.request<unknown>(method, url, { failures: meaning(), ...options, idempotencyKey: key })

  /** `null`, and 204 without content, are how a provider says that there is none. */
  async function one<N extends ModelName>(name: N, method: HttpMethod, url: string, options?: HttpOptions) {
    const { body } = await ask(method, url, options)
    return body == null ? null : understand(url, () => readModel(name, body))
  }
  async function many<N extends ModelName>(name: N, url: string) {
    const { body } = await ask('GET', url)
    return understand(url, () => readModels(name, body))
  }

  return {
    providerProperties: () => one('ProviderProperty', 'GET', '/utilities/provider-properties'),
    isDomainAvailable: async (domain: string) =>
      (await ask('GET', path`/utilities/domain-check/${domain}`)).body === true,
    validateAddress: (body: Wire<'Address'>) =>
      one('AddressValidationResponse', 'POST', '/utilities/validate-address', { body }),

    customers: () => many('Customer', '/customers'),
    customer: (id: string) => one('Customer', 'GET', path`/customers/${id}`),
    createCustomer: (body: Wire<'Customer'>) => one('Customer', 'POST', '/customers', { body, ...once }),

    agreements: (customerId: string) => many('Agreement', path`/customers/${customerId}/agreements`),
    createAgreement: (customerId: string, acceptance: Acceptance) =>
      one('Agreement', 'POST', '/agreements', { body: toNewAgreement(customerId, acceptance), ...once }),

    subscriptions: (customerId: string) => many('Subscription', path`/customers/${customerId}/subscriptions`),
    subscription: (customerId: string, id: string) =>
      one('Subscription', 'GET', path`/customers/${customerId}/subscriptions/${id}`, {
        failures: meaning({ 400: 'notFound' }),
      }),
    /** Whether it was bought now, or by an earlier delivery as far as the provider says so. */
    async createSubscription(subscription: Wire<'Subscription'>) {
      const { headers, body } = await ask('POST', '/subscriptions', { body: subscription, ...once })
      return {
        bought: body == null ? null : understand('/subscriptions', () => readModel('Subscription', body)),
        isNew: headers[REPLAYED_HEADER] !== 'true',
      }
    },
    updateSubscription: (body: Wire<'Subscription'>) => one('Subscription', 'PATCH', '/subscriptions', { body }),
    activate: (id: string) => one('Subscription', 'PATCH', path`/subscriptions/${id}/activate`),
    suspend: (id: string) => one('Subscription', 'PATCH', path`/subscriptions/${id}/suspend`),
    cancel: (id: string) => ask('DELETE', path`/subscriptions/${id}/cancel`),

    items: () => many('NonRecurringItem', '/nonrecurringitems'),
    createItem: (item: Wire<'NonRecurringItem'>) => ask('POST', '/nonrecurringitems', { body: [item], ...once }),

    invoices: () => many('Invoice', '/invoices'),
    invoice: (id: string) => one('Invoice', 'GET', path`/invoices/${id}`),
    licenseSummaries: (id: string) => many('LicenseSummary', path`/invoices/${id}/licensesummary`),
    itemSummaries: (id: string) => many('NonRecurringItemSummary', path`/invoices/${id}/nonrecurringitemsummary`),
    billedUsages: (id: string) => many('ConsumptionLine', path`/invoices/${id}/billedusages`),
    unbilledUsages: () => many('ConsumptionLine', '/unbilledusages'),

    prices: (market: string, type: string, timeline: string) =>
      many('PriceList', path`/pricelists/${market}/${type}/${timeline}`),
  }
}

export type RestProviderApi = ReturnType<typeof restProviderApi>

/** What was asked may well have happened, so content that cannot be understood is worth a second look. */
function understand<T>(url: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new ProviderError(
      'transient',
      `${url} answered with something that breaks the Rest Provider contract: ${error.message}`,
    )
  }
}
