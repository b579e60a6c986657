import type { Connector, ConnectorContext } from '../connectors/index.ts'
import { Provider, providerType } from '../entities/index.ts'
import { type Connect, connectorContext, type ProviderRow, providerColumns } from './connection.ts'
import type { JobContext } from './define-job.ts'

/** A provider that a job can ask. */
export interface ConnectedProvider {
  readonly provider: ProviderRow
  readonly connector: Connector
  readonly context: ConnectorContext
}

/** Why a provider cannot be asked: it is no automatic one, or nobody has configured its connector. */
export interface UnreachableProvider {
  readonly provider: ProviderRow
  readonly connector?: undefined
  readonly because: string
}

/** Connects a job to a provider; the job's id is the idempotency key. */
export async function connectTo(
  job: JobContext,
  connect: Connect,
  providerId: string,
): Promise<ConnectedProvider | UnreachableProvider> {
  const provider = await job.service.retrieve(Provider, providerId, [...providerColumns, 'statecode'])
  const name = provider.work365_provider_name ?? providerId
  const type = provider.work365_provider_type
  if (type !== providerType.Automatic && type !== providerType.Rest) {
    return { provider, because: `Provider '${name}' is not automatic: there is nothing to ask.` }
  }
  if (provider.statecode !== 0) return { provider, because: `Provider '${name}' is inactive.` }
  const connection = await connect(provider)
  if (!connection) {
    const because = `No connector is configured for provider '${name}'. Configure one where the job runner starts.`
    return { provider, because }
  }
  const context = connectorContext(job, connection, job.job.id)
  return { provider, connector: connection.connector, context }
}
