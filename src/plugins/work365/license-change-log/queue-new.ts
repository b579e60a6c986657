import { LicenseChangeLog } from '../../../entities/index.ts'
import type { ProvisioningOutcome } from '../../../rules/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { OUTCOME } from '../provisioning-decision.ts'
import { queueJobs } from '../queue-jobs.ts'

/** L6: a new change log that awaits provisioning gets its job. */
export const queueNew = defineStep({
  name: 'work365: queue a new change log',
  table: LicenseChangeLog,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,
  rules: ['P3', 'L4', 'L6'],

  async run({ target, service, sharedVariables }) {
    const outcome = sharedVariables[OUTCOME] as ProvisioningOutcome | undefined
    const subscription = target.work365_licensechangelog_subscription
    if (!outcome || !subscription) return
    const name = target.work365_licensechangelog_name ?? target.id
    await queueJobs(service, outcome, { regarding: reference(LicenseChangeLog, target.id), name, subscription })
  },
})
