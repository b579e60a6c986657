import type { CreateChange } from '../change.ts'
import { goOnLater } from '../handle.ts'
import { markOf } from '../mark.ts'
import type { Outcome, RemoteSubscription } from '../outcome.ts'
import { boughtBefore, placeOnce } from '../place-once.ts'
import { ProviderError } from '../provider-error.ts'
import type { CloudBlueApi, NewSubscription } from './api.ts'
import { resumeChange } from './converge.ts'
import { countedResourceOf } from './counted-resource.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { refuseQuantity } from './quantity.ts'
import type { CloudBlueContext } from './settings.ts'

const LONGEST_NAME = 40

/** Reads all that the purchase needs before anything is bought, so that what goes wrong with reading is no lost purchase. */
export async function startPurchase(
  context: CloudBlueContext,
  api: CloudBlueApi,
  change: CreateChange,
): Promise<Outcome> {
  refuseQuantity(change.quantity)
  if (change.parent) {
    throw new ProviderError('notEligible', 'No source says how CloudBlue sells add-ons by themselves: order it there.')
  }
  const { id, name } = change.product
  const template = await api.serviceTemplate(id)
  const counted = countedResourceOf(context, `product ${id}`, template.resourceTypes)
  return purchase(context, api, {
    name: `${(name ?? template.name).slice(0, LONGEST_NAME)} ${markOf(context.key)}`,
    accountId: change.customer.id,
    serviceTemplateId: id,
    resourceTypeId: counted.id,
    quantity: change.quantity,
    parameters: Object.entries(change.fields ?? {}).map(([name, value]) => ({ name, value })),
  })
}

/** CloudBlue knows no idempotency key. The name of a subscription carries one, and is what a lost purchase is found by. */
export async function purchase(context: CloudBlueContext, api: CloudBlueApi, order: NewSubscription): Promise<Outcome> {
  let changed = false
  const id = await placeOnce(context, {
    title: 'CloudBlue',
    repeatLost: context.settings.lostOrders === 'repeat',
    find: () => findMarked(context, api, order.accountId),
    async place() {
      changed = true
      return api.activate(order)
    },
  })
  if (id === undefined) return goOnLater({ step: 'purchase', order })
  const since = context.clock.now().toISOString()
  const targets = [{ quantity: order.quantity }, { active: true }]
  return resumeChange(context, api, { step: 'change', id, targets, since }, { changed })
}

/** What this key has bought: by the mark in its name, or as the connection remembers. */
export async function findPurchase(
  context: CloudBlueContext,
  api: CloudBlueApi,
  { customer }: CreateChange,
): Promise<RemoteSubscription | null> {
  const id = (await boughtBefore(context)) ?? (await findMarked(context, api, customer.id))
  if (id === undefined) return null
  const subscription = await api.subscription(id)
  return toRemoteSubscription(
    subscription,
    countedResourceOf(context, `subscription ${id}`, subscription.resourceTypes),
  )
}

/** The newest first: what was bought a moment ago has the highest id. */
async function findMarked(
  { key }: CloudBlueContext,
  api: CloudBlueApi,
  accountId: string,
): Promise<string | undefined> {
  const ids = [...(await api.subscriptionIds(accountId))].sort((one, other) => other - one)
  for (const id of ids) {
    const { name } = await api.subscription(id, { withResources: false })
    if (name.endsWith(markOf(key))) return String(id)
  }
  return undefined
}
