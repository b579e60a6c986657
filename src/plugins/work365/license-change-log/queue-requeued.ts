import { LicenseChangeLog } from '../../../entities/index.ts'
import type { ProvisioningOutcome } from '../../../rules/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { OUTCOME } from '../provisioning-decision.ts'
import { queueJobs } from '../queue-jobs.ts'

/**
 * L7: a re-queued change log gets a new job, even while an older one waits for its day or its next try: a person who
 * re-queues wants it now. Whichever comes second finds the change log done.
 */
export const queueRequeued = defineStep({
  name: 'work365: queue a re-queued change log',
  table: LicenseChangeLog,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  rules: ['L7', 'C4'],
  filter: ['work365_licensechangelog_provisioningstatus'],
  postImage: ['work365_licensechangelog_name', 'work365_licensechangelog_subscription'],

  async run({ id, postImage, service, sharedVariables }) {
    const outcome = sharedVariables[OUTCOME] as ProvisioningOutcome | undefined
    const subscription = postImage.work365_licensechangelog_subscription
    if (!outcome || !subscription) return
    const name = postImage.work365_licensechangelog_name ?? id
    await queueJobs(service, outcome, { regarding: reference(LicenseChangeLog, id), name, subscription })
  },
})
