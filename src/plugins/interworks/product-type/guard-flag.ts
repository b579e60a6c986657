import { InterworksProductType } from '../../../entities/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { readOrderStatuses } from '../order-status/order-status.ts'
import { refusal } from '../refusal.ts'
import { objectionToFlag } from './decide-flag.ts'

const rules = ['I3', 'I5', 'I7', 'I8']

/** I5, I7: a new product type has the flag only where it can be. */
export const guardNewFlag = defineStep({
  name: 'interworks: check non automatic execution of a new product type',
  table: InterworksProductType,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  rules,

  async run({ target, service }) {
    if (target.iw_nonautomaticexecution === true) {
      await refuseUnlessPossible(service, target.iw_name, target.iw_isassettype)
    }
  },
})

/** I5, I7: the flag is turned on only where it can be. Other settings are left alone (I8). */
export const guardFlag = defineStep({
  name: 'interworks: check non automatic execution',
  table: InterworksProductType,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_nonautomaticexecution', 'iw_isassettype'],
  preImage: ['iw_name', 'iw_nonautomaticexecution', 'iw_isassettype'],
  rules,

  async run({ target, preImage, service }) {
    const after = { ...preImage, ...target }
    const unchanged =
      preImage.iw_nonautomaticexecution === true && preImage.iw_isassettype === (after.iw_isassettype ?? false)
    if (after.iw_nonautomaticexecution !== true || unchanged) return
    await refuseUnlessPossible(service, after.iw_name, after.iw_isassettype)
  },
})

async function refuseUnlessPossible(
  service: OrganizationService,
  name: string | null | undefined,
  isAsset: boolean | null | undefined,
): Promise<void> {
  const type = { name: name ?? '', isAsset: isAsset === true }
  const objection = objectionToFlag(type, await readOrderStatuses(service))
  if (objection) throw refusal(objection.rule, objection.problem, objection.fix)
}
