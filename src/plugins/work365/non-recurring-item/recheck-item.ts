import { NonRecurringItem, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { RELEASE } from '../change-source.ts'
import { OUTCOME, type ProvisioningRule } from '../provisioning-decision.ts'
import { gatherItemFacts, itemFactColumns } from './gather-item-facts.ts'

/** The same as for a change log: what a job has found to wait may have been released before it is written. */
export function recheckItem(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: "work365: recheck a job's decision about a non-recurring item",
    table: NonRecurringItem,
    message: 'Update',
    stage: 'postOperation',
    rank: 15,
    rules: ['C4', 'G6'],
    filter: ['work365_nonrecurringitem_decidedby'],
    postImage: ['work365_nonrecurringitem_provisioningstatus', ...itemFactColumns],

    async run({ id, postImage, service, sharedVariables, now, trace }) {
      const { Provisioned, 'Not Applicable': notApplicable } = provisioningStatus
      const status = postImage.work365_nonrecurringitem_provisioningstatus
      if (sharedVariables[OUTCOME] || status === Provisioned || status === notApplicable) return

      const facts = await gatherItemFacts(service, id, postImage, 'processing', now())
      if (!decide(rules, facts).outcome.queue) return
      trace('what it waited for is over already: it goes on')
      await service.update(
        NonRecurringItem,
        id,
        { work365_nonrecurringitem_provisioningstatus: provisioningStatus['Awaiting Provisioning'] },
        { tag: RELEASE },
      )
    },
  })
}
