import { catalog } from './catalog.ts'
import { customers } from './customers.ts'
import { purchases } from './purchases.ts'
import { subscriptions } from './subscriptions.ts'
import { webhooks } from './webhooks.ts'
import type { Asked, World } from './world.ts'

/** Answers JSON, or a whole response. */
type Handler = (world: World, asked: Asked) => unknown

interface Route {
  readonly method: string
  readonly path: string
  readonly handler: Handler
  /** The integration user alone may ask. */
  readonly userOnly?: boolean
}

const customer = '/v1/customers/:customer'
const subscription = `${customer}/subscriptions/:subscription`
const forUser = { userOnly: true }
const route = (method: string, path: string, handler: Handler, more: { readonly userOnly?: boolean } = {}): Route => ({
  method,
  path,
  handler,
  ...more,
})

export const routes: readonly Route[] = [
  route('GET', '/v1/profiles/organization', customers.profile, forUser),
  route('GET', '/v1/customers', customers.list),
  route('POST', '/v1/customers', customers.create),
  route('GET', customer, customers.get),
  route('HEAD', '/v1/domains/:domain', customers.hasDomain),
  route('POST', '/v1/validations/address', customers.validateAddress),
  route('GET', '/v1/agreements', customers.templates, forUser),
  route('GET', `${customer}/agreements`, customers.agreements, forUser),
  route('POST', `${customer}/agreements`, customers.confirm, forUser),
  route('GET', `${customer}/directSignedMicrosoftCustomerAgreementStatus`, customers.isSigned, forUser),

  route('GET', '/webhooks/v1/registration', webhooks.get),
  route('POST', '/webhooks/v1/registration', webhooks.create),
  route('PUT', '/webhooks/v1/registration', webhooks.replace),

  route('GET', '/v1/products', catalog.products),
  route('GET', '/v1/products/:product/skus', catalog.skus),
  route('GET', '/v1/products/:product/skus/:sku', catalog.sku),
  route('GET', '/v1/products/:product/skus/:sku/availabilities', catalog.availabilities),

  route('POST', `${customer}/carts`, purchases.createCart),
  route('POST', `${customer}/carts/:cart/checkout`, purchases.checkout),
  route('GET', `${customer}/orders`, purchases.listOrders),
  route('GET', `${customer}/orders/:order`, purchases.getOrder),

  route('GET', `${customer}/subscriptions`, subscriptions.list),
  route('GET', subscription, subscriptions.get),
  route('PATCH', subscription, subscriptions.patch),
  route('GET', `${subscription}/addons`, subscriptions.addOns),
  route('GET', `${subscription}/provisioningstatus`, subscriptions.provisioningStatus, forUser),
  route('GET', `${subscription}/transitionEligibilities`, subscriptions.eligibilities),
  route('GET', `${subscription}/transitions`, subscriptions.transitions),
  route('POST', `${subscription}/transitions`, subscriptions.transition),
]
