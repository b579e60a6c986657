import { Job, jobType, ProviderAccount } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { changeSourceTags } from '../change-source.ts'
import { loadSettings } from '../load-settings.ts'

/** A8: a provider account that a sync has found is announced by a job of its own, when somebody wants to know. */
export const announceProviderAccount = defineStep({
  name: 'work365: announce a new provider account',
  table: ProviderAccount,
  message: 'Create',
  stage: 'postOperation',
  rank: 20,
  rules: ['A8'],

  async run({ id, target, service, sharedVariables }) {
    if (sharedVariables.tag !== changeSourceTags.provider) return
    const { values } = await loadSettings(service)
    if (!values.notifyNewProviderAccount) return
    const name = target.work365_provideraccount_name ?? id
    await service.create(Job, {
      work365_job_name: `Notify of New Provider Account: ${name}`.slice(0, 200),
      work365_job_jobtype: jobType['Notify of New Provider Account'],
      work365_job_provideraccount: reference(ProviderAccount, id),
    })
  },
})
