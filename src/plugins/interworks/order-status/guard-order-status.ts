import { InterworksOrderStatus, InterworksProductType } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { refusal } from '../refusal.ts'
import { objectionTo, type StatusChange } from './decide-status-change.ts'
import { readOrderStatuses, toOrderStatus } from './order-status.ts'

const rules = ['I1', 'I9']

/** I1: there are no further mandatory statuses. */
export const guardNewOrderStatus = defineStep({
  name: 'interworks: check a new order status',
  table: InterworksOrderStatus,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  rules: ['I1'],

  async run({ id, target, service }) {
    await refuseIfObjectionable(service, { before: null, after: toOrderStatus(id, target) })
  },
})

/** I1, I9: mandatory statuses stay what they are, and so does the one that new manual orders need. */
export const guardOrderStatus = defineStep({
  name: 'interworks: keep the order statuses that are needed',
  table: InterworksOrderStatus,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_isactive', 'iw_type', 'iw_storefronttype', 'iw_ismandatory', 'iw_isdefault'],
  preImage: ['iw_name', 'iw_isactive', 'iw_type', 'iw_storefronttype', 'iw_ismandatory', 'iw_isdefault'],
  rules,

  async run({ id, target, preImage, service }) {
    await refuseIfObjectionable(service, {
      before: toOrderStatus(id, preImage),
      after: toOrderStatus(id, { ...preImage, ...target }),
    })
  },
})

/** I1, I9: and they are not deleted either. */
export const guardOrderStatusDeletion = defineStep({
  name: 'interworks: keep the order statuses that are needed from being deleted',
  table: InterworksOrderStatus,
  message: 'Delete',
  stage: 'preOperation',
  rank: 10,
  preImage: ['iw_name', 'iw_isactive', 'iw_type', 'iw_storefronttype', 'iw_ismandatory', 'iw_isdefault'],
  rules,

  async run({ id, preImage, service }) {
    await refuseIfObjectionable(service, { before: toOrderStatus(id, preImage), after: null })
  },
})

async function refuseIfObjectionable(
  service: OrganizationService,
  change: Pick<StatusChange, 'before' | 'after'>,
): Promise<void> {
  const [all, manualTypes] = [await readOrderStatuses(service), await manualTypesOf(service)]
  const objection = objectionTo({ ...change, all, manualTypes })
  if (objection) throw refusal(objection.rule, objection.problem, objection.fix)
}

/** The names of the active product types whose new orders wait for a person. */
async function manualTypesOf(service: OrganizationService): Promise<readonly string[]> {
  const { rows } = await service.retrieveMultiple(
    select(InterworksProductType, ['iw_name'])
      .where('iw_nonautomaticexecution', 'eq', true)
      .where('statecode', 'eq', 0)
      .orderBy('iw_name'),
  )
  return rows.map(({ iw_name }) => iw_name ?? '')
}
