import { AgreementTemplate } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import {
  type EntityReference,
  InvalidPluginExecution,
  type OrganizationService,
  type Selected,
} from '../../../service/index.ts'

export const templateColumns = [
  'work365_agreementtemplateid',
  'work365_agreementtemplate_name',
  'work365_agreementtemplate_provider',
  'work365_agreementtemplate_templateid',
  'work365_agreementtemplate_effectivedate',
  'work365_agreementtemplate_expireson',
  'statecode',
] as const
export type TemplateRow = Selected<typeof AgreementTemplate, (typeof templateColumns)[number]>

export const nameOfTemplate = (template: TemplateRow) =>
  template.work365_agreementtemplate_name ?? template.work365_agreementtemplateid

/** Whether the day is past on which the template is last in effect. */
export function hasExpired(template: TemplateRow, today: string): boolean {
  const expiresOn = template.work365_agreementtemplate_expireson
  return expiresOn !== null && expiresOn < today
}

/** Whether customers have to have accepted the template today: it is active, in effect already and not expired. */
export function isInEffect(template: TemplateRow, today: string): boolean {
  const from = template.work365_agreementtemplate_effectivedate
  return template.statecode === 0 && (from === null || from <= today) && !hasExpired(template, today)
}

/** The active templates of a provider, by name. */
export async function activeTemplatesOf(
  service: OrganizationService,
  provider: EntityReference,
): Promise<readonly TemplateRow[]> {
  const { rows } = await service.retrieveMultiple(
    select(AgreementTemplate, templateColumns)
      .where('work365_agreementtemplate_provider', 'eq', provider.id)
      .where('statecode', 'eq', 0)
      .orderBy('work365_agreementtemplate_name'),
  )
  return rows
}

/**
 * The template, if agreements may be made from it.
 *
 * @throws InvalidPluginExecution when it is inactive or has expired, or names no provider; the message says what to do.
 */
export async function usableTemplate(
  service: OrganizationService,
  id: string,
  today: string,
): Promise<TemplateRow & { readonly work365_agreementtemplate_provider: EntityReference }> {
  const template = await service.retrieve(AgreementTemplate, id, templateColumns)
  const provider = template.work365_agreementtemplate_provider
  const refuse = (what: string): never => {
    throw new InvalidPluginExecution(`No agreements can be made from template '${nameOfTemplate(template)}': ${what}`)
  }
  if (template.statecode !== 0) refuse('it is inactive. Activate it first (statecode).')
  if (hasExpired(template, today)) {
    refuse(
      `it expired on ${template.work365_agreementtemplate_expireson}. Change its Expires On (work365_agreementtemplate_expireson) or use a newer template.`,
    )
  }
  if (!provider) refuse('it names no provider. Choose one in Provider (work365_agreementtemplate_provider).')
  return { ...template, work365_agreementtemplate_provider: provider! }
}
