import {
  Account,
  BillingContract,
  Configuration,
  channel,
  LicenseChangeLog,
  labelOf,
  Product,
  Provider,
  ProviderAccount,
  provisioningStatus,
  Subscription,
} from '../../entities/index.ts'
import type { JobRun } from '../../jobs/index.ts'
import { explainChangeLog } from '../../plugins/index.ts'
import { select } from '../../query/index.ts'
import { settings } from '../../rules/index.ts'
import { type Row, type RowOf, reference } from '../../service/index.ts'
import type { LocalEnvironment } from '../local-environment.ts'
import type { LocalProvider, LocalProviderKind, LocalPurchase } from '../local-providers/local-provider.ts'
import { NoCast } from './scene.ts'

export type AccountRow = RowOf<typeof Account>
export type ProductRow = RowOf<typeof Product>
export type ProviderRow = RowOf<typeof Provider>

/** The rows that a story can choose its cast from. */
export interface Cast {
  readonly accounts: readonly AccountRow[]
  readonly products: readonly ProductRow[]
  readonly providers: readonly ProviderRow[]
  /** The customer's accounts at the provider. */
  accountsAt(provider: ProviderRow, account: AccountRow): readonly RowOf<typeof ProviderAccount>[]
}

/** An order, and the change log that it made. */
export interface Order {
  readonly subscription: string
  readonly changeLog: string
}

/** What a scene can do in the environment. */
export interface Stage {
  readonly environment: LocalEnvironment
  readonly cast: Cast
  /** What stands for an automatic provider, where that is of this kind. */
  at<K extends LocalProviderKind>(provider: ProviderRow, kind: K): Promise<Extract<LocalProvider, { kind: K }>>
  /** What was bought or changed at an automatic provider, the oldest first. */
  purchasesAt(provider: ProviderRow): Promise<readonly LocalPurchase[]>
  /** Tells what happens. */
  say(text: string): void
  /** Checks what came of it; a story with a failed check fails. */
  check(what: string, actual: unknown, expected: unknown): void
  /** Puts a value into the configuration row of a setting; `undefined` deletes the row. */
  configure(name: keyof typeof settings, value: string | undefined): Promise<void>
  /** The customer orders in the portal. */
  order(account: AccountRow, product: ProductRow, quantity: number, further?: Row): Promise<Order>
  /** Checks the status of a change log, and tells why it is so. */
  expectStatus(order: Order, status: keyof typeof provisioningStatus): Promise<void>
  /** The same of the only change log of a subscription. */
  expectStatusOf(subscription: string, status: keyof typeof provisioningStatus): Promise<void>
  /** The ids of a subscription's change logs, the oldest first. */
  changeLogsOf(subscription: string): Promise<readonly string[]>
  /** Checks that something is refused, and tells with which words. */
  refused(what: string, attempt: () => Promise<unknown>): Promise<void>
  /** What a person does after mending the data: Failed Provisioning, save, Awaiting Provisioning, save. */
  requeue(order: Order): Promise<void>
  /** Runs the jobs that are due, time passing as they wait. */
  runJobs(): Promise<readonly JobRun[]>
  subscription(order: Order): Promise<RowOf<typeof Subscription>>
}

/** What a stage tells its audience. */
export interface Audience {
  say(text: string): void
  why(text: string): void
  /** A request that a job sent to a provider. */
  sent(text: string): void
  checked(what: string, value: string, expected: string | undefined): void
}

export async function createStage(environment: LocalEnvironment, audience: Audience): Promise<Stage> {
  const { emulator } = environment
  const [accounts, products, providers, providerAccounts, contracts] = await Promise.all([
    emulator.list(Account),
    emulator.list(Product),
    emulator.list(Provider),
    emulator.list(ProviderAccount),
    emulator.list(BillingContract),
  ])
  const runner = environment.createRunner({
    log(event, data) {
      const sent = event.startsWith('http') && describeWrite(environment, data as HttpNote)
      if (sent) audience.sent(sent)
    },
  })
  const providerOf = async (row: ProviderRow) => (await environment.providers.of(row))!

  const stage: Stage = {
    environment,
    cast: {
      accounts,
      products,
      providers,
      accountsAt: (provider, account) =>
        providerAccounts.filter(
          (row) =>
            row.work365_provideraccount_provider?.id === provider.work365_providerid &&
            row.work365_provideraccount_account?.id === account.accountid,
        ),
    },
    async at<K extends LocalProviderKind>(row: ProviderRow, kind: K) {
      const provider = await providerOf(row)
      if (provider.kind !== kind) throw new NoCast(`a provider that is reached as ${kind}`)
      return provider as Extract<LocalProvider, { kind: K }>
    },
    purchasesAt: async (row) => (await providerOf(row)).purchases(),
    say: (text) => audience.say(text),
    check(what, actual, expected) {
      const matches = JSON.stringify(actual) === JSON.stringify(expected)
      audience.checked(what, show(actual), matches ? undefined : show(expected))
    },

    async configure(name, value) {
      const { key } = settings[name]
      const { rows } = await emulator.retrieveMultiple(
        select(Configuration, ['work365_configurationid']).where('work365_configuration_name', 'eq', key),
      )
      for (const row of rows) await emulator.delete(Configuration, row.work365_configurationid)
      if (value === undefined) return audience.say(`${key} has no row.`)
      await emulator.create(Configuration, { work365_configuration_name: key, work365_configuration_value: value })
      audience.say(`${key} has the value '${value}'.`)
    },

    async order(account, product, quantity, further = {}) {
      audience.say(`${account.name} orders ${quantity} × ${product.name} in the portal.`)
      const contract = contracts.find((row) => row.work365_billingcontract_customer?.id === account.accountid)
      const name = `${product.name} × ${quantity} for ${account.name}`.slice(0, 100)
      const subscription = await emulator.create('work365_subscription', {
        work365_subscription_subscriptionname: name,
        work365_subscription_customer: reference(Account, account.accountid),
        work365_subscription_product: reference(Product, product.productid),
        work365_subscription_quantity: quantity,
        work365_subscription_channel: channel.Portal,
        ...further,
        ...(contract
          ? { work365_subscription_billingcontract: reference(BillingContract, contract.work365_billingcontractid) }
          : {}),
      })
      const { rows } = await emulator.retrieveMultiple(
        select(LicenseChangeLog, ['work365_licensechangelogid', 'work365_licensechangelog_quantity']).where(
          'work365_licensechangelog_subscription',
          'eq',
          subscription,
        ),
      )
      const quantities = rows.map((row) => row.work365_licensechangelog_quantity)
      stage.check('one change log over the whole quantity', quantities, [quantity])
      return { subscription, changeLog: rows[0]!.work365_licensechangelogid }
    },

    async expectStatus({ changeLog }, expected) {
      const { status, message, decision } = await explainChangeLog(emulator, changeLog, { now: emulator.clock.now() })
      stage.check('change log', status, expected)
      if (status === decision.outcome.status) audience.why(`${decision.rule.id}: ${message ?? decision.because}`)
      else if (message) audience.why(message)
    },

    async expectStatusOf(subscription, expected) {
      const [changeLog, ...others] = await stage.changeLogsOf(subscription)
      stage.check('further change logs', others.length, 0)
      await stage.expectStatus({ subscription, changeLog: changeLog! }, expected)
    },

    async changeLogsOf(subscription) {
      const { rows } = await emulator.retrieveMultiple(
        select(LicenseChangeLog, ['work365_licensechangelogid'])
          .where('work365_licensechangelog_subscription', 'eq', subscription)
          .orderBy('createdon'),
      )
      return rows.map((row) => row.work365_licensechangelogid)
    },

    async refused(what, attempt) {
      const refusal = await attempt().then(
        () => undefined,
        (error: Error) => error.message,
      )
      stage.check(what, refusal === undefined ? 'allowed' : 'refused', 'refused')
      if (refusal) audience.why(refusal)
    },

    async requeue({ changeLog }) {
      audience.say('A person re-queues the change log.')
      for (const status of ['Failed Provisioning', 'Awaiting Provisioning'] as const) {
        await emulator.update(LicenseChangeLog, changeLog, {
          work365_licensechangelog_provisioningstatus: provisioningStatus[status],
        })
      }
    },

    async runJobs() {
      const { advance } = emulator.clock
      let running = true
      const runs = runner.runDue().finally(() => {
        running = false
      })
      // Whatever waits, for a retry or a slow provider, waits on the environment's clock.
      while (running) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        if (running) await advance(250)
      }
      for (const { type, status, results } of await runs) audience.say(`Job ${type}: ${status}. ${results}`)
      return runs
    },

    subscription: ({ subscription }) => emulator.retrieve(Subscription, subscription),
  }
  return stage
}

function show(value: unknown): string {
  if (typeof value === 'number') return labelOf(provisioningStatus, value) ?? String(value)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

interface HttpNote {
  readonly method: string
  readonly url: string
  readonly status?: number
  readonly code?: string
}

/** ALSO is asked by POST for whatever it is; the names of its methods say which of them read. */
const READS = /^\/Get[A-Z]/

/** A request that was to change something at a provider, and what became of it; nothing for one that reads. */
function describeWrite({ providers }: LocalEnvironment, { method, url, status, code }: HttpNote): string | undefined {
  const { pathname } = new URL(url)
  if (method === 'GET' || method === 'HEAD' || READS.test(pathname)) return undefined
  return `${providers.nameAt(url) ?? url}: ${method} ${pathname} → ${status ?? code}`
}
