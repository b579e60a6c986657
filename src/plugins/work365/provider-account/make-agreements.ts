import { Agreement, Provider, ProviderAccount, providerType } from '../../../entities/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { agreementOf } from '../agreement/find-agreements.ts'
import { newAgreement } from '../agreement/new-agreement.ts'
import { activeTemplatesOf, hasExpired } from '../agreement/template-in-effect.ts'
import { today } from '../load-settings.ts'

/** G2: a provider account that is created with an account gets its agreements. */
export const makeAgreementsOfNew = defineStep({
  name: 'work365: make the agreements of a new provider account',
  table: ProviderAccount,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,
  rules: ['G2'],

  run({ target, service, now }) {
    const { work365_provideraccount_account: account, work365_provideraccount_provider: provider } = target
    return makeAgreements(service, account, provider, now())
  },
})

/** G2: a provider account that is mapped, or taken back, gets its agreements. */
export const makeAgreementsOfMapped = defineStep({
  name: 'work365: make the agreements of a mapped provider account',
  table: ProviderAccount,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  rules: ['G2'],
  filter: ['work365_provideraccount_account', 'work365_provideraccount_provider', 'statecode'],
  postImage: ['work365_provideraccount_account', 'work365_provideraccount_provider', 'statecode'],

  run({ postImage: row, service, now }) {
    if (row.statecode !== 0) return
    return makeAgreements(service, row.work365_provideraccount_account, row.work365_provideraccount_provider, now())
  },
})

async function makeAgreements(
  service: OrganizationService,
  account: EntityReference | null | undefined,
  provider: EntityReference | null | undefined,
  now: Date,
): Promise<void> {
  if (!account || !provider) return
  const templates = await activeTemplatesOf(service, provider)
  if (templates.length === 0 || !(await isAutomatic(service, provider))) return
  const day = await today(service, now)
  for (const template of templates) {
    if (hasExpired(template, day)) continue
    const existing = await agreementOf(service, account.id, template.work365_agreementtemplateid)
    if (!existing) await service.create(Agreement, newAgreement(template, account))
  }
}

async function isAutomatic(service: OrganizationService, provider: EntityReference): Promise<boolean> {
  const { work365_provider_type: type } = await service.retrieve(Provider, provider.id, ['work365_provider_type'])
  return type === providerType.Automatic || type === providerType.Rest
}
