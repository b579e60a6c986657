import { LicenseChangeLog } from '../../../entities/index.ts'
import { InvalidPluginExecution } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'

/** L1: change logs are never deleted. */
export const refuseDeletion = defineStep({
  name: 'work365: refuse to delete a change log',
  table: LicenseChangeLog,
  message: 'Delete',
  stage: 'preValidation',
  rules: ['L1'],

  run() {
    throw new InvalidPluginExecution(
      'A licence change log cannot be deleted: the quantities of its subscription rest on it. Archive it instead.',
    )
  },
})
