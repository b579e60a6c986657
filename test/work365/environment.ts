import {
  Account,
  BillingContract,
  Configuration,
  channel,
  Job,
  jobType,
  LicenseChangeLog,
  labelOf,
  NonRecurringItem,
  Product,
  Provider,
  ProviderAccount,
  providerType,
  provisioningStatus,
  Subscription,
  work365Tables,
} from '../../src/entities/index.ts'
import {
  createJobRunner,
  type JobDefinition,
  type JobRunnerOptions,
  syncLicenseChangeLog,
  syncNonRecurringItem,
} from '../../src/jobs/index.ts'
import { type Step, work365CustomApis, work365Steps } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { settings } from '../../src/rules/index.ts'
import { type OrganizationService, type Row, reference, type UpdateOf } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { createProviderDouble } from './provider-double.ts'

export const START = '2026-03-02T09:00:00Z'
export const PART_NUMBER = 'CFQ7TTC0LH31:001B'

export interface EnvironmentOptions {
  /** The value of the configuration row that switches auto-provisioning on; `null`: no row. Default: `'true'`. */
  readonly setting?: string | null
  readonly type?: keyof typeof providerType
  /** Default: the steps of Work 365. */
  readonly steps?: readonly Step[]
}

/** One customer with one product, provider, provider account and contract: what a portal order needs. */
export async function createEnvironment(options: EnvironmentOptions = {}) {
  const { dataverse, ids, setting } = await seedEnvironment(options)
  const environment = environmentOn(dataverse, ids)
  const providerAccount = await environment.addProviderAccount('fabrikam.example')
  if (setting !== null) await environment.configure(setting)
  // A moment later, so that "since it was switched on" and "before" can be told apart.
  await dataverse.clock.advance(60_000)
  return {
    ...environment,
    providerAccount,
    /** The same environment with a future, and a provider, of its own. */
    fork: () => ({ ...environmentOn(dataverse.fork(), ids), providerAccount }),
  }
}

async function seedEnvironment({
  setting = 'true',
  type = 'Automatic',
  steps = work365Steps,
}: EnvironmentOptions = {}) {
  const dataverse = createEmulator({ tables: work365Tables, steps, customApis: work365CustomApis, now: START })
  const account = await dataverse.seed(Account, { name: 'Fabrikam', creditonhold: false })
  const provider = await dataverse.seed(Provider, {
    work365_provider_name: 'Contoso Distribution',
    work365_provider_type: providerType[type],
    work365_provider_manualprovideremail: 'orders@contoso.example',
  })
  const product = await dataverse.seed(Product, {
    name: 'Business Basic',
    work365_product_provider: reference(Provider, provider),
    work365_product_providerpartnumber: PART_NUMBER,
  })
  const contract = await dataverse.seed(BillingContract, {
    work365_billingcontract_name: 'Fabrikam monthly',
    work365_billingcontract_customer: reference(Account, account),
    work365_billingcontract_startdate: '2026-01-01',
  })
  return { dataverse, setting, ids: { account, provider, product, contract } }
}

interface Ids {
  readonly account: string
  readonly provider: string
  readonly product: string
  readonly contract: string
}

/** What tests do in an environment. */
function environmentOn(dataverse: Emulator, { account, provider, product, contract }: Ids) {
  const configure = (value: string, key: string = settings.autoProvisionNewSubscription.key) =>
    dataverse.create(Configuration, { work365_configuration_name: key, work365_configuration_value: value })
  const addProviderAccount = (name: string, changes: Row = {}) =>
    dataverse.create(ProviderAccount.logicalName, {
      work365_provideraccount_name: name,
      work365_provideraccount_account: reference(Account, account),
      work365_provideraccount_provider: reference(Provider, provider),
      work365_provideraccount_providerspecificaccountid: `tenant of ${name}`,
      ...changes,
    })
  /** Saves a change log with another status, as a person does. */
  const save = (
    changeLog: string,
    status: keyof typeof provisioningStatus,
    changes: UpdateOf<typeof LicenseChangeLog> = {},
  ) =>
    dataverse.update(LicenseChangeLog, changeLog, {
      work365_licensechangelog_provisioningstatus: provisioningStatus[status],
      ...changes,
    })
  const double = createProviderDouble()
  const connect = () => ({ connector: double.connector })
  const sync = syncLicenseChangeLog({ connect })
  const syncItem = syncNonRecurringItem({ connect })

  return {
    dataverse,
    account,
    provider,
    product,
    contract,
    double,
    sync,
    syncItem,
    configure,
    addProviderAccount,

    /** Orders on the portal, as the portal does: by creating a subscription. */
    order: (changes: Row = {}): Promise<string> =>
      dataverse.create(Subscription.logicalName, {
        work365_subscription_subscriptionname: 'Business Basic',
        work365_subscription_customer: reference(Account, account),
        work365_subscription_product: reference(Product, product),
        work365_subscription_billingcontract: reference(BillingContract, contract),
        work365_subscription_channel: channel.Portal,
        work365_subscription_quantity: 10,
        ...changes,
      }),
    /** Sells the customer something once. */
    sell: (changes: Row = {}): Promise<string> =>
      dataverse.create(NonRecurringItem.logicalName, {
        work365_nonrecurringitem_name: 'Windows Server',
        work365_nonrecurringitem_customer: reference(Account, account),
        work365_nonrecurringitem_product: reference(Product, product),
        work365_nonrecurringitem_provider: reference(Provider, provider),
        work365_nonrecurringitem_providerpartnumber: 'DG7GMGF0D5RK:0005',
        work365_nonrecurringitem_quantity: 2,
        ...changes,
      }),
    item: async (id: string) => {
      const row = await dataverse.retrieve(NonRecurringItem, id)
      return {
        status: labelOf(provisioningStatus, row.work365_nonrecurringitem_provisioningstatus ?? -1),
        message: row.work365_nonrecurringitem_provisioningmessage,
        onHold: row.work365_nonrecurringitem_creditonhold,
        orderId: row.work365_nonrecurringitem_providerorderid,
        waitingSince: row.work365_nonrecurringitem_waitingsince,
      }
    },
    subscription: (id: string) =>
      dataverse.retrieve(Subscription, id, [
        'work365_subscription_provider',
        'work365_subscription_provideraccount',
        'work365_subscription_providerpartnumber',
        'work365_subscription_providersubscriptionid',
        'work365_subscription_quantity',
      ]),
    setQuantity: (id: string, quantity: number) =>
      dataverse.update(Subscription, id, { work365_subscription_quantity: quantity }),
    changeLogs: (subscription: string) => changeLogsOf(dataverse, subscription),
    changeLog: async (subscription: string) => (await changeLogsOf(dataverse, subscription)).at(-1)!,
    save,
    async requeue(changeLog: string) {
      await save(changeLog, 'Failed Provisioning')
      await save(changeLog, 'Awaiting Provisioning')
    },
    jobs: () => jobsOf(dataverse),
    hold: (on: boolean) => dataverse.update(Account, account, { creditonhold: on }),
    runner: (options: Partial<JobRunnerOptions> & { readonly extra?: readonly JobDefinition[] } = {}) =>
      createJobRunner({
        service: dataverse,
        jobs: [sync, syncItem, ...(options.extra ?? [])],
        clock: dataverse.clock,
        random: () => 0,
        ...options,
      }),
  }
}
export type TestEnvironment = Awaited<ReturnType<typeof createEnvironment>>

/** The change logs of a subscription, the oldest first, with labels for statuses. */
async function changeLogsOf(service: OrganizationService, subscription: string) {
  const { rows } = await service.retrieveMultiple(
    select(LicenseChangeLog).where('work365_licensechangelog_subscription', 'eq', subscription).orderBy('createdon'),
  )
  return rows.map((row) => ({
    id: row.work365_licensechangelogid,
    status: labelOf(provisioningStatus, row.work365_licensechangelog_provisioningstatus ?? -1),
    message: row.work365_licensechangelog_provisioningmessage,
    quantity: row.work365_licensechangelog_quantity,
    audit: row.work365_licensechangelog_isaudit === true,
    provisionedOn: row.work365_licensechangelog_actualprovisionedon,
    source: row.work365_licensechangelog_changesource,
  }))
}

const statusOptions = (Job.columns.statuscode as { readonly options: Readonly<Record<string, number>> }).options

/** All jobs in the order of their creation, with labels for types and statuses. */
export async function jobsOf(service: OrganizationService) {
  const { rows } = await service.retrieveMultiple(select(Job).orderBy('createdon'))
  return rows.map((row) => ({
    id: row.work365_jobid,
    type: labelOf(jobType, row.work365_job_jobtype ?? -1),
    status: labelOf(statusOptions, row.statuscode),
    results: row.work365_job_jobresults,
    regarding: row.work365_job_regarding?.id,
    retries: row.work365_job_retrycount ?? 0,
    attempt: row.work365_job_attempt ?? 0,
    scheduledFor: row.work365_job_scheduledfor,
    leaseOwner: row.work365_job_leaseowner,
    handle: row.work365_job_handle,
  }))
}
