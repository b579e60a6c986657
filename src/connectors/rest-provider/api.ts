import type { Http, HttpMethod, HttpOptions } from '../http.ts'
import type { Acceptance } from '../operations.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import type { ModelName, Wire } from './models.ts'
import { toNewAgreement } from './to-wire.ts'
import { readModel, readModels, WireError } from './wire.ts'

/** A provider may not know idempotency keys: what it creates is asked for once, and the next delivery looks before it asks again. */
const once = { tries: 1 }

/** The routes that the connector uses, typed. Every request carries the idempotency key. */
export function restProviderApi({ http, key }: { readonly http: Http; readonly key: string }) {
  /** `null`, and 204 without content, are how a provider says that there is none. */
  async function one<N extends ModelName>(name: N, method: HttpMethod, url: string, options: HttpOptions = {}) {
    const { body } = await http.request<unknown>(method, url, { ...options, idempotencyKey: key })
    return body == null ? null : understand(url, () => readModel(name, body))
  }
  async function many<N extends ModelName>(name: N, url: string) {
    const body = await http.get<unknown>(url, { idempotencyKey: key })
    return understand(url, () => readModels(name, body))
  }

  return {
    providerProperties: () => one('ProviderProperty', 'GET', '/utilities/provider-properties'),
    isDomainAvailable: async (domain: string) =>
      (await http.get<unknown>(path`/utilities/domain-check/${domain}`, { idempotencyKey: key })) === true,
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
      one('Subscription', 'GET', path`/customers/${customerId}/subscriptions/${id}`, { failures: { 400: 'notFound' } }),
    createSubscription: (body: Wire<'Subscription'>) =>
      one('Subscription', 'POST', '/subscriptions', { body, ...once }),
    updateSubscription: (body: Wire<'Subscription'>) => one('Subscription', 'PATCH', '/subscriptions', { body }),
    activate: (id: string) => one('Subscription', 'PATCH', path`/subscriptions/${id}/activate`),
    suspend: (id: string) => one('Subscription', 'PATCH', path`/subscriptions/${id}/suspend`),
    cancel: (id: string) => http.delete<unknown>(path`/subscriptions/${id}/cancel`, { idempotencyKey: key }),

    items: () => many('NonRecurringItem', '/nonrecurringitems'),
    createItem: (item: Wire<'NonRecurringItem'>) =>
      http.post<unknown>('/nonrecurringitems', { body: [item], idempotencyKey: key, ...once }),

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
