import { systemClock } from '../../internal/clock.ts'
import type { Connector } from '../connector.ts'
import { type ConnectorServer, createConnectorServer, type ServeConnectorOptions } from '../serving/connector-server.ts'
import { noteProblem } from '../serving/problem.ts'
import { createApp } from './app.ts'
import { connectionInHeaders, type EnteredConnection } from './connection.ts'
import { handlersOf } from './handlers.ts'
import { openApi } from './open-api.ts'
import { type ServiceManagementRegistration, serviceManagementRegistration } from './registration.ts'
import { createTenants } from './tenant.ts'
import { headers } from './wire.ts'

/**
 * How the provider is reached, and how it is served. With `settings` or `credentials` everybody sells through that connection;
 * without, each tenant of the platform enters his own there, and his calls carry it.
 */
export interface ServeServiceManagementOptions extends ServeConnectorOptions {
  /** The Application Id of the registration. */
  readonly applicationId: string
  /** The API Key of the registration. */
  readonly apiKey: string
}

/** A connector as the service manager that interworks.cloud calls. */
export interface ServiceManagementServer extends ConnectorServer {
  /** What to enter where the application is registered. */
  readonly registration: ServiceManagementRegistration
}

/**
 * Serves a connector as a service manager of interworks.cloud: accounts become its customers, subscriptions and add-ons are bought,
 * changed and ended through it, and `checkonly=true` asks beforehand what would be refused.
 *
 * @throws TypeError without an application id or key, or with `state` for connections that tenants enter.
 * @throws ProviderError `invalid` when a setting or credential of an own connection is missing or wrong.
 * @see https://developers.interworks.cloud/category/service-management/implementation-guide
 * @example
 * const server = serveServiceManagement(contoso, { applicationId, apiKey, settings, credentials })
 * const { url, close } = await server.listen({ port: 8080 })
 */
export function serveServiceManagement(
  connector: Connector,
  options: ServeServiceManagementOptions,
): ServiceManagementServer {
  const { applicationId, apiKey, settings, credentials, waitMs = 20_000, maxBytes, ...rest } = options
  const { clock = systemClock, log } = rest
  for (const [name, value] of Object.entries({ applicationId, apiKey })) {
    if (!value)
      throw new TypeError(
        `serveServiceManagement: \`${name}\` is empty: it is shown where the application is registered.`,
      )
  }
  const needsConnection = Object.keys({ ...connector.settings, ...connector.credentials }).length > 0
  const isEnteredByTenants = needsConnection && settings === undefined && credentials === undefined
  if (isEnteredByTenants && rest.state) {
    throw new TypeError(
      'serveServiceManagement: `state` belongs to one connection: give `settings` and `credentials` with it.',
    )
  }

  const tenants = createTenants(connector, { ...rest, clock, waitMs, applicationId })
  const own = isEnteredByTenants ? undefined : tenants.of({ settings, credentials } as EnteredConnection)
  const registration = serviceManagementRegistration(connector)
  const handlers = handlersOf(connector, own ? undefined : tenants.of)

  const server = createConnectorServer(() =>
    createApp(handlers, {
      applicationId,
      apiKey,
      maxBytes,
      tenantOf: (given) => own ?? tenants.of(connectionInHeaders(connector, given)),
      problemOf: (error, tenant, given) =>
        noteProblem(error, log, (text) => {
          const secrets = [apiKey, given.get(headers.token)].flatMap((secret) => (secret ? [secret] : []))
          return secrets.reduce(
            (hidden, secret) => hidden.replaceAll(secret, '[redacted]'),
            tenant?.redact(text) ?? text,
          )
        }),
      documents: { '/openapi.json': openApi(connector), '/registration.json': registration },
    }),
  )
  return { ...server, registration }
}
