import { defineConnector } from '../connector.ts'
import type { Limits } from '../limiter.ts'
import { cloudBlueApi } from './api.ts'
import { converge, remove, resumeChange } from './converge.ts'
import { countedResource } from './counted-resource.ts'
import { customers } from './customers.ts'
import { toCustomer, toProduct, toRemoteSubscription } from './from-wire.ts'
import { parseHandle } from './handle.ts'
import { findPurchase, purchase, startPurchase } from './purchase.ts'
import { credentials, settings } from './settings.ts'

export interface CloudBlueOptions {
  /** Default: `cloudblue`. Choose another to tell several such connections apart. */
  readonly name?: string
  /** Default: `CloudBlue Commerce`. */
  readonly title?: string
  /** Default: two requests at a time. CloudBlue warns that many at once slow other parts of it down, and names no number. */
  readonly limits?: Limits
}

/**
 * The connector to the Operations Public API of CloudBlue Commerce, over XML-RPC. It activates subscriptions, sets the limit of
 * the resource type that is the quantity, disables, enables and removes them; what no source describes is refused as `notEligible`.
 *
 * @see https://docs.cloudblue.com/cbc/20.4/premium/content/Operations-Public-API-Reference/
 * @example
 * const cloudBlue = createCloudBlue()
 * const connection = { connector: cloudBlue, settings: { accessPoint, accountId: '1000001' }, credentials: {}, state }
 */
export function createCloudBlue({
  name = 'cloudblue',
  title = 'CloudBlue Commerce',
  limits = { concurrency: 2 },
}: CloudBlueOptions = {}) {
  return defineConnector({
    name,
    title,
    contract: 1,
    version: '1.0.0',
    changes: ['create', 'setQuantity', 'pause', 'resume', 'cancel'],
    limits,
    settings,
    credentials,

    async verifyConnectivity(context) {
      const { accountId } = context.settings
      const { name } = toCustomer(accountId, await cloudBlueApi(context).account(accountId))
      return { ok: true, account: name }
    },

    async apply(context, change) {
      const api = cloudBlueApi(context)
      return change.kind === 'create' ? startPurchase(context, api, change) : converge(context, api, change)
    },

    async resume(context, json) {
      const api = cloudBlueApi(context)
      const handle = parseHandle(json)
      switch (handle.step) {
        case 'purchase':
          return purchase(context, api, handle.order)
        case 'change':
          return resumeChange(context, api, handle)
        case 'remove':
          return remove(context, api, handle)
      }
    },

    find: (context, change) => findPurchase(context, cloudBlueApi(context), change),

    /** What has no quantity is something else than a product sold by the piece, and left out with a note. */
    async *subscriptions(context, { id: accountId }) {
      const api = cloudBlueApi(context)
      for (const id of await api.subscriptionIds(accountId)) {
        const subscription = await api.subscription(id)
        const counted = countedResource(context, subscription.resourceTypes)
        if (counted) yield toRemoteSubscription(subscription, counted)
        else context.log('subscription without a quantity', { id, name: subscription.name })
      }
    },

    customers,

    catalog: {
      async *products(context) {
        for (const template of await cloudBlueApi(context).serviceTemplates()) yield toProduct(template)
      },
    },
  })
}
