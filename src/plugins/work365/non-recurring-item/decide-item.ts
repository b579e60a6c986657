import { Account, NonRecurringItem, provisioningStatus } from '../../../entities/index.ts'
import { decide } from '../../../rules/index.ts'
import { defineStep } from '../../define-step.ts'
import { RELEASE } from '../change-source.ts'
import { handOn, type ProvisioningRule, settle, settledItemColumns, toItem } from '../provisioning-decision.ts'
import { gatherItemFacts, itemFactColumns } from './gather-item-facts.ts'

const awaiting = provisioningStatus['Awaiting Provisioning']

/** B3, C5: a new item carries the Credit Hold of its account, and the rules settle what becomes of it. */
export function decideNewItem(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide about a new non-recurring item',
    table: NonRecurringItem,
    message: 'Create',
    stage: 'preOperation',
    rank: 10,
    rules: ['C1', 'C5'],
    changes: [...settledItemColumns, 'work365_nonrecurringitem_creditonhold'],
    behindWebhook: 'updateAfterwards',

    async run({ target, service, sharedVariables, now, trace }) {
      const customer = target.work365_nonrecurringitem_customer
      if (customer) {
        const { creditonhold } = await service.retrieve(Account, customer.id, ['creditonhold'])
        if (creditonhold) target.work365_nonrecurringitem_creditonhold = true
      }
      const status = target.work365_nonrecurringitem_provisioningstatus
      // Without a provider there is nothing to provision: a piece of work, for example.
      if (!target.work365_nonrecurringitem_provider || (status != null && status !== awaiting)) return

      const decision = decide(rules, await gatherItemFacts(service, target.id, target, 'created', now()))
      Object.assign(target, toItem(settle(decision, now())))
      handOn(decision, { sharedVariables, trace })
    },
  })
}

/** L7, C4: an item that is re-queued, released, or whose own Credit Hold is taken off is decided about again. */
export function decideItemAgain(rules: readonly ProvisioningRule[]) {
  return defineStep({
    name: 'work365: decide again about a non-recurring item',
    table: NonRecurringItem,
    message: 'Update',
    stage: 'preOperation',
    rank: 10,
    rules: ['L7', 'C4'],
    filter: ['work365_nonrecurringitem_provisioningstatus', 'work365_nonrecurringitem_creditonhold'],
    preImage: [...settledItemColumns, ...itemFactColumns],
    changes: settledItemColumns,
    behindWebhook: 'updateAfterwards',

    async run({ id, target, preImage: before, service, sharedVariables, now, trace }) {
      const requeued =
        target.work365_nonrecurringitem_provisioningstatus === awaiting &&
        (before.work365_nonrecurringitem_provisioningstatus !== awaiting || sharedVariables.tag === RELEASE)
      const released =
        before.work365_nonrecurringitem_decidedby === 'C1' && target.work365_nonrecurringitem_creditonhold === false
      if (!requeued && !released) return

      const item = { ...before, ...target }
      const decision = decide(rules, await gatherItemFacts(service, id, item, 'requeued', now()))
      const waited = {
        decidedBy: before.work365_nonrecurringitem_decidedby,
        waitingSince: before.work365_nonrecurringitem_waitingsince,
      }
      Object.assign(target, toItem(settle(decision, now(), waited)))
      handOn(decision, { sharedVariables, trace })
    },
  })
}
