import { defineConnector } from '../connector.ts'
import type { Limits } from '../limiter.ts'
import { alsoApi } from './api.ts'
import { converge, resumeChange } from './converge.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { parseHandle } from './handle.ts'
import { findPurchase, purchase, startPurchase } from './purchase.ts'
import { credentials, settings } from './settings.ts'

export interface AlsoOptions {
  /** Default: `also`. Choose another to tell several such connections apart. */
  readonly name?: string
  /** Default: `ALSO Cloud Marketplace`. */
  readonly title?: string
  /** Default: none; no source names any. */
  readonly limits?: Limits
}

/**
 * The connector to the SimpleAPI of ALSO Cloud Marketplace: sessions, JSON in and out, errors in XML. It buys, changes
 * quantities and terminates; what no source describes is refused as `notEligible`.
 *
 * @example
 * const also = createAlso()
 * const connection = { connector: also, settings: { endpointUrl }, credentials: { userName, password }, state }
 */
export function createAlso({ name = 'also', title = 'ALSO Cloud Marketplace', limits = {} }: AlsoOptions = {}) {
  return defineConnector({
    name,
    title,
    contract: 1,
    version: '1.0.0',
    changes: ['create', 'setQuantity', 'cancel'],
    limits,
    settings,
    credentials,

    async verifyConnectivity(context) {
      await alsoApi(context).ping()
      return { ok: true, account: new URL(context.settings.endpointUrl).host }
    },

    async apply(context, change) {
      const api = alsoApi(context)
      return change.kind === 'create' ? startPurchase(context, api, change) : converge(context, api, change)
    },

    async resume(context, json) {
      const api = alsoApi(context)
      const handle = parseHandle(json)
      return handle.step === 'purchase' ? purchase(context, api, handle) : resumeChange(context, api, handle)
    },

    find: (context, change) => findPurchase(context, alsoApi(context), change),

    async *subscriptions(context, { id }) {
      for (const wire of await alsoApi(context).subscriptions(id)) yield toRemoteSubscription(wire, id)
    },
  })
}
