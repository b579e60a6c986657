import { describe, expect, test } from 'vitest'
import {
  BillingContract,
  LicenseChangeLog,
  Provider,
  ProviderAccount,
  providerType,
  provisioningStatus,
  Subscription,
} from '../../src/entities/index.ts'
import { archiveChangeLogsApi, callCustomApi, checkChangeLogs } from '../../src/plugins/index.ts'
import { settings } from '../../src/rules/index.ts'
import { reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, type TestEnvironment } from './environment.ts'
import { failing } from './provider-double.ts'

/** The only way to a change log that is missing: behind the back of the steps. */
const withoutLogic = { bypassBusinessLogic: ['CustomSync'] } as const

describe(rule('L2'), () => {
  async function withMissing() {
    const environment = await createEnvironment()
    const id = await environment.order({ work365_subscription_quantity: 6 })
    await environment.runner().runDue()
    await environment.dataverse.update(Subscription, id, { work365_subscription_quantity: 10 }, withoutLogic)
    return { ...environment, id }
  }
  const finding = (id: string) => ({ subscription: id, name: 'Business Basic', quantity: 10, logged: 6, missing: 4 })

  test('the check reports the subscription and the difference, and changes nothing', async () => {
    const { dataverse, id, changeLogs } = await withMissing()

    expect(await checkChangeLogs(dataverse)).toEqual([finding(id)])
    expect(await changeLogs(id)).toHaveLength(1)
  })

  test('asked to repair, it creates the missing change log, which is provisioned; then there is nothing to find', async () => {
    const { dataverse, id, changeLogs, runner, double } = await withMissing()

    expect(await checkChangeLogs(dataverse, { repair: true })).toEqual([
      { ...finding(id), created: expect.any(String) },
    ])
    await runner().runDue()

    expect((await changeLogs(id)).map(({ quantity, status }) => [quantity, status])).toEqual([
      [6, 'Provisioned'],
      [4, 'Provisioned'],
    ])
    expect(double.writes.at(-1)).toMatchObject({ quantity: 10 })
    expect(await checkChangeLogs(dataverse, { repair: true })).toEqual([])
  })

  test('a subscription without any gets its first, over the whole quantity', async () => {
    const { dataverse, account, contract, changeLogs } = await createEnvironment()
    const id = await dataverse.seed(Subscription, {
      work365_subscription_customer: reference('account', account),
      work365_subscription_billingcontract: reference('work365_billingcontract', contract),
      work365_subscription_quantity: 0.3,
    })

    await checkChangeLogs(dataverse, { repair: true })

    expect(await changeLogs(id)).toMatchObject([{ quantity: 0.3 }])
  })

  test('it goes through all subscriptions in batches and tells how far it is', async () => {
    const { dataverse, order } = await createEnvironment()
    const ids = []
    for (let n = 0; n < 7; n++) ids.push(await order())
    await dataverse.update(Subscription, ids[1]!, { work365_subscription_quantity: 11 }, withoutLogic)
    await dataverse.update(Subscription, ids[6]!, { work365_subscription_quantity: 12 }, withoutLogic)
    const progress: [number, number][] = []

    const found = await checkChangeLogs(dataverse, {
      batchSize: 3,
      onProgress: (...numbers) => progress.push(numbers),
    })

    expect(found.map(({ subscription, missing }) => [subscription, missing])).toEqual([
      [ids[1], 1],
      [ids[6], 2],
    ])
    expect(progress).toEqual([
      [3, 1],
      [6, 1],
      [7, 2],
    ])
  })
})

/** A subscription whose first change log has failed at the provider, and whose second one comes behind it. */
async function behindFailed(environment: TestEnvironment) {
  const id = await environment.order()
  environment.double.next(failing('notEligible', 'The tenant is closed.'))
  await environment.runner().runDue()
  await environment.setQuantity(id, 12)
  await environment.runner().runDue()
  return id
}

describe(rule('L9'), () => {
  test('it fails with the name of the earlier one; repaired oldest first, both are provisioned', async () => {
    const environment = await createEnvironment()
    const id = await behindFailed(environment)
    const { changeLogs, requeue, runner, double } = environment

    const [first, second] = await changeLogs(id)
    expect(second).toMatchObject({
      status: 'Failed Provisioning',
      message: expect.stringMatching(/^The prior change log 'Business Basic' of the subscription has failed\. Repair/),
    })
    expect(double.writes).toEqual([])

    await requeue(first!.id)
    await requeue(second!.id)
    await runner().runDue()

    expect((await changeLogs(id)).map(({ status }) => status)).toEqual(['Provisioned', 'Provisioned'])
    expect(double.writes.map(({ quantity }) => quantity)).toEqual([10, 12])
  })

  test('re-queued alone, the later one fails again and nothing reaches the provider', async () => {
    const environment = await createEnvironment()
    const id = await behindFailed(environment)
    const { changeLogs, requeue, runner, double } = environment

    await requeue((await changeLogs(id))[1]!.id)
    await runner().runDue()

    expect((await changeLogs(id)).map(({ status }) => status)).toEqual(['Failed Provisioning', 'Failed Provisioning'])
    expect(double.writes).toEqual([])
  })

  test('by the setting it waits instead, and goes on by itself', async () => {
    const environment = await createEnvironment()
    const { configure, changeLogs, requeue, runner } = environment
    await configure('Wait', settings.priorChangeLog.key)
    const id = await behindFailed(environment)

    expect((await changeLogs(id)).map(({ status }) => status)).toEqual(['Failed Provisioning', 'Awaiting Provisioning'])

    await requeue((await changeLogs(id))[0]!.id)
    await runner().runDue()
    expect((await changeLogs(id)).map(({ status }) => status)).toEqual(['Provisioned', 'Provisioned'])
  })

  test('behind one that is still awaiting it waits', async () => {
    const { order, setQuantity, changeLogs, runner } = await createEnvironment()
    const id = await order({ work365_subscription_effectivestartdate: '2026-03-10' })
    await setQuantity(id, 12)
    await runner().runDue()

    expect((await changeLogs(id)).map(({ status }) => status)).toEqual([
      'Awaiting Provisioning',
      'Awaiting Provisioning',
    ])
  })
})

describe(rule('L10'), () => {
  const withoutAccount = { work365_subscription_customer: null, work365_subscription_billingcontract: null }

  test('put on a contract, the account is filled in and a re-queue provisions', async () => {
    const { dataverse, order, account, contract, changeLogs, requeue, runner } = await createEnvironment()
    const id = await order(withoutAccount)
    expect(await changeLogs(id)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining("'Business Basic' has no account") },
    ])

    await dataverse.update(Subscription, id, {
      work365_subscription_billingcontract: reference(BillingContract, contract),
    })

    const [changeLog] = await changeLogs(id)
    expect(await dataverse.retrieve(LicenseChangeLog, changeLog!.id, ['work365_licensechangelog_customer'])).toEqual({
      work365_licensechangelog_customer: expect.objectContaining({ id: account }),
    })
    await requeue(changeLog!.id)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('ordered on a contract, it is the account from the start', async () => {
    const { dataverse, order, account } = await createEnvironment()
    const id = await order({ work365_subscription_customer: null })

    const { work365_subscription_customer } = await dataverse.retrieve(Subscription, id, [
      'work365_subscription_customer',
    ])
    expect(work365_subscription_customer).toMatchObject({ id: account })
  })

  test('a contract without a customer leaves it without account', async () => {
    const { dataverse, order, changeLogs } = await createEnvironment()
    const empty = await dataverse.seed(BillingContract.logicalName, { work365_billingcontract_name: 'Nobody' })
    const id = await order({
      ...withoutAccount,
      work365_subscription_billingcontract: reference(BillingContract, empty),
    })

    expect(await changeLogs(id)).toMatchObject([{ status: 'Failed Provisioning' }])
  })
})

describe(rule('L12'), () => {
  async function withAddOn() {
    const environment = await createEnvironment()
    const parent = await environment.order()
    const addOn = await environment.order({
      work365_subscription_subscriptionname: 'Audio Conferencing',
      work365_subscription_parentsubscription: reference(Subscription, parent),
    })
    return { ...environment, parent, addOn }
  }

  test('it names the parent, has no job, and is provisioned behind it by itself', async () => {
    const { addOn, changeLogs, jobs, runner, double } = await withAddOn()
    expect(await changeLogs(addOn)).toMatchObject([
      {
        status: 'Awaiting Provisioning',
        message: expect.stringMatching(/^Its parent subscription 'Business Basic' is not provisioned yet/),
      },
    ])
    expect(await jobs()).toHaveLength(1)

    await runner().runDue()

    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Provisioned', message: null }])
    expect(double.writes).toHaveLength(2)
    expect(await jobs()).toHaveLength(2)
  })

  test('by the setting it waits for a person', async () => {
    const { addOn, changeLogs, runner, configure, requeue } = await withAddOn()
    await configure('false', settings.releaseAddOns.key)
    await runner().runDue()
    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await requeue((await changeLogs(addOn))[0]!.id)
    await runner().runDue()
    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('of a parent that is inactive it waits until that is active again', async () => {
    const { dataverse, order, runner, changeLogs } = await createEnvironment()
    const parent = await order()
    await runner().runDue()
    await dataverse.update(Subscription, parent, { statecode: 1 })
    const addOn = await order({ work365_subscription_parentsubscription: reference(Subscription, parent) })
    await runner().runDue()
    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await dataverse.update(Subscription, parent, { statecode: 0 })
    await runner().runDue()
    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('made an add-on while both are queued, it goes through whichever job comes first', async () => {
    const { dataverse, order, changeLogs, runner } = await createEnvironment()
    const parent = await order()
    const addOn = await order({ work365_subscription_quantity: 3 })
    await dataverse.update(Subscription, addOn, {
      work365_subscription_parentsubscription: reference(Subscription, parent),
    })
    await runner().runDue()

    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('a parent with nothing to provision is no reason to wait', async () => {
    const { dataverse, order, product, provider, changeLogs, runner } = await createEnvironment({ type: 'Do Nothing' })
    const parent = await order()
    await dataverse.update(Provider, provider, { work365_provider_type: providerType.Automatic })
    const addOn = await order({
      work365_subscription_product: reference('product', product),
      work365_subscription_parentsubscription: reference(Subscription, parent),
    })
    await runner().runDue()

    expect(await changeLogs(addOn)).toMatchObject([{ status: 'Provisioned' }])
  })
})

describe(rule('L13'), () => {
  test('a provider account without an id fails; with one, a re-queue provisions', async () => {
    const { dataverse, order, providerAccount, changeLogs, requeue, runner } = await createEnvironment()
    const column = 'work365_provideraccount_providerspecificaccountid'
    await dataverse.update(ProviderAccount, providerAccount, { [column]: null })
    const id = await order()
    expect(await changeLogs(id)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('has no id at the provider') },
    ])

    await dataverse.update(ProviderAccount, providerAccount, { [column]: 'tenant' })
    await requeue((await changeLogs(id))[0]!.id)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('refused credentials keep it waiting, and it goes on once they work', async () => {
    const { dataverse, order, changeLogs, runner, double } = await createEnvironment()
    const id = await order()
    double.next(failing('auth', 'The secret has expired.'))
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await dataverse.clock.advance(15 * 60_000)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })
})

test(rule('L14'), async () => {
  const { dataverse, order, changeLogs, runner, double, jobs } = await createEnvironment()
  const id = await order()
  for (let attempt = 1; attempt <= 5; attempt++) {
    double.next(failing('transient', 'The subscription is not ready.'))
    await runner().runDue()
    expect(await jobs()).toMatchObject([{ status: 'Retry', retries: attempt }])
    expect(await changeLogs(id)).toMatchObject([{ status: 'Awaiting Provisioning' }])
    await dataverse.clock.advance(15 * 60_000)
  }
  double.next(failing('transient', 'The subscription is not ready.'))
  await runner().runDue()

  expect(await jobs()).toMatchObject([{ status: 'Failed' }])
  expect(await changeLogs(id)).toMatchObject([
    { status: 'Failed Provisioning', message: 'The subscription is not ready.' },
  ])
})

describe(rule('L15'), () => {
  const archive = ({ dataverse }: TestEnvironment, ...Ids: string[]) =>
    callCustomApi(dataverse, archiveChangeLogsApi, { Ids })

  test('many become inactive at once, and still add up', async () => {
    const environment = await createEnvironment()
    const { dataverse, order, setQuantity, changeLogs } = environment
    const id = await order()
    await setQuantity(id, 12)
    await setQuantity(id, 9)
    const ids = (await changeLogs(id)).map((changeLog) => changeLog.id)

    expect(await archive(environment, ids[0]!, ids[1]!, ids[1]!)).toEqual({ Archived: 2, AlreadyArchived: 0 })

    const rows = await Promise.all(
      ids.map((id) => dataverse.retrieve(LicenseChangeLog, id, ['statecode', 'statuscode'])),
    )
    expect(rows).toEqual([
      { statecode: 1, statuscode: 2 },
      { statecode: 1, statuscode: 2 },
      { statecode: 0, statuscode: 1 },
    ])
    expect(await checkChangeLogs(dataverse)).toEqual([])
    expect(await archive(environment, ...ids)).toEqual({ Archived: 1, AlreadyArchived: 2 })
  })

  test('one that still awaits provisioning goes on', async () => {
    const environment = await createEnvironment()
    const id = await environment.order()
    await archive(environment, (await environment.changeLogs(id))[0]!.id)
    await environment.runner().runDue()

    expect(await environment.changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('with one that does not exist none is archived', async () => {
    const environment = await createEnvironment()
    const [changeLog] = await environment.changeLogs(await environment.order())
    const unknown = '00000000-0000-4000-8000-00000000ffff'

    await expect(archive(environment, changeLog!.id, unknown)).rejects.toThrow(unknown)
    expect(await environment.dataverse.retrieve(LicenseChangeLog, changeLog!.id, ['statecode'])).toEqual({
      statecode: 0,
    })
  })
})

test.each(['Suspended', 'Cancelled', 'Expired'])(`${rule('L17')} (%s)`, async (reason) => {
  const { dataverse, order, setQuantity, runner, changeLogs, double } = await createEnvironment()
  const id = await order()
  await runner().runDue()
  const { reasons } = Subscription.states!.Inactive!
  await dataverse.update(Subscription, id, { statecode: 1, statuscode: reasons[reason] as 2 })
  await setQuantity(id, 4)
  await runner().runDue()

  expect((await changeLogs(id)).at(-1)).toMatchObject({
    quantity: -6,
    status: 'Not Applicable',
    message: "Subscription 'Business Basic' is not active.",
  })
  expect(double.writes).toHaveLength(1)
})

test('who decided, and since when a change log waits, stands on it and goes when it is provisioned', async () => {
  const { dataverse, order, changeLog, runner } = await createEnvironment({ type: 'Manual' })
  const { id } = await changeLog(await order())
  const columns = ['work365_licensechangelog_decidedby', 'work365_licensechangelog_waitingsince'] as const
  const since = dataverse.clock.now()
  expect(await dataverse.retrieve(LicenseChangeLog, id, columns)).toEqual({
    work365_licensechangelog_decidedby: 'L4',
    work365_licensechangelog_waitingsince: since,
  })

  await dataverse.clock.advance(60_000)
  await runner().runDue()
  await dataverse.update(LicenseChangeLog, id, {
    work365_licensechangelog_provisioningstatus: provisioningStatus.Provisioned,
  })
  expect(await dataverse.retrieve(LicenseChangeLog, id, columns)).toMatchObject({
    work365_licensechangelog_waitingsince: null,
  })
})
