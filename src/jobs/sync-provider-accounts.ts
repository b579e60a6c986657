import { listFromConnector, ProviderError, type RemoteCustomer } from '../connectors/index.ts'
import { type Account, type Provider, ProviderAccount, syncStatus } from '../entities/index.ts'
import { dayIn } from '../internal/time-zone.ts'
import { changeSourceTags, loadSettings } from '../plugins/index.ts'
import { createMissingAgreements } from '../plugins/work365/agreement/create-missing.ts'
import { activeTemplatesOf, hasExpired } from '../plugins/work365/agreement/template-in-effect.ts'
import {
  type AccountsByDomain,
  domainOf,
  domainsOf,
  matchAccount,
  readAccountsByDomain,
} from '../plugins/work365/provider-account/match-account.ts'
import { select } from '../query/index.ts'
import type { Settings } from '../rules/index.ts'
import { DataverseError, type EntityReference, type OrganizationService, type UpdateOf } from '../service/index.ts'
import type { Connect } from './connection.ts'
import { defineJob, type JobContext, type JobDefinition, type JobOutcome } from './define-job.ts'
import { inChunks } from './in-chunks.ts'
import { connectTo } from './provider-connection.ts'
import { isPassing } from './retry-policy.ts'
import { successorOf, syncOrderOf } from './sync-job.ts'

/** How many customers are looked up at once. */
const CHUNK = 200

/**
 * Brings the customers of an automatic provider in as provider accounts (A2), maps them by the e-mail domains of contacts
 * where that is switched on (A4), and makes the agreements that the provider's active templates ask for (G2). Queue it with
 * `queueProviderSync`.
 *
 * Running it again changes nothing that is as it should be, so a crash is mended by the next run. A customer that Dataverse
 * will not take is named in the results, and makes the job fail once all others are done.
 *
 * @see https://pvdocs.work365apps.com/page/synching-provider-accounts
 */
export function syncProviderAccounts({ connect }: { readonly connect: Connect }): JobDefinition {
  return defineJob({
    type: 'Sync Provider Accounts',
    rules: ['A1', 'A2', 'A4', 'G2'],

    async run(context): Promise<JobOutcome> {
      const order = await syncOrderOf(context)
      const also = () => successorOf(context, 'Sync Provider Accounts')
      const connected = await connectTo(context, connect, order.provider.id)
      if (!connected.connector) return { status: 'notApplicable', results: connected.because, also: await also() }
      const { connector, context: connection, provider } = connected
      const name = provider.work365_provider_name ?? order.provider.id
      const { customers } = connector
      if (!customers) {
        return { status: 'notApplicable', results: `${connector.title} does not list customers.`, also: await also() }
      }
      const settings = await loadSettings(context.service)
      const sync = new ProviderAccountSync(context.service, order.provider, settings)
      const list = listFromConnector(connector, connection, () => customers.list(connection))
      let incomplete: unknown
      try {
        for await (const chunk of inChunks(list, CHUNK)) {
          context.signal.throwIfAborted()
          await sync.take(chunk)
        }
      } catch (error) {
        // What was listed before is in; what the provider could not list is tried again, or told, below.
        if (!ProviderError.isInstance(error)) throw error
        incomplete = error
      }
      await sync.makeAgreements(dayIn(settings.values.defaultTimeZone, context.clock.now()), context.signal)
      const report = sync.report(name)
      if (ProviderError.isInstance(incomplete)) {
        throw new ProviderError(incomplete.code, `${incomplete.message} ${report}`, incomplete.details)
      }
      if (sync.failures > 0) throw new ProviderError('invalid', report)
      return { status: 'succeeded', results: report, also: await also() }
    },

    onFailure: (context: JobContext) => successorOf(context, 'Sync Provider Accounts'),
  })
}

const columns = [
  'work365_provideraccountid',
  'work365_provideraccount_name',
  'work365_provideraccount_account',
  'work365_provideraccount_domain',
  'work365_provideraccount_providerspecificaccountid',
  'statecode',
] as const

/** One run of the sync: what it has done so far, and what went wrong with whom. */
class ProviderAccountSync {
  readonly #service: OrganizationService
  readonly #provider: EntityReference<typeof Provider.logicalName>
  readonly #settings: Settings
  readonly #failed: string[] = []
  #created = 0
  #changed = 0
  #mapped = 0
  #unchanged = 0
  #unmapped = 0
  #agreements = 0
  /** Read with the first customer that could be matched. */
  #accountsByDomain: Promise<AccountsByDomain> | undefined

  constructor(service: OrganizationService, provider: EntityReference, settings: Settings) {
    this.#service = service
    this.#provider = { logicalName: 'work365_provider', id: provider.id }
    this.#settings = settings
  }

  get failures(): number {
    return this.#failed.length
  }

  /** Brings a few customers in; whoever cannot be is noted. */
  async take(customers: readonly RemoteCustomer[]): Promise<void> {
    const known = await this.#knownAmong(customers)
    for (const customer of customers) {
      const key = customer.id.toLowerCase()
      try {
        const created = await this.#takeOne(customer, known.get(key) ?? [])
        if (created) known.set(key, [created])
      } catch (error) {
        if (!DataverseError.isInstance(error) || isPassing(error)) throw error
        this.#failed.push(`'${customer.name || customer.id}' (${customer.id}): ${error.message}`)
      }
    }
  }

  async #knownAmong(customers: readonly RemoteCustomer[]): Promise<Map<string, Known[]>> {
    const { rows } = await this.#service.retrieveMultiple(
      select(ProviderAccount, columns)
        .where('work365_provideraccount_provider', 'eq', this.#provider.id)
        .where('work365_provideraccount_providerspecificaccountid', 'in', ...customers.map(({ id }) => id)),
    )
    const known = new Map<string, Known[]>()
    for (const row of rows) {
      const key = row.work365_provideraccount_providerspecificaccountid!.toLowerCase()
      known.set(key, [...(known.get(key) ?? []), row])
    }
    return known
  }

  /** Answers the row when it is new. */
  async #takeOne(customer: RemoteCustomer, [row, ...others]: readonly Known[]): Promise<Known | undefined> {
    if (others.length > 0) {
      const names = [row!, ...others].map(({ work365_provideraccountid: id }) => id).join(', ')
      this.#failed.push(
        `'${customer.name || customer.id}' (${customer.id}): several provider accounts have this id: ${names}. Leave one of them.`,
      )
      return undefined
    }
    const wanted = {
      work365_provideraccount_name: customer.name || customer.id,
      work365_provideraccount_domain: customer.domain ?? domainOf(customer.email) ?? null,
    }
    const account = row?.work365_provideraccount_account ? undefined : await this.#match(customer)
    const mapping = account === undefined ? {} : { work365_provideraccount_account: account }
    if (!row) return this.#create(customer, { ...wanted, ...mapping })

    const changes: UpdateOf<typeof ProviderAccount> = { ...differing(row, wanted), ...mapping }
    if (Object.keys(changes).length === 0) this.#unchanged++
    else {
      await this.#service.update(ProviderAccount, row.work365_provideraccountid, changes, {
        tag: changeSourceTags.provider,
      })
      if (Object.keys(changes).some((column) => !(column in mapping))) this.#changed++
    }
    this.#count(account !== undefined, row.work365_provideraccount_account !== null)
    return undefined
  }

  async #create(customer: RemoteCustomer, values: Wanted): Promise<Known> {
    const id = await this.#service.create(
      ProviderAccount,
      {
        ...values,
        work365_provideraccount_provider: this.#provider,
        work365_provideraccount_providerspecificaccountid: customer.id,
        work365_provideraccount_syncstatus: syncStatus.Enabled,
      },
      { tag: changeSourceTags.provider },
    )
    this.#created++
    const { work365_provideraccount_account: account = null } = values
    this.#count(account !== null, false)
    return {
      work365_provideraccountid: id,
      work365_provideraccount_name: values.work365_provideraccount_name,
      work365_provideraccount_account: account,
      work365_provideraccount_domain: values.work365_provideraccount_domain,
      work365_provideraccount_providerspecificaccountid: customer.id,
      statecode: 0,
    }
  }

  #count(isMapped: boolean, wasMapped: boolean): void {
    if (isMapped) this.#mapped++
    else if (!wasMapped) this.#unmapped++
  }

  async #match(customer: RemoteCustomer): Promise<EntityReference<typeof Account.logicalName> | undefined> {
    const { providerAccountMatch, severalAccountsMatch } = this.#settings.values
    const domains = providerAccountMatch ? domainsOf(customer) : []
    if (domains.length === 0) return undefined
    this.#accountsByDomain ??= readAccountsByDomain(this.#service)
    const id = matchAccount(domains, await this.#accountsByDomain, severalAccountsMatch)
    return id === undefined ? undefined : { logicalName: 'account', id }
  }

  /** G2: also for provider accounts that were mapped before a template became active. */
  async makeAgreements(today: string, signal: AbortSignal): Promise<void> {
    for (const template of await activeTemplatesOf(this.#service, this.#provider)) {
      if (hasExpired(template, today)) continue
      const ofProvider = { ...template, work365_agreementtemplate_provider: this.#provider }
      let after: string | undefined
      do {
        signal.throwIfAborted()
        const batch = await createMissingAgreements(this.#service, ofProvider, { after })
        this.#agreements += batch.created
        after = batch.after
      } while (after !== undefined)
    }
  }

  report(provider: string): string {
    const parts = [
      `${this.#created} new`,
      `${this.#changed} changed`,
      `${this.#unchanged} unchanged`,
      `${this.#mapped} mapped by their e-mail domain`,
      `${this.#unmapped} mapped to no account`,
      ...(this.#agreements > 0 ? [`${this.#agreements} missing agreements created`] : []),
    ]
    const failed = this.#failed.length === 0 ? '' : ` Not synced: ${this.#failed.join(' ')}`
    return `Provider accounts of '${provider}': ${parts.join(', ')}.${failed}`
  }
}

type Known = {
  readonly [Column in (typeof columns)[number]]: Column extends 'work365_provideraccount_account'
    ? EntityReference | null
    : Column extends 'statecode'
      ? number
      : Column extends 'work365_provideraccountid'
        ? string
        : string | null
}

interface Wanted {
  readonly work365_provideraccount_name: string
  readonly work365_provideraccount_domain: string | null
  readonly work365_provideraccount_account?: EntityReference<typeof Account.logicalName>
}

/** What of the wanted values the row does not have yet. */
function differing(row: Known, wanted: Omit<Wanted, 'work365_provideraccount_account'>) {
  return Object.fromEntries(
    (Object.keys(wanted) as (keyof typeof wanted)[]).flatMap((column) =>
      (row[column] ?? null) === wanted[column] ? [] : [[column, wanted[column]]],
    ),
  )
}
