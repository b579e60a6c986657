import type { Clock } from '../../../../internal/clock.ts'
import { sequentialIds } from '../../../../internal/ids.ts'
import { createPax8Simulator, type Pax8Seed } from '../../../pax8/index.ts'
import { notSupported } from '../finding.ts'
import type { ConnectorWorld } from '../world.ts'
import { createSlowWrites } from './slow-writes.ts'

const credentials = { clientId: 'cl13nt-1d', clientSecret: 'cl13nt-s3cret' }
const customer = { id: 'contoso', name: 'Contoso' }
const product = { id: 'basic', name: 'Business Basic', billingCycle: 'monthly' } as const
const order = { kind: 'create', customer, product, quantity: 5 } as const
const subscription = { id: 'sub-1', customerId: customer.id }

/**
 * The Pax8 simulator as a world for `connectorConformance`, for a connector with the settings of `createPax8`. Orders that
 * were lost are placed again, as Pax8 knows no idempotency keys.
 *
 * @example
 * connectorConformance((url) => createPax8({ endpoint: url }), { world: pax8World })
 */
export function pax8World(clock: Clock): ConnectorWorld {
  const ids = sequentialIds('c')
  const create = (seed: Pax8Seed) => createPax8Simulator({ ...credentials, clock, ids, seed })
  let simulator = create(seed)
  let refusesWith: number | undefined
  const { around, slow, mumble } = createSlowWrites(clock, { working: 'PendingManual', ready: 'Active' }, () => ({
    written: () => simulator.state.writes.map(({ subscriptionId }) => subscriptionId),
    settle: simulator.settle,
  }))

  return {
    async answer(request) {
      if (refusesWith !== undefined && !isSignIn(request)) return new Response(null, { status: refusesWith })
      return around(async () => simulator.fetch(request))
    },
    settings: () => ({ lostOrders: 'repeat' }),
    credentials,
    samples: {
      order,
      earlyAddOn: { ...order, parent: { id: 'new', customerId: customer.id }, quantity: 1 },
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      refused: [
        { what: 'none of a product', change: { ...order, quantity: 0 }, code: 'quantityInvalid' },
        {
          what: 'a change at the renewal',
          change: { kind: 'setQuantity', subscription, quantity: 4, when: 'renewal' },
          code: 'notEligible',
        },
        {
          what: 'more of what was cancelled',
          change: { kind: 'setQuantity', subscription: { ...subscription, id: 'gone' }, quantity: 4 },
          code: 'notEligible',
        },
        {
          what: 'an end of what there is not',
          change: { kind: 'cancel', subscription: { ...subscription, id: 'nothing' } },
          code: 'notFound',
        },
      ],
    },
    purchases: () =>
      simulator.state.writes.flatMap(({ kind, subscriptionId }) => (kind === 'order' ? [{ subscriptionId }] : [])),
    kindOf(request) {
      if (isSignIn(request)) return 'signIn'
      return new URL(request.url).searchParams.get('isMock') === 'true' ? 'read' : undefined
    },
    idempotencyHeader: null,
    wrongs: [
      { what: 'a wrong client secret', credentials: { clientSecret: 'another' } },
      {
        what: 'companies of somebody else',
        prepare() {
          refusesWith = 403
        },
      },
    ],
    tokens: { given: () => simulator.state.tokens.given, expire: () => simulator.revokeTokens() },
    slow,
    mumble,
    populate(count) {
      simulator = create({
        companies: Array.from({ length: count }, (_, at) => ({ id: `company-${at}`, name: `Company ${at}` })),
      })
    },
    pageSize: 200,
    except: {
      C15: notSupported('a subscription has no versions'),
      C22: notSupported('it signs in without refresh tokens'),
      C23: notSupported('it signs in without refresh tokens'),
      C28: notSupported('Pax8 tells no windows'),
      C29: notSupported('its catalogue has no prices'),
    },
  }
}

const isSignIn = ({ url }: Request) => new URL(url).pathname.endsWith('/token')

const seed: Pax8Seed = {
  companies: [customer],
  products: [{ id: product.id, name: product.name }],
  subscriptions: [
    { id: subscription.id, companyId: customer.id, productId: product.id, quantity: 10, status: 'Active' },
    { id: 'new', companyId: customer.id, productId: product.id, quantity: 3, status: 'PendingManual' },
    { id: 'gone', companyId: customer.id, productId: product.id, quantity: 1, status: 'Cancelled' },
  ],
}
