import {
  labelOf,
  Product,
  Provider,
  ProviderAccount,
  providerType,
  type Subscription,
  syncStatus,
} from '../../entities/index.ts'
import { select } from '../../query/index.ts'
import type { Settings } from '../../rules/index.ts'
import type { EntityReference, OrganizationService, UpdateOf } from '../../service/index.ts'

/** What a subscription says of its provider, or leaves open. */
export interface ProviderDetails {
  readonly customer: EntityReference | null | undefined
  readonly product: EntityReference | null | undefined
  readonly provider: EntityReference | null | undefined
  readonly providerAccount: EntityReference | null | undefined
  readonly partNumber: string | null | undefined
}

type Found = Pick<
  UpdateOf<typeof Subscription>,
  'work365_subscription_provider' | 'work365_subscription_provideraccount' | 'work365_subscription_providerpartnumber'
>

/**
 * What can be filled in of a subscription's provider: provider and part number from its product, the provider account
 * when exactly one belongs to the customer (P3, P5). What is there already stays.
 */
export async function findProviderDetails(
  service: OrganizationService,
  settings: Settings,
  known: ProviderDetails,
): Promise<Found> {
  const found: Found = {}
  if (!known.product) return found
  const product = await service.retrieve(Product, known.product.id, [
    'work365_product_provider',
    'work365_product_providerpartnumber',
  ])
  const provider = known.provider ?? product.work365_product_provider
  if (!known.provider && provider) {
    found.work365_subscription_provider = { logicalName: 'work365_provider', id: provider.id }
  }
  if (!known.partNumber && product.work365_product_providerpartnumber) {
    found.work365_subscription_providerpartnumber = product.work365_product_providerpartnumber
  }
  if (!known.providerAccount && provider && known.customer && (await isAutomatic(service, provider))) {
    const [match, ...others] = await matchingProviderAccounts(service, settings, known.customer, provider)
    if (match && others.length === 0) {
      found.work365_subscription_provideraccount = {
        logicalName: 'work365_provideraccount',
        id: match.work365_provideraccountid,
      }
    }
  }
  return found
}

/** The customer's accounts that can be meant at the provider, by name (P5); the settings say which count. */
export async function matchingProviderAccounts(
  service: OrganizationService,
  { values: { providerAccountScope: scope, providerAccountsCounted: counted } }: Settings,
  customer: EntityReference,
  provider: EntityReference,
) {
  let query = select(ProviderAccount, [
    'work365_provideraccountid',
    'work365_provideraccount_name',
    'work365_provideraccount_providerspecificaccountid',
    'statecode',
  ]).where('work365_provideraccount_account', 'eq', customer.id)
  if (scope === 'Customer and provider') query = query.where('work365_provideraccount_provider', 'eq', provider.id)
  if (counted !== 'All') query = query.where('statecode', 'eq', 0)
  if (counted === 'Active with sync enabled') {
    query = query.where('work365_provideraccount_syncstatus', 'ne', syncStatus.Disabled)
  }
  const { rows } = await service.retrieveMultiple(query.orderBy('work365_provideraccount_name'))
  return rows
}

async function isAutomatic(service: OrganizationService, provider: EntityReference): Promise<boolean> {
  const { work365_provider_type: type } = await service.retrieve(Provider, provider.id, ['work365_provider_type'])
  const label = type === null ? undefined : labelOf(providerType, type)
  return label === 'Automatic' || label === 'Rest'
}
