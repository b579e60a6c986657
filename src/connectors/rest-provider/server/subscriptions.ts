import type { Change, SubscriptionRef } from '../../change.ts'
import type { ConnectorContext } from '../../connector-context.ts'
import type { RemoteSubscription } from '../../outcome.ts'
import { ProviderError } from '../../provider-error.ts'
import { askConnector } from '../../run-connector.ts'
import { AlreadyThere } from '../../serving/answer-memory.ts'
import { createBringAbout } from '../../serving/bring-about.ts'
import { createLine } from '../../serving/line.ts'
import { createLocations } from '../../serving/locations.ts'
import { createRecentMap } from '../../serving/recent-map.ts'
import { Refused } from '../../serving/refused.ts'
import type { Served } from '../../serving/served.ts'
import type { Wire } from '../models.ts'
import type { RouteRequest } from './app.ts'
import { toOrder } from './from-model.ts'
import { readBody } from './read-body.ts'
import { toSubscription } from './to-model.ts'

const MOST_ORDERS = 10_000

/** The routes of subscriptions. */
export function subscriptionHandlers(served: Served) {
  const { connector, contextFor } = served
  const bringAbout = createBringAbout(served, 'Send the same request again, with its Idempotency-Key.')
  const locations = createLocations(served)
  const inLine = createLine()
  /** What was ordered here, so that it is listed under the name that the order gave it. */
  const orders = createRecentMap<Wire<'Subscription'>>(MOST_ORDERS)

  const toModel = (remote: RemoteSubscription) => toSubscription(remote, orders.get(remote.id))

  /** Makes the change, and refuses with `status` when there is no such subscription. */
  async function change(
    context: ConnectorContext,
    status: 400 | 404,
    id: string,
    customerId: string | undefined,
    wanted: (subscription: SubscriptionRef, now: RemoteSubscription | undefined) => readonly Change[],
  ): Promise<Wire<'Subscription'>> {
    const owner = customerId ?? (await locations.customerOf(context, id))
    const unknown = () => new Refused(status, `Subscription Id ${id} not found`)
    if (owner === undefined) throw unknown()
    const look = async () => (connector.subscriptions ? locations.find(context, owner, id) : undefined)

    return inLine(id, async () => {
      let now = await look()
      if (!now && connector.subscriptions) {
        locations.forget(id)
        throw unknown()
      }
      try {
        for (const one of wanted({ id, customerId: owner }, now))
          now = (await bringAbout(context, one, look)).subscription
      } catch (error) {
        throw ProviderError.isInstance(error) && error.code === 'notFound' ? unknown() : error
      }
      if (now) return toModel({ ...now, customerId: now.customerId ?? owner })
      throw new Refused(400, 'Subscription quantity or autoRenew is required!')
    })
  }

  const status =
    (kind: 'pause' | 'resume' | 'cancel') =>
    ({ params, key }: RouteRequest) =>
      change(contextFor(key), 400, params.id!, undefined, (subscription) => [{ kind, subscription }])
  const cancel = status('cancel')

  return {
    async listSubscriptions({ params }: RouteRequest) {
      const models: Wire<'Subscription'>[] = []
      for await (const remote of locations.of(contextFor(), params.id!)) models.push(toModel(remote))
      return models
    },

    async getSubscription({ params }: RouteRequest) {
      const remote = await locations.find(contextFor(), params.customerId!, params.id!)
      return remote ? toModel(remote) : null
    },

    async createSubscription({ content, key }: RouteRequest) {
      const given = readBody('Subscription', content)
      const order = toOrder(given)
      const context = contextFor(key)
      const { find } = connector
      const look = async () => find && askConnector(connector, context, () => find(context, order))
      const { subscription, changed } = await bringAbout(context, order, look)
      orders.set(subscription.id, given)
      locations.remember(subscription.id, subscription.customerId ?? order.customer.id)
      const model = toModel(subscription)
      return changed ? model : new AlreadyThere(model)
    },

    /** The quantity and auto-renew count, where the connector takes them and they are not so already. */
    async updateSubscription({ content, key }: RouteRequest) {
      const { id, customer, quantity, autoRenew } = readBody('Subscription', content)
      if (!id) throw new Refused(400, 'Subscription id is required!')
      return change(contextFor(key), 404, id, customer?.id ?? undefined, (subscription, now) => [
        ...(typeof quantity === 'number' && quantity !== now?.quantity
          ? [{ kind: 'setQuantity', subscription, quantity } as const]
          : []),
        ...(typeof autoRenew === 'boolean' && now?.autoRenew !== undefined && autoRenew !== now.autoRenew
          ? [{ kind: 'setAutoRenew', subscription, enabled: autoRenew } as const]
          : []),
      ])
    },

    activateSubscription: status('resume'),
    suspendSubscription: status('pause'),
    /** It will not renew. */
    expireSubscription: ({ params, key }: RouteRequest) =>
      change(contextFor(key), 400, params.id!, undefined, (subscription) => [
        { kind: 'setAutoRenew', subscription, enabled: false },
      ]),
    async cancelSubscription(request: RouteRequest) {
      await cancel(request)
      return true
    },
  }
}
