import { ProviderError } from '../connectors/index.ts'
import { Job } from '../entities/index.ts'
import { providerSyncJob } from '../plugins/work365/provider-account/queue-sync.ts'
import type { EntityReference, WriteRequest } from '../service/index.ts'
import type { JobContext } from './define-job.ts'

const DAY_MS = 24 * 60 * 60_000

/** What a job that syncs a provider is to do. */
export interface SyncOrder {
  readonly provider: EntityReference
  readonly daily: boolean
}

/** Reads what a sync job is to do off its row. */
export async function syncOrderOf({ job, service }: JobContext): Promise<SyncOrder> {
  const row = await service.retrieve(Job, job.id, ['work365_job_provider', 'work365_job_parameters'])
  if (!row.work365_job_provider) {
    throw new ProviderError(
      'invalid',
      'The job names no provider: its column work365_job_provider is empty. Queue a new one with `queueProviderSync`.',
    )
  }
  return { provider: row.work365_job_provider, daily: isDaily(row.work365_job_parameters) }
}

/** The successor of a daily job, to be written together with its end, so that there is always one. */
export async function successorOf(
  context: JobContext,
  what: 'Sync Provider Accounts' | 'Sync Agreements',
): Promise<readonly WriteRequest[]> {
  const { provider, daily } = await syncOrderOf(context).catch(() => ({ provider: undefined, daily: false }))
  if (!provider || !daily) return []
  const at = new Date(context.clock.now().getTime() + DAY_MS)
  return [{ message: 'Create', table: Job, row: providerSyncJob(provider.id, { what, daily, at }) }]
}

function isDaily(parameters: string | null): boolean {
  try {
    return (JSON.parse(parameters ?? '{}') as { daily?: unknown } | null)?.daily === true
  } catch {
    return false
  }
}
