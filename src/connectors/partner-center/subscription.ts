import type { SubscriptionRef } from '../change.ts'
import { path } from '../path.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'
import type { WireSubscription } from './wire.ts'

export const subscriptionPath = ({ id, customerId }: SubscriptionRef) =>
  path`/v1/customers/${customerId}/subscriptions/${id}`

/** @throws ProviderError `notFound` */
export const currentSubscription = (api: PartnerCenterApi, subscription: SubscriptionRef) =>
  api.get<WireSubscription>(subscriptionPath(subscription))

export const subscriptionsOf = (api: PartnerCenterApi, customerId: string) =>
  collection<WireSubscription>(api, path`/v1/customers/${customerId}/subscriptions`)

export const addOnsOf = (api: PartnerCenterApi, subscription: SubscriptionRef) =>
  collection<WireSubscription>(api, `${subscriptionPath(subscription)}/addons`)
