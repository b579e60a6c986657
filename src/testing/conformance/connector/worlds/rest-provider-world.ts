import type { Clock } from '../../../../internal/clock.ts'
import { sequentialIds } from '../../../../internal/ids.ts'
import { createRestProviderSimulator } from '../../../rest-provider/index.ts'
import { notSupported } from '../finding.ts'
import type { ConnectorWorld } from '../world.ts'

const apiKey = 'r3st-pr0vider-s3cret'
const customer = { id: 'contoso', name: 'Contoso' }
const product = { id: 'CFQ7TTC0LH18:0001', name: 'Business Basic', billingCycle: 'monthly' } as const
const subscription = { id: 'sub-1', customerId: customer.id }

/**
 * The Rest Provider simulator as a world for `connectorConformance`, for a connector with the settings of `createRestProvider`.
 *
 * @example
 * connectorConformance(createRestProvider(), { world: restProviderWorld })
 */
export function restProviderWorld(clock: Clock): ConnectorWorld {
  const ids = sequentialIds('c')
  let customers: readonly { readonly id: string; readonly name: string }[] = [customer]
  let ignoresKeys = false
  const create = () =>
    createRestProviderSimulator({ apiKey, clock, ids, seed: seedWith(customers), quirks: { ignoresKeys } })
  let simulator = create()
  let boughtBefore: { readonly subscriptionId: string }[] = []
  const bought = () => simulator.state.purchases.filter(({ kind }) => kind === 'create')

  return {
    answer: (request) => simulator.fetch(request),
    settings: (url) => ({ endpointUrl: url, countryCode: 'US', currencyCode: 'USD' }),
    credentials: { apiKey },
    samples: {
      order: { kind: 'create', customer, product, quantity: 5 },
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      refused: [
        {
          what: 'none of a product',
          change: { kind: 'create', customer, product, quantity: 0 },
          code: 'quantityInvalid',
        },
        {
          what: 'a change at the renewal',
          change: { kind: 'setQuantity', subscription, quantity: 4, when: 'renewal' },
          code: 'notEligible',
        },
        {
          what: 'a subscription that there is not',
          change: { kind: 'pause', subscription: { ...subscription, id: 'nothing' } },
          code: 'notFound',
        },
        {
          what: 'more of what was cancelled',
          change: { kind: 'setQuantity', subscription: { ...subscription, id: 'ended' }, quantity: 4 },
          code: 'notEligible',
        },
      ],
      fraction: { kind: 'create', customer, product, quantity: 2.5 },
      prices: [{ id: 'CFQ7TTC0LH31:001B', unitPrice: 17.6 }],
    },
    purchases: () => [...boughtBefore, ...bought()],
    wrongs: [{ what: 'a wrong password', credentials: { apiKey: 'another' } }],
    forgetKeys() {
      boughtBefore = [...boughtBefore, ...bought()]
      ignoresKeys = true
      simulator = create()
    },
    populate(count) {
      customers = Array.from({ length: count }, (_, at) => ({ id: `customer-${at}`, name: `Customer ${at}` }))
      simulator = create()
    },
    except: {
      C11: notSupported('resume is not offered'),
      C15: notSupported('the contract has no versions'),
      C19: notSupported('the contract has no pages'),
      C21: notSupported('it signs in with a key'),
      C22: notSupported('it signs in with a key'),
      C23: notSupported('it signs in with a key'),
      C28: notSupported('the contract has no windows'),
      C30: notSupported('the contract has no pages'),
    },
  }
}

const seedWith = (customers: readonly { readonly id: string; readonly name: string }[]) => ({
  customers,
  subscriptions: [
    {
      id: subscription.id,
      partNumber: product.id,
      customer: { id: customer.id },
      quantity: 10,
      status: 1,
      autoRenew: true,
    },
    { id: 'ended', partNumber: product.id, customer: { id: customer.id }, quantity: 10, status: 3 },
  ],
  priceLists: [
    {
      ...{ productId: 'CFQ7TTC0LH31', skuId: '001B', skuTitle: 'Business Premium', market: 'US', type: 'LicenseBased' },
      ...{ currency: 'USD', unitPrice: 17.6, erpPrice: 22, termDuration: 'P1Y', billingPlan: 'Monthly' },
    },
  ],
})
