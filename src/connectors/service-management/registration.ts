import { deepFreeze } from '../../internal/freeze.ts'
import type { Connector } from '../connector.ts'
import { type Endpoint, endpoints, isOffered } from './endpoints.ts'

/** What is entered where the application is registered with the platform. */
export interface ServiceManagementRegistration {
  readonly name: string
  readonly description: string
  /** The End Point Options of the registration form. */
  readonly options: {
    readonly accounts: boolean
    readonly subscriptions: boolean
    readonly addons: boolean
    readonly subscriptionFutureRequests: boolean
    readonly cart: boolean
    readonly payPerUse: boolean
    readonly users: boolean
  }
  /** The endpoints that are answered; `preCheck` where a check beforehand tells what the provider would refuse. */
  readonly endpoints: readonly { readonly method: string; readonly path: string; readonly preCheck: boolean }[]
}

/**
 * How to register a served connector with interworks.cloud: it follows from the changes that the connector takes and from its
 * abilities.
 *
 * @see https://developers.interworks.cloud/service-management/implementation-guide/register-your-application
 */
export function serviceManagementRegistration(connector: Connector): ServiceManagementRegistration {
  const { title, name, version, changes, preview } = connector
  const canSell = changes.includes('create')
  return deepFreeze({
    name: title,
    description: `${title}, served from the connector ${name} ${version}.`,
    options: {
      accounts: true,
      subscriptions: canSell,
      addons: canSell,
      subscriptionFutureRequests: false,
      cart: false,
      payPerUse: false,
      users: false,
    },
    endpoints: (Object.values(endpoints) as Endpoint[])
      .filter((endpoint) => isOffered(endpoint, changes))
      .map(({ method, path, actions }) => ({ method, path, preCheck: actions !== undefined && preview !== undefined })),
  })
}
