import {
  accepted,
  type Change,
  defineConnector,
  done,
  type ItemPurchase,
  type Json,
  type Outcome,
  ProviderError,
  type RemoteSubscription,
} from '../../src/connectors/index.ts'

/** What the next delivery meets, instead of a provider that simply does as it is asked. */
export type Behaviour = (delivery: {
  readonly key: string
  readonly change: Change
  readonly signal: AbortSignal
  /** Does it. */
  take(): Outcome
}) => Outcome | Promise<Outcome>

/** A provider in memory, which buys once per idempotency key, and the connector for it. */
export function createProviderDouble() {
  const subscriptions = new Map<string, RemoteSubscription>()
  /** The subscription that each key bought or changed. */
  const effects = new Map<string, string>()
  const writes: { readonly key: string; readonly kind: string; readonly quantity: number }[] = []
  const deliveries: { readonly key: string; readonly change: Change }[] = []
  const resumed: Json[] = []
  const behaviours: Behaviour[] = []
  /** What was bought once, by the key that bought it. */
  const items = new Map<string, ItemPurchase>()
  let purchases = 0

  const take = (key: string, change: Change): Outcome => {
    const earlier = effects.get(key)
    if (earlier !== undefined) return done(subscriptions.get(earlier)!, { changed: false })
    if (change.kind !== 'create' && change.kind !== 'setQuantity') throw new ProviderError('notEligible', change.kind)
    const id = change.kind === 'create' ? `S-${++purchases}` : change.subscription.id
    if (change.kind === 'setQuantity' && !subscriptions.has(id)) throw new ProviderError('notFound', `no ${id}`)
    const subscription: RemoteSubscription = { id, quantity: change.quantity, status: 'active' }
    subscriptions.set(id, subscription)
    effects.set(key, id)
    writes.push({ key, kind: change.kind, quantity: change.quantity })
    return done(subscription)
  }

  const connector = defineConnector({
    name: 'double',
    title: 'Double',
    contract: 1,
    changes: ['create', 'setQuantity'],
    verifyConnectivity: async () => ({ ok: true }),

    async apply({ key, signal }, change) {
      deliveries.push({ key, change })
      const behaviour = behaviours.shift()
      return behaviour ? behaviour({ key, change, signal, take: () => take(key, change) }) : take(key, change)
    },

    items: {
      async buy({ key }, purchase) {
        const changed = !items.has(key)
        if (changed) items.set(key, purchase)
        return {
          status: 'done',
          item: { id: `I-${[...items.keys()].indexOf(key) + 1}`, quantity: purchase.quantity },
          changed,
        }
      },
    },

    async resume({ key }, handle) {
      resumed.push(handle)
      const { change, polls } = handle as { readonly change: Json; readonly polls: number }
      if (polls > 1) return accepted({ change, polls: polls - 1 })
      return take(key, change as unknown as Change)
    },
  })

  return {
    connector,
    items,
    subscriptions,
    /** What really changed something at the provider. */
    writes,
    deliveries,
    resumed,
    /** Lets the next deliveries meet these, one each. */
    next: (...more: Behaviour[]) => void behaviours.push(...more),
  }
}

/** The provider refuses or cannot. */
export const failing =
  (...parameters: ConstructorParameters<typeof ProviderError>): Behaviour =>
  () => {
    throw new ProviderError(...parameters)
  }

/** The provider does as it is asked, and its answer gets lost. */
export const answerLost: Behaviour = ({ take }) => {
  take()
  throw new ProviderError('transient', 'The connection was cut.')
}

/** The provider takes it on, and has to be asked `polls` times what became of it. */
export const acceptedFor =
  (polls: number, pollAfterMs = 30_000): Behaviour =>
  ({ change }) =>
    accepted({ change: JSON.parse(JSON.stringify(change)) as Json, polls }, { pollAfterMs })
