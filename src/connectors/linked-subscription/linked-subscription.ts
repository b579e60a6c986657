import type { Change } from '../change.ts'
import { defineConnector } from '../connector.ts'
import { done, notApplicable } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'

export interface LinkedSubscriptionOptions {
  /**
   * Adds `delta` to the quantity of the Work 365 subscription, which then provisions it as any change of its own.
   * It is called again with the same `key` when a change is delivered again, and must add only once: then `changed` is `false`.
   */
  addQuantity(addition: {
    readonly subscriptionId: string
    readonly delta: number
    readonly key: string
  }): Promise<{ readonly quantity: number; readonly changed: boolean }>
}

/** Applies a child subscription's change of quantity to the subscription that it is linked to. Billing stays on the child. */
export function createLinkedSubscription({ addQuantity }: LinkedSubscriptionOptions) {
  return defineConnector({
    name: 'linked-subscription',
    title: 'Linked Subscription',
    contract: 1,
    version: '1.0.0',
    changes: ['create', 'setQuantity', 'pause', 'resume', 'cancel'],
    verifyConnectivity: async () => ({ ok: true }),

    async apply({ key }, change) {
      const subscriptionId = change.linkedSubscriptionId
      if (!subscriptionId) throw missing('linkedSubscriptionId', 'is linked to no subscription: choose the linked one')
      const delta = deltaOf(change)
      if (delta === 0) return notApplicable('The quantity does not change.')

      const { quantity, changed } = await addQuantity({ subscriptionId, delta, key })
      return done({ id: subscriptionId, quantity, status: 'active' }, { changed })
    },
  })
}

/** The change log's own quantity: the total of the child says nothing about the total of the linked subscription. */
function deltaOf(change: Change): number {
  const delta = change.delta ?? (change.kind === 'create' ? change.quantity : undefined)
  if (delta === undefined) throw missing('delta', 'has a change log without a quantity: correct the change log')
  return delta
}

function missing(field: string, what: string): ProviderError {
  return new ProviderError('invalid', `The subscription ${what}, then queue it again.`, { field })
}
