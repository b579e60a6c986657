import { Account, Agreement, ProviderAccount } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { accountsWithAgreement } from './find-agreements.ts'
import { newAgreement } from './new-agreement.ts'
import type { TemplateRow } from './template-in-effect.ts'

/** A provider account for which no agreement was created. */
export interface SkippedProviderAccount {
  readonly id: string
  readonly name: string
  readonly reason: string
}

export interface AgreementBatch {
  readonly created: number
  readonly skipped: readonly SkippedProviderAccount[]
  /** Where the next batch begins; `undefined` after the last. */
  readonly after: string | undefined
}

/** How many provider accounts a batch looks at unless it is told. */
export const BATCH_SIZE = 500

/**
 * G2, G3: makes the agreements of a template that are missing, for one batch of the provider accounts of its provider.
 * Takes three questions per batch, whatever its size, and one write per agreement.
 *
 * @param options.after where the batch before it ended; left out: from the beginning
 */
export async function createMissingAgreements(
  service: OrganizationService,
  template: TemplateRow & { readonly work365_agreementtemplate_provider: EntityReference },
  { size = BATCH_SIZE, after }: { readonly size?: number; readonly after?: string | undefined } = {},
): Promise<AgreementBatch> {
  const { rows, pagingCookie } = await service.retrieveMultiple(
    select(ProviderAccount, [
      'work365_provideraccountid',
      'work365_provideraccount_name',
      'work365_provideraccount_account',
      'statecode',
    ])
      .where('work365_provideraccount_provider', 'eq', template.work365_agreementtemplate_provider.id)
      .paged(size, after),
  )
  const accounts = [...new Set(rows.flatMap(({ work365_provideraccount_account: account }) => account?.id ?? []))]
  const having = new Set(await accountsWithAgreement(service, template.work365_agreementtemplateid, accounts))
  const inactive = await inactiveAmong(service, accounts)

  const skipped: SkippedProviderAccount[] = []
  let created = 0
  for (const row of rows) {
    const account = row.work365_provideraccount_account
    const reason = reasonToSkip(row.statecode === 0, account, having, inactive)
    if (account && reason === undefined) {
      await service.create(Agreement, newAgreement(template, account))
      having.add(account.id)
      created++
    } else {
      const id = row.work365_provideraccountid
      skipped.push({ id, name: row.work365_provideraccount_name ?? id, reason: reason! })
    }
  }
  return { created, skipped, after: pagingCookie }
}

function reasonToSkip(
  isActive: boolean,
  account: EntityReference | null,
  having: ReadonlySet<string>,
  inactive: ReadonlySet<string>,
): string | undefined {
  if (!account) return 'The provider account is mapped to no account.'
  if (having.has(account.id)) return 'The account has this agreement already.'
  if (!isActive) return 'The provider account is inactive.'
  if (inactive.has(account.id)) return 'The account is inactive.'
  return undefined
}

async function inactiveAmong(service: OrganizationService, accounts: readonly string[]): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set()
  const { rows } = await service.retrieveMultiple(
    select(Account, ['accountid'])
      .where('accountid', 'in', ...accounts)
      .where('statecode', 'eq', 1),
  )
  return new Set(rows.map(({ accountid }) => accountid))
}
