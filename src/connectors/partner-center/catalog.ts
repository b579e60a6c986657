import type { BillingCycle, ProductRef } from '../change.ts'
import type { Json } from '../json.ts'
import type { CatalogOperations } from '../operations.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'
import type { credentials, PartnerCenterContext, settings } from './settings.ts'
import {
  type CatalogItem,
  parseCatalogItem,
  type WireAvailability,
  type WireProduct,
  type WireSku,
  type WireTerm,
} from './wire.ts'

/** What is sold where, for how long. */
export interface Offer {
  readonly item: CatalogItem & { readonly availabilityId: string }
  readonly term: WireTerm
}

/** @see https://learn.microsoft.com/partner-center/developer/get-a-list-of-products */
export function catalogOperations(
  apiOf: (context: PartnerCenterContext) => PartnerCenterApi,
): CatalogOperations<typeof settings, typeof credentials> {
  return {
    async *products(context) {
      const api = apiOf(context)
      const market = { ...marketOf(context), ...segmentOf(context) }
      const products = collection<WireProduct>(api, '/v1/products', { ...market, targetView: 'OnlineServices' })
      for await (const product of products) {
        const skus = collection<WireSku>(api, path`/v1/products/${product.id}/skus`, market)
        for await (const sku of skus) {
          for await (const availability of availabilitiesOf(context, api, { productId: product.id, skuId: sku.id })) {
            for (const term of availability.terms ?? []) {
              yield {
                id: `${product.id}:${sku.id}`,
                name: sku.title ?? product.title ?? '',
                term: term.duration,
                billingCycle: fromWireCycle(term.billingCycle),
                currency: availability.defaultCurrency?.code,
                raw: { product, sku, availability } as unknown as Json,
              }
            }
          }
        }
      }
    },
  }
}

/** The edition's limits of quantity. */
export function skuOf(context: PartnerCenterContext, api: PartnerCenterApi, item: CatalogItem): Promise<WireSku> {
  return api.get<WireSku>(path`/v1/products/${item.productId}/skus/${item.skuId}`, { query: marketOf(context) })
}

/**
 * What the product is sold as today: availabilities are reissued, so they are asked for right before.
 *
 * @throws ProviderError `invalid` when it is not said which term or billing cycle, `notEligible` when it is not sold so.
 */
export async function offerFor(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  product: ProductRef,
  fallback: WireTerm = { duration: context.settings.term, billingCycle: context.settings.billingCycle },
): Promise<Offer> {
  const item = itemOf(product)
  const wanted = {
    duration: product.term ?? fallback.duration,
    billingCycle: product.billingCycle ? toWireCycle(product.billingCycle) : fallback.billingCycle,
  }
  const offers: Offer[] = []
  for await (const { id, isPurchasable, terms = [] } of availabilitiesOf(context, api, item)) {
    if (isPurchasable === false) continue
    offers.push(...terms.map((term) => ({ item: { ...item, availabilityId: id }, term })))
  }
  const named = product.name ?? product.id
  if (offers.length === 0) {
    throw new ProviderError('notEligible', `${named} is not sold in ${context.settings.countryCode.toUpperCase()}.`)
  }
  const fitting = offers.filter(({ term }) => fits(term, wanted))
  const choices = [...new Set(offers.map(({ term }) => `${term.duration} ${term.billingCycle ?? ''}`.trim()))].join(
    ', ',
  )
  if (fitting.length === 0) {
    throw new ProviderError('notEligible', `${named} is not sold for that term and billing cycle, but for: ${choices}.`)
  }
  if (new Set(fitting.map(({ term }) => `${term.duration} ${term.billingCycle}`)).size > 1) {
    throw new ProviderError(
      'invalid',
      `${named} is sold for several terms: ${choices}. Enter the term and the billing cycle in the settings.`,
      { field: wanted.duration === undefined ? 'term' : 'billingCycle' },
    )
  }
  return fitting[0]!
}

/** @throws ProviderError `invalid` for a part number that names no product and edition. */
export function itemOf(product: ProductRef): CatalogItem {
  const item = parseCatalogItem(product.id)
  if (item) return item
  throw new ProviderError(
    'invalid',
    `${JSON.stringify(product.id)} is not a part number of Partner Center, such as CFQ7TTC0LH18:0001: correct the product.`,
    { field: 'product' },
  )
}

function availabilitiesOf(context: PartnerCenterContext, api: PartnerCenterApi, { productId, skuId }: CatalogItem) {
  const url = path`/v1/products/${productId}/skus/${skuId}/availabilities`
  return collection<WireAvailability>(api, url, { ...marketOf(context), ...segmentOf(context) })
}

const marketOf = ({ settings }: PartnerCenterContext) => ({ country: settings.countryCode.toUpperCase() })
const segmentOf = ({ settings }: PartnerCenterContext) =>
  settings.segment === undefined ? {} : { targetSegment: settings.segment }

function fits(term: WireTerm, wanted: WireTerm): boolean {
  const isSame = (one: string | undefined, other: string | undefined) =>
    one === undefined || other === undefined || one.toLowerCase() === other.toLowerCase()
  return isSame(term.duration, wanted.duration) && isSame(term.billingCycle, wanted.billingCycle)
}

const toWireCycle = (cycle: BillingCycle) => (cycle === 'oneTime' ? 'one_time' : cycle)

function fromWireCycle(cycle: string | undefined): BillingCycle | undefined {
  const known: Readonly<Record<string, BillingCycle>> = {
    monthly: 'monthly',
    annual: 'annual',
    triennial: 'triennial',
    one_time: 'oneTime',
    none: 'none',
  }
  return known[cycle?.toLowerCase() ?? '']
}
