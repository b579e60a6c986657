import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { gatherFacts } from '../gather-facts.ts'
import { columnsOf, OUTCOME, type ProvisioningRule } from '../provisioning-decision.ts'

/** The rules settle what becomes of a new change log, unless its creator says it. */
export function decideNew(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide about a new change log',
    table: LicenseChangeLog,
    message: 'Create',
    stage: 'preOperation',
    rank: 10,
    changes: [
      'work365_licensechangelog_provisioningstatus',
      'work365_licensechangelog_provisioningmessage',
      'work365_licensechangelog_name',
    ],
    behindWebhook: 'updateAfterwards',

    async run({ target, service, sharedVariables, now, trace }) {
      const status = target.work365_licensechangelog_provisioningstatus
      const subscription = target.work365_licensechangelog_subscription
      if (!subscription) return trace('no subscription: nothing to decide')
      if (status != null && status !== provisioningStatus['Awaiting Provisioning']) return

      const facts = await gatherFacts(
        service,
        {
          subscription,
          isAudit: target.work365_licensechangelog_isaudit === true,
          changeSource: target.work365_licensechangelog_changesource,
          effectiveDate: target.work365_licensechangelog_effectivedate,
        },
        'created',
        now(),
      )
      const decision = decide(rules, facts)
      target.work365_licensechangelog_name ??= facts.subscription.name
      Object.assign(target, columnsOf(decision))
      sharedVariables[OUTCOME] = decision.outcome
      trace(`${decision.rule.id}: ${decision.outcome.status}. ${decision.because}`)
    },
  })
}
