import { Job, jobType, Provider } from '../../../entities/index.ts'
import { type OrganizationService, reference } from '../../../service/index.ts'

/** What a job that syncs a provider is told, as JSON in its parameters. */
export interface SyncParameters {
  /** Whether it is run again a day later. */
  readonly daily: boolean
}

/**
 * Queues a job that syncs what a provider knows: its customers as provider accounts (A2), or the agreements that they have
 * signed (G10). Answers the job's id.
 *
 * @param options.what default: `'Sync Provider Accounts'`
 * @param options.daily whether the job, when it ends, queues its successor for a day later. Default: `false`.
 * @param options.at not before this moment; default: as soon as possible
 */
export function queueProviderSync(
  service: OrganizationService,
  provider: string,
  {
    what = 'Sync Provider Accounts',
    daily = false,
    at,
  }: {
    readonly what?: 'Sync Provider Accounts' | 'Sync Agreements'
    readonly daily?: boolean
    readonly at?: Date
  } = {},
): Promise<string> {
  return service.create(Job, providerSyncJob(provider, { what, daily, at }))
}

/** The row of such a job. */
export function providerSyncJob(
  provider: string,
  {
    what,
    daily,
    at,
  }: {
    readonly what: 'Sync Provider Accounts' | 'Sync Agreements'
    readonly daily: boolean
    readonly at?: Date | undefined
  },
) {
  const parameters: SyncParameters = { daily }
  return {
    work365_job_name: what,
    work365_job_jobtype: jobType[what],
    work365_job_provider: reference(Provider, provider),
    work365_job_parameters: JSON.stringify(parameters),
    ...(at ? { work365_job_scheduledfor: at } : {}),
  }
}
