import {
  type Acceptance,
  askConnector,
  listFromConnector,
  ProviderError,
  type RemoteAgreement,
} from '../connectors/index.ts'
import { ProviderAccount } from '../entities/index.ts'
import { select } from '../query/index.ts'
import type { OrganizationService } from '../service/index.ts'
import type { ConnectedProvider } from './provider-connection.ts'

/** The ids at the provider of the customers that belong to an account: of its active provider accounts. */
export async function customerIdsOf(
  service: OrganizationService,
  account: string,
  provider: string,
): Promise<readonly string[]> {
  const { rows } = await service.retrieveMultiple(
    select(ProviderAccount, ['work365_provideraccount_providerspecificaccountid'])
      .where('work365_provideraccount_account', 'eq', account)
      .where('work365_provideraccount_provider', 'eq', provider)
      .where('statecode', 'eq', 0),
  )
  return rows.flatMap(({ work365_provideraccount_providerspecificaccountid: id }) => id ?? [])
}

/** The customer's agreement of a template that is signed at the provider; `undefined` when none is. */
export async function signedAtProvider(
  { connector, context }: ConnectedProvider,
  customerId: string,
  templateId: string,
): Promise<RemoteAgreement | undefined> {
  const { agreements } = connector
  if (!agreements) return undefined
  for await (const agreement of listFromConnector(connector, context, () =>
    agreements.list(context, { id: customerId }),
  )) {
    if (agreement.signedOn && agreement.templateId.toLowerCase() === templateId.toLowerCase()) return agreement
  }
  return undefined
}

/**
 * Makes the provider know that a customer has accepted: looks first, so that a repeated delivery signs nothing twice, and
 * afterwards, because only what the provider then shows is in force.
 *
 * @throws ProviderError `notEligible` when the provider takes no acceptances, `pending` while it does not show this one yet.
 */
export async function acceptAtProvider(
  provider: ConnectedProvider,
  customerId: string,
  acceptance: Acceptance,
): Promise<RemoteAgreement> {
  const { connector, context } = provider
  const before = await signedAtProvider(provider, customerId, acceptance.templateId)
  if (before) return before
  const { agreements } = connector
  if (!agreements?.accept) {
    throw new ProviderError(
      'notEligible',
      `${connector.title} takes no acceptances: have the customer accept the agreement there.`,
    )
  }
  const { accept } = agreements
  await askConnector(connector, context, () => accept(context, { id: customerId }, acceptance))
  const after = await signedAtProvider(provider, customerId, acceptance.templateId)
  if (after) return after
  throw new ProviderError('pending', `${connector.title} took the acceptance on, but does not show it yet.`)
}
