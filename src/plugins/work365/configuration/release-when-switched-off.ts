import { Configuration } from '../../../entities/index.ts'
import { settings } from '../../../rules/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { loadSettings } from '../load-settings.ts'
import { releaseChangeLogs, releaseItems } from '../release.ts'

const { key } = settings.enableCreditHold

/**
 * C6: when Enable Credit Hold is turned off, what it held goes on. Asynchronously, because that may be much; each release is
 * an operation of its own, so one that is interrupted goes on where it was.
 */
export const releaseWhenSwitchedOff = defineStep({
  name: 'work365: release everything when credit hold is switched off',
  table: Configuration,
  message: 'Update',
  stage: 'postOperation',
  mode: 'asynchronous',
  rank: 10,
  rules: ['C6'],
  preImage: ['work365_configuration_name'],
  postImage: ['work365_configuration_name'],

  async run({ preImage, postImage, service, trace }) {
    const names = [preImage.work365_configuration_name, postImage.work365_configuration_name]
    if (names.includes(key)) await releaseAll(service, trace)
  },
})

/** C6: the same when its row is deleted. */
export const releaseWhenDeleted = defineStep({
  name: 'work365: release everything when the row of credit hold is deleted',
  table: Configuration,
  message: 'Delete',
  stage: 'postOperation',
  mode: 'asynchronous',
  rank: 10,
  rules: ['C6'],
  preImage: ['work365_configuration_name'],

  async run({ preImage, service, trace }) {
    if (preImage.work365_configuration_name === key) await releaseAll(service, trace)
  },
})

async function releaseAll(service: OrganizationService, trace: (text: string) => void): Promise<void> {
  const { values } = await loadSettings(service)
  if (values.enableCreditHold) return
  if (!values.releaseWhenSwitchedOff) return trace('Release when switched off is off: what was held waits for a person')
  const held = { decidedBy: 'C1' }
  const changeLogs = await releaseChangeLogs(service, held)
  const items = await releaseItems(service, held)
  trace(`released ${changeLogs} change logs and ${items} items`)
}
