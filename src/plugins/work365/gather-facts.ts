import { channel, consentStatus, labelOf, providerType, Subscription } from '../../entities/index.ts'
import { select } from '../../query/index.ts'
import type { ProviderType, ProvisioningFacts, Settings } from '../../rules/index.ts'
import type { EntityReference, OrganizationService, Row } from '../../service/index.ts'
import { loadSettings } from './load-settings.ts'
import { findProviderDetails, matchingProviderAccounts } from './provider-details.ts'

/** The parts of a change log that decide about it. */
export interface ChangeLogFacts {
  readonly subscription: EntityReference
  readonly isAudit: boolean
  readonly changeSource: number | null | undefined
  readonly effectiveDate: string | null | undefined
}

/**
 * Gathers what decides about a change log, in three questions to Dataverse. With `fill`, an auto-provisioned
 * subscription that still lacks provider details first gets those that can be found now.
 */
export async function gatherFacts(
  service: OrganizationService,
  changeLog: ChangeLogFacts,
  occasion: ProvisioningFacts['occasion'],
  now: Date,
  { fill = false }: { readonly fill?: boolean } = {},
): Promise<ProvisioningFacts> {
  const settings = await loadSettings(service)
  let row = await readSubscription(service, changeLog.subscription.id)
  if (fill && isAutoProvisioned(row, settings)) {
    const found = await findProviderDetails(service, {
      customer: row.work365_subscription_customer as EntityReference | null,
      product: row.work365_subscription_product as EntityReference | null,
      provider: row.work365_subscription_provider as EntityReference | null,
      providerAccount: row.work365_subscription_provideraccount as EntityReference | null,
      partNumber: row.work365_subscription_providerpartnumber as string | null,
    })
    if (Object.keys(found).length > 0) {
      await service.update(Subscription, changeLog.subscription.id, found)
      row = await readSubscription(service, changeLog.subscription.id)
    }
  }
  const customer = row.work365_subscription_customer as EntityReference | null
  const product = row.work365_subscription_product as EntityReference | null
  const provider = row.work365_subscription_provider as EntityReference | null
  const providerAccount = row.work365_subscription_provideraccount as EntityReference | null
  const type = row['provider.work365_provider_type'] as number | null
  const matching = customer && provider ? await matchingProviderAccounts(service, customer, provider) : []
  return {
    today: dayOf(now),
    occasion,
    settings: settings.values,
    changeLog: {
      source: sourceOf(changeLog.changeSource),
      isAudit: changeLog.isAudit,
      effectiveDate: changeLog.effectiveDate ?? null,
    },
    subscription: {
      name: (row.work365_subscription_subscriptionname as string | null) ?? changeLog.subscription.id,
      isPortalOrder: row.work365_subscription_channel === channel.Portal,
      isAutoProvisioned: isAutoProvisioned(row, settings),
      startDate: row.work365_subscription_effectivestartdate as string | null,
      partNumber: (row.work365_subscription_providerpartnumber as string | null) || null,
      isLinked: row.work365_subscription_linkedsubscription !== null,
    },
    account: customer && {
      name: (row['account.name'] as string | null) ?? customer.id,
      creditOnHold: row['account.creditonhold'] === true,
    },
    product: product && {
      name: (row['product.name'] as string | null) ?? product.id,
      hasProvider: row['product.work365_product_provider'] !== null,
    },
    provider: provider && {
      name: (row['provider.work365_provider_name'] as string | null) ?? provider.id,
      type: ((type !== null && labelOf(providerType, type)) || 'Manual') as ProviderType,
      isActive: row['provider.statecode'] === 0,
      consentExpired: row['provider.work365_provider_consentstatus'] === consentStatus.Expired,
    },
    providerAccount: providerAccount && {
      name: (row['provideraccount.work365_provideraccount_name'] as string | null) ?? providerAccount.id,
      isActive: row['provideraccount.statecode'] === 0,
      providerSpecificId: row['provideraccount.work365_provideraccount_providerspecificaccountid'] as string | null,
    },
    matchingProviderAccounts: matching.map(
      (match) => match.work365_provideraccount_name ?? match.work365_provideraccountid,
    ),
  }
}

/** A portal order placed while auto-provisioning was on, as long as it is; never one from before (P8). */
function isAutoProvisioned(row: Row, { values }: Settings): boolean {
  return values.autoProvisionNewSubscription && row.work365_subscription_autoprovisioned === true
}

async function readSubscription(service: OrganizationService, id: string): Promise<Row> {
  const joined = (table: string, from: string, to: string, alias: string, columns: readonly string[]) =>
    ({ table, from, to, alias, columns, type: 'outer' }) as const
  const { rows } = await service.retrieveMultiple(
    select(Subscription.logicalName, [
      'work365_subscription_autoprovisioned',
      'work365_subscription_subscriptionname',
      'work365_subscription_channel',
      'work365_subscription_effectivestartdate',
      'work365_subscription_customer',
      'work365_subscription_product',
      'work365_subscription_provider',
      'work365_subscription_provideraccount',
      'work365_subscription_providerpartnumber',
      'work365_subscription_linkedsubscription',
    ])
      .where('work365_subscriptionid', 'eq', id)
      .linked(joined('account', 'accountid', 'work365_subscription_customer', 'account', ['name', 'creditonhold']))
      .linked(
        joined('product', 'productid', 'work365_subscription_product', 'product', ['name', 'work365_product_provider']),
      )
      .linked(
        joined('work365_provider', 'work365_providerid', 'work365_subscription_provider', 'provider', [
          'work365_provider_name',
          'work365_provider_type',
          'work365_provider_consentstatus',
          'statecode',
        ]),
      )
      .linked(
        joined(
          'work365_provideraccount',
          'work365_provideraccountid',
          'work365_subscription_provideraccount',
          'provideraccount',
          ['work365_provideraccount_name', 'work365_provideraccount_providerspecificaccountid', 'statecode'],
        ),
      ),
  )
  // A change log cannot exist without its subscription: the lookup restricts deleting it.
  return rows[0]!
}

function sourceOf(value: number | null | undefined): 'Portal' | 'Provider' | 'System' {
  const label = value === null || value === undefined ? undefined : labelOf(channel, value)
  return (label ?? 'System') as 'Portal' | 'Provider' | 'System'
}

/** The calendar day in UTC: the tenant's time zone as long as none is configured. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}
