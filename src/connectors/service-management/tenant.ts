import { createHash, randomUUID } from 'node:crypto'
import type { Connector } from '../connector.ts'
import { type ConnectorContextOptions, createConnectorContext } from '../connector-context.ts'
import type { Redact } from '../redaction.ts'
import { createRecentMap } from '../serving/recent-map.ts'
import type { Served } from '../serving/served.ts'
import { accountHandlers } from './accounts.ts'
import type { EnteredConnection } from './connection.ts'
import { subscriptionHandlers } from './subscriptions.ts'

/** Who sells through a connection, and what his calls lead to. */
export interface Tenant {
  readonly served: Served
  readonly accounts: ReturnType<typeof accountHandlers>
  readonly subscriptions: ReturnType<typeof subscriptionHandlers>
  readonly redact: Redact
}

const MOST_TENANTS = 1000

/** The tenants that have called: each connection has its own line, memory and limits. */
export function createTenants(
  connector: Connector,
  {
    applicationId,
    ...options
  }: Omit<ConnectorContextOptions, 'key'> & Pick<Served, 'clock' | 'waitMs'> & { applicationId: string },
) {
  const tenants = createRecentMap<Tenant>(MOST_TENANTS)

  return {
    /** @throws ProviderError `invalid` when a setting or credential is missing or wrong. */
    of(connection: EnteredConnection): Tenant {
      const id = createHash('sha256')
        .update(JSON.stringify([connection.settings, connection.credentials]))
        .digest('base64')
      const known = tenants.get(id)
      if (known) return known
      const contextFor = (key: string = randomUUID()) =>
        createConnectorContext(connector, { ...options, ...connection, key })
      const { redact } = contextFor()
      const served = { connector, contextFor, clock: options.clock, waitMs: options.waitMs }
      const tenant = {
        served,
        accounts: accountHandlers(served, applicationId),
        subscriptions: subscriptionHandlers(served, applicationId),
        redact,
      }
      tenants.set(id, tenant)
      return tenant
    },
  }
}
