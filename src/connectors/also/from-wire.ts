import type { Json } from '../json.ts'
import type { RemoteStatus, RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { type Subscription, serviceOf } from './wire.ts'

/** States that say what they mean; no source lists them all. */
const statuses: Readonly<Record<string, RemoteStatus>> = {
  active: 'active',
  suspended: 'paused',
  terminated: 'cancelled',
  pending: 'pending',
}

export const statusOf = ({ AccountState }: Subscription): RemoteStatus =>
  statuses[AccountState?.toLowerCase() ?? ''] ?? 'unknown'

export function toRemoteSubscription(wire: Subscription, customerId: string): RemoteSubscription {
  if (typeof wire.Quantity !== 'number')
    throw new ProviderError('transient', `Subscription ${wire.AccountId} came from ALSO without its quantity.`)
  return {
    id: String(wire.AccountId),
    customerId,
    sku: serviceOf(wire),
    name: wire.ServiceDisplayName ?? undefined,
    quantity: wire.Quantity,
    status: statusOf(wire),
    raw: wire as unknown as Json,
  }
}
