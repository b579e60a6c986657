import { AgreementTemplate } from '../../../entities/index.ts'
import { InvalidPluginExecution, type OrganizationService } from '../../../service/index.ts'
import { callCustomApi, defineCustomApi } from '../../define-custom-api.ts'
import { today } from '../load-settings.ts'
import { BATCH_SIZE, createMissingAgreements, type SkippedProviderAccount } from './create-missing.ts'
import { CREATE_AGREEMENTS } from './prepare.ts'
import { usableTemplate } from './template-in-effect.ts'

const LARGEST_BATCH = 1000

/**
 * G3: the button *Create Agreements* of a template, for one batch of provider accounts in one transaction: a caller goes on
 * with `After` until it is empty. Running it again creates only what is missing.
 */
export const createAgreementsApi = defineCustomApi({
  uniqueName: CREATE_AGREEMENTS,
  displayName: 'Create Agreements',
  description: 'Creates the missing agreements of the template for one batch of provider accounts.',
  kind: 'action',
  table: AgreementTemplate,
  rules: ['G3'],
  parameters: {
    BatchSize: {
      type: 'Integer',
      optional: true,
      description: `How many provider accounts to look at, 1 to ${LARGEST_BATCH}. Default: ${BATCH_SIZE}.`,
    },
    After: { type: 'String', optional: true, description: 'Where the batch before ended. Default: the beginning.' },
  },
  response: {
    Created: { type: 'Integer', description: 'How many agreements were created.' },
    Skipped: { type: 'Integer', description: 'For how many provider accounts none was.' },
    Reasons: { type: 'String', description: 'Why, as JSON: [{ "id", "name", "reason" }].' },
    After: { type: 'String', description: 'Where the next batch begins; empty after the last.' },
  },

  async run({ target, parameters, service, now, trace }) {
    const { BatchSize: size = BATCH_SIZE, After } = parameters
    if (size < 1 || size > LARGEST_BATCH) {
      throw new InvalidPluginExecution(`BatchSize is ${size}, but must be 1 to ${LARGEST_BATCH} (rule G3).`)
    }
    const template = await usableTemplate(service, target.id, await today(service, now()))
    const batch = await createMissingAgreements(service, template, { size, after: After || undefined })
    trace(`created ${batch.created}, skipped ${batch.skipped.length}`)
    return {
      Created: batch.created,
      Skipped: batch.skipped.length,
      Reasons: JSON.stringify(batch.skipped),
      After: batch.after ?? '',
    }
  },
})

/** How far creating agreements has come. */
export interface AgreementProgress {
  readonly created: number
  readonly skipped: number
}

export interface CreatedAgreements {
  readonly created: number
  /** The provider accounts for which no agreement was created, with the reason. */
  readonly skipped: readonly SkippedProviderAccount[]
}

export interface CreateAgreementsOptions {
  /** How many provider accounts one call looks at, 1 to 1000. Default: 500. */
  readonly batchSize?: number
  /** Called after each batch. */
  onProgress?(progress: AgreementProgress): void
}

/**
 * Makes the agreements of a template that are missing, for every customer with a provider account at its provider, in
 * batches of one transaction each (G3). After a failure, and at any later time, it can be run again: it creates only what
 * is missing.
 *
 * The environment needs the custom API `work365_CreateAgreements` (`work365CustomApis`).
 *
 * @throws DataverseError when the template is inactive, has expired or names no provider; the message says what to do.
 * @example const { created, skipped } = await createAgreements(service, templateId, { onProgress: console.log })
 */
export async function createAgreements(
  service: OrganizationService,
  template: string,
  { batchSize = BATCH_SIZE, onProgress }: CreateAgreementsOptions = {},
): Promise<CreatedAgreements> {
  const skipped: SkippedProviderAccount[] = []
  let created = 0
  let after: string | undefined
  do {
    const answer = await callCustomApi(
      service,
      createAgreementsApi,
      { BatchSize: batchSize, ...(after === undefined ? {} : { After: after }) },
      template,
    )
    created += answer.Created
    for (const one of JSON.parse(answer.Reasons) as SkippedProviderAccount[]) skipped.push(one)
    onProgress?.({ created, skipped: skipped.length })
    after = answer.After || undefined
  } while (after !== undefined)
  return { created, skipped }
}
