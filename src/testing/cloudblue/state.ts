import type { SimulatedRequest } from '../simulator/create-simulator.ts'

/** What a simulated CloudBlue starts with; all of it optional. */
export interface CloudBlueSeed {
  readonly accounts?: readonly CloudBlueAccount[]
  readonly serviceTemplates?: readonly CloudBlueServiceTemplate[]
  readonly subscriptions?: readonly CloudBlueSubscription[]
}

export interface CloudBlueAccount {
  readonly id: number
  readonly companyName: string
  /** The account that sells to it. */
  readonly parentId?: number
  /** Two letters. Default: `us`. */
  readonly country?: string
}

/** One thing that a subscription has so much of. */
export interface CloudBlueResourceType {
  readonly id: number
  readonly name: string
  /** Default: none, which is the root of the tree. */
  readonly parentId?: number
  /** `-1` is without end. */
  readonly limit: number
  /** Default: 0. */
  readonly usage?: number
}

export interface CloudBlueServiceTemplate {
  readonly id: number
  readonly name: string
  readonly ownerId: number
  readonly resourceTypes: readonly CloudBlueResourceType[]
}

export interface CloudBlueSubscription {
  readonly id: number
  readonly name: string
  readonly serviceTemplateId: number
  readonly ownerId: number
  readonly isActive: boolean
  readonly resourceTypes: readonly CloudBlueResourceType[]
}

/** How its habits differ from the default. */
export interface CloudBlueBehaviour {
  /** Milliseconds until what was asked for is in force; a new subscription is not active until then. Default: 0. */
  readonly takesMs?: number
  /** How whole numbers that may be large are sent. Default: `i8`. */
  readonly largeNumbers?: 'i8' | 'i4' | 'string'
  /** The code of the faults that refusals come as. Default: none, they come as an error with a status. */
  readonly faultCode?: number
}

export interface CloudBlueState {
  readonly accounts: CloudBlueAccount[]
  readonly serviceTemplates: CloudBlueServiceTemplate[]
  readonly subscriptions: CloudBlueSubscription[]
  /** What had an effect. */
  readonly writes: {
    readonly kind: 'activate' | 'limit' | 'disable' | 'enable' | 'remove'
    readonly subscriptionId: number
  }[]
  readonly requests: SimulatedRequest[]
  /** The methods that were called, in order. */
  readonly calls: string[]
}

export function createState({
  accounts = [],
  serviceTemplates = [],
  subscriptions = [],
}: CloudBlueSeed): CloudBlueState {
  return {
    accounts: [...accounts],
    serviceTemplates: [...serviceTemplates],
    subscriptions: [...subscriptions],
    writes: [],
    requests: [],
    calls: [],
  }
}
