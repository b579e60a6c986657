import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { RELEASE } from '../change-source.ts'
import { changeLogFactColumns, changeLogFactsOf, gatherFacts } from '../gather-facts.ts'
import { OUTCOME, type ProvisioningRule } from '../provisioning-decision.ts'

/**
 * A job decides outside of any transaction, and writes later. What it has found to wait may be released in between, by
 * somebody who did not see it waiting yet: so the rules are asked once more in the transaction that writes it.
 */
export function recheckDecision(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: "work365: recheck a job's decision about a change log",
    table: LicenseChangeLog,
    message: 'Update',
    stage: 'postOperation',
    rank: 15,
    rules: ['C4', 'L12', 'G6'],
    filter: ['work365_licensechangelog_decidedby'],
    postImage: ['work365_licensechangelog_provisioningstatus', ...changeLogFactColumns],

    async run({ id, postImage, service, sharedVariables, now, trace }) {
      const { Provisioned, 'Not Applicable': notApplicable } = provisioningStatus
      const status = postImage.work365_licensechangelog_provisioningstatus
      const changeLog = changeLogFactsOf(postImage)
      // Settled in this very operation, or for good.
      if (sharedVariables[OUTCOME] || !changeLog || status === Provisioned || status === notApplicable) return

      const facts = await gatherFacts(service, { id, ...changeLog }, 'processing', now())
      if (!decide(rules, facts).outcome.queue) return
      trace('what it waited for is over already: it goes on')
      await service.update(
        LicenseChangeLog,
        id,
        { work365_licensechangelog_provisioningstatus: provisioningStatus['Awaiting Provisioning'] },
        { tag: RELEASE },
      )
    },
  })
}
