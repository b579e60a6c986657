import { LicenseChangeLog, NonRecurringItem, provisioningStatus } from '../../entities/index.ts'
import { select } from '../../query/index.ts'
import type { Condition, Link, OrganizationService } from '../../service/index.ts'
import { allIds } from './all-rows.ts'
import { RELEASE } from './change-source.ts'

/** What is to be released: what a rule keeps waiting, all of it or that of an account, of a parent subscription. */
export interface Held {
  /** The id of the rule that keeps it waiting. */
  readonly decidedBy: string
  /** Only what belongs to this account. */
  readonly account?: string
  /** Only the add-ons of this subscription. */
  readonly parent?: string
}

/** Statuses that a rule leaves what it keeps waiting in. */
const WAITING = [provisioningStatus['Awaiting Provisioning'], provisioningStatus['Failed Provisioning']] as const

/**
 * Lets change logs go on whose waiting is over, the oldest first: each is decided anew and queued once. Answers how many.
 * What is released is decided by another rule from then on, so that releasing twice does nothing the second time.
 */
export async function releaseChangeLogs(
  service: OrganizationService,
  { decidedBy, account, parent }: Held,
): Promise<number> {
  const query = select(LicenseChangeLog, ['work365_licensechangelogid'])
    .where('work365_licensechangelog_decidedby', 'eq', decidedBy)
    .where('work365_licensechangelog_provisioningstatus', 'in', ...WAITING)
    .orderBy('createdon')
  // It is the subscription's customer whose hold holds, which need not be the one that the change log was written with.
  const ofSubscription = [
    ...(account === undefined ? [] : [equals('work365_subscription_customer', account)]),
    ...(parent === undefined ? [] : [equals('work365_subscription_parentsubscription', parent)]),
  ]
  const ids = await allIds(
    service,
    ofSubscription.length === 0 ? query : query.linked(subscriptionLink(ofSubscription)),
    'work365_licensechangelogid',
  )
  for (const id of ids) {
    await service.update(
      LicenseChangeLog,
      id,
      { work365_licensechangelog_provisioningstatus: provisioningStatus['Awaiting Provisioning'] },
      { tag: RELEASE },
    )
  }
  return ids.length
}

/** The same for non-recurring items. */
export async function releaseItems(
  service: OrganizationService,
  { decidedBy }: Pick<Held, 'decidedBy'>,
): Promise<number> {
  const query = select(NonRecurringItem, ['work365_nonrecurringitemid'])
    .where('work365_nonrecurringitem_decidedby', 'eq', decidedBy)
    .where('work365_nonrecurringitem_provisioningstatus', 'in', ...WAITING)
    .orderBy('createdon')
  const ids = await allIds(service, query, 'work365_nonrecurringitemid')
  for (const id of ids) {
    await service.update(
      NonRecurringItem,
      id,
      { work365_nonrecurringitem_provisioningstatus: provisioningStatus['Awaiting Provisioning'] },
      { tag: RELEASE },
    )
  }
  return ids.length
}

const equals = (column: string, value: string): Condition => ({
  kind: 'compare',
  column,
  operator: 'eq',
  values: [value],
})

function subscriptionLink(conditions: readonly Condition[]): Link {
  return {
    table: 'work365_subscription',
    from: 'work365_subscriptionid',
    to: 'work365_licensechangelog_subscription',
    type: 'inner',
    filter: { kind: 'and', conditions },
  }
}
