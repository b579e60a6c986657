import {
  type ConnectionState,
  type Connector,
  type ConnectorContext,
  createConnectorContext,
  type Limiter,
  ProviderError,
} from '../connectors/index.ts'
import type { Provider } from '../entities/index.ts'
import type { Selected } from '../service/index.ts'
import type { JobContext } from './define-job.ts'

export const providerColumns = [
  'work365_providerid',
  'work365_provider_name',
  'work365_provider_type',
  'work365_provider_connector',
  'work365_provider_endpointurl',
  'work365_provider_password',
  'work365_provider_countrycode',
  'work365_provider_currencycode',
  'work365_provider_manualprovideremail',
  'versionnumber',
] as const
export type ProviderRow = Selected<typeof Provider, (typeof providerColumns)[number]>

/** A connector with what it needs to reach its provider. */
export interface Connection {
  readonly connector: Connector
  readonly settings?: Readonly<Record<string, unknown>>
  readonly credentials?: Readonly<Record<string, unknown>>
  /** Where what it keeps between jobs is stored, such as a refresh token that rotates. Default: it ends with the process. */
  readonly state?: ConnectionState
  /** What several holders of the connection share. Default: the process has one for each connection. */
  readonly limiter?: Limiter
}

/** Finds the connection for a provider; `undefined` when there is none. */
export type Connect = (provider: ProviderRow) => Connection | undefined | Promise<Connection | undefined>

/** The connection for an Automatic or Rest provider; without one the job fails and says where to configure it. */
export async function connectAutomatic(connect: Connect, provider: ProviderRow): Promise<Connection> {
  const connection = await connect(provider)
  if (connection) return connection
  throw new ProviderError(
    'invalid',
    `No connector is configured for provider '${provider.work365_provider_name}'. Configure one where the job runner starts, then re-queue what waits for it.`,
  )
}

/** What the connection's connector needs for one piece of work. @param key - the idempotency key */
export function connectorContext(job: JobContext, connection: Connection, key: string): ConnectorContext {
  return createConnectorContext(connection.connector, {
    settings: connection.settings ?? {},
    credentials: connection.credentials ?? {},
    state: connection.state,
    limiter: connection.limiter,
    key,
    clock: job.clock,
    signal: job.signal,
    log: job.log,
  })
}
