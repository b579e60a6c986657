import { Account, LicenseChangeLog, provisioningStatus, Subscription } from '../../../entities/index.ts'
import { MAX_PAGE_SIZE, select } from '../../../query/index.ts'
import { decide, type ProvisioningFacts } from '../../../rules/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { gatherFacts } from '../gather-facts.ts'
import { loadSettings } from '../load-settings.ts'
import { columnsOf, type ProvisioningRule } from '../provisioning-decision.ts'
import { isInHand, queueJobs } from '../queue-jobs.ts'

/** C4: an account that comes off credit hold has its held change logs provisioned, the oldest first. */
export function releaseCreditHold(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: release what a credit hold held',
    table: Account,
    message: 'Update',
    stage: 'postOperation',
    rank: 10,
    filter: ['creditonhold'],
    preImage: ['creditonhold'],

    async run({ id, target, preImage, service, now, trace }) {
      if (preImage.creditonhold !== true || target.creditonhold === true) return
      const { values } = await loadSettings(service)
      if (!values.enableCreditHold) return trace('Enable Credit Hold is off: nothing was held')

      for (const row of await awaitingChangeLogs(service, id)) {
        const changeLog = row.work365_licensechangelogid
        if (await isInHand(service, changeLog)) continue
        const subscription = row.work365_licensechangelog_subscription!
        const facts = await gatherFacts(
          service,
          {
            subscription,
            isAudit: row.work365_licensechangelog_isaudit === true,
            changeSource: row.work365_licensechangelog_changesource,
            effectiveDate: row.work365_licensechangelog_effectivedate,
          },
          'requeued',
          now(),
        )
        if (!wasHeld(rules, facts)) continue
        const decision = decide(rules, facts)
        await service.update(LicenseChangeLog, changeLog, columnsOf(decision))
        await queueJobs(service, decision.outcome, {
          id: changeLog,
          name: row.work365_licensechangelog_name ?? changeLog,
          subscription,
        })
      }
    },
  })
}

/** Whether it was the hold that the change log waited for, and not something that the rules ask before. */
function wasHeld(rules: readonly ProvisioningRule[], facts: ProvisioningFacts): boolean {
  const onHold = { ...facts, account: facts.account && { ...facts.account, creditOnHold: true } }
  return decide(rules, onHold).rule.id === 'C1'
}

/**
 * What awaits provisioning of an account, the oldest first. It is the subscription's customer whose hold holds, which
 * need not be the one that the change log was written with.
 */
async function awaitingChangeLogs(service: OrganizationService, account: string) {
  const query = select(LicenseChangeLog, [
    'work365_licensechangelogid',
    'work365_licensechangelog_name',
    'work365_licensechangelog_subscription',
    'work365_licensechangelog_isaudit',
    'work365_licensechangelog_changesource',
    'work365_licensechangelog_effectivedate',
  ])
    .where('work365_licensechangelog_provisioningstatus', 'eq', provisioningStatus['Awaiting Provisioning'])
    .linked({
      table: Subscription.logicalName,
      from: 'work365_subscriptionid',
      to: 'work365_licensechangelog_subscription',
      type: 'inner',
      filter: { kind: 'compare', column: 'work365_subscription_customer', operator: 'eq', values: [account] },
    })
    .orderBy('createdon')
  const found = []
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(MAX_PAGE_SIZE, cookie))
    found.push(...rows)
    cookie = pagingCookie
  } while (cookie !== undefined)
  return found
}
