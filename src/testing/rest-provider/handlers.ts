import { isDeepStrictEqual } from 'node:util'
import { addressValidationStatus, subscriptionStatus, type Wire } from '../../connectors/rest-provider/models.ts'
import type { RouteHandlers, RouteRequest } from '../../connectors/rest-provider/server/app.ts'
import { lenientRules } from '../../connectors/rest-provider/server/lenient-rules.ts'
import { readBody } from '../../connectors/rest-provider/server/read-body.ts'
import { readModel, readModels, toWireDate } from '../../connectors/rest-provider/wire.ts'
import { Refused } from '../../connectors/serving/refused.ts'
import type { Clock } from '../../internal/clock.ts'
import type { IdGenerator } from '../../internal/ids.ts'
import { complete, type Purchase, type RestProviderState } from './state.ts'

export interface HandlerOptions {
  readonly state: () => RestProviderState
  readonly clock: Clock
  readonly ids: IdGenerator
  /** Whether a changed subscription is answered as it was before, which the public sample does. */
  readonly answersWithOldState: boolean
}

/** What the simulated provider does on each route. */
export function createHandlers({ state, clock, ids, answersWithOldState }: HandlerOptions): RouteHandlers {
  const created = () => ({ id: ids(), createdOn: toWireDate(clock.now()), modifiedOn: toWireDate(clock.now()) })

  /** Puts `after` in the place of `before`, and notes it when it differs. */
  function replace(kind: Purchase['kind'], before: Wire<'Subscription'>, after: Wire<'Subscription'>, key?: string) {
    const { subscriptions, purchases } = state()
    if (isDeepStrictEqual(before, after)) return before
    const stored = { ...after, modifiedOn: toWireDate(clock.now()) }
    subscriptions[subscriptions.indexOf(before)] = stored
    purchases.push(toPurchase(kind, stored, key, clock.now()))
    return answersWithOldState ? before : stored
  }

  const setStatus =
    (kind: 'activate' | 'suspend' | 'expire' | 'cancel', status: number) =>
    ({ params, key }: RouteRequest) => {
      const before = state().subscriptions.find(({ id }) => id === params.id)
      if (!before) throw new Refused(400, `Subscription Id ${params.id} not found`)
      return replace(kind, before, { ...before, status }, key)
    }
  const cancel = setStatus('cancel', subscriptionStatus.cancelled)

  return {
    providerProperties: () => state().properties,
    checkDomain: ({ params }) => !state().customers.some(({ domain }) => isSame(domain, params.domain)),
    validateAddress: ({ content }) => validateAddress(readModel('Address', content)),
    validationRules: ({ params }) =>
      complete(
        'ValidationRulesForCountry',
        state().validationRules[params.countryCode?.toUpperCase() ?? ''] ?? lenientRules,
      ),

    listCustomers: () => state().customers,
    getCustomer: ({ params }) => state().customers.find(({ id }) => id === params.id) ?? null,
    createCustomer({ content }) {
      const customer = complete('Customer', readBody('Customer', content))
      if (!customer.name) throw new Refused(400, 'Customer name is required!')
      const domain = customer.domain || `${customer.name.toLowerCase().replace(/[^a-z0-9]/g, '')}.onmicrosoft.com`
      const stored = { ...customer, ...created(), domain }
      state().customers.push(stored)
      return { ...stored, userCredentials: { userName: `admin@${domain}`, password: ids() } }
    },

    listAgreements: ({ params }) => state().agreements.filter(({ customer }) => customer?.id === params.id),
    createAgreement({ content }) {
      const agreement = complete('Agreement', readBody('Agreement', content))
      if (!agreement.templateId) throw new Refused(400, 'Agreement templateId is required!')
      if (!agreement.customer?.id) throw new Refused(400, 'Agreement customer id is required!')
      const stored = { ...agreement, ...created() }
      state().agreements.push(stored)
      return stored
    },

    listSubscriptions: ({ params }) => state().subscriptions.filter(({ customer }) => customer?.id === params.id),
    getSubscription: ({ params }) =>
      state().subscriptions.find(({ id, customer }) => id === params.id && customer?.id === params.customerId) ?? null,
    createSubscription({ content, key }) {
      const { customers, subscriptions, purchases } = state()
      const subscription = complete('Subscription', readBody('Subscription', content))
      if (!subscription.partNumber) throw new Refused(400, 'Subscription partNumber is required!')
      if (!((subscription.quantity ?? 0) > 0)) throw new Refused(400, 'Subscription quantity has to be more than 0!')
      if (!customers.some(({ id }) => id === subscription.customer?.id)) {
        throw new Refused(400, `Customer Id ${subscription.customer?.id} not found`)
      }
      const stored = { ...subscription, status: subscription.status ?? subscriptionStatus.active, ...created() }
      subscriptions.push(stored)
      purchases.push(toPurchase('create', stored, key, clock.now()))
      return stored
    },
    updateSubscription({ content, key }) {
      const given = complete('Subscription', readBody('Subscription', content))
      const before = state().subscriptions.find(({ id }) => id === given.id)
      if (!before) throw new Refused(404, `Subscription Id ${given.id} not found`)
      const { createdOn = null, modifiedOn = null } = before
      return replace('update', before, { ...given, quantity: given.quantity ?? 0, createdOn, modifiedOn }, key)
    },
    activateSubscription: setStatus('activate', subscriptionStatus.active),
    suspendSubscription: setStatus('suspend', subscriptionStatus.suspended),
    expireSubscription: setStatus('expire', subscriptionStatus.expired),
    cancelSubscription: (request) => cancel(request) !== undefined,

    listNonRecurringItems: () => state().nonRecurringItems,
    createNonRecurringItems({ content }) {
      for (const item of readModels('NonRecurringItem', content)) {
        state().nonRecurringItems.push({ ...complete('NonRecurringItem', item), ...created() })
      }
      return undefined
    },

    listPrices: ({ params }) =>
      state().priceLists.filter(({ market, type }) => isSame(market, params.market) && isSame(type, params.type)),

    listInvoices: () => state().invoices,
    getInvoice: ({ params }) => state().invoices.find(({ id }) => id === params.id) ?? null,
    listUnbilledUsages: () => state().consumptionLines.filter(({ invoice }) => !invoice?.id),
    listBilledUsages: ({ params }) => state().consumptionLines.filter(({ invoice }) => invoice?.id === params.id),
    listLicenseSummaries: ({ params }) => state().licenseSummaries.filter(({ invoice }) => invoice?.id === params.id),
    listNonRecurringItemSummaries: ({ params }) =>
      state().nonRecurringItemSummaries.filter(({ invoice }) => invoice?.id === params.id),
  }
}

function validateAddress(address: Wire<'Address'>): Wire<'AddressValidationResponse'> {
  const isWhole = Boolean(address.country && address.city && address.addressLine1)
  return {
    originalAddress: address,
    suggestedAddresses: [],
    validationMessage: isWhole ? null : 'Country, city and first address line are required.',
    addressValidationStatus: isWhole ? addressValidationStatus.success : addressValidationStatus.error,
  }
}

function toPurchase(
  kind: Purchase['kind'],
  { id, customer, partNumber, quantity }: Wire<'Subscription'>,
  key: string | undefined,
  at: Date,
): Purchase {
  return {
    kind,
    subscriptionId: id ?? '',
    customerId: customer?.id ?? undefined,
    partNumber: partNumber ?? undefined,
    quantity: quantity ?? 0,
    key,
    at,
  }
}

function isSame(one: string | null | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase()
}
