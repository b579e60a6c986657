import type { Json } from '../json.ts'
import type { RemoteStatus, RemoteSubscription } from '../outcome.ts'
import type { Subscription } from './wire.ts'

const statuses: Readonly<Record<string, RemoteStatus>> = {
  Active: 'active',
  Activated: 'active',
  Trial: 'active',
  Cancelled: 'cancelled',
  PendingManual: 'pending',
  PendingAutomated: 'pending',
  PendingActivation: 'pending',
  PendingCancel: 'pending',
  WaitingForDetails: 'pending',
}

export const statusOf = ({ status }: Subscription): RemoteStatus => statuses[status] ?? 'unknown'

export function toRemoteSubscription(wire: Subscription): RemoteSubscription {
  return {
    id: wire.id,
    customerId: wire.companyId,
    sku: wire.productId,
    quantity: wire.quantity,
    status: statusOf(wire),
    startsAt: wire.startDate ? new Date(wire.startDate) : undefined,
    renewsAt: wire.endDate ? new Date(wire.endDate) : undefined,
    raw: { ...wire } satisfies Json,
  }
}
