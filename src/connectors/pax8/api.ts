import type { HttpMethod, HttpOptions } from '../http.ts'
import type { Classify } from '../http-failure.ts'
import { type PageRequest, pages } from '../pages.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Context } from './settings.ts'
import type {
  Company,
  Contact,
  NewCompany,
  NewContact,
  NewOrder,
  Order,
  Page,
  Product,
  Subscription,
  TokenAnswer,
} from './wire.ts'

const AUDIENCE = 'https://api.pax8.com'
const PAGE_SIZE = 200

/** Someone else's company is answered with 403, which says nothing about the credentials. */
const failures: Classify = ({ status }) =>
  status === 403 ? { code: 'notEligible', advice: 'Does the company belong to this Pax8 partner?' } : undefined

/** The requests that the connector makes, typed. */
export function pax8Api({ http, credentials, accessToken }: Pax8Context) {
  const tokenFor = (refused?: string) =>
    accessToken({
      refused,
      async acquire() {
        const { clientId, clientSecret } = credentials
        const { access_token, expires_in } = await http.post<TokenAnswer>('/token', {
          body: {
            client_id: clientId,
            client_secret: clientSecret,
            audience: AUDIENCE,
            grant_type: 'client_credentials',
          },
          failures: { 400: 'auth', 403: 'auth' },
          repeatable: true,
        })
        return { token: access_token, expiresInMs: expires_in * 1000 }
      },
    })

  /** A token that is refused is replaced once. */
  async function ask<T>(method: HttpMethod, url: string, options: HttpOptions = {}): Promise<T> {
    const send = async (token: string) =>
      (await http.request<T>(method, url, { failures, ...options, headers: { authorization: `Bearer ${token}` } })).body
    const token = await tokenFor()
    try {
      return await send(token)
    } catch (error) {
      if (!(ProviderError.isInstance(error) && error.details.status === 401)) throw error
      return send(await tokenFor(token))
    }
  }

  const list = <T>(url: string, query: PageRequest['query'] = {}) =>
    pages<Page<T>, T>({
      first: { url, query: { ...query, page: 0, size: PAGE_SIZE } },
      get: ({ url, query }) => ask('GET', url, query && { query }),
      items: ({ content }) => content,
      next: ({ page }, request) =>
        page.number + 1 < page.totalPages
          ? { ...request, query: { ...request.query, page: page.number + 1 } }
          : undefined,
    })

  return {
    companies: () => list<Company>('/companies'),
    /** Sent once: Pax8 makes another one of the same name. */
    createCompany: (body: NewCompany) => ask<Company>('POST', '/companies', { body, tries: 1 }),
    addContact: (companyId: string, body: NewContact) =>
      ask<unknown>('POST', path`/companies/${companyId}/contacts`, { body, tries: 1 }),
    contacts: (companyId: string) => list<Contact>(path`/companies/${companyId}/contacts`),
    company: (id: string) => ask<Company>('GET', path`/companies/${id}`),
    products: () => list<Product>('/products'),

    orders: (companyId: string) => list<Order>('/orders', { companyId }),
    order: (id: string) => ask<Order>('GET', path`/orders/${id}`),
    /** Validates an order and stores nothing. */
    checkOrder: (body: NewOrder) =>
      ask<unknown>('POST', '/orders', { body, query: { isMock: true }, repeatable: true }),
    /** Sent once: an order that comes twice is bought twice. */
    placeOrder: (body: NewOrder) => ask<Order>('POST', '/orders', { body, tries: 1 }),

    subscriptions: (companyId: string) => list<Subscription>('/subscriptions', { companyId }),
    subscription: (id: string) => ask<Subscription>('GET', path`/subscriptions/${id}`),
    setQuantity: (id: string, quantity: number) =>
      ask<unknown>('PUT', path`/subscriptions/${id}`, { body: { quantity } }),
    cancel: (id: string) => ask<unknown>('DELETE', path`/subscriptions/${id}`),
  }
}

export type Pax8Api = ReturnType<typeof pax8Api>
