import { Account, channel, Product, Provider } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { ProvisioningFacts } from '../../../rules/index.ts'
import type { ColumnOf, EntityReference, OrganizationService, Row, TypedTable } from '../../../service/index.ts'
import { agreementFacts, commonFacts, partiesOf, sourceOf } from '../gather-facts.ts'
import { loadSettings } from '../load-settings.ts'
import { matchingProviderAccounts } from '../provider-details.ts'

/** The columns of an item that decide about it. */
export const itemFactColumns = [
  'work365_nonrecurringitem_name',
  'work365_nonrecurringitem_customer',
  'work365_nonrecurringitem_product',
  'work365_nonrecurringitem_provider',
  'work365_nonrecurringitem_providerpartnumber',
  'work365_nonrecurringitem_ordersource',
  'work365_nonrecurringitem_provisionon',
  'work365_nonrecurringitem_creditonhold',
] as const

/** An item as far as it decides: its row, or what is about to become of it. */
export type ItemPart = { readonly [Column in (typeof itemFactColumns)[number]]?: unknown }

/**
 * Gathers what decides about a non-recurring item: the same as about a change log, as far as an item has it (B3). Whether
 * it is held says its own Credit Hold, which follows its account's.
 */
export async function gatherItemFacts(
  service: OrganizationService,
  id: string,
  item: ItemPart,
  occasion: ProvisioningFacts['occasion'],
  now: Date,
): Promise<ProvisioningFacts> {
  const settings = await loadSettings(service)
  const customer = (item.work365_nonrecurringitem_customer as EntityReference | null | undefined) ?? null
  const product = (item.work365_nonrecurringitem_product as EntityReference | null | undefined) ?? null
  const provider = (item.work365_nonrecurringitem_provider as EntityReference | null | undefined) ?? null
  const matching = customer && provider ? await matchingProviderAccounts(service, settings, customer, provider) : []
  const [only, ...others] = matching
  const source = item.work365_nonrecurringitem_ordersource as number | null | undefined
  const { account, ...parties } = partiesOf(
    {
      ...(await read(service, Account, customer, 'account', ['name'])),
      ...(await read(service, Product, product, 'product', ['name', 'work365_product_provider'])),
      ...(await read(service, Provider, provider, 'provider', [
        'work365_provider_name',
        'work365_provider_type',
        'work365_provider_consentstatus',
        'statecode',
      ])),
    },
    { customer, product, provider },
  )
  return {
    ...commonFacts(settings, occasion, now),
    subject: 'item',
    changeLog: { source: sourceOf(source), isAudit: false, type: 'Create', effectiveDate: null },
    failedBefore: null,
    subscription: {
      name: (item.work365_nonrecurringitem_name as string | null | undefined) ?? id,
      isActive: true,
      isPortalOrder: source === channel.Portal,
      isAutoProvisioned: false,
      startDate: (item.work365_nonrecurringitem_provisionon as string | null | undefined) ?? null,
      partNumber: (item.work365_nonrecurringitem_providerpartnumber as string | null | undefined) || null,
      isLinked: false,
      parent: null,
    },
    ...parties,
    account: account && { ...account, creditOnHold: item.work365_nonrecurringitem_creditonhold === true },
    // An item names no provider account: it is the one that its customer has at its provider.
    providerAccount:
      only && others.length === 0
        ? {
            name: only.work365_provideraccount_name ?? only.work365_provideraccountid,
            isActive: only.statecode === 0,
            providerSpecificId: only.work365_provideraccount_providerspecificaccountid,
          }
        : null,
    matchingProviderAccounts: matching.map(
      (match) => match.work365_provideraccount_name ?? match.work365_provideraccountid,
    ),
    agreement: await agreementFacts(service, settings, { customer, provider, type: parties.provider?.type }, now),
  }
}

/** The columns of the row that a lookup refers to, each behind the alias. */
async function read<T extends TypedTable>(
  service: OrganizationService,
  table: T,
  reference: EntityReference | null,
  alias: string,
  columns: readonly ColumnOf<T>[],
): Promise<Row> {
  if (!reference) return {}
  const { rows } = await service.retrieveMultiple(
    select<string, string>(table.logicalName, columns).where(`${table.logicalName}id`, 'eq', reference.id),
  )
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [`${alias}.${name}`, value]))
}
