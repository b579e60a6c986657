import { Account } from '../../../entities/index.ts'
import { defineStep } from '../../define-step.ts'
import { releaseChangeLogs } from '../release.ts'

/** C4: an account that comes off credit hold has its held change logs provisioned, the oldest first. */
export const releaseCreditHold = defineStep({
  name: 'work365: release the change logs that a credit hold held',
  table: Account,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  rules: ['C4'],
  filter: ['creditonhold'],
  preImage: ['creditonhold'],

  async run({ id, target, preImage, service, trace }) {
    if (preImage.creditonhold !== true || target.creditonhold === true) return
    const released = await releaseChangeLogs(service, { decidedBy: 'C1', account: id })
    trace(`released ${released} change logs`)
  },
})
