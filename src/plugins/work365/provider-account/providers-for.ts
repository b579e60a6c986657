import { labelOf, Provider, ProviderAccount, providerType } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { ProviderType } from '../../../rules/index.ts'
import type { OrganizationService } from '../../../service/index.ts'

/** A provider that can be chosen for a customer. */
export interface OfferedProvider {
  readonly id: string
  readonly name: string
  readonly type: ProviderType
}

/**
 * The providers that are offered when something is provisioned for an account, by name: the active ones, and of the
 * automatic ones those where it has an active provider account (A7).
 *
 * @see https://help.work365apps.com/documentation/billing/sales-order-provisioning/
 */
export async function providersFor(service: OrganizationService, account: string): Promise<readonly OfferedProvider[]> {
  const { rows: providers } = await service.retrieveMultiple(
    select(Provider, ['work365_providerid', 'work365_provider_name', 'work365_provider_type'])
      .where('statecode', 'eq', 0)
      .orderBy('work365_provider_name'),
  )
  const { rows: accounts } = await service.retrieveMultiple(
    select(ProviderAccount, ['work365_provideraccount_provider'])
      .where('work365_provideraccount_account', 'eq', account)
      .where('statecode', 'eq', 0),
  )
  const mapped = new Set(accounts.map(({ work365_provideraccount_provider: provider }) => provider?.id))
  return providers
    .map(({ work365_providerid: id, work365_provider_name: name, work365_provider_type: type }) => ({
      id,
      name: name ?? id,
      type: ((type !== null && labelOf(providerType, type)) || 'Manual') as ProviderType,
    }))
    .filter(({ id, type }) => (type !== 'Automatic' && type !== 'Rest') || mapped.has(id))
}
