import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { RELEASE } from '../change-source.ts'
import { changeLogFactColumns, changeLogFactsOf, gatherFacts } from '../gather-facts.ts'
import {
  handOn,
  type ProvisioningRule,
  settle,
  settledChangeLogColumns,
  toChangeLog,
} from '../provisioning-decision.ts'

/**
 * L7: a move into Awaiting Provisioning from another status asks the rules again. Saving Awaiting over Awaiting does
 * nothing, which is why people toggle; a release says that it means it.
 */
export function decideRequeued(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide about a re-queued change log',
    table: LicenseChangeLog,
    message: 'Update',
    stage: 'preOperation',
    rank: 10,
    rules: ['L7', 'L9', 'L12', 'C4', 'P6'],
    filter: ['work365_licensechangelog_provisioningstatus'],
    preImage: [
      'work365_licensechangelog_provisioningstatus',
      'work365_licensechangelog_decidedby',
      'work365_licensechangelog_waitingsince',
      ...changeLogFactColumns,
    ],
    changes: settledChangeLogColumns,
    behindWebhook: 'updateAfterwards',

    async run({ id, target, preImage: before, service, sharedVariables, now, trace }) {
      const awaiting = provisioningStatus['Awaiting Provisioning']
      if (target.work365_licensechangelog_provisioningstatus !== awaiting) return
      const wasAwaiting = before.work365_licensechangelog_provisioningstatus === awaiting
      if (wasAwaiting && sharedVariables.tag !== RELEASE) return trace('it was awaiting already')
      const effectiveDate =
        target.work365_licensechangelog_effectivedate ?? before.work365_licensechangelog_effectivedate
      const changeLog = changeLogFactsOf({ ...before, work365_licensechangelog_effectivedate: effectiveDate })
      if (!changeLog) return

      const facts = await gatherFacts(service, { id, ...changeLog }, 'requeued', now(), { fill: true })
      const decision = decide(rules, facts)
      const waited = {
        decidedBy: before.work365_licensechangelog_decidedby,
        waitingSince: before.work365_licensechangelog_waitingsince,
      }
      Object.assign(target, toChangeLog(settle(decision, now(), waited)))
      handOn(decision, { sharedVariables, trace })
    },
  })
}
