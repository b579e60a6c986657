import type { ServiceWire, Subscription as Wire } from '../../connectors/also/wire.ts'
import type { SimulatedRequest } from '../simulator/create-simulator.ts'

/** What a simulated ALSO starts with; all of it optional. */
export interface AlsoSeed {
  /** The accounts of customers. */
  readonly customers?: readonly string[]
  readonly services?: readonly string[]
  readonly subscriptions?: readonly AlsoSubscription[]
}

export interface AlsoSubscription {
  readonly AccountId: string
  readonly ParentAccountId: string
  readonly ServiceId?: string
  readonly ServiceName?: string
  readonly Quantity: number
  readonly AccountState: string
  readonly Fields?: Wire['Fields']
}

/** How its habits differ from the default. */
export interface AlsoBehaviour {
  /** The state of a new subscription. Default: `Active`. */
  readonly newState?: string
  /** What orders have to name their service by. Default: `ServiceId`. */
  readonly services?: ServiceWire
  /** The header that errors in XML come with. Default: `application/xml`. */
  readonly errorType?: string
  /** The status of a refusal, which may well be 200. Default: 400. */
  readonly refusalStatus?: number
}

export interface AlsoState {
  readonly customers: string[]
  readonly services: string[]
  readonly subscriptions: AlsoSubscription[]
  /** What had an effect. */
  readonly writes: { readonly kind: 'create' | 'update' | 'terminate'; readonly accountId: string }[]
  readonly requests: SimulatedRequest[]
  /** The session that is good now, and how many were given. */
  readonly sessions: { current: string | undefined; given: number }
}

export function createState(seed: AlsoSeed): AlsoState {
  return {
    customers: [...(seed.customers ?? [])],
    services: [...(seed.services ?? [])],
    subscriptions: [...(seed.subscriptions ?? [])],
    writes: [],
    requests: [],
    sessions: { current: undefined, given: 0 },
  }
}
