import { deepFreeze } from '../internal/freeze.ts'
import type { ChangeKind } from './change.ts'
import type { Capability } from './connector.ts'

/** What Work 365 says of one thing that one of its providers may be able to do. */
export type PublishedSupport = 'yes' | 'limited' | 'no'

export type PublishedCapabilityName =
  | 'agreements'
  | 'customers'
  | 'subscriptionLegacy'
  | 'subscriptionNce'
  | 'azurePlan'
  | 'usageData'
  | 'addOnNce'
  | 'productSync'

/** One row of the table: something that a provider may be able to do. */
export interface PublishedCapability {
  readonly name: PublishedCapabilityName
  readonly title: string
  /** What a connector has that does the same; none where this contract has no word for it. */
  readonly here: readonly (Capability | ChangeKind)[]
}

/** One column of the table: an automatic provider of Work 365. */
export interface PublishedProvider {
  readonly name: string
  readonly title: string
  /** The connector of this package that sells through the same provider. */
  readonly connector?: string
  /** By the names of the capabilities, every one of them. */
  readonly supports: Readonly<Record<PublishedCapabilityName, PublishedSupport>>
  /** What is said beside that, by the name of a capability, or of all of it under `also`. */
  readonly notes?: Readonly<Partial<Record<PublishedCapabilityName | 'also', string>>>
}

/** What Work 365's table of providers tells apart, in its order and its words. */
export const publishedCapabilities: readonly PublishedCapability[] = deepFreeze([
  { name: 'agreements', title: 'Agreements', here: ['agreements'] },
  { name: 'customers', title: 'Customers', here: ['customers'] },
  { name: 'subscriptionLegacy', title: 'Subscription legacy', here: [] },
  { name: 'subscriptionNce', title: 'Subscription NCE', here: ['create', 'setQuantity', 'subscriptions'] },
  { name: 'azurePlan', title: 'Azure plan', here: [] },
  { name: 'usageData', title: 'Usage data', here: ['billing'] },
  { name: 'addOnNce', title: 'Add-on NCE', here: ['create'] },
  { name: 'productSync', title: 'Product sync', here: ['catalog'] },
])

/**
 * What Work 365 publishes of its own automatic providers, which a connector may want to be measured by. It describes the
 * providers of Work 365, and not the connectors of this package that reach the same distributors.
 *
 * @see https://docs.work365apps.com/docs/providers
 * @see https://help.work365apps.com/documentation/billing/work-365-providers/configuring-providers/
 */
export const publishedProviders: readonly PublishedProvider[] = deepFreeze([
  {
    name: 'microsoft-csp',
    title: 'Microsoft CSP',
    connector: 'partner-center',
    supports: {
      agreements: 'yes',
      customers: 'yes',
      subscriptionLegacy: 'yes',
      subscriptionNce: 'yes',
      azurePlan: 'yes',
      usageData: 'yes',
      addOnNce: 'yes',
      productSync: 'yes',
    },
  },
  {
    name: 'streamone-ion',
    title: 'StreamOne Ion',
    supports: {
      agreements: 'yes',
      customers: 'yes',
      subscriptionLegacy: 'limited',
      subscriptionNce: 'yes',
      azurePlan: 'yes',
      usageData: 'no',
      addOnNce: 'yes',
      productSync: 'no',
    },
  },
  {
    name: 'synnex-stellr',
    title: 'Synnex Stellr',
    supports: {
      agreements: 'no',
      customers: 'yes',
      subscriptionLegacy: 'yes',
      subscriptionNce: 'yes',
      azurePlan: 'yes',
      usageData: 'no',
      addOnNce: 'yes',
      productSync: 'no',
    },
  },
  {
    name: 'pax8',
    title: 'Pax8',
    connector: 'pax8',
    supports: {
      agreements: 'no',
      customers: 'yes',
      subscriptionLegacy: 'yes',
      subscriptionNce: 'yes',
      azurePlan: 'yes',
      usageData: 'no',
      addOnNce: 'no',
      productSync: 'no',
    },
  },
  {
    name: 'crayon',
    title: 'Crayon',
    supports: {
      agreements: 'yes',
      customers: 'yes',
      subscriptionLegacy: 'yes',
      subscriptionNce: 'yes',
      azurePlan: 'yes',
      usageData: 'no',
      addOnNce: 'yes',
      productSync: 'no',
    },
  },
  {
    name: 'ingram',
    title: 'Ingram',
    supports: {
      agreements: 'no',
      customers: 'yes',
      subscriptionLegacy: 'yes',
      subscriptionNce: 'yes',
      azurePlan: 'no',
      usageData: 'no',
      addOnNce: 'no',
      productSync: 'no',
    },
    notes: {
      subscriptionLegacy: 'no update',
      also: 'no trials are created, nothing of Azure is created, nothing is upgraded or migrated',
    },
  },
])
