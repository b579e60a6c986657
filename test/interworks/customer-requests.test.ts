import { describe, expect, test } from 'vitest'
import { defineConnector, done } from '../../src/connectors/index.ts'
import {
  Account,
  BillingContract,
  Contact,
  InterworksCustomerRequest,
  InterworksProduct,
  InterworksProductType,
  InterworksProductUpgrade,
  Product,
  requestKind,
  requestStatus,
  ScheduledLicenseChangeLog,
  Subscription,
} from '../../src/entities/index.ts'
import { createJobRunner, syncLicenseChangeLog } from '../../src/jobs/index.ts'
import { pendingCancellationRequests, pendingRequestsOf, productChangesOf } from '../../src/plugins/index.ts'
import { reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, type ProductName, type TestEnvironment, TODAY } from './environment.ts'

const isCancelled = { statecode: 1, statuscode: 100_000_001, work365_subscription_quantity: 0 }

/** A provider that sells and cancels, and remembers what it was asked for. */
function createCancellableProvider() {
  const asked: string[] = []
  const connector = defineConnector({
    name: 'cancellable',
    title: 'Cancellable',
    contract: 1,
    changes: ['create', 'cancel'],
    verifyConnectivity: async () => ({ ok: true }),
    async apply(_, change) {
      const name = change.kind === 'create' ? change.product.name : change.kind === 'cancel' && change.subscription.name
      asked.push(`${change.kind} ${name}`)
      return change.kind === 'create'
        ? done({ id: `S-${asked.length}`, quantity: change.quantity, status: 'active' })
        : done({ id: 'S', quantity: 0, status: 'cancelled' })
    },
  })
  return { connector, asked }
}

function automatic({ dataverse, types }: TestEnvironment, columns: object) {
  return dataverse.update(InterworksProductType.logicalName, types.microsoft, { ...columns })
}

describe(rule('I21'), () => {
  test.each([
    ['Cancellation', 'iw_automaticcancellation'],
    ['Downgrade', 'iw_automaticdowngrade'],
  ] as const)('%s: automatic only where %s says so', async (kind, column) => {
    const environment = await createEnvironment()
    const { subscribed, request, requestOf, subscriptionOf } = environment
    const subscription = await subscribed('mail')
    await automatic(environment, { iw_automaticcancellation: true, iw_automaticdowngrade: true, [column]: false })
    const waiting = await request(subscription, kind, { Quantity: 2 })
    expect(await requestOf(waiting)).toMatchObject({ status: 'Pending', iw_isautomatic: false })
    expect(await subscriptionOf(subscription)).toMatchObject({ work365_subscription_quantity: 10 })

    await automatic(environment, { [column]: true })
    const done = await request(subscription, kind, { Quantity: 3 })
    expect(await requestOf(done)).toMatchObject({ status: 'Completed', iw_isautomatic: true, iw_effectiveon: TODAY })
    expect(await subscriptionOf(subscription)).toMatchObject({ work365_subscription_quantity: 7 })
    expect(await requestOf(waiting)).toMatchObject({ status: 'Pending' })
  })

  test('accepted: it is carried out, once, with a change log', async () => {
    const { subscribed, request, requestOf, accept, changeLogs } = await createEnvironment()
    const subscription = await subscribed('mail')
    const id = await request(subscription, 'Cancellation', { Quantity: 4 })
    expect(await accept(id, 'Done, sorry to see them go.')).toEqual({ Status: requestStatus.Completed })
    expect(await accept(id)).toEqual({ Status: requestStatus.Completed })
    expect(await requestOf(id)).toMatchObject({ status: 'Completed', iw_answer: 'Done, sorry to see them go.' })
    expect((await changeLogs(subscription)).map(({ quantity }) => quantity)).toEqual([10, -4])
  })

  test('rejected: nothing happens to the subscription', async () => {
    const { subscribed, request, requestOf, reject, accept, withdraw, subscriptionOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const before = await subscriptionOf(subscription)
    const id = await request(subscription, 'Cancellation')
    await reject(id, 'There is a commitment.')
    expect(await requestOf(id)).toMatchObject({ status: 'Rejected', iw_answer: 'There is a commitment.' })
    expect(await subscriptionOf(subscription)).toEqual(before)
    for (const other of [accept, withdraw]) {
      await expect(other(id)).rejects.toThrow(/REQ-\d+ \(statuscode\) cannot become .*: it is Rejected/)
    }
    expect(await reject(id)).toEqual({ Status: requestStatus.Rejected })
  })

  test('completed by hand, it is carried out as well; deactivated, it is withdrawn', async () => {
    const { dataverse, subscribed, request, requestOf, subscriptionOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const one = await request(subscription, 'Cancellation', { Quantity: 1 })
    // Saving Completed over Completed carries nothing out again.
    for (let i = 0; i < 2; i++) {
      await dataverse.update(InterworksCustomerRequest, one, { statuscode: requestStatus.Completed })
    }
    expect(await subscriptionOf(subscription)).toMatchObject({ work365_subscription_quantity: 9 })

    const other = await request(subscription, 'Cancellation')
    await dataverse.update(InterworksCustomerRequest, other, { statecode: 1 })
    expect(await requestOf(other)).toMatchObject({ status: 'Cancelled' })
    await expect(
      dataverse.update(InterworksCustomerRequest, other, { statuscode: requestStatus.Completed }),
    ).rejects.toThrow()
    expect(await subscriptionOf(subscription)).toMatchObject({ work365_subscription_quantity: 9, statecode: 0 })
  })

  test('what cannot be carried out any more stays pending', async () => {
    const { dataverse, subscribed, request, requestOf, accept, subscriptionOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const id = await request(subscription, 'Cancellation', { Quantity: 8 })
    await dataverse.update(Subscription, subscription, { work365_subscription_quantity: 5 })
    const before = await subscriptionOf(subscription)
    await expect(accept(id)).rejects.toThrow(/has 5 licenses: 8 \(iw_quantity\) are more than are left/)
    expect(await requestOf(id)).toMatchObject({ status: 'Pending', iw_effectiveon: null })
    expect(await subscriptionOf(subscription)).toEqual(before)
  })
})

describe(rule('I22'), () => {
  test('immediate, of all: inactive with its add-ons, and the provider is told', async () => {
    const environment = await createEnvironment()
    const { dataverse, subscribed, request, accept, subscriptionOf, changeLogs } = environment
    const subscription = await subscribed('mail')
    const addOn = await subscribed('office', 3)
    await dataverse.update(Subscription, addOn, {
      work365_subscription_parentsubscription: reference(Subscription, subscription),
    })
    const { connector, asked } = createCancellableProvider()
    const runner = createJobRunner({
      service: dataverse,
      jobs: [syncLicenseChangeLog({ connect: () => ({ connector }) })],
      clock: dataverse.clock,
      random: () => 0,
    })
    await runner.runDue()

    await accept(await request(subscription, 'Cancellation'))
    expect(await subscriptionOf(subscription)).toMatchObject(isCancelled)
    expect(await subscriptionOf(addOn)).toMatchObject(isCancelled)
    await runner.runDue()
    expect(await changeLogs(subscription)).toEqual([
      { quantity: 10, status: 'Provisioned' },
      { quantity: -10, status: 'Provisioned' },
    ])
    expect(await changeLogs(addOn)).toEqual([
      { quantity: 3, status: 'Provisioned' },
      { quantity: -3, status: 'Provisioned' },
    ])
    expect(asked).toEqual(['create mail', 'create office', 'cancel office', 'cancel mail'])
  })

  test('at the end of the billing period, of all: it stays until the recorded day, with its add-ons', async () => {
    const { dataverse, subscribed, request, accept, requestOf, subscriptionOf, changeLogs } = await createEnvironment()
    const subscription = await subscribed('mail')
    const addOn = await subscribed('office', 3)
    await dataverse.update(Subscription, addOn, {
      work365_subscription_parentsubscription: reference(Subscription, subscription),
    })
    const id = await request(subscription, 'Cancellation', { execution: 'End of Billing Period' })
    await accept(id)
    // The contract bills monthly from the 15th of January.
    for (const each of [subscription, addOn]) {
      expect(await subscriptionOf(each)).toMatchObject({
        statecode: 0,
        work365_subscription_deactivateon: '2026-03-15',
      })
    }
    expect(await requestOf(id)).toMatchObject({ status: 'Completed', iw_effectiveon: '2026-03-15' })
    expect(await changeLogs(subscription)).toHaveLength(1)
  })

  test('at the end of the billing period, of some: the reduction is scheduled', async () => {
    const { dataverse, subscribed, request, accept, subscriptionOf, contract } = await createEnvironment()
    const subscription = await subscribed('mail')
    await dataverse.update(BillingContract, contract, { work365_billingcontract_nextinvoicedate: '2026-03-20' })
    await accept(await request(subscription, 'Cancellation', { execution: 'End of Billing Period', Quantity: 4 }))
    expect(await subscriptionOf(subscription)).toMatchObject({
      work365_subscription_quantity: 10,
      work365_subscription_deactivateon: null,
    })
    expect(await dataverse.list(ScheduledLicenseChangeLog)).toMatchObject([
      {
        work365_slcl_subscription: { id: subscription },
        work365_slcl_quantity: -4,
        work365_slcl_effectivedate: '2026-03-20',
        statuscode: 1,
      },
    ])
  })

  test('add-ons alone, and only add-ons', async () => {
    const { dataverse, subscribed, request, accept, subscriptionOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const addOn = await subscribed('office')
    await expect(request(addOn, 'Add-on Cancellation')).rejects.toThrow(/'office' \(iw_subscription\) is not an add-on/)
    await dataverse.update(Subscription, addOn, {
      work365_subscription_parentsubscription: reference(Subscription, subscription),
    })
    await accept(await request(addOn, 'Add-on Cancellation'))
    expect(await subscriptionOf(addOn)).toMatchObject(isCancelled)
    expect(await subscriptionOf(subscription)).toMatchObject({ statecode: 0, work365_subscription_quantity: 10 })
  })

  test.each([
    ['more than there are', 'Cancellation', { Quantity: 11 }, /has 10 licenses: 11 \(iw_quantity\)/],
    ['none', 'Cancellation', { Quantity: 0 }, /\(iw_quantity\) is 0/],
    ['a downgrade to nothing', 'Downgrade', { Quantity: 10 }, /quantity \(iw_quantity\) of less than 10/],
    ['a downgrade of nobody knows what', 'Downgrade', {}, /lower product \(iw_product\)/],
    ['a cancellation to another product', 'Cancellation', { product: 'office' }, /no other product \(iw_product\)/],
  ] as const)('%s is refused with the column', async (_, kind, wrong, message) => {
    const { dataverse, subscribed, request } = await createEnvironment()
    const subscription = await subscribed('mail')
    await expect(request(subscription, kind, wrong)).rejects.toThrow(message)
    expect(await dataverse.list(InterworksCustomerRequest)).toEqual([])
  })

  test('pending requests cannot give up more than there is', async () => {
    const { subscribed, request, withdraw } = await createEnvironment()
    const subscription = await subscribed('mail')
    const first = await request(subscription, 'Cancellation', { Quantity: 7 })
    await expect(request(subscription, 'Cancellation', { Quantity: 4 })).rejects.toThrow(
      /of which pending requests give up 7: 4 \(iw_quantity\)/,
    )
    await withdraw(first)
    await request(subscription, 'Cancellation', { Quantity: 4 })
  })

  test('an inactive subscription has nothing to cancel, and an unknown kind is none', async () => {
    const { dataverse, subscribed, request, accept } = await createEnvironment()
    const subscription = await subscribed('mail')
    await expect(
      dataverse.execute('iw_SubmitCustomerRequest', {
        Target: reference(Subscription, subscription),
        Kind: 7,
      }),
    ).rejects.toThrow(/iw_kind/)
    await accept(await request(subscription, 'Cancellation'))
    await expect(request(subscription, 'Cancellation')).rejects.toThrow(/\(iw_subscription\) is not active/)
  })

  test('without a billing contract nobody knows when the period ends', async () => {
    const { dataverse, subscribed, request, accept, requestOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    await dataverse.update('work365_subscription', subscription, { work365_subscription_billingcontract: null })
    const id = await request(subscription, 'Cancellation', { execution: 'End of Billing Period' })
    await expect(accept(id)).rejects.toThrow(/end of the billing period of 'mail' is not known.*iw_executiontype/)
    expect(await requestOf(id)).toMatchObject({ status: 'Pending' })
  })
})

describe(rule('I23'), () => {
  test('the request keeps all of it, and is shown on its subscription and in the widget', async () => {
    const { dataverse, subscribed, request, accept } = await createEnvironment()
    const subscription = await subscribed('mail')
    const other = await subscribed('office')
    const id = await request(subscription, 'Cancellation', {
      execution: 'End of Billing Period',
      Quantity: 2,
      Instructions: 'Keep the mailboxes.',
      SendConfirmation: true,
    })
    await dataverse.clock.advance(1000)
    const downgrade = await request(other, 'Downgrade', { Quantity: 1 })

    const shown = {
      id,
      requestCode: expect.stringMatching(/^REQ-\d{6}$/),
      kind: 'Cancellation',
      executionType: 'End of Billing Period',
      subscription: expect.objectContaining({ id: subscription, name: 'mail' }),
      quantity: 2,
      submittedBy: expect.objectContaining({ id: dataverse.organization.userId }),
      submittedOn: new Date('2026-03-02T09:00:00Z'),
      instructions: 'Keep the mailboxes.',
      sendsConfirmation: true,
    }
    expect(await pendingRequestsOf(dataverse, subscription)).toEqual([shown])
    expect(await pendingRequestsOf(dataverse, other)).toMatchObject([{ id: downgrade, kind: 'Downgrade' }])
    expect(await pendingCancellationRequests(dataverse)).toEqual([shown])
    await accept(id)
    expect(await pendingRequestsOf(dataverse, subscription)).toEqual([])
    expect(await pendingCancellationRequests(dataverse)).toEqual([])
  })

  test('a contact may have submitted it', async () => {
    const { dataverse, subscribed } = await createEnvironment()
    const subscription = await subscribed('mail')
    const contact = await dataverse.seed(Contact, { firstname: 'Ida', lastname: 'Jensen' })
    await dataverse.execute('iw_SubmitCustomerRequest', {
      Target: reference(Subscription, subscription),
      Kind: requestKind.Cancellation,
      SubmittedBy: reference(Contact, contact),
    })
    expect(await pendingRequestsOf(dataverse, subscription)).toMatchObject([
      { submittedBy: { logicalName: 'contact', id: contact }, quantity: null, executionType: 'Immediate' },
    ])
  })

  test('what was asked for does not change, and the outcome is not given', async () => {
    const { dataverse, subscribed, request, requestOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const id = await request(subscription, 'Cancellation', { Quantity: 2 })
    const before = await requestOf(id)
    for (const [column, value] of Object.entries({
      iw_quantity: 9,
      iw_kind: requestKind.Downgrade,
      iw_isautomatic: true,
    })) {
      await expect(dataverse.update(InterworksCustomerRequest.logicalName, id, { [column]: value })).rejects.toThrow(
        new RegExp(`${column} of request REQ-\\d+ cannot change`),
      )
    }
    expect(await requestOf(id)).toEqual(before)
    const create = (columns: object) =>
      dataverse.create(InterworksCustomerRequest.logicalName, {
        iw_kind: requestKind.Cancellation,
        iw_subscription: reference(Subscription, subscription),
        ...columns,
      })
    await expect(create({ statuscode: requestStatus.Completed, statecode: 1 })).rejects.toThrow('statuscode')
    await expect(create({ iw_effectiveon: TODAY })).rejects.toThrow('iw_effectiveon')
    await expect(create({ iw_isautomatic: true })).rejects.toThrow('iw_isautomatic')
    // As the request stands before a step behind a webhook has filled it in.
    const bare = await dataverse.seed(InterworksCustomerRequest, {
      iw_kind: requestKind.Cancellation,
      iw_subscription: reference(Subscription, subscription),
    })
    await dataverse.update(InterworksCustomerRequest, bare, { iw_submittedon: new Date('2026-03-02T09:00:00Z') })
    await expect(dataverse.update(InterworksCustomerRequest, bare, { iw_submittedon: new Date() })).rejects.toThrow(
      'iw_submittedon',
    )
    await expect(create({ iw_subscription: null })).rejects.toThrow('iw_subscription')
  })
})

describe(rule('I24'), () => {
  test.each(['Cancellation', 'Add-on Cancellation', 'Downgrade'] as const)(
    '%s: requested, completed, rejected and cancelled',
    async (kind) => {
      const { dataverse, subscribed, request, accept, reject, withdraw, requestOf, configure, mails } =
        await createEnvironment()
      await configure('customerRequestNotification', 'operations@contoso.example')
      const parent = await subscribed('office')
      const subscription = await subscribed('mail')
      await dataverse.update(Subscription, subscription, {
        work365_subscription_parentsubscription: reference(Subscription, parent),
      })
      const ids = []
      for (const end of [accept, reject, withdraw]) {
        const id = await request(subscription, kind, { Quantity: 1 })
        await end(id)
        ids.push(id)
      }
      const codes = await Promise.all(ids.map(async (id) => (await requestOf(id)).iw_requestcode))
      const about = (index: number, event: string) => ({
        name: `${codes[index]} ${event}`,
        to: 'operations@contoso.example',
        subject: `${codes[index]}: ${kind} of 'mail' ${event}`,
      })
      expect(await mails()).toEqual([
        about(0, 'requested'),
        about(0, 'completed'),
        about(1, 'requested'),
        about(1, 'rejected'),
        about(2, 'requested'),
        about(2, 'cancelled'),
      ])
    },
  )

  test('the customer is told only when a confirmation was asked for', async () => {
    const { dataverse, account, subscribed, request, accept, mails } = await createEnvironment()
    const contact = await dataverse.seed(Contact, {
      firstname: 'Ida',
      lastname: 'Jensen',
      emailaddress1: 'ida@fabrikam.example',
    })
    await dataverse.update(Account, account, { primarycontactid: reference(Contact, contact) })
    const subscription = await subscribed('mail')
    await accept(await request(subscription, 'Cancellation', { Quantity: 1 }))
    expect(await mails()).toEqual([])
    await accept(await request(subscription, 'Cancellation', { Quantity: 1, SendConfirmation: true }))
    expect((await mails()).map(({ to }) => to)).toEqual(['ida@fabrikam.example', 'ida@fabrikam.example'])
  })

  test('withdrawn is withdrawn', async () => {
    const { subscribed, request, requestOf, withdraw, accept, subscriptionOf } = await createEnvironment()
    const subscription = await subscribed('mail')
    const id = await request(subscription, 'Cancellation')
    await withdraw(id)
    expect(await withdraw(id)).toEqual({ Status: requestStatus.Cancelled })
    await expect(accept(id)).rejects.toThrow('it is Cancelled')
    expect(await requestOf(id)).toMatchObject({ status: 'Cancelled' })
    expect(await subscriptionOf(subscription)).toMatchObject({ statecode: 0 })
  })
})

describe(rule('I25'), () => {
  const upgrade = ({ dataverse, products }: TestEnvironment, from: ProductName, to: ProductName) =>
    dataverse.create(InterworksProductUpgrade, {
      iw_name: `${from} to ${to}`,
      iw_from: reference(Product, products[from]),
      iw_to: reference(Product, products[to]),
    })

  test('one definition makes both directions known', async () => {
    const environment = await createEnvironment()
    const { dataverse, products } = environment
    await upgrade(environment, 'mail', 'office')
    const changes = async (name: ProductName) => {
      const { upgrades, downgrades } = await productChangesOf(dataverse, products[name])
      return [upgrades.map(({ name }) => name), downgrades.map(({ name }) => name)]
    }
    expect(await changes('mail')).toEqual([['office'], []])
    expect(await changes('office')).toEqual([[], ['mail']])
  })

  test.each([
    ['mail', 'backup', 'not of the same one'],
    ['mail', 'gadget', 'not of the same one'],
    ['mail', 'mail', 'of itself'],
    ['office', 'mail', 'already'],
  ] as const)('%s to %s is refused: %s', async (from, to, message) => {
    const environment = await createEnvironment()
    await upgrade(environment, 'mail', 'office')
    await expect(upgrade(environment, from, to)).rejects.toThrow(message)
    expect(await environment.dataverse.list(InterworksProductUpgrade)).toHaveLength(1)
  })

  test('the ends of a definition and the types of its products stay', async () => {
    const environment = await createEnvironment()
    const { dataverse, products, types } = environment
    const id = await upgrade(environment, 'mail', 'office')
    await expect(
      dataverse.update(InterworksProductUpgrade, id, { iw_to: reference(Product, products.gadget) }),
    ).rejects.toThrow('iw_to')
    const catalog = (await dataverse.list(InterworksProduct)).find(({ iw_name }) => iw_name === 'office')!
    const move = () =>
      dataverse.update(InterworksProduct, catalog.iw_productid, {
        iw_producttype: reference(InterworksProductType, types.managed),
      })
    await expect(move()).rejects.toThrow(/\(iw_producttype\) of 'office' cannot change/)
    await dataverse.delete(InterworksProductUpgrade, id)
    await move()
  })

  test('a product has one type at most', async () => {
    const { dataverse, products, types } = await createEnvironment()
    await expect(
      dataverse.create(InterworksProduct, {
        iw_product: reference(Product, products.mail),
        iw_producttype: reference(InterworksProductType, types.managed),
      }),
    ).rejects.toMatchObject({ name: 'DuplicateRecordEntityKey' })
  })

  test('a downgrade to a lower product moves the licenses there; to any other it is refused', async () => {
    const environment = await createEnvironment()
    const { subscribed, request, accept, requestOf, subscriptionOf, changeLogs, products } = environment
    await upgrade(environment, 'mail', 'office')
    const office = await subscribed('office')
    await expect(request(office, 'Downgrade', { product: 'gadget' })).rejects.toThrow(
      /\(iw_product\) is not a downgrade/,
    )
    await expect(request(await subscribed('mail'), 'Downgrade', { product: 'office' })).rejects.toThrow(
      'not a downgrade',
    )
    await expect(request(office, 'Downgrade', { product: 'mail', execution: 'End of Billing Period' })).rejects.toThrow(
      'iw_executiontype',
    )

    const some = await request(office, 'Downgrade', { product: 'mail', Quantity: 4 })
    await accept(some)
    const mail = (await requestOf(some)).iw_newsubscription!.id
    expect(await subscriptionOf(mail)).toMatchObject({
      work365_subscription_product: { id: products.mail },
      work365_subscription_quantity: 4,
      work365_subscription_sellingpriceperunit: 5.1,
      work365_subscription_effectivestartdate: TODAY,
    })
    expect((await changeLogs(mail)).map(({ quantity }) => quantity)).toEqual([4])
    expect((await changeLogs(office)).map(({ quantity }) => quantity)).toEqual([10, -4])

    await accept(await request(office, 'Downgrade', { product: 'mail' }))
    expect(await subscriptionOf(office)).toMatchObject(isCancelled)
    expect((await changeLogs(office)).map(({ quantity }) => quantity)).toEqual([10, -4, -6])
  })

  test('add-ons go along when nothing stays behind', async () => {
    const environment = await createEnvironment()
    const { dataverse, subscribed, request, accept, requestOf, subscriptionOf } = environment
    await upgrade(environment, 'mail', 'office')
    const office = await subscribed('office')
    const addOn = await subscribed('gadget', 1)
    await dataverse.update(Subscription, addOn, {
      work365_subscription_parentsubscription: reference(Subscription, office),
    })
    const id = await request(office, 'Downgrade', { product: 'mail' })
    await accept(id)
    expect(await subscriptionOf(addOn)).toMatchObject({
      statecode: 0,
      work365_subscription_parentsubscription: { id: (await requestOf(id)).iw_newsubscription!.id },
    })
  })
})
