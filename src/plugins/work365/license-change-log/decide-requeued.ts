import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { gatherFacts } from '../gather-facts.ts'
import { columnsOf, OUTCOME, type ProvisioningRule } from '../provisioning-decision.ts'

/**
 * L7: a move into Awaiting Provisioning from another status asks the rules again. Saving Awaiting over Awaiting does
 * nothing, which is why people toggle.
 */
export function decideRequeued(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide about a re-queued change log',
    table: LicenseChangeLog,
    message: 'Update',
    stage: 'preOperation',
    rank: 10,
    filter: ['work365_licensechangelog_provisioningstatus'],
    preImage: [
      'work365_licensechangelog_provisioningstatus',
      'work365_licensechangelog_subscription',
      'work365_licensechangelog_isaudit',
      'work365_licensechangelog_changesource',
      'work365_licensechangelog_effectivedate',
    ],
    changes: ['work365_licensechangelog_provisioningstatus', 'work365_licensechangelog_provisioningmessage'],
    behindWebhook: 'updateAfterwards',

    async run({ target, preImage: before, service, sharedVariables, now, trace }) {
      const awaiting = provisioningStatus['Awaiting Provisioning']
      if (target.work365_licensechangelog_provisioningstatus !== awaiting) return
      if (before.work365_licensechangelog_provisioningstatus === awaiting) return trace('it was awaiting already')
      const subscription = before.work365_licensechangelog_subscription
      if (!subscription) return

      const facts = await gatherFacts(
        service,
        {
          subscription,
          isAudit: before.work365_licensechangelog_isaudit === true,
          changeSource: before.work365_licensechangelog_changesource,
          effectiveDate: target.work365_licensechangelog_effectivedate ?? before.work365_licensechangelog_effectivedate,
        },
        'requeued',
        now(),
        { fill: true },
      )
      const decision = decide(rules, facts)
      Object.assign(target, columnsOf(decision))
      sharedVariables[OUTCOME] = decision.outcome
      trace(`${decision.rule.id}: ${decision.outcome.status}. ${decision.because}`)
    },
  })
}
