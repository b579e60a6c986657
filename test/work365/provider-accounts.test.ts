import { describe, expect, test } from 'vitest'
import {
  BillingContract,
  channel,
  Job,
  jobType,
  Provider,
  ProviderAccount,
  providerType,
  Subscription,
  syncStatus,
} from '../../src/entities/index.ts'
import { providersFor, publicMailDomains, queueProviderSync, syncsSubscriptions } from '../../src/plugins/index.ts'
import { dataverseError, reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment } from './environment.ts'
import { createProviderEnvironment } from './provider-environment.ts'

const fabrikam = { id: 'tenant-1', name: 'Fabrikam', domain: 'fabrikam.example', email: 'it@fabrikam.example' }
const northwind = { id: 'tenant-2', name: 'Northwind', domain: 'northwind.example' }

describe(rule('A1'), () => {
  test('by hand', async () => {
    const { addAccount, addProviderAccount, providerAccounts } = await createProviderEnvironment()
    await addProviderAccount('tenant-1', await addAccount('Fabrikam'))
    expect(await providerAccounts()).toMatchObject([{ key: 'tenant-1', account: 'Fabrikam' }])
  })

  test('by a sync, of automatic providers only', async () => {
    const { dataverse, provider, sync, providerAccounts } = await createProviderEnvironment({
      provider: { customers: [fabrikam] },
    })
    await dataverse.update(Provider, provider, { work365_provider_type: providerType.Manual })
    expect(await sync()).toMatchObject({ status: 'Not Applicable', results: expect.stringContaining('not automatic') })
    expect(await providerAccounts()).toEqual([])

    await dataverse.update(Provider, provider, { work365_provider_type: providerType.Rest })
    expect(await sync()).toMatchObject({ status: 'Succeeded' })
    expect(await providerAccounts()).toMatchObject([{ key: 'tenant-1' }])
  })
})

describe(rule('A2'), () => {
  test('each customer becomes one row, enabled and without an account; the second time nothing is written', async () => {
    const { sync, providerAccounts } = await createProviderEnvironment({
      provider: { customers: [fabrikam, northwind] },
    })
    expect(await sync()).toMatchObject({
      status: 'Succeeded',
      results:
        "Provider accounts of 'Contoso Distribution': 2 new, 0 changed, 0 unchanged, 0 mapped by their e-mail domain, 2 mapped to no account.",
    })
    const rows = await providerAccounts()
    expect(rows).toMatchObject([
      { key: 'tenant-1', name: 'Fabrikam', account: null, domain: 'fabrikam.example', status: 'Enabled' },
      { key: 'tenant-2', name: 'Northwind', account: null, domain: 'northwind.example', status: 'Enabled' },
    ])
    expect((await sync()).results).toContain('0 new, 0 changed, 2 unchanged')
    expect(await providerAccounts()).toEqual(rows)
  })

  test('what changed at the provider changes here; what was set here stays', async () => {
    const { dataverse, addAccount, addProviderAccount, sync, providerAccounts } = await createProviderEnvironment({
      provider: { customers: [{ ...fabrikam, id: 'TENANT-1' }] },
    })
    const id = await addProviderAccount('tenant-1', await addAccount('Fabrikam Ltd'), {
      work365_provideraccount_name: 'Old name',
      work365_provideraccount_syncstatus: syncStatus.Disabled,
    })
    expect((await sync()).results).toContain('0 new, 1 changed, 0 unchanged')
    expect(await providerAccounts()).toMatchObject([
      { id, name: 'Fabrikam', account: 'Fabrikam Ltd', domain: 'fabrikam.example', status: 'Disabled' },
    ])
    expect(await dataverse.list(ProviderAccount)).toHaveLength(1)
  })

  test('provider accounts of another provider with the same id are other ones', async () => {
    const { dataverse, addProviderAccount, sync, providerAccounts } = await createProviderEnvironment({
      provider: { customers: [fabrikam] },
    })
    const other = await dataverse.create(Provider, { work365_provider_name: 'Other' })
    await addProviderAccount('tenant-1', null, { work365_provideraccount_provider: reference(Provider, other) })
    await sync()
    expect(await providerAccounts()).toHaveLength(2)
  })

  test('a customer that cannot be written, or has no id, is reported by name and stops no other', async () => {
    const { sync, providerAccounts } = await createProviderEnvironment({
      provider: {
        customers: [
          { id: 'tenant-0', name: 'Too long '.repeat(30) },
          { name: 'Nameless in the provider' },
          fabrikam,
          { ...northwind, domain: 'd'.repeat(201) },
          { id: 'tenant-3', name: 'Tailspin' },
        ],
      },
    })
    const { status, results } = await sync()
    expect(status).toBe('Failed')
    expect(results).toContain("customers without an id: 'Nameless in the provider'")
    expect(results).toContain('2 new')
    expect(results).toContain("'Northwind' (tenant-2): ")
    expect(results).toContain('(tenant-0): ')
    expect((await providerAccounts()).map(({ name }) => name)).toEqual(['Fabrikam', 'Tailspin'])
  })

  test('several rows with one id are reported and left alone', async () => {
    const { addProviderAccount, sync, providerAccounts } = await createProviderEnvironment({
      provider: { customers: [fabrikam, northwind] },
    })
    await addProviderAccount('tenant-1', null)
    await addProviderAccount('tenant-1', null)
    expect(await sync()).toMatchObject({
      status: 'Failed',
      results: expect.stringMatching(/'Fabrikam' \(tenant-1\): several provider accounts have this id/),
    })
    expect((await providerAccounts()).map(({ name }) => name)).toEqual(['tenant-1', 'tenant-1', 'Northwind'])
  })

  test('thousands of customers are taken in chunks, and a failure of Dataverse on the way is mended by the next run', async () => {
    const customers = Array.from({ length: 1100 }, (_, n) => ({ id: `tenant-${n}`, name: `Customer ${n}` }))
    const { dataverse, provider, runner, providerAccounts, jobs } = await createProviderEnvironment({
      provider: { customers },
    })
    let calls = 0
    const failing: typeof dataverse = Object.assign(Object.create(dataverse), {
      create: (...parameters: Parameters<typeof dataverse.create>) => {
        if (++calls === 700) return Promise.reject(unavailable())
        return dataverse.create(...parameters)
      },
    })
    await queueProviderSync(dataverse, provider)
    await runner({ service: failing }).runDue()
    expect(await providerAccounts()).toHaveLength(699)
    expect(await jobs()).toMatchObject([{ status: 'Retry' }])

    await dataverse.clock.advance(60_000)
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      { status: 'Succeeded', results: expect.stringContaining('401 new, 0 changed, 699 unchanged') },
    ])
    expect(await providerAccounts()).toHaveLength(1100)
  })

  test('a daily one queues its successor when it ends, however it ends', async () => {
    const { dataverse, simulator, sync, jobs, runner } = await createProviderEnvironment({
      provider: { customers: [fabrikam] },
    })
    await sync({ daily: true })
    simulator.fail({ path: '/customers', status: 400, body: 'Not today.' })
    await dataverse.clock.advance(24 * 60 * 60_000)
    await runner().runDue()
    await dataverse.clock.advance(24 * 60 * 60_000)
    await runner().runDue()
    expect((await jobs()).map(({ status }) => status)).toEqual(['Succeeded', 'Failed', 'Succeeded', 'Waiting'])
  })

  test('a job that names no provider says so', async () => {
    const { dataverse, runner, jobs } = await createProviderEnvironment()
    await dataverse.create(Job, { work365_job_jobtype: jobType['Sync Provider Accounts'] })
    await runner().runDue()
    expect(await jobs()).toMatchObject([
      { status: 'Failed', results: expect.stringContaining('work365_job_provider is empty') },
    ])
  })
})

describe(rule('A3'), () => {
  test.each([
    [syncStatus.Enabled, 0, true],
    [syncStatus.Disabled, 0, false],
    [null, 0, false],
    [syncStatus.Enabled, 1, false],
  ])('sync status %s, state %s: %s', (status, statecode, synced) => {
    expect(syncsSubscriptions({ work365_provideraccount_syncstatus: status, statecode })).toBe(synced)
  })
})

describe(rule('A4'), () => {
  async function matching(customer: object, setting: 'true' | 'false' = 'true') {
    const environment = await createProviderEnvironment({ provider: { customers: [customer] } })
    await environment.set('providerAccountMatch', setting)
    return environment
  }
  const accountOf = async ({ providerAccounts }: Awaited<ReturnType<typeof matching>>) =>
    (await providerAccounts())[0]!.account

  test('the domain of its e-mail address, or its own, decides, without regard to case', async () => {
    for (const customer of [
      { id: '1', name: 'A', email: 'it@Fabrikam.EXAMPLE' },
      { id: '1', name: 'A', domain: 'FABRIKAM.example' },
    ]) {
      const environment = await matching(customer)
      const account = await environment.addAccount('Fabrikam')
      await environment.addAccount('Nobody')
      await environment.addContact(account, 'ada@other.example')
      await environment.addContact(account, 'Ada@fabrikam.Example')
      expect((await environment.sync()).results).toContain('1 mapped by their e-mail domain, 0 mapped to no account')
      expect(await accountOf(environment)).toBe('Fabrikam')
    }
  })

  test('a row that was there without an account is mapped, one that has an account keeps it', async () => {
    const environment = await matching(fabrikam)
    const { addAccount, addContact, addProviderAccount, sync, dataverse } = environment
    await addContact(await addAccount('Fabrikam'), 'ada@fabrikam.example')
    const id = await addProviderAccount('tenant-1', null)
    await sync()
    expect(await accountOf(environment)).toBe('Fabrikam')

    await dataverse.update(ProviderAccount, id, {
      work365_provideraccount_account: reference('account', await addAccount('Chosen by hand')),
    })
    await sync()
    expect(await accountOf(environment)).toBe('Chosen by hand')
  })

  test('while it is off nothing is mapped', async () => {
    const environment = await matching(fabrikam, 'false')
    await environment.addContact(await environment.addAccount('Fabrikam'), 'ada@fabrikam.example')
    await environment.sync()
    expect(await accountOf(environment)).toBeNull()
  })

  test.each([
    ['Leave unmapped', null],
    ['Oldest account', 'Older'],
  ])('several accounts: %s', async (setting, expected) => {
    const environment = await matching(fabrikam)
    await environment.set('severalAccountsMatch', setting)
    await environment.addContact(await environment.addAccount('Younger'), 'b@fabrikam.example')
    const createdon = new Date('2020-01-01T00:00:00Z')
    const older = await environment.dataverse.seed('account', { name: 'Older', createdon })
    await environment.addContact(older, 'a@fabrikam.example')
    await environment.sync()
    expect(await accountOf(environment)).toBe(expected)
  })

  test('public mail domains match nothing', async () => {
    const environment = await matching({ id: '1', name: 'A', email: 'fabrikam@Gmail.com' })
    await environment.addContact(await environment.addAccount('Fabrikam'), 'ada@gmail.com')
    await environment.sync()
    expect(await accountOf(environment)).toBeNull()
    expect(publicMailDomains.has('outlook.com')).toBe(true)
  })

  test('inactive contacts and accounts do not count, nor does a part of a domain', async () => {
    const environment = await matching(fabrikam)
    const { addAccount, addContact, dataverse, sync } = environment
    const contact = await addContact(await addAccount('A'), 'a@fabrikam.example')
    await dataverse.update('contact', contact, { statecode: 1 })
    const account = await addAccount('B')
    await addContact(account, 'b@fabrikam.example')
    await dataverse.update('account', account, { statecode: 1 })
    await addContact(await addAccount('C'), 'c@mail.fabrikam.example')
    await sync()
    expect(await accountOf(environment)).toBeNull()
  })
})

test(rule('A5'), async () => {
  const { addAccount, addContact, set, sync, providerAccounts } = await createProviderEnvironment({
    provider: { customers: [fabrikam, { ...fabrikam, id: 'tenant-9' }] },
  })
  await set('providerAccountMatch', 'true')
  await addContact(await addAccount('Fabrikam'), 'ada@fabrikam.example')
  await sync()
  expect((await providerAccounts()).map(({ account }) => account)).toEqual(['Fabrikam', 'Fabrikam'])
})

test(rule('A6'), async () => {
  const { dataverse, provider, addProviderAccount, changeLogs, jobs } = await createEnvironment()
  const unmapped = await addProviderAccount('unmapped', { work365_provideraccount_account: null })
  const subscription = await dataverse.create(Subscription.logicalName, {
    work365_subscription_subscriptionname: 'Basic',
    work365_subscription_provider: reference(Provider, provider),
    work365_subscription_provideraccount: reference(ProviderAccount, unmapped),
    work365_subscription_quantity: 1,
  })
  expect(await changeLogs(subscription)).toMatchObject([
    { status: 'Failed Provisioning', message: expect.stringContaining('no account') },
  ])
  expect(await jobs()).toEqual([])
})

test(rule('A7'), async () => {
  const { dataverse, provider, addAccount, addProviderAccount } = await createProviderEnvironment()
  const add = (name: string, type: keyof typeof providerType, changes = {}) =>
    dataverse.create(Provider, { work365_provider_name: name, work365_provider_type: providerType[type], ...changes })
  await add('By hand', 'Manual')
  await add('Nothing', 'Do Nothing')
  await add('Gone', 'Manual', { statecode: 1, statuscode: 2 })
  const other = await add('Other distributor', 'Automatic')
  const account = await addAccount('Fabrikam')
  const namesFor = async () => (await providersFor(dataverse, account)).map(({ name }) => name)

  expect(await namesFor()).toEqual(['By hand', 'Nothing'])
  await addProviderAccount('tenant', account)
  await addProviderAccount('inactive', account, {
    work365_provideraccount_provider: reference(Provider, other),
    statecode: 1,
    statuscode: 2,
  })
  await addProviderAccount('somebody else', await addAccount('Northwind'), {
    work365_provideraccount_provider: reference(Provider, other),
  })
  expect(await providersFor(dataverse, account)).toEqual([
    { id: expect.any(String), name: 'By hand', type: 'Manual' },
    { id: provider, name: 'Contoso Distribution', type: 'Rest' },
    { id: expect.any(String), name: 'Nothing', type: 'Do Nothing' },
  ])
})

describe(rule('A8'), () => {
  test('one mail each, however often it is synced', async () => {
    const { set, sync, mails } = await createProviderEnvironment({ provider: { customers: [fabrikam, northwind] } })
    await set('notifyNewProviderAccount', 'sales@partner.example')
    await sync()
    await sync()
    expect(mails).toMatchObject([
      { to: 'sales@partner.example', subject: 'New provider account: Fabrikam' },
      { to: 'sales@partner.example', subject: 'New provider account: Northwind' },
    ])
    expect(mails[0]!.text).toContain('Id at the provider: tenant-1')
    expect(mails[0]!.text).toContain('mapped to no account yet')
  })

  test('to nobody when nobody wants to know, and not for one made by hand', async () => {
    const { set, sync, mails, jobs, addProviderAccount } = await createProviderEnvironment({
      provider: { customers: [fabrikam] },
    })
    await sync()
    await set('notifyNewProviderAccount', 'sales@partner.example')
    await addProviderAccount('by hand', null)
    expect(mails).toEqual([])
    expect(await jobs()).toHaveLength(1)
  })
})

test(rule('A9'), async () => {
  const { dataverse, account, contract, provider, addProviderAccount, changeLogs, changeLog, requeue, jobs } =
    await createEnvironment()
  const unmapped = await addProviderAccount('unmapped', { work365_provideraccount_account: null })
  const subscription = await dataverse.create(Subscription.logicalName, {
    work365_subscription_subscriptionname: 'Basic',
    work365_subscription_provider: reference(Provider, provider),
    work365_subscription_provideraccount: reference(ProviderAccount, unmapped),
    work365_subscription_channel: channel.Provider,
    work365_subscription_quantity: 1,
  })
  expect(await changeLogs(subscription)).toMatchObject([
    { status: 'Failed Provisioning', message: expect.stringContaining("provider account 'unmapped'") },
  ])

  await dataverse.update(ProviderAccount, unmapped, {
    work365_provideraccount_account: reference('account', account),
  })
  await dataverse.update(Subscription, subscription, {
    work365_subscription_billingcontract: reference(BillingContract, contract),
  })
  await requeue((await changeLog(subscription)).id)
  expect(await changeLogs(subscription)).toMatchObject([{ status: 'Not Applicable' }])
  expect(await jobs()).toEqual([])
})

/** What Dataverse answers while it is out of reach. */
function unavailable() {
  return dataverseError('unManagedidssqltimeouterror', {})
}
