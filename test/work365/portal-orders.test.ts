import { describe, expect, test } from 'vitest'
import {
  Account,
  Configuration,
  consentStatus,
  Product,
  Provider,
  ProviderAccount,
  providerType,
  syncStatus,
} from '../../src/entities/index.ts'
import { checkChangeLogs, loadSettings } from '../../src/plugins/index.ts'
import { settings } from '../../src/rules/index.ts'
import { reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, PART_NUMBER, type TestEnvironment } from './environment.ts'

const withoutProvider = {
  work365_subscription_provider: null,
  work365_subscription_provideraccount: null,
  work365_subscription_providerpartnumber: null,
}

async function expectOff(environment: TestEnvironment) {
  const subscription = await environment.order()
  expect(await environment.subscription(subscription)).toMatchObject(withoutProvider)
  expect(await environment.changeLogs(subscription)).toMatchObject([
    { status: 'Awaiting Provisioning', message: expect.stringContaining('not exactly true') },
  ])
  expect(await environment.jobs()).toEqual([])
}

describe(rule('P1'), () => {
  test('P1: the value true switches it on', async () => {
    const environment = await createEnvironment({ setting: 'true' })
    expect(await environment.subscription(await environment.order())).toMatchObject({
      work365_subscription_provider: { id: environment.provider },
    })
  })

  test.each([' true', 'true ', 'True', 'TRUE', '1', 'yes', 'false', ''])(
    'P1: the value %j leaves it off',
    async (setting) => {
      await expectOff(await createEnvironment({ setting }))
    },
  )

  test('P1: without a row it is off', async () => {
    await expectOff(await createEnvironment({ setting: null }))
  })

  test('P1: an inactive row counts as no row', async () => {
    const environment = await createEnvironment({ setting: null })
    const row = await environment.configure('true')
    await environment.dataverse.update(Configuration, row, { statecode: 1 })
    await expectOff(environment)
  })

  test('P1: an inactive row does not stand in the way of an active one', async () => {
    const environment = await createEnvironment({ setting: 'true' })
    const row = await environment.configure('false')
    await environment.dataverse.update(Configuration, row, { statecode: 1 })
    expect(await environment.subscription(await environment.order())).toMatchObject({
      work365_subscription_provider: { id: environment.provider },
    })
  })

  test('P1: two active rows with the key switch it off, and a diagnostic says so', async () => {
    const environment = await createEnvironment({ setting: 'true' })
    await environment.configure('true')
    await expectOff(environment)
    expect((await loadSettings(environment.dataverse)).diagnostics).toEqual([
      expect.stringMatching(/AutoProvisionNewSubscription' has 2 active configuration rows, so it is off/),
    ])
  })

  test('P1: a key in another case is another key', async () => {
    const environment = await createEnvironment({ setting: null })
    await environment.configure('true', 'work365.portal.autoprovisionnewsubscription')
    await expectOff(environment)
  })
})

test(rule('P2'), async () => {
  await expectOff(await createEnvironment({ setting: null }))
})

test(rule('P3'), async () => {
  const environment = await createEnvironment()
  const subscription = await environment.order()

  expect(await environment.subscription(subscription)).toMatchObject({
    work365_subscription_provider: { id: environment.provider, name: 'Contoso Distribution' },
    work365_subscription_provideraccount: { id: environment.providerAccount },
    work365_subscription_providerpartnumber: PART_NUMBER,
  })
  const changeLogs = await environment.changeLogs(subscription)
  expect(changeLogs).toMatchObject([{ status: 'Awaiting Provisioning', message: null, quantity: 10 }])
  expect(await environment.jobs()).toMatchObject([
    { type: 'Sync License Change Log', status: 'Waiting', regarding: changeLogs[0]!.id },
  ])
})

test('P3: what the order says of its provider itself stays', async () => {
  const environment = await createEnvironment()
  const subscription = await environment.order({ work365_subscription_providerpartnumber: 'OTHER:0001' })
  expect(await environment.subscription(subscription)).toMatchObject({
    work365_subscription_providerpartnumber: 'OTHER:0001',
  })
})

test('P4: each new subscription makes exactly one change log, and each later change its own', async () => {
  const environment = await createEnvironment()
  const lines = [await environment.order(), await environment.order(), await environment.order()]
  for (const line of lines) expect(await environment.changeLogs(line)).toHaveLength(1)
  expect(await environment.jobs()).toHaveLength(3)

  await environment.setQuantity(lines[0]!, 12)
  expect((await environment.changeLogs(lines[0]!)).map(({ quantity }) => quantity)).toEqual([10, 2])
  expect(await environment.changeLogs(lines[1]!)).toHaveLength(1)
})

describe(rule('P5'), () => {
  test('P5: no provider account belongs to the customer', async () => {
    const environment = await createEnvironment()
    await environment.dataverse.delete(ProviderAccount, environment.providerAccount)
    const subscription = await environment.order()

    expect(await environment.subscription(subscription)).toMatchObject({
      work365_subscription_provider: { id: environment.provider },
      work365_subscription_provideraccount: null,
    })
    expect(await environment.changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringMatching(/No provider account .*'Fabrikam'.*Map one/s) },
    ])
    expect(await environment.jobs()).toEqual([])
  })

  test('P5: two provider accounts belong to the customer; once one is unmapped, a re-queue provisions', async () => {
    const environment = await createEnvironment()
    const second = await environment.addProviderAccount('second.example')
    const subscription = await environment.order()
    expect(await environment.changeLogs(subscription)).toMatchObject([
      {
        status: 'Failed Provisioning',
        message: expect.stringMatching(/2 provider accounts .*: fabrikam.example, second.example/),
      },
    ])

    await environment.dataverse.update(ProviderAccount, second, { work365_provideraccount_account: null })
    await environment.requeue((await environment.changeLog(subscription)).id)
    await environment.runner().runDue()

    expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
    expect(await environment.subscription(subscription)).toMatchObject({
      work365_subscription_provideraccount: { id: environment.providerAccount },
    })
  })

  test('P5: provider accounts match by customer and by provider', async () => {
    const environment = await createEnvironment()
    const elsewhere = await environment.dataverse.create(Provider, {
      work365_provider_name: 'Elsewhere',
      work365_provider_type: providerType.Automatic,
    })
    const stranger = await environment.dataverse.create(Account, { name: 'Stranger' })
    await environment.addProviderAccount('other provider', {
      work365_provideraccount_provider: reference(Provider, elsewhere),
    })
    await environment.addProviderAccount('other customer', {
      work365_provideraccount_account: reference(Account, stranger),
    })
    const subscription = await environment.order()
    expect(await environment.subscription(subscription)).toMatchObject({
      work365_subscription_provideraccount: { id: environment.providerAccount },
    })
    expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })

  test('P5: an inactive provider account does not match', async () => {
    const environment = await createEnvironment()
    const second = await environment.addProviderAccount('closed.example')
    await environment.dataverse.update(ProviderAccount, second, { statecode: 1 })
    expect(await environment.changeLogs(await environment.order())).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })
})

describe(rule('P6'), () => {
  test.each<[string, RegExp, (environment: TestEnvironment, broken: boolean) => Promise<void>]>([
    [
      'a missing part number',
      /has no provider part number\. Enter the provider part number on the product 'Business Basic'/,
      ({ dataverse, product }, broken) =>
        dataverse.update(Product, product, { work365_product_providerpartnumber: broken ? null : PART_NUMBER }),
    ],
    [
      'a missing provider mapping',
      /Product 'Business Basic' is not mapped to a provider\. Choose the provider on the product/,
      ({ dataverse, product, provider }, broken) =>
        dataverse.update(Product, product, {
          work365_product_provider: broken ? null : reference(Provider, provider),
        }),
    ],
    [
      'an inactive provider',
      /Provider 'Contoso Distribution' is inactive\. Activate the provider/,
      ({ dataverse, provider }, broken) => dataverse.update(Provider, provider, { statecode: broken ? 1 : 0 }),
    ],
    [
      'an expired consent',
      /The consent of provider 'Contoso Distribution' has expired\. Renew the consent/,
      ({ dataverse, provider }, broken) =>
        dataverse.update(Provider, provider, {
          work365_provider_consentstatus: broken ? consentStatus.Expired : consentStatus.Valid,
        }),
    ],
  ])('P6: %s', async (_, message, set) => {
    const environment = await createEnvironment()
    await set(environment, true)
    const subscription = await environment.order()
    expect(await environment.changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringMatching(message) },
    ])
    expect(await environment.jobs()).toEqual([])

    await set(environment, false)
    await environment.requeue((await environment.changeLog(subscription)).id)
    await environment.runner().runDue()
    expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Provisioned', message: null }])
    expect(environment.double.writes).toMatchObject([{ kind: 'create', quantity: 10 }])
  })
})

describe(rule('P7'), () => {
  test('P7: an order for a Do Nothing provider is Not Applicable', async () => {
    const environment = await createEnvironment({ type: 'Do Nothing' })
    expect(await environment.changeLogs(await environment.order())).toMatchObject([{ status: 'Not Applicable' }])
    expect(await environment.jobs()).toEqual([])
  })

  test('P7: an order for a Manual provider stays Awaiting Provisioning', async () => {
    const environment = await createEnvironment({ type: 'Manual' })
    expect(await environment.changeLogs(await environment.order())).toMatchObject([{ status: 'Awaiting Provisioning' }])
    expect(await environment.jobs()).toMatchObject([{ type: 'Manual Provider Reminder Email' }])
  })
})

describe(rule('P8'), () => {
  test('P8: an order from before is not filled in, not even when it is re-queued', async () => {
    const environment = await createEnvironment({ setting: null })
    const subscription = await environment.order()
    await environment.dataverse.clock.advance(60_000)
    await environment.configure('true')

    expect(await environment.subscription(subscription)).toMatchObject(withoutProvider)
    await environment.requeue((await environment.changeLog(subscription)).id)
    expect(await environment.subscription(subscription)).toMatchObject(withoutProvider)
    expect(await environment.changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('Choose the provider on the subscription') },
    ])
  })

  test('P8: a subscription from another channel is not filled in', async () => {
    const environment = await createEnvironment()
    const subscription = await environment.order({ work365_subscription_channel: null })
    expect(await environment.subscription(subscription)).toMatchObject(withoutProvider)
  })
})

describe('what the sources leave open about portal orders is a setting', () => {
  test('P2: without auto-provisioning and its change log, an order makes none, and the check finds it missing', async () => {
    const { dataverse, configure, order, changeLogs } = await createEnvironment({ setting: null })
    await configure('false', settings.changeLogWithoutAutoProvision.key)
    const id = await order()

    expect(await changeLogs(id)).toEqual([])
    expect(await checkChangeLogs(dataverse)).toMatchObject([{ subscription: id, missing: 10 }])
  })

  test("P5: all of the customer's accounts match, whatever their provider", async () => {
    const { dataverse, configure, addProviderAccount, order, changeLogs } = await createEnvironment()
    const other = await dataverse.seed(Provider, { work365_provider_name: 'Another' })
    await addProviderAccount('elsewhere.example', { work365_provideraccount_provider: reference(Provider, other) })
    await configure('Customer', settings.providerAccountScope.key)

    expect(await changeLogs(await order())).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringMatching(/elsewhere\.example, fabrikam\.example/) },
    ])
  })

  test.each([
    ['Active', 'Provisioned'],
    ['Active with sync enabled', 'Provisioned'],
    ['All', 'Failed Provisioning'],
  ])('P5: counting %s, an order beside an inactive and a disabled account is %s', async (counted, status) => {
    const { dataverse, configure, addProviderAccount, order, changeLogs, runner } = await createEnvironment()
    const old = await addProviderAccount('old.example')
    await dataverse.update(ProviderAccount, old, { statecode: 1 })
    if (counted === 'Active with sync enabled') {
      await addProviderAccount('disabled.example', { work365_provideraccount_syncstatus: syncStatus.Disabled })
    }
    await configure(counted, settings.providerAccountsCounted.key)
    const id = await order()
    await runner().runDue()

    expect(await changeLogs(id)).toMatchObject([{ status }])
  })
})
