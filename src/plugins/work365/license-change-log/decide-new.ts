import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { changeLogFactsOf, gatherFacts } from '../gather-facts.ts'
import {
  handOn,
  type ProvisioningRule,
  settle,
  settledChangeLogColumns,
  toChangeLog,
} from '../provisioning-decision.ts'

/** The rules settle what becomes of a new change log, unless its creator says it. */
export function decideNew(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide about a new change log',
    table: LicenseChangeLog,
    message: 'Create',
    stage: 'preOperation',
    rank: 10,
    rules: ['P2', 'P3', 'P5', 'P6', 'P7', 'L3', 'L4', 'L5', 'L10', 'L11', 'L12', 'L13', 'L16', 'L17', 'C1', 'C5', 'G6'],
    changes: [...settledChangeLogColumns, 'work365_licensechangelog_name'],
    behindWebhook: 'updateAfterwards',

    async run({ target, service, sharedVariables, now, trace }) {
      const status = target.work365_licensechangelog_provisioningstatus
      const changeLog = changeLogFactsOf(target)
      if (!changeLog) return trace('no subscription: nothing to decide')
      if (status != null && status !== provisioningStatus['Awaiting Provisioning']) return

      const facts = await gatherFacts(service, changeLog, 'created', now())
      const decision = decide(rules, facts)
      target.work365_licensechangelog_name ??= facts.subscription.name
      Object.assign(target, toChangeLog(settle(decision, now())))
      handOn(decision, { sharedVariables, trace })
    },
  })
}
