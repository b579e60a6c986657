// Releasing from credit hold: many accounts at once, each with ten subscriptions whose change logs wait.
import {
  Account,
  Configuration,
  Job,
  LicenseChangeLog,
  Provider,
  ProviderAccount,
  providerType,
  provisioningStatus,
  Subscription,
  work365Tables,
} from '../dist/entities/index.js'
import { work365CustomApis, work365Steps } from '../dist/plugins/index.js'
import { select } from '../dist/query/index.js'
import { settings } from '../dist/rules/index.js'
import { createEmulator } from '../dist/testing/index.js'
import { memoryInUse } from './memory-in-use.mjs'

const PER_ACCOUNT = 10

/** An environment in which so many change logs are held, ten for each account. */
async function environmentWith(count) {
  const dataverse = createEmulator({ tables: work365Tables, steps: work365Steps, customApis: work365CustomApis })
  const reference = (logicalName, id) => ({ logicalName, id })
  const provider = await dataverse.seed(Provider, {
    work365_provider_name: 'Contoso Distribution',
    work365_provider_type: providerType.Automatic,
  })
  const holdSwitch = await dataverse.seed(Configuration, {
    work365_configuration_name: settings.enableCreditHold.key,
    work365_configuration_value: 'true',
  })
  const accounts = await dataverse.seed(
    Account,
    Array.from({ length: count / PER_ACCOUNT }, (_, n) => ({ name: `Account ${n}`, creditonhold: true })),
  )
  const tenants = await dataverse.seed(
    ProviderAccount,
    accounts.map((id, n) => ({
      work365_provideraccount_name: `Tenant ${n}`,
      work365_provideraccount_account: reference('account', id),
      work365_provideraccount_provider: reference('work365_provider', provider),
      work365_provideraccount_providerspecificaccountid: `tenant-${n}`,
    })),
  )
  const of = (n) => Math.floor(n / PER_ACCOUNT)
  const subscriptions = await dataverse.seed(
    Subscription,
    Array.from({ length: count }, (_, n) => ({
      work365_subscription_subscriptionname: `Subscription ${n}`,
      work365_subscription_customer: reference('account', accounts[of(n)]),
      work365_subscription_provider: reference('work365_provider', provider),
      work365_subscription_provideraccount: reference('work365_provideraccount', tenants[of(n)]),
      work365_subscription_providerpartnumber: 'CFQ7TTC0LH31:001B',
      work365_subscription_quantity: 5,
    })),
  )
  await dataverse.seed(
    LicenseChangeLog,
    subscriptions.map((id, n) => ({
      work365_licensechangelog_name: `Subscription ${n}`,
      work365_licensechangelog_subscription: reference('work365_subscription', id),
      work365_licensechangelog_customer: reference('account', accounts[of(n)]),
      work365_licensechangelog_quantity: 5,
      work365_licensechangelog_provisioningstatus: provisioningStatus['Awaiting Provisioning'],
      work365_licensechangelog_decidedby: 'C1',
    })),
  )
  return { dataverse, accounts, holdSwitch }
}

const ways = {
  /** All accounts come off hold at once. */
  accounts: ({ dataverse, accounts }) =>
    Promise.all(accounts.map((id) => dataverse.update(Account, id, { creditonhold: false }))),
  /** The switch is turned off. */
  async switch({ dataverse, holdSwitch }) {
    await dataverse.update(Configuration, holdSwitch, { work365_configuration_value: 'false' })
    const runs = await dataverse.drain()
    const failed = runs.find(({ outcome }) => outcome !== 'succeeded')
    if (failed) throw new Error(`the release failed: ${failed.error}`)
  },
}

/**
 * The median time and the median memory that releasing one change log takes when so many are released at once. Throws
 * unless every one is queued exactly once.
 */
export async function measureRelease(count, way, { rounds = 3 } = {}) {
  const beginning = await environmentWith(count)
  await release(beginning, way, count)
  const measured = []
  for (let round = 0; round < rounds; round++) measured.push(await release(beginning, way, count))
  const medianOf = (name) => measured.map((one) => one[name]).sort((a, b) => a - b)[Math.floor(rounds / 2)] / count
  return { milliseconds: medianOf('milliseconds'), bytes: medianOf('bytes') }
}

/** One release in a fork of its own, which is garbage when the next one begins: else its memory would be taken for theirs. */
async function release(beginning, way, count) {
  const dataverse = beginning.dataverse.fork()
  const before = await memoryInUse()
  const started = performance.now()
  await ways[way]({ ...beginning, dataverse })
  const milliseconds = performance.now() - started
  dataverse.trace.clear()
  const bytes = (await memoryInUse()) - before
  await expectOneJobEach(dataverse, count)
  return { milliseconds, bytes }
}

async function expectOneJobEach(dataverse, count) {
  const queued = new Set()
  let jobs = 0
  let cookie
  do {
    const page = await dataverse.retrieveMultiple(select(Job, ['work365_job_regarding']).paged(5000, cookie))
    for (const row of page.rows) queued.add(row.work365_job_regarding.id)
    jobs += page.rows.length
    cookie = page.pagingCookie
  } while (cookie !== undefined)
  if (jobs !== count || queued.size !== count) {
    throw new Error(`${jobs} jobs for ${queued.size} change logs, instead of one for each of ${count}`)
  }
}
