import type { Change, SubscriptionRef } from '../connectors/index.ts'
import { changeType, LicenseChangeLog, Subscription } from '../entities/index.ts'
import { select } from '../query/index.ts'
import type { OrganizationService, Selected } from '../service/index.ts'

export const changeLogColumns = [
  'work365_licensechangelogid',
  'work365_licensechangelog_name',
  'work365_licensechangelog_subscription',
  'work365_licensechangelog_changetype',
  'work365_licensechangelog_quantity',
  'work365_licensechangelog_provisioningstatus',
  'work365_licensechangelog_isaudit',
  'work365_licensechangelog_changesource',
  'work365_licensechangelog_effectivedate',
  'work365_licensechangelog_decidedby',
  'work365_licensechangelog_waitingsince',
  'versionnumber',
] as const
export type ChangeLogRow = Selected<typeof LicenseChangeLog, (typeof changeLogColumns)[number]>

export const subscriptionColumns = [
  'work365_subscriptionid',
  'work365_subscription_subscriptionname',
  'work365_subscription_customer',
  'work365_subscription_provider',
  'work365_subscription_provideraccount',
  'work365_subscription_providerpartnumber',
  'work365_subscription_providersubscriptionid',
  'work365_subscription_linkedsubscription',
  'work365_subscription_autorenew',
  'statuscode',
] as const
export type SubscriptionRow = Selected<typeof Subscription, (typeof subscriptionColumns)[number]>

const CANCELLED = Subscription.states!.Inactive!.reasons.Cancelled

/**
 * What a provider is asked to bring about for a change log. Change logs carry differences, providers take totals: the
 * total is the sum of the subscription's change logs up to and including this one (L2, L8).
 *
 * @param customerId the customer's id at the provider; empty for providers without customers of their own
 */
export async function changeFor(
  service: OrganizationService,
  changeLog: ChangeLogRow,
  subscription: SubscriptionRow,
  customerId: string,
): Promise<Change> {
  const name = subscription.work365_subscription_subscriptionname ?? undefined
  const known = subscription.work365_subscription_providersubscriptionid
  const origin = {
    delta: changeLog.work365_licensechangelog_quantity ?? 0,
    linkedSubscriptionId: subscription.work365_subscription_linkedsubscription?.id,
  }
  // Linked and manual subscriptions have no id at a provider; their connectors ask for none.
  const remote = (id: string): SubscriptionRef => ({ id, customerId, name })
  switch (changeLog.work365_licensechangelog_changetype) {
    case changeType.Deactivate:
      // What is cancelled has ended for good; what is only suspended can be resumed (D5).
      return {
        kind: subscription.statuscode === CANCELLED ? 'cancel' : 'pause',
        subscription: remote(known ?? ''),
        ...origin,
      }
    case changeType.Activate:
      return { kind: 'resume', subscription: remote(known ?? ''), ...origin }
  }
  const quantity = await totalUpTo(service, changeLog)
  if (known) return { kind: 'setQuantity', subscription: remote(known), quantity, ...origin }
  return {
    kind: 'create',
    customer: { id: customerId },
    product: { id: subscription.work365_subscription_providerpartnumber ?? '', name },
    quantity,
    ...(subscription.work365_subscription_autorenew === null
      ? {}
      : { autoRenew: subscription.work365_subscription_autorenew }),
    ...origin,
  }
}

async function totalUpTo(service: OrganizationService, changeLog: ChangeLogRow): Promise<number> {
  let total = 0
  for (const row of await changeLogsOf(service, changeLog.work365_licensechangelog_subscription!.id)) {
    total += row.work365_licensechangelog_quantity ?? 0
    if (row.work365_licensechangelogid === changeLog.work365_licensechangelogid) break
  }
  // Quantities have two decimals; their sum as floats may have more.
  return Math.round(total * 100) / 100
}

/** The change logs of a subscription, the oldest first. */
export async function changeLogsOf(service: OrganizationService, subscriptionId: string) {
  const { rows } = await service.retrieveMultiple(
    select(LicenseChangeLog, [
      'work365_licensechangelogid',
      'work365_licensechangelog_name',
      'work365_licensechangelog_quantity',
      'work365_licensechangelog_provisioningstatus',
    ])
      .where('work365_licensechangelog_subscription', 'eq', subscriptionId)
      .orderBy('createdon'),
  )
  return rows
}
