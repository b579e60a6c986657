import { syncStatus } from '../../../entities/index.ts'

/**
 * Whether subscriptions and usage of a provider account are synced (A3): it is active and its sync status is Enabled.
 *
 * @see https://pvdocs.work365apps.com/page/synching-provider-accounts
 */
export function syncsSubscriptions(providerAccount: {
  readonly work365_provideraccount_syncstatus: number | null
  readonly statecode: number | null
}): boolean {
  return providerAccount.statecode === 0 && providerAccount.work365_provideraccount_syncstatus === syncStatus.Enabled
}
