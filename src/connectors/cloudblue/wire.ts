import type { XmlRpcValue } from '../xml-rpc/value.ts'

/** What the Public API answers, as far as it is used. */

/** @see https://docs.cloudblue.com/cbc/20.4/premium/content/Operations-Public-API-Reference/pem.getSubscription.htm */
export interface Subscription {
  readonly id: string
  readonly name: string
  readonly serviceTemplateId: string
  readonly ownerId: string
  readonly isActive: boolean
  readonly resourceTypes: readonly ResourceType[]
  readonly raw: XmlRpcValue
}

/** One thing that a subscription has so much of. They are a tree: an application with its licences below it. */
export interface ResourceType {
  readonly id: number
  readonly name: string
  /** `-1` at the root. */
  readonly parentId: number
  /** How much may be used; `-1` is without end. */
  readonly limit: number
  readonly usage: number
}

/** @see https://docs.cloudblue.com/cbc/20.4/premium/content/Operations-Public-API-Reference/pem.getServiceTemplate.htm */
export interface ServiceTemplate {
  readonly id: string
  readonly name: string
  readonly isActive: boolean
  readonly resourceTypes: readonly ResourceType[]
}
