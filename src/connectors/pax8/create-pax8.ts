import type { Change } from '../change.ts'
import { defineConnector } from '../connector.ts'
import type { Limits } from '../limiter.ts'
import { ProviderError } from '../provider-error.ts'
import { type Pax8Api, pax8Api } from './api.ts'
import { converge, pax8ChangeKinds, refusalOf, resumeConverge } from './converge.ts'
import { customerOperations } from './customers.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { parseHandle } from './handle.ts'
import { checkPurchase, findPurchase, placeOrder, resumeOrdered, startPurchase } from './purchase.ts'
import { credentials, type Pax8Context, settings } from './settings.ts'

export interface Pax8Options {
  /** Default: `pax8`. Choose another to tell several such connections apart. */
  readonly name?: string
  /** Default: `Pax8`. */
  readonly title?: string
  /** Where the API is, such as a simulator. Default: `https://api.pax8.com/v1`. */
  readonly endpoint?: string
  /** Default: none. Pax8 has limits and publishes no figure; what it refuses is waited for. */
  readonly limits?: Limits
}

/**
 * The connector to Pax8. An order is checked with `isMock`, and placed by the delivery after that one: as Pax8 knows no
 * idempotency key, it is looked for among the company's orders before it is ever placed again.
 *
 * @see https://devx.pax8.com
 * @example
 * const pax8 = createPax8()
 * const jobs = work365Jobs({ connect: () => ({ connector: pax8, settings: {}, credentials: { clientId, clientSecret }, state }), … })
 */
export function createPax8({
  name = 'pax8',
  title = 'Pax8',
  endpoint = 'https://api.pax8.com/v1',
  limits = {},
}: Pax8Options = {}) {
  return defineConnector({
    name,
    title,
    contract: 1,
    version: '1.0.0',
    docs: 'https://devx.pax8.com',
    changes: pax8ChangeKinds,
    limits,
    settings,
    credentials,
    baseUrl: () => endpoint,

    async verifyConnectivity(context) {
      for await (const _ of pax8Api(context).companies()) break
      return { ok: true, account: context.credentials.clientId }
    },

    async apply(context, change) {
      const api = pax8Api(context)
      return change.kind === 'create' ? startPurchase(context, api, change) : converge(context, api, change)
    },

    async resume(context, json) {
      const api = pax8Api(context)
      const handle = parseHandle(json)
      switch (handle.step) {
        case 'order':
          return placeOrder(context, api, handle)
        case 'ordered':
          return resumeOrdered(context, api, handle)
        case 'change':
          return resumeConverge(context, api, handle)
      }
    },

    async preview(context, change) {
      const refusal = await refusalOfAny(context, pax8Api(context), change)
      if (!refusal) return { ok: true, notes: [] }
      const { field } = refusal.details
      return { ok: false, refusals: [{ code: refusal.code, message: refusal.message, ...(field && { field }) }] }
    },

    find: (context) => findPurchase(context, pax8Api(context)),

    async *subscriptions(context, { id }) {
      for await (const wire of pax8Api(context).subscriptions(id)) yield toRemoteSubscription(wire)
    },

    customers: customerOperations(pax8Api),

    catalog: {
      async *products(context) {
        for await (const { id, name, vendorName } of pax8Api(context).products())
          yield { id, name, publisher: vendorName ?? undefined }
      },
    },
  })
}

/** What `apply` would throw, found out without writing; a fault is not a refusal. */
async function refusalOfAny(
  context: Pax8Context,
  api: Pax8Api,
  change: Change<(typeof pax8ChangeKinds)[number]>,
): Promise<ProviderError | undefined> {
  try {
    if (change.kind === 'create') await checkPurchase(context, api, change)
    else return refusalOf(change, await api.subscription(change.subscription.id))
  } catch (error) {
    if (!(ProviderError.isInstance(error) && error.retry === 'never') || error.code === 'auth') throw error
    return error
  }
  return undefined
}
