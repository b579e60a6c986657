import { markOf } from '../mark.ts'
import { path } from '../path.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'
import type { PartnerCenterContext } from './settings.ts'
import { subscriptionsOf } from './subscription.ts'
import type { WireOrder, WireOrderLine, WireSubscription } from './wire.ts'

/** What a purchase under this key left behind, found by the mark in its name. */

export async function findSubscription(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  customerId: string,
): Promise<WireSubscription | undefined> {
  for await (const subscription of subscriptionsOf(api, customerId)) {
    if (isMarked(context, subscription)) return subscription
  }
  return undefined
}

export async function findOrder(
  context: PartnerCenterContext,
  api: PartnerCenterApi,
  customerId: string,
): Promise<WireOrder | undefined> {
  for await (const order of collection<WireOrder>(api, path`/v1/customers/${customerId}/orders`)) {
    if (lineOf(context, order) && order.status?.toLowerCase() !== 'cancelled') return order
  }
  return undefined
}

export function lineOf(context: PartnerCenterContext, { lineItems = [] }: WireOrder): WireOrderLine | undefined {
  return lineItems.find((line) => isMarked(context, line))
}

const isMarked = ({ key }: PartnerCenterContext, { friendlyName }: { readonly friendlyName?: string }) =>
  friendlyName?.endsWith(markOf(key)) ?? false
