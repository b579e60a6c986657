import { LicenseChangeLog, provisioningStatus, Subscription } from '../../../entities/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../load-settings.ts'
import { releaseChangeLogs } from '../release.ts'

/** L12: once a subscription is provisioned, its add-ons that wait for it go on. */
export const releaseAddOns = defineStep({
  name: 'work365: release the add-ons of a provisioned subscription',
  table: LicenseChangeLog,
  message: 'Update',
  stage: 'postOperation',
  rank: 20,
  rules: ['L12'],
  filter: ['work365_licensechangelog_provisioningstatus'],
  postImage: ['work365_licensechangelog_provisioningstatus', 'work365_licensechangelog_subscription'],

  async run({ postImage, service, trace }) {
    const { Provisioned, 'Not Applicable': notApplicable } = provisioningStatus
    const status = postImage.work365_licensechangelog_provisioningstatus
    const parent = postImage.work365_licensechangelog_subscription
    if (!parent || (status !== Provisioned && status !== notApplicable)) return
    await releaseAddOnsOf(service, parent.id, trace)
  },
})

/** L12: the same once a subscription is active again. */
export const releaseAddOnsOfActivated = defineStep({
  name: 'work365: release the add-ons of an activated subscription',
  table: Subscription,
  message: 'Update',
  stage: 'postOperation',
  rank: 20,
  rules: ['L12'],
  filter: ['statecode', 'statuscode'],
  preImage: ['statecode'],
  postImage: ['statecode'],

  async run({ id, preImage, postImage, service, trace }) {
    if (preImage.statecode === 0 || postImage.statecode !== 0) return
    await releaseAddOnsOf(service, id, trace)
  },
})

async function releaseAddOnsOf(service: OrganizationService, parent: string, trace: (text: string) => void) {
  const { values } = await loadSettings(service)
  if (!values.releaseAddOns) return trace('Release add-ons is off: they wait for a person')
  const released = await releaseChangeLogs(service, { decidedBy: 'L12', parent })
  if (released > 0) trace(`released ${released} change logs of add-ons`)
}
