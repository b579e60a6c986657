import { Account, NonRecurringItem, provisioningStatus } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { defineStep } from '../../define-step.ts'
import { allIds } from '../all-rows.ts'

/** C4, C5: the items of an account that are not provisioned yet take over its Credit Hold; taking it off releases them. */
export const mirrorCreditHold = defineStep({
  name: "work365: mirror an account's credit hold on its non-recurring items",
  table: Account,
  message: 'Update',
  stage: 'postOperation',
  rank: 20,
  rules: ['C4', 'C5'],
  filter: ['creditonhold'],
  preImage: ['creditonhold'],
  postImage: ['creditonhold'],

  async run({ id, preImage, postImage, service }) {
    const onHold = postImage.creditonhold === true
    if ((preImage.creditonhold === true) === onHold) return
    const query = select(NonRecurringItem, ['work365_nonrecurringitemid'])
      .where('work365_nonrecurringitem_customer', 'eq', id)
      .where('work365_nonrecurringitem_creditonhold', 'ne', onHold)
      .where('work365_nonrecurringitem_provisioningstatus', 'ne', provisioningStatus.Provisioned)
      .orderBy('createdon')
    for (const item of await allIds(service, query, 'work365_nonrecurringitemid')) {
      await service.update(NonRecurringItem, item, { work365_nonrecurringitem_creditonhold: onHold })
    }
  },
})
