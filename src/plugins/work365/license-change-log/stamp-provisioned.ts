import { LicenseChangeLog, provisioningStatus } from '../../../entities/index.ts'
import { defineStep } from '../../define-step.ts'

/** L4, L6: a change log that becomes Provisioned, by a job or by a person, records when. */
export const stampProvisioned = defineStep({
  name: 'work365: record when a change log was provisioned',
  table: LicenseChangeLog,
  message: 'Update',
  stage: 'preOperation',
  rank: 20,
  rules: ['L4', 'L6'],
  filter: ['work365_licensechangelog_provisioningstatus'],
  preImage: ['work365_licensechangelog_provisioningstatus'],
  changes: [
    'work365_licensechangelog_actualprovisionedon',
    'work365_licensechangelog_provisioningmessage',
    'work365_licensechangelog_waitingsince',
  ],
  behindWebhook: 'updateAfterwards',

  run({ target, preImage, now }) {
    const { Provisioned } = provisioningStatus
    if (target.work365_licensechangelog_provisioningstatus !== Provisioned) return
    if (preImage.work365_licensechangelog_provisioningstatus === Provisioned) return
    target.work365_licensechangelog_actualprovisionedon ??= now()
    target.work365_licensechangelog_waitingsince = null
    if (target.work365_licensechangelog_provisioningmessage === undefined) {
      target.work365_licensechangelog_provisioningmessage = null
    }
  },
})
