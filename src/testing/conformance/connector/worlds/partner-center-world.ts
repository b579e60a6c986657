import type { Clock } from '../../../../internal/clock.ts'
import { sequentialIds } from '../../../../internal/ids.ts'
import { createPartnerCenterSimulator, type PartnerCenterSeed } from '../../../partner-center/index.ts'
import { notSupported } from '../finding.ts'
import type { ConnectorWorld, RefusedSample } from '../world.ts'

const tenantId = '11111111-1111-4111-8111-111111111111'
const clientId = '22222222-2222-4222-8222-222222222222'
const credentials = { clientSecret: 'cl13nt-s3cret', refreshToken: 'r3fresh-t0ken' }

const customer = { id: 'contoso', name: 'Contoso' }
const product = { id: 'CFQ7TTC0LH18:0001', name: 'Business Basic' }
const subscription = { id: 'sub-1', customerId: customer.id }
const lateSubscription = { id: 'old-1', customerId: customer.id }
const order = { kind: 'create', customer, product, quantity: 5 } as const
const HOUR_MS = 3_600_000

const refused: readonly RefusedSample[] = [
  { what: 'no seat at all', change: { ...order, quantity: 0 }, code: 'quantityInvalid' },
  { what: 'more seats than are sold', change: { ...order, quantity: 301 }, code: 'quantityInvalid' },
  { what: 'half a seat', change: { ...order, quantity: 1.5 }, code: 'quantityInvalid' },
  {
    what: 'a customer without the agreement',
    change: { ...order, customer: { id: 'fabrikam' } },
    code: 'agreementRequired',
  },
  { what: 'a product that there is not', change: { ...order, product: { id: 'CFQ7TTC0XXXX:0001' } }, code: 'notFound' },
  {
    what: 'fewer seats, too late',
    change: { kind: 'setQuantity', subscription: lateSubscription, quantity: 4 },
    code: 'reductionNotAllowed',
  },
  { what: 'an end, too late', change: { kind: 'cancel', subscription: lateSubscription }, code: 'windowClosed' },
]

/**
 * The Partner Center simulator as a world for `connectorConformance`, for a connector with the settings of `createPartnerCenter`.
 *
 * @example
 * connectorConformance((url) => createPartnerCenter({ endpoints: { api: url, login: url } }), { world: partnerCenterWorld })
 */
export function partnerCenterWorld(clock: Clock): ConnectorWorld {
  const ids = sequentialIds('c')
  const create = (seed: PartnerCenterSeed) =>
    createPartnerCenterSimulator({ tenantId, clientId, ...credentials, clock, ids, seed })
  let simulator = create(seedAt(clock.now()))
  let mumbles = false
  /** Answers every request but for tokens with this status. */
  let refusesWith: number | undefined
  const refuseWith = (status: number) => () => {
    refusesWith = status
  }

  return {
    async answer(request) {
      if (refusesWith !== undefined && !isSignIn(request)) return new Response(null, { status: refusesWith })
      const answer = await simulator.fetch(request)
      return mumbles && /\/orders|\/checkout$/.test(request.url) ? mumbling(answer) : answer
    },
    settings: () => ({ tenantId, clientId, countryCode: 'US' }),
    credentials,
    samples: {
      order,
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      competing: { kind: 'setAutoRenew', subscription, enabled: false },
      refused,
      cancellation: { change: { kind: 'cancel', subscription }, withinMs: 168 * HOUR_MS },
    },
    purchases: () =>
      simulator.state.writes.flatMap(({ kind, subscriptionId = '' }) => (kind === 'order' ? [{ subscriptionId }] : [])),
    kindOf(request) {
      if (isSignIn(request)) return 'signIn'
      return request.url.endsWith('/validations/address') ? 'read' : undefined
    },
    idempotencyHeader: 'ms-requestid',
    wrongs: [
      { what: 'a wrong client secret', credentials: { clientSecret: 'another' } },
      { what: 'a token for something else', prepare: refuseWith(401) },
      { what: 'a user without the role', prepare: refuseWith(403) },
      { what: 'a refresh token that has expired', prepare: () => simulator.expireConsent() },
    ],
    tokens: {
      given: () => simulator.tokensGiven,
      expire: () => simulator.revokeTokens(),
      once: () => simulator.behave({ quirks: { refreshTokensOnce: true } }),
      refuse: () => simulator.expireConsent(),
    },
    forgetKeys: () => simulator.behave({ quirks: { forgetsRequestIds: true } }),
    slow(milliseconds) {
      const timing = { acceptedForMs: milliseconds, completesAfterMs: milliseconds }
      simulator.behave({ timing, quirks: { namesSubscriptionsLate: true } })
    },
    mumble() {
      mumbles = true
    },
    populate(count) {
      const customers = Array.from({ length: count }, (_, at) => ({ id: `customer-${at}`, name: `Customer ${at}` }))
      simulator = create({ customers })
    },
    pageSize: 40,
    listInCircle: () => simulator.behave({ quirks: { repeatsPages: true } }),
    except: { C29: notSupported('Microsoft sells whole seats, and its catalogue has no prices') },
  }
}

const isSignIn = ({ url }: Request) => new URL(url).pathname.endsWith('/token')

/** The same order, under way by a word that nobody knows. */
async function mumbling(answer: Response): Promise<Response> {
  const text = await answer.text()
  const body = text.replaceAll('"status":"pending"', '"status":"pondering"')
  return new Response(body || null, { status: answer.status, headers: { 'content-type': 'application/json' } })
}

const seedAt = (now: Date): PartnerCenterSeed => ({
  customers: [customer, { id: 'fabrikam', name: 'Fabrikam', agreement: 'none' }],
  products: [{ id: product.id, title: product.name, maximum: 300 }],
  subscriptions: [
    { ...subscription, product: product.id, quantity: 10 },
    { ...lateSubscription, product: product.id, quantity: 10, boughtAt: new Date(now.getTime() - 60 * 24 * HOUR_MS) },
  ],
})
