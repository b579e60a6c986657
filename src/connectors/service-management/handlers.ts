import type { Connector } from '../connector.ts'
import { ProviderError } from '../provider-error.ts'
import { verifyConnectivity } from '../run-connector.ts'
import { failedFindings } from '../serving/failed-findings.ts'
import { connectionInFields, type EnteredConnection, fieldsToEnter } from './connection.ts'
import { type Endpoint, type EndpointName, endpoints } from './endpoints.ts'
import { serviceDefinitionOf } from './service-definition.ts'
import { syncOptionsOf } from './sync-options.ts'
import type { Tenant } from './tenant.ts'
import { readModel } from './wire.ts'

export interface Call {
  /** The body's JSON. */
  readonly content: unknown
  /** Whether it only asks what would be refused. */
  readonly checkOnly: boolean
  /** Who calls. @throws ProviderError `invalid` when what he has entered is missing or wrong. */
  tenant(): Tenant
}

/** What each endpoint answers, as JSON. */
export type Handlers = Readonly<Record<EndpointName, (call: Call) => unknown>>

/**
 * What a connector answers on each endpoint.
 *
 * @param tenantOf - who enters this connection; absent where the server has a connection of its own.
 */
export function handlersOf(connector: Connector, tenantOf?: (connection: EnteredConnection) => Tenant): Handlers {
  const { name, title, version, changes, capabilities } = connector

  const ofSubscriptions = (endpoint: Endpoint) => (call: Call) => {
    const { tenant, content } = call
    const definition = readModel('ServiceDefinition', content)
    return tenant().subscriptions.change(endpoint.actions!, definition, call.checkOnly || isTrue(definition.CheckOnly))
  }

  return {
    getFields: () => (tenantOf ? fieldsToEnter(connector) : { Fields: [] }),
    /** An empty list is a connection that can be saved. */
    async validateFields({ content, tenant }) {
      const fields = readModel('FieldCollection', content)
      try {
        const { served } = tenantOf ? tenantOf(connectionInFields(connector, fields)) : tenant()
        return failedFindings(await verifyConnectivity(connector, served.contextFor()), title)
      } catch (error) {
        if (ProviderError.isInstance(error) && error.code === 'invalid') return [error.message]
        throw error
      }
    },
    getServiceDefinition: ({ tenant }) => serviceDefinitionOf(connector, tenant().served.contextFor()),
    getAdditionalInfo: () => ({
      Connector: name,
      Title: title,
      Version: version,
      Changes: changes.join(', '),
      Capabilities: capabilities.join(', '),
    }),

    getSyncOptions: () => syncOptionsOf(connector),
    accountExists: ({ content, tenant }) => tenant().accounts.exists(readModel('AccountDefinition', content)),
    synchronizeAccount: ({ content, tenant, checkOnly }) =>
      tenant().accounts.synchronize(readModel('AccountDefinition', content), checkOnly),
    deleteAccount: ({ tenant }) => tenant().accounts.delete(),

    createSubscription: ofSubscriptions(endpoints.createSubscription),
    updateSubscription: ofSubscriptions(endpoints.updateSubscription),
    activateSubscription: ofSubscriptions(endpoints.activateSubscription),
    suspendSubscription: ofSubscriptions(endpoints.suspendSubscription),
    cancelSubscription: ofSubscriptions(endpoints.cancelSubscription),
    upgradeToPaid: ofSubscriptions(endpoints.upgradeToPaid),
    createAddon: ofSubscriptions(endpoints.createAddon),
    updateAddon: ofSubscriptions(endpoints.updateAddon),
    cancelAddon: ofSubscriptions(endpoints.cancelAddon),
  }
}

const isTrue = (value: unknown) => value === true || (typeof value === 'string' && /^(true|1)$/i.test(value))
