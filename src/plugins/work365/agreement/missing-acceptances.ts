import { Agreement } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { agreementStatus } from './agreement-status.ts'
import { activeTemplatesOf, isInEffect, nameOfTemplate } from './template-in-effect.ts'

/**
 * G6: the names of the provider's templates in effect that the account has not accepted; `null` when the provider demands
 * none. One question for a provider without templates, two for others.
 */
export async function missingAcceptances(
  service: OrganizationService,
  account: EntityReference,
  provider: EntityReference,
  today: string,
): Promise<readonly string[] | null> {
  const templates = (await activeTemplatesOf(service, provider)).filter((template) => isInEffect(template, today))
  if (templates.length === 0) return null
  const { rows } = await service.retrieveMultiple(
    select(Agreement, ['work365_agreement_agreementtemplate'])
      .where('work365_agreement_account', 'eq', account.id)
      .where('statuscode', 'eq', agreementStatus.active),
  )
  const accepted = new Set(rows.map(({ work365_agreement_agreementtemplate: template }) => template?.id))
  return templates.filter(({ work365_agreementtemplateid: id }) => !accepted.has(id)).map(nameOfTemplate)
}
