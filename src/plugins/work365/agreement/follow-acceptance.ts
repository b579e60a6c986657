import { Agreement, Job, jobType } from '../../../entities/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { releaseChangeLogs, releaseItems } from '../release.ts'
import { ACCEPTANCE } from './accept.ts'
import type { AcceptanceOutcome } from './decide-acceptance.ts'

const postImage = ['work365_agreement_name', 'work365_agreement_account', 'work365_agreement_provider'] as const

/** G5, G6: what follows when an agreement is created as accepted. */
export const followNewAcceptance = defineStep({
  name: 'work365: follow up on a new accepted agreement',
  table: Agreement,
  message: 'Create',
  stage: 'postOperation',
  rank: 20,
  rules: ['G4', 'G6', 'G7'],
  postImage,

  run: ({ id, postImage: row, sharedVariables, service }) =>
    follow(service, id, row, sharedVariables[ACCEPTANCE], true),
})

/** G5, G6: what follows when an agreement is accepted, or its acceptance is seen at the provider. */
export const followAcceptance = defineStep({
  name: 'work365: follow up on an acceptance',
  table: Agreement,
  message: 'Update',
  stage: 'postOperation',
  rank: 20,
  rules: ['G6', 'G7'],
  filter: ['statecode', 'statuscode'],
  preImage: ['work365_agreement_signedby', 'work365_agreement_signedon'],
  postImage,

  run({ id, preImage, postImage: row, sharedVariables, service }) {
    // One that was held already, and is accepted once more, has its jobs.
    const isFirst = !preImage.work365_agreement_signedby || !preImage.work365_agreement_signedon
    return follow(service, id, row, sharedVariables[ACCEPTANCE], isFirst)
  },
})

interface Accepted {
  readonly work365_agreement_name?: string | undefined
  readonly work365_agreement_account?: EntityReference | undefined
  readonly work365_agreement_provider?: EntityReference | undefined
}

async function follow(
  service: OrganizationService,
  id: string,
  agreement: Accepted,
  outcome: AcceptanceOutcome | unknown,
  isFirst: boolean,
): Promise<void> {
  if (outcome === 'accepted' || (outcome === 'held' && isFirst)) {
    await queue(service, 'Confirm Customer Acceptance of Provider Agreement', id, agreement)
  }
  if (outcome === 'held' && isFirst) await queue(service, 'Sync Agreements', id, agreement)
  const account = agreement.work365_agreement_account
  if ((outcome === 'accepted' || outcome === 'attested') && account) {
    const refused = { decidedBy: 'G6', account: account.id }
    await releaseChangeLogs(service, refused)
    await releaseItems(service, refused)
  }
}

async function queue(
  service: OrganizationService,
  type: 'Confirm Customer Acceptance of Provider Agreement' | 'Sync Agreements',
  id: string,
  { work365_agreement_name: name, work365_agreement_provider: provider }: Accepted,
): Promise<void> {
  await service.create(Job, {
    work365_job_name: `${type}: ${name ?? id}`.slice(0, 200),
    work365_job_jobtype: jobType[type],
    work365_job_regarding: reference(Agreement, id),
    ...(provider ? { work365_job_provider: { logicalName: 'work365_provider', id: provider.id } } : {}),
  })
}
