import {
  changeType,
  channel,
  consentStatus,
  LicenseChangeLog,
  labelOf,
  providerType,
  provisioningStatus,
  Subscription,
} from '../../entities/index.ts'
import { deepFreeze } from '../../internal/freeze.ts'
import { dayIn } from '../../internal/time-zone.ts'
import { select } from '../../query/index.ts'
import type { ProviderType, ProvisioningFacts, Settings } from '../../rules/index.ts'
import type {
  Condition,
  EntityReference,
  Link,
  OrganizationService,
  QueryExpression,
  Row,
} from '../../service/index.ts'
import { missingAcceptances } from './agreement/missing-acceptances.ts'
import { loadSettings } from './load-settings.ts'
import { findProviderDetails, matchingProviderAccounts } from './provider-details.ts'

/** The parts of a change log that decide about it. */
export interface ChangeLogFacts {
  /** Left out for one that is not written yet. */
  readonly id?: string
  readonly subscription: EntityReference
  readonly isAudit: boolean
  readonly type: number | null | undefined
  readonly changeSource: number | null | undefined
  readonly effectiveDate: string | null | undefined
}

/** The columns of a change log that {@link changeLogFactsOf} reads. */
export const changeLogFactColumns = [
  'work365_licensechangelog_subscription',
  'work365_licensechangelog_isaudit',
  'work365_licensechangelog_changetype',
  'work365_licensechangelog_changesource',
  'work365_licensechangelog_effectivedate',
] as const

type ChangeLogPart = {
  readonly [Column in (typeof changeLogFactColumns)[number]]?: Column extends `${string}_subscription`
    ? EntityReference | null | undefined
    : unknown
}

/** What decides about a change log, off its row; `undefined` for one without a subscription. */
export function changeLogFactsOf(row: ChangeLogPart): Omit<ChangeLogFacts, 'id'> | undefined {
  const subscription = row.work365_licensechangelog_subscription
  if (!subscription) return undefined
  return {
    subscription,
    isAudit: row.work365_licensechangelog_isaudit === true,
    type: row.work365_licensechangelog_changetype as number | null | undefined,
    changeSource: row.work365_licensechangelog_changesource as number | null | undefined,
    effectiveDate: row.work365_licensechangelog_effectivedate as string | null | undefined,
  }
}

/**
 * Gathers what decides about a change log, in a few questions to Dataverse. With `fill`, an auto-provisioned
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
    const found = await findProviderDetails(service, settings, {
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
  const provider = row.work365_subscription_provider as EntityReference | null
  const providerAccount = row.work365_subscription_provideraccount as EntityReference | null
  const product = row.work365_subscription_product as EntityReference | null
  const parties = partiesOf(row, { customer, provider, product })
  return {
    ...commonFacts(settings, occasion, now),
    subject: 'change log',
    changeLog: {
      source: sourceOf(changeLog.changeSource),
      isAudit: changeLog.isAudit,
      type: labelOf(changeType, changeLog.type ?? changeType.Update) as keyof typeof changeType,
      effectiveDate: changeLog.effectiveDate ?? null,
    },
    failedBefore:
      occasion === 'processing' && changeLog.id !== undefined && settings.values.priorChangeLog === 'Fail'
        ? await failedBefore(service, changeLog.subscription.id, changeLog.id)
        : null,
    subscription: {
      name: (row.work365_subscription_subscriptionname as string | null) ?? changeLog.subscription.id,
      isActive: row.statecode === 0,
      isPortalOrder: row.work365_subscription_channel === channel.Portal,
      isAutoProvisioned: isAutoProvisioned(row, settings),
      startDate: row.work365_subscription_effectivestartdate as string | null,
      partNumber: (row.work365_subscription_providerpartnumber as string | null) || null,
      isLinked: row.work365_subscription_linkedsubscription !== null,
      parent: await parentOf(service, row),
    },
    ...parties,
    providerAccount: providerAccount && {
      name: (row['provideraccount.work365_provideraccount_name'] as string | null) ?? providerAccount.id,
      isActive: row['provideraccount.statecode'] === 0,
      providerSpecificId: row['provideraccount.work365_provideraccount_providerspecificaccountid'] as string | null,
    },
    matchingProviderAccounts: await namesOfMatching(service, settings, { customer, provider }),
    agreement: await agreementFacts(service, settings, { customer, provider, type: parties.provider?.type }, now),
  }
}

/** What the provider demands of the customer before it is sent anything (G6). */
export async function agreementFacts(
  service: OrganizationService,
  { values }: Settings,
  {
    customer,
    provider,
    type,
  }: {
    readonly customer: EntityReference | null
    readonly provider: EntityReference | null
    readonly type: ProviderType | undefined
  },
  now: Date,
): Promise<ProvisioningFacts['agreement']> {
  const isAutomatic = type === 'Automatic' || type === 'Rest'
  if (!values.requireAgreement || !isAutomatic || !customer || !provider) return NOT_DEMANDED
  const missing = await missingAcceptances(service, customer, provider, dayIn(values.defaultTimeZone, now))
  if (missing === null) return NOT_DEMANDED
  return { status: missing.length === 0 ? 'accepted' : 'missing', missing }
}

const NOT_DEMANDED = Object.freeze({ status: 'notDemanded', missing: [] } as const)

/** What all decisions about provisioning have in common. */
export function commonFacts({ values }: Settings, occasion: ProvisioningFacts['occasion'], now: Date) {
  const { autoProvisionNewSubscription, enableCreditHold, heldStatus, defaultTimeZone } = values
  return {
    today: dayIn(values.defaultTimeZone, now),
    occasion,
    settings: { autoProvisionNewSubscription, enableCreditHold, heldStatus, defaultTimeZone },
  }
}

/** Account, product and provider, off a row that has their columns behind the aliases `account`, `product` and `provider`. */
export function partiesOf(
  row: Row,
  {
    customer,
    product,
    provider,
  }: {
    readonly customer: EntityReference | null
    readonly product: EntityReference | null
    readonly provider: EntityReference | null
  },
): Pick<ProvisioningFacts, 'account' | 'product' | 'provider'> {
  const type = row['provider.work365_provider_type'] as number | null
  return {
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
  }
}

function outer(table: string, from: string, to: string, alias: string, columns: readonly string[]): Link {
  return { table, from, to, alias, columns, type: 'outer' }
}

/** The names of the customer's accounts at the provider. */
async function namesOfMatching(
  service: OrganizationService,
  settings: Settings,
  { customer, provider }: { readonly customer: EntityReference | null; readonly provider: EntityReference | null },
): Promise<readonly string[]> {
  if (!customer || !provider) return []
  const matching = await matchingProviderAccounts(service, settings, customer, provider)
  return matching.map((match) => match.work365_provideraccount_name ?? match.work365_provideraccountid)
}

/** A portal order placed while auto-provisioning was on, as long as it is; never one from before (P8). */
function isAutoProvisioned(row: Row, { values }: Settings): boolean {
  return values.autoProvisionNewSubscription && row.work365_subscription_autoprovisioned === true
}

/** What is asked of a subscription, but which one: made once, because it is asked for every change log. */
const subscriptionQuery: QueryExpression = deepFreeze({
  table: Subscription.logicalName,
  columns: [
    'statecode',
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
    'work365_subscription_parentsubscription',
  ],
  links: [
    outer('account', 'accountid', 'work365_subscription_customer', 'account', ['name', 'creditonhold']),
    outer('product', 'productid', 'work365_subscription_product', 'product', ['name', 'work365_product_provider']),
    outer('work365_provider', 'work365_providerid', 'work365_subscription_provider', 'provider', [
      'work365_provider_name',
      'work365_provider_type',
      'work365_provider_consentstatus',
      'statecode',
    ]),
    outer(
      'work365_provideraccount',
      'work365_provideraccountid',
      'work365_subscription_provideraccount',
      'provideraccount',
      ['work365_provideraccount_name', 'work365_provideraccount_providerspecificaccountid', 'statecode'],
    ),
    outer('work365_subscription', 'work365_subscriptionid', 'work365_subscription_parentsubscription', 'parent', [
      'work365_subscription_subscriptionname',
      'statecode',
    ]),
  ],
})

async function readSubscription(service: OrganizationService, id: string): Promise<Row> {
  const filter: Condition = { kind: 'compare', column: Subscription.primaryKey, operator: 'eq', values: [id] }
  const { rows } = await service.retrieveMultiple({ ...subscriptionQuery, filter })
  // A change log cannot exist without its subscription: the lookup restricts deleting it.
  return rows[0]!
}

/** The subscription whose add-on the row is, and whether it is there: active, and its first change log done. */
async function parentOf(service: OrganizationService, row: Row): Promise<ProvisioningFacts['subscription']['parent']> {
  const parent = row.work365_subscription_parentsubscription as EntityReference | null
  if (!parent) return null
  const { rows } = await service.retrieveMultiple(
    select(LicenseChangeLog, ['work365_licensechangelog_provisioningstatus'])
      .where('work365_licensechangelog_subscription', 'eq', parent.id)
      .orderBy('createdon')
      .first(1),
  )
  const status = rows[0]?.work365_licensechangelog_provisioningstatus
  const isDone =
    status === undefined || status === provisioningStatus.Provisioned || status === provisioningStatus['Not Applicable']
  return {
    name: (row['parent.work365_subscription_subscriptionname'] as string | null) ?? parent.id,
    isReady: isDone && row['parent.statecode'] === 0,
  }
}

/** The name of the first change log before this one that has failed. */
async function failedBefore(service: OrganizationService, subscription: string, id: string): Promise<string | null> {
  const { rows } = await service.retrieveMultiple(
    select(LicenseChangeLog, [
      'work365_licensechangelogid',
      'work365_licensechangelog_name',
      'work365_licensechangelog_provisioningstatus',
    ])
      .where('work365_licensechangelog_subscription', 'eq', subscription)
      .orderBy('createdon'),
  )
  const own = rows.findIndex((row) => row.work365_licensechangelogid === id)
  const failed = rows
    .slice(0, own)
    .find((row) => row.work365_licensechangelog_provisioningstatus === provisioningStatus['Failed Provisioning'])
  return failed ? (failed.work365_licensechangelog_name ?? failed.work365_licensechangelogid) : null
}

export function sourceOf(value: number | null | undefined): 'Portal' | 'Provider' | 'System' {
  const label = value === null || value === undefined ? undefined : labelOf(channel, value)
  return (label ?? 'System') as 'Portal' | 'Provider' | 'System'
}
