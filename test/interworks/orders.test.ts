import { describe, expect, test } from 'vitest'
import {
  executionMode,
  InterworksOrder,
  InterworksOrderItem,
  InterworksProductType,
  Invoice,
  InvoiceDetail,
  Job,
  NonRecurringItem,
  Product,
  Subscription,
} from '../../src/entities/index.ts'
import { defineStep, deliveryOf, ordersForManualManagement, storefrontInformation } from '../../src/plugins/index.ts'
import { InvalidPluginExecution, reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, type TestEnvironment, TODAY } from './environment.ts'

/** What executing creates, counted. */
async function created({ dataverse }: Pick<TestEnvironment, 'dataverse'>) {
  return {
    subscriptions: (await dataverse.list(Subscription)).length,
    assets: (await dataverse.list(NonRecurringItem)).length,
    invoices: (await dataverse.list(Invoice)).length,
    lines: (await dataverse.list(InvoiceDetail)).length,
  }
}
const NOTHING = { subscriptions: 0, assets: 0, invoices: 0, lines: 0 }

describe(rule('I4'), () => {
  test('one such service among assets is enough', async () => {
    const environment = await createEnvironment()
    const { basket, submit, orderOf } = environment
    const order = await basket('windows', 'backup')
    expect(await submit(order)).toMatchObject({ Manual: true })
    expect(await orderOf(order)).toMatchObject({ mode: 'Manual', status: 'Submitted', executed: false })
    expect(await created(environment)).toEqual(NOTHING)
  })

  test('without the flag the same order is executed', async () => {
    const { types, setFlag, basket, submit, orderOf } = await createEnvironment()
    await setFlag(types.managed, false)
    const order = await basket('backup')
    expect(await submit(order)).toMatchObject({ Manual: false })
    expect(await orderOf(order)).toMatchObject({ mode: 'Automatic', status: 'Executed' })
  })
})

test(rule('I6'), async () => {
  const { addStatus, basket, submit, orderOf } = await createEnvironment()
  await addStatus('Received', 'In Progress', 'Viewable', { iw_isdefault: true })
  await addStatus('Spare')
  const order = await basket('backup')
  const { Status } = await submit(order)
  expect((await orderOf(order)).status).toBe('Received')
  expect(Status.logicalName).toBe('iw_orderstatus')
})

describe(rule('I10'), () => {
  test('turning the flag on or off leaves waiting and executed orders alone', async () => {
    const environment = await createEnvironment()
    const { types, setFlag, basket, submit, orderOf, itemsOf } = environment
    const waiting = await basket('backup')
    await submit(waiting)
    const executed = await basket('mail')
    await submit(executed)
    const before = [await orderOf(waiting), await itemsOf(waiting), await orderOf(executed), await created(environment)]

    await setFlag(types.managed, false)
    await setFlag(types.microsoft, true)
    expect([
      await orderOf(waiting),
      await itemsOf(waiting),
      await orderOf(executed),
      await created(environment),
    ]).toEqual(before)
    expect(await ordersForManualManagement(environment.dataverse)).toMatchObject([{ id: waiting }])
  })

  test('a basket is not placed yet: it goes by the flag at checkout', async () => {
    const { types, setFlag, basket, submit, itemsOf } = await createEnvironment()
    const order = await basket('mail')
    await setFlag(types.microsoft, true)
    expect(await submit(order)).toMatchObject({ Manual: true })
    expect(await itemsOf(order)).toMatchObject([{ nonAutomatic: true }])
  })

  test('by setting not: what needs no person any more is executed, what still does waits', async () => {
    const environment = await createEnvironment()
    const { types, setFlag, basket, submit, orderOf, configure } = environment
    await configure('ordersKeepTheirMode', 'false')
    const one = await basket('backup', 'windows')
    const mixed = await basket('backup', 'migration')
    const other = await basket('migration')
    for (const order of [one, mixed, other]) await submit(order)

    await setFlag(types.managed, false)
    expect(await orderOf(one)).toMatchObject({ mode: 'Automatic', status: 'Executed', executed: true })
    expect(await orderOf(mixed)).toMatchObject({ mode: 'Manual', status: 'Submitted' })
    expect(await orderOf(other)).toMatchObject({ mode: 'Manual', status: 'Submitted' })
    expect(await created(environment)).toEqual({ subscriptions: 1, assets: 1, invoices: 1, lines: 2 })
  })
})

describe(rule('I11'), () => {
  test.each([
    ['mail', 'backup'],
    ['backup', 'mail'],
    ['gadget', 'backup'],
  ] as const)('after %s, %s is refused by name, and the basket stays as it was', async (first, second) => {
    const { basket, addItem, itemsOf } = await createEnvironment()
    const order = await basket(first)
    const before = await itemsOf(order)
    await expect(addItem(order, second)).rejects.toThrow(
      new RegExp(
        `iw_product.*'backup' is executed by the operator, '${first === 'backup' ? second : first}'.*two orders.*I11`,
      ),
    )
    expect(await itemsOf(order)).toEqual(before)
  })

  test('services of one kind go together whatever their types, and assets with both', async () => {
    const { basket, itemsOf } = await createEnvironment()
    expect(await itemsOf(await basket('mail', 'office', 'windows', 'gadget'))).toHaveLength(4)
    expect(await itemsOf(await basket('windows', 'backup', 'migration'))).toHaveLength(3)
  })

  test('taking the first out makes room for the other kind', async () => {
    const { dataverse, basket, addItem, itemsOf } = await createEnvironment()
    const order = await basket('mail')
    await dataverse.delete(InterworksOrderItem, (await itemsOf(order))[0]!.id)
    await addItem(order, 'backup')
  })

  test('a flag that changes meanwhile is noticed at checkout', async () => {
    const environment = await createEnvironment()
    const { types, setFlag, basket, submit, orderOf } = environment
    const order = await basket('mail', 'gadget')
    await setFlag(types.microsoft, true)
    await expect(submit(order)).rejects.toThrow("'mail' is executed by the operator, 'gadget' automatically")
    expect(await orderOf(order)).toMatchObject({ status: 'Draft', mode: undefined, total: null })
    expect(await created(environment)).toEqual(NOTHING)
  })
})

test(rule('I12'), async () => {
  const { dataverse, basket, addItem, itemsOf, submit } = await createEnvironment()
  const order = await basket('windows')
  expect(await storefrontInformation(dataverse, order)).toMatchObject({ showsBanner: false, banner: null })
  await addItem(order, 'backup')
  expect(await storefrontInformation(dataverse, order)).toEqual({
    showsBanner: true,
    banner: expect.stringContaining('your operator'),
    lastStep: expect.stringContaining('will be in touch'),
  })
  const backup = (await itemsOf(order)).find(({ name }) => name === 'backup')!
  await dataverse.delete(InterworksOrderItem, backup.id)
  expect(await storefrontInformation(dataverse, order)).toMatchObject({
    showsBanner: false,
    lastStep: expect.not.stringContaining('in touch'),
  })
  // Once placed, it is the order's own mode that counts.
  await addItem(order, 'backup')
  await submit(order)
  expect(await storefrontInformation(dataverse, order)).toMatchObject({ showsBanner: true })
})

describe(rule('I13'), () => {
  test('the order waits, and nothing else comes of it', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, addItem, submit, orderOf, itemsOf } = environment
    const order = await basket('backup')
    await addItem(order, 'migration', { iw_quantity: 0.3 })
    expect(await submit(order, { StartDate: '2026-04-01' })).toMatchObject({ Manual: true })

    expect(await orderOf(order)).toMatchObject({
      status: 'Submitted',
      mode: 'Manual',
      total: 59.997,
      startDate: '2026-04-01',
      executed: false,
      invoice: null,
    })
    expect((await itemsOf(order)).map(({ delivery, subscription }) => [delivery, subscription])).toEqual([
      ['Pending', null],
      ['Pending', null],
    ])
    expect(await created(environment)).toEqual(NOTHING)
    expect(await dataverse.list(Job)).toEqual([])
  })

  test('submitting again changes nothing and answers the same', async () => {
    const { basket, submit, orderOf, dataverse } = await createEnvironment()
    const order = await basket('backup')
    const answer = await submit(order)
    const before = await orderOf(order)
    await dataverse.clock.advance(60_000)
    expect(await submit(order, { StartDate: '2027-01-01' })).toEqual(answer)
    expect(await orderOf(order)).toEqual(before)
  })

  test('what was submitted stays as it was ordered', async () => {
    const { dataverse, basket, addItem, submit, itemsOf, account, products } = await createEnvironment()
    const order = await basket('backup')
    await submit(order)
    const [item] = await itemsOf(order)
    const change = (columns: object) => dataverse.update(InterworksOrderItem.logicalName, item!.id, { ...columns })

    await expect(addItem(order, 'migration')).rejects.toThrow(/Nothing can be added to order ORD-\d+ \(iw_order\)/)
    await expect(change({ iw_quantity: 2 })).rejects.toThrow(/iw_quantity.*it? ?is open|iw_quantity.*cannot change/)
    await expect(change({ iw_product: reference(Product, products.migration) })).rejects.toThrow('iw_product')
    await expect(change({ iw_subscription: null })).rejects.toThrow('iw_subscription')
    await expect(dataverse.delete(InterworksOrderItem, item!.id)).rejects.toThrow('cannot be removed')
    await expect(dataverse.delete(InterworksOrder, order)).rejects.toThrow(/cannot be deleted: it is open/)
    const other = await dataverse.seed('account', { name: 'Northwind' })
    await expect(dataverse.update(InterworksOrder, order, { iw_account: reference('account', other) })).rejects.toThrow(
      'iw_account',
    )
    await dataverse.update(InterworksOrder, order, { iw_account: reference('account', account) })
    await expect(dataverse.update(InterworksOrder, order, { iw_totalwithouttax: 1 })).rejects.toThrow(
      'iw_totalwithouttax',
    )
    expect(await itemsOf(order)).toEqual([item])
  })

  test('a basket without items is not an order', async () => {
    const { basket, submit } = await createEnvironment()
    await expect(submit(await basket())).rejects.toThrow(/ORD-\d+ has no items/)
  })
})

describe(rule('I14'), () => {
  test('each item has a subscription on its way to the provider, each asset an entry, and all are invoiced', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, addItem, submit, orderOf, itemsOf, changeLogs, account, contract, products } =
      environment
    const order = await basket('office', 'windows')
    await addItem(order, 'mail', { iw_quantity: 3 })
    expect(await submit(order)).toMatchObject({ Manual: false })

    const { code, invoice, ...placed } = await orderOf(order)
    expect(placed).toMatchObject({
      status: 'Executed',
      mode: 'Automatic',
      total: 277.8,
      startDate: TODAY,
      executed: true,
    })
    const [office, windows, mail] = await itemsOf(order)
    expect([office, windows, mail].map((item) => item!.delivery)).toEqual(['Executed', 'Executed', 'Executed'])
    expect(await dataverse.retrieve(Subscription, mail!.subscription!)).toMatchObject({
      work365_subscription_subscriptionname: 'mail',
      work365_subscription_customer: { id: account },
      work365_subscription_product: { id: products.mail },
      work365_subscription_billingcontract: { id: contract },
      work365_subscription_quantity: 3,
      work365_subscription_sellingpriceperunit: 5.1,
      work365_subscription_effectivestartdate: TODAY,
      work365_subscription_ordernum: code,
      work365_subscription_autoprovisioned: true,
    })
    expect(await changeLogs(mail!.subscription!)).toEqual([{ quantity: 3, status: 'Awaiting Provisioning' }])
    expect(await dataverse.retrieve(NonRecurringItem, windows!.asset!)).toMatchObject({
      work365_nonrecurringitem_name: 'windows',
      work365_nonrecurringitem_quantity: 1,
      work365_nonrecurringitem_revenue: 250,
    })
    expect(windows!.subscription).toBeNull()

    expect(await dataverse.list(Invoice)).toMatchObject([
      {
        invoiceid: invoice,
        name: `Order ${code}`,
        customerid: { id: account },
        work365_invoice_billingcontract: { id: contract },
        work365_invoice_billingdate: TODAY,
        work365_invoice_subscriptionids: `${office!.subscription},${mail!.subscription}`,
      },
    ])
    expect(
      (await dataverse.list(InvoiceDetail)).map((line) => [line.productdescription, line.quantity, line.baseamount]),
    ).toEqual([
      ['office', 1, 12.5],
      ['windows', 1, 250],
      ['mail', 3, 15.3],
    ])
  })

  test('submitting again creates nothing again', async () => {
    const environment = await createEnvironment()
    const order = await environment.basket('mail')
    await environment.submit(order)
    const before = await created(environment)
    await environment.submit(order)
    expect(await environment.execute(order)).toEqual({ ExecutedItems: 0 })
    expect(await created(environment)).toEqual(before)
  })

  test('the total is free of the dust of floating point', async () => {
    const { basket, addItem, submit, orderOf } = await createEnvironment()
    const order = await basket()
    for (let i = 0; i < 10; i++) await addItem(order, 'mail', { iw_unitprice: 0.1 })
    await submit(order)
    expect((await orderOf(order)).total).toBe(1)
  })

  test('a failure anywhere undoes all of it: the basket is still one', async () => {
    const noInvoices = defineStep({
      name: 'no invoices today',
      table: InvoiceDetail,
      message: 'Create',
      stage: 'postOperation',
      run() {
        throw new InvalidPluginExecution('No invoices today.')
      },
    })
    const environment = await createEnvironment({ steps: [noInvoices] })
    const { dataverse, basket, submit, orderOf, itemsOf } = environment
    const order = await basket('mail', 'windows')
    const before = [await orderOf(order), await itemsOf(order)]
    await expect(submit(order)).rejects.toThrow('No invoices today.')
    expect([await orderOf(order), await itemsOf(order)]).toEqual(before)
    expect(await created(environment)).toEqual(NOTHING)
    expect(await dataverse.list(Job)).toEqual([])
  })
})

describe(rule('I15'), () => {
  test('it shows what waits, the oldest first, with the documented columns', async () => {
    const { dataverse, basket, submit, orderOf, setStatus, statusNamed } = await createEnvironment()
    const first = await basket('backup')
    const second = await basket('migration', 'windows')
    await submit(second)
    await dataverse.clock.advance(60_000)
    await submit(first)
    await submit(await basket('mail'))
    await basket('backup')
    const cancelled = await basket('backup')
    await submit(cancelled)
    await setStatus(cancelled, await statusNamed('Canceled'))

    expect(await ordersForManualManagement(dataverse)).toEqual([
      {
        id: second,
        orderCode: (await orderOf(second)).code,
        accountName: 'Fabrikam',
        orderDate: new Date('2026-03-02T09:00:00Z'),
        totalWithoutTax: 349.99,
      },
      {
        id: first,
        orderCode: (await orderOf(first)).code,
        accountName: 'Fabrikam',
        orderDate: new Date('2026-03-02T09:01:00Z'),
        totalWithoutTax: 30,
      },
    ])
  })

  test('it shows 50 at most', async () => {
    const { dataverse, basket, submit } = await createEnvironment()
    const orders: string[] = []
    for (let i = 0; i < 52; i++) {
      orders.push(await basket('backup'))
      await submit(orders.at(-1)!)
      await dataverse.clock.advance(1000)
    }
    const shown = await ordersForManualManagement(dataverse)
    expect(shown.map(({ id }) => id)).toEqual(orders.slice(0, 50))
  })

  test('when only an asset of it is open, it has left', async () => {
    const { dataverse, basket, submit, deliver, itemsOf } = await createEnvironment()
    const order = await basket('backup', 'windows')
    await submit(order)
    await deliver(order, [(await itemsOf(order))[0]!.id])
    expect(await ordersForManualManagement(dataverse)).toEqual([])
  })

  test('the total follows a price that the operator corrects before executing', async () => {
    const { dataverse, basket, submit, itemsOf, execute } = await createEnvironment()
    const order = await basket('backup', 'migration')
    await submit(order)
    const [backup] = await itemsOf(order)
    await dataverse.update(InterworksOrderItem, backup!.id, { iw_unitprice: 25.5 })
    expect(await ordersForManualManagement(dataverse)).toMatchObject([{ totalWithoutTax: 125.49 }])
    await execute(order)
    await expect(dataverse.update(InterworksOrderItem, backup!.id, { iw_unitprice: 1 })).rejects.toThrow('iw_unitprice')
  })
})

describe(rule('I16'), () => {
  test('the operator picks the start date, and everything that is open is created once', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, execute, orderOf, itemsOf, subscriptionOf, changeLogs } = environment
    const order = await basket('backup', 'windows')
    await submit(order)
    expect(await execute(order, { StartDate: '2026-04-01' })).toEqual({ ExecutedItems: 2 })

    expect(await orderOf(order)).toMatchObject({ status: 'Executed', mode: 'Manual', startDate: '2026-04-01' })
    const [backup, windows] = await itemsOf(order)
    expect(await subscriptionOf(backup!.subscription!)).toMatchObject({
      work365_subscription_effectivestartdate: '2026-04-01',
    })
    // The provider is told when the day has come.
    expect(await changeLogs(backup!.subscription!)).toEqual([{ quantity: 1, status: 'Awaiting Provisioning' }])
    expect(windows!.asset).not.toBeNull()
    expect(await dataverse.list(Invoice, ['work365_invoice_billingdate'])).toEqual([
      { work365_invoice_billingdate: '2026-04-01' },
    ])
    const before = await created(environment)
    expect(before).toEqual({ subscriptions: 1, assets: 1, invoices: 1, lines: 2 })

    expect(await execute(order, { StartDate: '2026-05-01' })).toEqual({ ExecutedItems: 0 })
    expect(await created(environment)).toEqual(before)
    expect((await orderOf(order)).startDate).toBe('2026-04-01')
    await expect(dataverse.update(InterworksOrder, order, { iw_startdate: '2026-05-01' })).rejects.toThrow(
      /iw_startdate.*the order is executed/,
    )
  })

  test('setting the status to one that executes does the same', async () => {
    const environment = await createEnvironment()
    const { basket, submit, setStatus, statusNamed, orderOf } = environment
    const order = await basket('backup')
    await submit(order)
    await setStatus(order, await statusNamed('Executed'))
    const executed = await orderOf(order)
    expect(executed).toMatchObject({
      status: 'Executed',
      executed: true,
      startDate: TODAY,
      invoice: expect.any(String),
    })
    await setStatus(order, await statusNamed('Executed'))
    expect(await orderOf(order)).toEqual(executed)
    expect(await created(environment)).toEqual({ subscriptions: 1, assets: 0, invoices: 1, lines: 1 })
  })

  test('two operators at once execute it once', async () => {
    const environment = await createEnvironment()
    const { basket, submit, execute } = environment
    const order = await basket('backup')
    await submit(order)
    await Promise.allSettled([execute(order), execute(order)])
    expect(await created(environment)).toEqual({ subscriptions: 1, assets: 0, invoices: 1, lines: 1 })
  })

  test.each(['2026-02-30', '01.04.2026', ''])('the start date %j is refused', async (StartDate) => {
    const environment = await createEnvironment()
    const { basket, submit, execute, orderOf } = environment
    const order = await basket('backup')
    await submit(order)
    await expect(execute(order, { StartDate })).rejects.toThrow(/start date \(StartDate\).*YYYY-MM-DD/)
    expect(await orderOf(order)).toMatchObject({ status: 'Submitted' })
  })

  test('an order under the default contract, under its own, or under none', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, execute, contract } = environment
    const order = await basket('backup')
    await submit(order)
    await dataverse.update('work365_billingcontract', contract, { work365_billingcontract_isdefault: false })
    await expect(execute(order)).rejects.toThrow(/no billing contract \(iw_billingcontract\).*Is Default/)
    expect(await created(environment)).toEqual(NOTHING)

    await dataverse.update(InterworksOrder, order, {
      iw_billingcontract: reference('work365_billingcontract', contract),
    })
    await execute(order)
    expect(await dataverse.list(Subscription, ['work365_subscription_billingcontract'])).toMatchObject([
      { work365_subscription_billingcontract: { id: contract } },
    ])
  })

  test('an item without a price cannot be invoiced: it is named, and nothing is created', async () => {
    const environment = await createEnvironment()
    const { dataverse, products, basket, submit, execute, orderOf } = environment
    await dataverse.update(Product, products.migration, { work365_product_monthlyunitsellingprice: null })
    const order = await basket('backup', 'migration')
    await submit(order)
    expect((await orderOf(order)).total).toBe(30)
    await expect(execute(order)).rejects.toThrow(/'migration'.*no unit price \(iw_unitprice\)/)
    expect(await created(environment)).toEqual(NOTHING)
  })

  test('only an order that is open can be executed, and one that is executed stays so', async () => {
    const { basket, submit, execute, setStatus, statusNamed, addStatus } = await createEnvironment()
    const draft = await basket('backup')
    await expect(execute(draft)).rejects.toThrow(/not submitted.*iw_SubmitOrder/)
    await expect(setStatus(draft, await statusNamed('Executed'))).rejects.toThrow(/iw_status.*iw_SubmitOrder/)
    await expect(setStatus(draft, await statusNamed('Submitted'))).rejects.toThrow('iw_SubmitOrder')
    await submit(draft)
    await expect(setStatus(draft, await statusNamed('Draft'))).rejects.toThrow('is submitted')
    const asleep = await addStatus('Asleep', 'In Progress', 'Viewable', { iw_isactive: false })
    await expect(setStatus(draft, asleep)).rejects.toThrow('that order status is not active')
    await setStatus(draft, await addStatus('In talks'))
    await setStatus(draft, await statusNamed('Canceled'))
    await expect(execute(draft)).rejects.toThrow('it is cancelled')
    await expect(submit(draft)).rejects.toThrow('it is cancelled')
    await expect(setStatus(draft, await statusNamed('Submitted'))).rejects.toThrow('the order is cancelled')

    const executed = await basket('mail')
    await submit(executed)
    await expect(setStatus(executed, await statusNamed('Canceled'))).rejects.toThrow('the order is executed')
  })
})

describe(rule('I17'), () => {
  test('the chosen items become a sub-order with a total and an invoice of its own', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, deliver, orderOf, itemsOf } = environment
    const order = await basket('backup', 'migration', 'windows')
    await submit(order)
    const [backup, migration, windows] = await itemsOf(order)
    const subOrder = await deliver(order, [migration!.id, windows!.id], { StartDate: '2026-03-15' })

    expect(await orderOf(subOrder)).toMatchObject({
      status: 'Executed',
      mode: 'Manual',
      total: 349.99,
      startDate: '2026-03-15',
      parent: order,
      executed: true,
    })
    expect(await orderOf(order)).toMatchObject({ status: 'Submitted', executed: false, invoice: null, total: 379.99 })
    expect((await itemsOf(order)).map(({ delivery, deliveryOrder }) => [delivery, deliveryOrder])).toEqual([
      ['Pending', null],
      ['Delivered', subOrder],
      ['Delivered', subOrder],
    ])
    expect(await created(environment)).toEqual({ subscriptions: 1, assets: 1, invoices: 1, lines: 2 })
    expect(await ordersForManualManagement(dataverse)).toMatchObject([{ id: order }])
    expect((await itemsOf(order))[0]).toEqual(backup)
    await expect(dataverse.update(InterworksOrderItem, windows!.id, { iw_unitprice: 1 })).rejects.toThrow(
      /\(iw_unitprice\) of item 'windows'.*no longer open/,
    )
  })

  test('the rest can be executed as a whole afterwards, and is invoiced alone', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, deliver, execute, itemsOf } = environment
    const order = await basket('backup', 'migration')
    await submit(order)
    const [backup] = await itemsOf(order)
    await deliver(order, [backup!.id])
    expect(await execute(order)).toEqual({ ExecutedItems: 1 })
    expect((await itemsOf(order)).map(({ delivery }) => delivery)).toEqual(['Delivered', 'Executed'])
    expect(
      (await dataverse.list(InvoiceDetail)).map(({ productdescription, baseamount }) => [
        productdescription,
        baseamount,
      ]),
    ).toEqual([
      ['backup', 30],
      ['migration', 99.99],
    ])
  })

  test('delivering the same items again answers the same sub-order and creates nothing', async () => {
    const environment = await createEnvironment()
    const { basket, submit, deliver, itemsOf } = environment
    const order = await basket('backup', 'migration')
    await submit(order)
    const [backup] = await itemsOf(order)
    const subOrder = await deliver(order, [backup!.id, backup!.id.toUpperCase()])
    const before = await created(environment)
    expect(await deliver(order, [backup!.id])).toBe(subOrder)
    expect(await created(environment)).toEqual(before)
  })

  test.each([
    ['no items', () => [], /No items \(Items\)/],
    ['an item of no order', () => ['00000000-0000-4000-8000-00000000ffff'], /has no item '00000000/],
    ['some that are delivered already', (items: string[]) => items, /'backup' .*are delivered already/],
  ] as const)('%s: refused without a trace', async (_, choose, message) => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, deliver, itemsOf } = environment
    const order = await basket('backup', 'migration')
    await submit(order)
    const ids = (await itemsOf(order)).map(({ id }) => id)
    await deliver(order, [ids[0]!])
    const before = [await created(environment), await itemsOf(order), await dataverse.list(InterworksOrder)]
    await expect(deliver(order, choose(ids))).rejects.toThrow(message)
    expect([await created(environment), await itemsOf(order), await dataverse.list(InterworksOrder)]).toEqual(before)
  })

  test('only open manual orders are delivered in parts', async () => {
    const { basket, submit, deliver, itemsOf } = await createEnvironment()
    const draft = await basket('backup')
    await expect(deliver(draft, [(await itemsOf(draft))[0]!.id])).rejects.toThrow('it is draft')
    const executed = await basket('mail')
    await submit(executed)
    await expect(deliver(executed, [(await itemsOf(executed))[0]!.id])).rejects.toThrow('it is executed')
  })
})

test(rule('I18'), async () => {
  const { dataverse, basket, submit, deliver, execute, itemsOf } = await createEnvironment()
  const order = await basket('backup', 'migration')
  await submit(order)
  const statuses = async () => (await deliveryOf(dataverse, order)).map((item) => [item.name, item.deliveryStatus])
  expect(await statuses()).toEqual([
    ['backup', 'Pending'],
    ['migration', 'Pending'],
  ])
  await deliver(order, [(await itemsOf(order))[0]!.id])
  expect(await statuses()).toEqual([
    ['backup', 'Delivered'],
    ['migration', 'Pending'],
  ])
  await execute(order)
  expect(await statuses()).toEqual([
    ['backup', 'Delivered'],
    ['migration', 'Executed'],
  ])
})

describe(rule('I19'), () => {
  test('one mail per manual order, when the setting names an address', async () => {
    const { basket, submit, orderOf, configure, mails, deliver, itemsOf } = await createEnvironment()
    await configure('manualOrderNotification', 'operations@contoso.example')
    const order = await basket('backup', 'migration')
    await submit(order)
    await submit(order)
    await submit(await basket('mail'))
    await deliver(order, [(await itemsOf(order))[0]!.id])
    const { code } = await orderOf(order)
    expect(await mails()).toEqual([
      {
        name: `New manual order ${code}`,
        to: 'operations@contoso.example',
        subject: `Order ${code} waits for manual management`,
      },
    ])
  })

  test('nobody is told without an address', async () => {
    const { basket, submit, mails } = await createEnvironment()
    await submit(await basket('backup'))
    expect(await mails()).toEqual([])
  })
})

describe(rule('I20'), () => {
  test('delivered one by one, it is executed with the last, and has no invoice of its own', async () => {
    const environment = await createEnvironment()
    const { dataverse, basket, submit, deliver, orderOf, itemsOf } = environment
    const order = await basket('backup', 'migration')
    await submit(order)
    const [backup, migration] = await itemsOf(order)
    await deliver(order, [backup!.id])
    expect((await orderOf(order)).status).toBe('Submitted')
    await deliver(order, [migration!.id])
    expect(await orderOf(order)).toMatchObject({ status: 'Executed', executed: true, invoice: null })
    expect(await ordersForManualManagement(dataverse)).toEqual([])
    expect(await created(environment)).toEqual({ subscriptions: 2, assets: 0, invoices: 2, lines: 2 })
  })

  test('all at once, likewise', async () => {
    const { basket, submit, deliver, orderOf, itemsOf } = await createEnvironment()
    const order = await basket('backup', 'migration')
    await submit(order)
    await deliver(
      order,
      (await itemsOf(order)).map(({ id }) => id),
    )
    expect(await orderOf(order)).toMatchObject({ status: 'Executed', invoice: null })
  })
})

describe('what is wrong with an order is named with its column', () => {
  test('quantity and price of an item', async () => {
    const { dataverse, basket, addItem, itemsOf } = await createEnvironment()
    const order = await basket('mail')
    for (const iw_quantity of [0, -1, null]) {
      await expect(addItem(order, 'mail', { iw_quantity })).rejects.toThrow(/\(iw_quantity\) is (0|-1|missing)/)
    }
    await expect(addItem(order, 'mail', { iw_unitprice: -1 })).rejects.toThrow('(iw_unitprice) is -1')
    const [item] = await itemsOf(order)
    await expect(dataverse.update(InterworksOrderItem, item!.id, { iw_quantity: 0 })).rejects.toThrow('iw_quantity')
    await dataverse.update(InterworksOrderItem, item!.id, { iw_quantity: 2 })
    expect(await itemsOf(order)).toMatchObject([{ quantity: 2 }])
  })

  test('what only the system writes', async () => {
    const { dataverse, account, basket, addItem, types } = await createEnvironment()
    const create = (columns: object) =>
      dataverse.create(InterworksOrder.logicalName, { iw_account: reference('account', account), ...columns })
    await expect(create({ iw_executionmode: executionMode.Automatic })).rejects.toThrow('iw_executionmode')
    await expect(create({ iw_executedon: new Date() })).rejects.toThrow('iw_executedon')
    const order = await basket()
    await expect(addItem(order, 'mail', { iw_executedon: new Date() })).rejects.toThrow('iw_executedon')
    await expect(
      addItem(order, 'mail', { iw_producttype: reference(InterworksProductType, types.managed) }),
    ).rejects.toThrow(/iw_producttype.*one type at most/)
    await expect(dataverse.update(InterworksOrder, order, { iw_executionmode: executionMode.Manual })).rejects.toThrow(
      'iw_executionmode',
    )
  })

  test('an order without an account, or that does not begin as a basket', async () => {
    const { dataverse, account, statusNamed } = await createEnvironment()
    await expect(dataverse.create(InterworksOrder.logicalName, {})).rejects.toThrow('iw_account')
    await expect(
      dataverse.create(InterworksOrder.logicalName, {
        iw_account: reference('account', account),
        iw_status: reference('iw_orderstatus', await statusNamed('Submitted')),
      }),
    ).rejects.toThrow(/cannot begin with the status \(iw_status\) 'Submitted'.*iw_SubmitOrder/)
  })

  test('another currency than that of the order', async () => {
    const { dataverse, account, addItem } = await createEnvironment()
    const currency = (isocurrencycode: string) =>
      dataverse.seed('transactioncurrency', {
        currencyname: isocurrencycode,
        currencysymbol: isocurrencycode,
        isocurrencycode,
        exchangerate: 1,
      })
    const [euro, dollar] = [await currency('EUR'), await currency('USD')]
    const order = await dataverse.create(InterworksOrder.logicalName, {
      iw_account: reference('account', account),
      transactioncurrencyid: reference('transactioncurrency', euro),
    })
    const other = { transactioncurrencyid: reference('transactioncurrency', dollar) }
    await expect(addItem(order, 'mail', other)).rejects.toThrow('transactioncurrencyid')
    const item = await addItem(order, 'mail')
    expect(await dataverse.retrieve(InterworksOrderItem, item, ['transactioncurrencyid'])).toMatchObject({
      transactioncurrencyid: { id: euro },
    })
  })
})

test('what a step fills in late, as behind a webhook, is not missed meanwhile, and may be filled in', async () => {
  const { dataverse, basket, products, types, submit, itemsOf } = await createEnvironment()
  const order = await basket()
  // As the item stands before anything is filled in.
  const item = await dataverse.seed(InterworksOrderItem, {
    iw_order: reference(InterworksOrder, order),
    iw_product: reference(Product, products.backup),
    iw_quantity: 1,
  })
  expect(await storefrontInformation(dataverse, order)).toMatchObject({ showsBanner: true })
  await dataverse.update(InterworksOrderItem, item, {
    iw_producttype: reference(InterworksProductType, types.managed),
    iw_unitprice: 30,
  })
  await expect(
    dataverse.update(InterworksOrderItem, item, { iw_producttype: reference(InterworksProductType, types.projects) }),
  ).rejects.toThrow('iw_producttype')
  expect(await submit(order)).toMatchObject({ Manual: true })
  expect(await itemsOf(order)).toMatchObject([{ nonAutomatic: true, unitPrice: 30 }])
  await expect(dataverse.update(InterworksOrderItem, item, { iw_nonautomatic: false })).rejects.toThrow(
    'iw_nonautomatic',
  )
})

test('a basket can be thrown away with its items', async () => {
  const { dataverse, basket } = await createEnvironment()
  await dataverse.delete(InterworksOrder, await basket('mail', 'office'))
  expect(await dataverse.list(InterworksOrderItem)).toEqual([])
})
