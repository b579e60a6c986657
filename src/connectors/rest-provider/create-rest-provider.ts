import type { Change, CreateChange } from '../change.ts'
import { defineConnector } from '../connector.ts'
import type { Json } from '../json.ts'
import type { RemoteItem } from '../operations.ts'
import { type Done, done } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { type RestProviderApi, restProviderApi } from './api.ts'
import { billingOperations } from './billing.ts'
import { converge, current, type RestChangeKind, refusalOf, restChangeKinds } from './converge.ts'
import {
  toAddressReport,
  toCatalogProduct,
  toRemoteAgreement,
  toRemoteCustomer,
  toRemoteSubscription,
} from './from-wire.ts'
import { priceListTypes } from './models.ts'
import { credentials, type RestProviderContext, settings } from './settings.ts'
import { toNewCustomer, toNewItem, toNewSubscription, toWireAddress } from './to-wire.ts'

export interface RestProviderOptions {
  /** Default: `rest-provider`. Choose another to tell several such providers apart. */
  readonly name?: string
  /** Default: `Rest Provider`. */
  readonly title?: string
  /** The `timeline` part of the price list's address, which the contract leaves to the provider. Default: `current`. */
  readonly timeline?: string
}

/**
 * The connector to any API that follows the Rest Provider contract of Work 365.
 * A provider that forgets idempotency keys is safe too, as long as it keeps the `name` of a subscription.
 *
 * @see https://docs.work365apps.com/docs/rest-provider
 */
export function createRestProvider({
  name = 'rest-provider',
  title = 'Rest Provider',
  timeline = 'current',
}: RestProviderOptions = {}) {
  return defineConnector({
    name,
    title,
    contract: 1,
    version: '1.0.0',
    docs: 'https://docs.work365apps.com/docs/rest-provider',
    changes: restChangeKinds,
    settings,
    credentials,

    async verifyConnectivity(context) {
      await restProviderApi(context).providerProperties()
      return { ok: true, account: new URL(context.settings.endpointUrl).host }
    },

    async apply(context, change) {
      const api = restProviderApi(context)
      return change.kind === 'create' ? create(api, context, change) : converge(api, change)
    },

    async preview(context, change) {
      const refusal = await refusalOfAny(restProviderApi(context), change)
      if (!refusal) return { ok: true, notes: [] }
      return { ok: false, refusals: [{ code: refusal.code, message: refusal.message }] }
    },

    async find(context, change) {
      const bought = await findBought(restProviderApi(context), context.key, change)
      return bought ? toRemoteSubscription(bought) : null
    },

    async *subscriptions(context, customer) {
      for (const wire of await restProviderApi(context).subscriptions(customer.id)) yield toRemoteSubscription(wire)
    },

    customers: {
      /** A customer without an id holds up no other: it is named at the end. */
      async *list(context) {
        const unusable: string[] = []
        for (const wire of await restProviderApi(context).customers()) {
          if (wire.id) yield toRemoteCustomer(wire)
          else unusable.push(`'${wire.name ?? '?'}'`)
        }
        if (unusable.length === 0) return
        const message = `The provider lists customers without an id: ${unusable.join(', ')}. Have them corrected there.`
        throw new ProviderError('invalid', message)
      },
      async find(context, id) {
        const wire = await restProviderApi(context).customer(id)
        return wire && toRemoteCustomer(wire)
      },
      async create(context, customer) {
        return toRemoteCustomer(answered(await restProviderApi(context).createCustomer(toNewCustomer(customer))))
      },
      async validateAddress(context, address) {
        return toAddressReport(answered(await restProviderApi(context).validateAddress(toWireAddress(address))))
      },
      isDomainAvailable: (context, domain) => restProviderApi(context).isDomainAvailable(domain),
    },

    agreements: {
      async *list(context, customer) {
        for (const wire of await restProviderApi(context).agreements(customer.id)) yield toRemoteAgreement(wire)
      },
      async accept(context, customer, acceptance) {
        const api = restProviderApi(context)
        if ((await api.providerProperties())?.supportsAgreementConfirmation === false) {
          throw new ProviderError(
            'notEligible',
            `${title} takes no confirmations of agreements: have the customer accept it there.`,
          )
        }
        return toRemoteAgreement(answered(await api.createAgreement(customer.id, acceptance)))
      },
    },

    items: {
      async buy(context, purchase) {
        const api = restProviderApi(context)
        const bought = await findItem(api, context.key)
        if (bought) return { status: 'done', item: bought, changed: false }
        const { currencyCode } = context.settings
        await api.createItem(toNewItem(purchase, { key: context.key, currencyCode }))
        const item = await findItem(api, context.key)
        if (item) return { status: 'done', item, changed: true }
        throw new ProviderError('pending', 'The provider took the item on, but does not list it yet.')
      },
    },

    billing: billingOperations,

    catalog: {
      async *products(context) {
        const api = restProviderApi(context)
        for (const type of priceListTypes) {
          for (const wire of await api.prices(context.settings.countryCode, type, timeline))
            yield toCatalogProduct(wire)
        }
      },
    },
  })
}

/** Looks before it buys, and then brings what it finds to the target, as any other change. */
async function create(
  api: RestProviderApi,
  { key, settings }: RestProviderContext,
  change: CreateChange,
): Promise<Done> {
  const customerId = change.customer.id
  const found = await findBought(api, key, change)
  if (found?.id) {
    return converge(api, { kind: 'setQuantity', subscription: { id: found.id, customerId }, quantity: change.quantity })
  }
  const refusal = await refusalToCreate(api, change)
  if (refusal) throw refusal

  const { currencyCode } = settings
  const { bought, isNew } = await api.createSubscription(toNewSubscription(change, { key, currencyCode }))
  if (!bought?.id)
    throw new ProviderError('pending', 'The provider took the order on, but does not name the subscription yet.')
  return done(toRemoteSubscription(await current(api, { id: bought.id, customerId })), { changed: isNew })
}

/** By the key that the purchase left in the name; an ended subscription still counts as bought. */
async function findBought(api: RestProviderApi, key: string, { customer }: CreateChange) {
  return (await api.subscriptions(customer.id)).find(({ name }) => name === key)
}

/** By the key that the purchase left in the name. */
async function findItem(api: RestProviderApi, key: string): Promise<RemoteItem | undefined> {
  const item = (await api.items()).find(({ name }) => name === key)
  return item?.id ? { id: item.id, quantity: item.quantity ?? 0, raw: item as Json } : undefined
}

async function refusalToCreate(api: RestProviderApi, change: CreateChange): Promise<ProviderError | undefined> {
  const { parent, customer, quantity } = change
  if (parent) return new ProviderError('notEligible', 'The Rest Provider contract has no add-ons: order it by itself.')
  if (quantity <= 0) return new ProviderError('quantityInvalid', 'At least one has to be ordered.')
  if (await mayHave(api, customer.id)) return undefined
  return new ProviderError('notFound', `The provider has no customer ${customer.id}: correct the provider account.`)
}

/** Whom a provider serves that tells of no customers, which is a 501, it says when it is ordered. */
async function mayHave(api: RestProviderApi, customerId: string): Promise<boolean> {
  try {
    return (await api.customer(customerId)) !== null
  } catch (error) {
    if (ProviderError.isInstance(error) && error.details.status === 501) return true
    throw error
  }
}

/** What `apply` would throw, found out without writing. */
async function refusalOfAny(api: RestProviderApi, change: Change<RestChangeKind>): Promise<ProviderError | undefined> {
  try {
    if (change.kind === 'create') return await refusalToCreate(api, change)
    return refusalOf(change, await current(api, change.subscription))
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return error
    throw error
  }
}

function answered<T>(answer: T | null): T {
  if (answer !== null) return answer
  throw new ProviderError('transient', 'The provider answered with nothing where the contract promises what it made.')
}
