import { NonRecurringItem } from '../../../entities/index.ts'
import type { ProvisioningOutcome } from '../../../rules/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { OUTCOME } from '../provisioning-decision.ts'
import { queueJobs } from '../queue-jobs.ts'

/** B3: a new item that is to be provisioned gets its job. */
export const queueNewItem = defineStep({
  name: 'work365: queue a new non-recurring item',
  table: NonRecurringItem,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,

  async run({ target, service, sharedVariables }) {
    const outcome = sharedVariables[OUTCOME] as ProvisioningOutcome | undefined
    if (!outcome) return
    const name = target.work365_nonrecurringitem_name ?? target.id
    await queueJobs(service, outcome, { regarding: reference(NonRecurringItem, target.id), name })
  },
})

/** L7, C4: so does one that was decided about again. */
export const queueItemAgain = defineStep({
  name: 'work365: queue a non-recurring item again',
  table: NonRecurringItem,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  rules: ['C4'],
  filter: ['work365_nonrecurringitem_provisioningstatus', 'work365_nonrecurringitem_creditonhold'],
  postImage: ['work365_nonrecurringitem_name'],

  async run({ id, postImage, service, sharedVariables }) {
    const outcome = sharedVariables[OUTCOME] as ProvisioningOutcome | undefined
    if (!outcome) return
    const name = postImage.work365_nonrecurringitem_name ?? id
    await queueJobs(service, outcome, { regarding: reference(NonRecurringItem, id), name })
  },
})
