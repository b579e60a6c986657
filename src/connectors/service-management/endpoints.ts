import { deepFreeze } from '../../internal/freeze.ts'
import type { ChangeKind } from '../change.ts'
import type { Action } from './actions.ts'
import type { ModelName } from './models.ts'

/** What an endpoint of subscriptions or add-ons may do to either; `None` it may always. */
export interface ActionRule {
  /** What becomes of the subscription where the call names no action. */
  readonly otherwise: Action
  readonly subscription: readonly Action[]
  readonly addons: readonly Action[]
  /** It is about add-ons: one of them has an action. */
  readonly needsAddon?: boolean
  /** Each add-on that it changes is one that the provider has already. */
  readonly needsId?: boolean
}

export interface Endpoint {
  readonly method: 'GET' | 'POST'
  /** Group and action, as the vendor writes them; read in any case, with any path in front of them. */
  readonly path: string
  /** The same endpoint under another name. */
  readonly also?: string
  readonly takes?: ModelName
  readonly gives: ModelName | 'string[]' | 'texts'
  /** Whether it can be asked with `checkonly=true`. */
  readonly canCheck?: boolean
  /** Present where it changes subscriptions. */
  readonly actions?: ActionRule
  /** The changes without which a connector does not offer it; one of them is enough. */
  readonly needs?: readonly ChangeKind[]
}

const changing = {
  method: 'POST',
  takes: 'ServiceDefinition',
  gives: 'ServiceResultDefinition',
  canCheck: true,
} as const

/**
 * The endpoints that interworks.cloud calls, as data: what is answered, the registration and the OpenAPI document follow from them.
 *
 * @see https://developers.interworks.cloud/category/service-management/implementation-guide
 */
export const endpoints = deepFreeze({
  getFields: { method: 'GET', path: 'Fields/Get', gives: 'FieldCollection' },
  validateFields: { method: 'POST', path: 'Fields/Validate', takes: 'FieldCollection', gives: 'string[]' },
  getServiceDefinition: { method: 'GET', path: 'Fields/ServiceDefinition', gives: 'ProductTypeCollection' },
  getAdditionalInfo: { method: 'GET', path: 'Fields/AdditionalInfo', gives: 'texts' },

  getSyncOptions: { method: 'GET', path: 'Accounts/SyncOptions', gives: 'CustomFieldCollection' },
  accountExists: { method: 'POST', path: 'Accounts/Exists', takes: 'AccountDefinition', gives: 'ResultDefinition' },
  synchronizeAccount: {
    method: 'POST',
    path: 'Accounts/Synchronize',
    takes: 'AccountDefinition',
    gives: 'AccountResultDefinition',
    canCheck: true,
  },
  deleteAccount: {
    method: 'POST',
    path: 'Accounts/Delete',
    takes: 'AccountDefinition',
    gives: 'ResultDefinition',
    canCheck: true,
    needs: [],
  },

  createSubscription: {
    ...changing,
    path: 'Subscriptions/Create',
    actions: { otherwise: 'Provision', subscription: ['Provision'], addons: ['Provision'] },
    needs: ['create'],
  },
  updateSubscription: {
    ...changing,
    path: 'Subscriptions/Update',
    actions: {
      otherwise: 'Provision',
      subscription: ['Provision', 'Upgrade', 'Downgrade'],
      addons: ['Provision', 'Cancel'],
    },
    needs: ['setQuantity', 'transition'],
  },
  activateSubscription: {
    ...changing,
    path: 'Subscriptions/Activate',
    actions: { otherwise: 'Activate', subscription: ['Activate'], addons: ['Activate'] },
    needs: ['resume'],
  },
  suspendSubscription: {
    ...changing,
    path: 'Subscriptions/Suspend',
    actions: { otherwise: 'Suspend', subscription: ['Suspend'], addons: ['Suspend'] },
    needs: ['pause'],
  },
  cancelSubscription: {
    ...changing,
    path: 'Subscriptions/Cancel',
    actions: { otherwise: 'Cancel', subscription: ['Cancel'], addons: ['Cancel'] },
    needs: ['cancel'],
  },
  upgradeToPaid: {
    ...changing,
    path: 'Subscriptions/UpgradeToPaid',
    actions: { otherwise: 'UpgradeToPaid', subscription: ['UpgradeToPaid'], addons: [] },
    needs: [],
  },

  createAddon: {
    ...changing,
    path: 'Addons/Create',
    also: 'Addon/Create',
    actions: { otherwise: 'None', subscription: [], addons: ['Provision'], needsAddon: true },
    needs: ['create'],
  },
  updateAddon: {
    ...changing,
    path: 'Addons/Update',
    also: 'Addon/Update',
    actions: { otherwise: 'None', subscription: [], addons: ['Provision'], needsAddon: true, needsId: true },
    needs: ['setQuantity'],
  },
  cancelAddon: {
    ...changing,
    path: 'Addons/Cancel',
    also: 'Addon/Cancel',
    actions: { otherwise: 'None', subscription: [], addons: ['Cancel'], needsAddon: true, needsId: true },
    needs: ['cancel'],
  },
} as const satisfies Record<string, Endpoint>)

export type EndpointName = keyof typeof endpoints

/** Whether a connector that takes these changes can do what the endpoint is for. */
export function isOffered({ needs }: Endpoint, changes: readonly ChangeKind[]): boolean {
  return needs === undefined || needs.some((kind) => changes.includes(kind))
}

const byPath = new Map(
  (Object.entries(endpoints) as [EndpointName, Endpoint][]).flatMap(([name, { path, also }]) =>
    [path, also].flatMap((one) => (one === undefined ? [] : [[one.toLowerCase(), name] as const])),
  ),
)

/** The endpoint of an address, whatever stands before it: the base address is entered with the registration. */
export function endpointAt(pathname: string): EndpointName | undefined {
  return byPath.get(pathname.split('/').filter(Boolean).slice(-2).join('/').toLowerCase())
}
