import { describe, expect, test } from 'vitest'
import {
  Agreement,
  BillingContract,
  billableStatus,
  billingType,
  Contact,
  channel,
  displayOnPortal,
  PriceLevel,
  Product,
  ProductPriceLevel,
  Provider,
  portalRole,
  providerType,
  Subscription,
  Uom,
  UomSchedule,
} from '../../src/entities/index.ts'
import { changeSourceTags } from '../../src/plugins/index.ts'
import { createPortal } from '../../src/portal/index.ts'
import { settings } from '../../src/rules/index.ts'
import { type Row, reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment } from './environment.ts'

/** Fabrikam with a default contract and a price list on which two products stand, one of them in two units. */
async function createShop(role: keyof typeof portalRole | null = 'Work 365 Administrator') {
  const environment = await createEnvironment()
  const { dataverse, account, contract, product } = environment
  const priceList = await dataverse.seed(PriceLevel, { name: 'Retail' })
  const uomscheduleid = reference(UomSchedule, await dataverse.seed(UomSchedule, { name: 'Subscriptions' }))
  const [monthly, annual] = await dataverse.seed(Uom, [
    { name: 'Monthly', quantity: 1, uomscheduleid },
    { name: 'Annual', quantity: 12, uomscheduleid },
  ])
  const second = await dataverse.seed(Product, {
    name: 'Audio Conferencing',
    work365_product_showonportal: true,
    work365_product_provider: reference(Provider, environment.provider),
    work365_product_providerpartnumber: 'CFQ7TTC0LH2C:0001',
  })
  await dataverse.update(Product, product, { work365_product_showonportal: true })
  await dataverse.update(BillingContract, contract, {
    work365_billingcontract_isdefault: true,
    work365_billingcontract_pricelist: reference(PriceLevel, priceList),
  })
  const price = (id: string, unit: string, amount: number) =>
    dataverse.seed(ProductPriceLevel, {
      pricelevelid: reference(PriceLevel, priceList),
      productid: reference(Product, id),
      uomid: reference(Uom, unit),
      amount,
    })
  await price(product, monthly!, 6)
  await price(second, monthly!, 4)
  await price(second, annual!, 40)
  const sign = (role: keyof typeof portalRole | null, company: string = account) =>
    dataverse.seed(Contact, {
      firstname: 'Ada',
      lastname: 'Jensen',
      parentcustomerid: reference('account', company),
      ...(role && { work365_contact_portalroles: [portalRole[role]] }),
    })
  let orders = 0
  const portalOf = (contact: string) =>
    createPortal({
      service: dataverse,
      contact,
      clock: dataverse.clock,
      orderReference: () => `P-${++orders}`,
    })
  const contact = await sign(role)
  return {
    ...environment,
    priceList,
    monthly: monthly!,
    annual: annual!,
    second,
    price,
    sign,
    contact,
    portalOf,
    portal: portalOf(contact),
    rows: () => dataverse.list(Subscription),
  }
}

test(rule('P4'), async () => {
  const { portal, product, second, annual, changeLogs, jobs, rows } = await createShop()

  const { subscriptions } = await portal.order({
    lines: [
      { product, quantity: 5 },
      { product: second, unit: annual, quantity: 2 },
    ],
  })

  expect((await rows()).map((row) => row.work365_subscriptionid).sort()).toEqual([...subscriptions].sort())
  expect(await Promise.all(subscriptions.map(changeLogs))).toMatchObject([[{ quantity: 5 }], [{ quantity: 2 }]])
  expect(await jobs()).toHaveLength(2)
})

describe(rule('P9'), () => {
  test('products are what the portal shows and the price list of the contract has, in each unit', async () => {
    const { portal, product, second, monthly, annual } = await createShop()

    expect(await portal.products()).toMatchObject([
      { id: second, name: 'Audio Conferencing', unit: { id: annual }, price: 40 },
      { id: second, unit: { id: monthly }, price: 4 },
      { id: product, name: 'Business Basic', unit: { id: monthly }, price: 6 },
    ])
  })

  test.each<[string, Row]>([
    ['not shown on the portal', { work365_product_showonportal: false }],
    ['retired', { statecode: 1 }],
    ['sold once', { work365_product_billingtype: billingType['Non-Recurring'] }],
  ])('a product that is %s is neither listed nor sold', async (_, changes) => {
    const { dataverse, portal, product, rows } = await createShop()
    await dataverse.update(Product.logicalName, product, changes)

    expect((await portal.products()).map(({ id }) => id)).not.toContain(product)
    await expect(portal.order({ lines: [{ product, quantity: 1 }] })).rejects.toThrow(
      /lines\[0\]\.product: .*not shown on the portal, or not on the price list.*Choose one of the orderable products\. \(P9\)/,
    )
    expect(await rows()).toEqual([])
  })

  test('an order carries what the system fills in', async () => {
    const { dataverse, portal, product, account, contract, monthly, priceList } = await createShop()
    const { reference: orderReference, subscriptions } = await portal.order({ lines: [{ product, quantity: 5 }] })

    expect(orderReference).toBe('P-1')
    expect(await dataverse.retrieve(Subscription, subscriptions[0]!)).toMatchObject({
      work365_subscription_subscriptionname: 'Business Basic',
      work365_subscription_customer: { id: account },
      work365_subscription_billingcontract: { id: contract },
      work365_subscription_pricelist: { id: priceList },
      work365_subscription_salesunit: { id: monthly },
      work365_subscription_sellingpriceperunit: 6,
      work365_subscription_quantity: 5,
      work365_subscription_ordernum: 'P-1',
      work365_subscription_orderby: 'Ada Jensen',
      work365_subscription_ordersource: channel.Portal,
      work365_subscription_channel: channel.Portal,
      work365_subscription_effectivestartdate: '2026-03-02',
    })
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1.001, '5', null, undefined])(
    'a quantity of %j is refused, and nothing is ordered',
    async (quantity) => {
      const { portal, product, second, monthly, rows } = await createShop()
      const lines = [
        { product: second, unit: monthly, quantity: 1 },
        { product, quantity: quantity as number },
      ]

      await expect(portal.order({ lines })).rejects.toThrow(/lines\[1\]\.quantity: .*more than 0.*\(P9\)/)
      expect(await rows()).toEqual([])
    },
  )

  test('a product that is sold in several units needs one, by name', async () => {
    const { portal, second } = await createShop()
    await expect(portal.order({ lines: [{ product: second, quantity: 1 }] })).rejects.toThrow(
      /lines\[0\]\.unit: 'Audio Conferencing' is sold in the units Annual, Monthly/,
    )
  })

  test('a start date is taken over, required by the setting, and has to be a day', async () => {
    const { portal, product, configure, dataverse } = await createShop()
    const { subscriptions } = await portal.order({ lines: [{ product, quantity: 1, startDate: '2026-04-01' }] })
    expect(
      await dataverse.retrieve(Subscription, subscriptions[0]!, ['work365_subscription_effectivestartdate']),
    ).toEqual({ work365_subscription_effectivestartdate: '2026-04-01' })

    await configure('true', settings.requireStartDate.key)
    await expect(portal.order({ lines: [{ product, quantity: 1 }] })).rejects.toThrow(/startDate: It is missing/)
    await expect(portal.order({ lines: [{ product, quantity: 1, startDate: '2026-02-30' }] })).rejects.toThrow(
      /'2026-02-30' is no day/,
    )
  })

  test('without exactly one default contract an order has to name one', async () => {
    const { dataverse, portal, product, contract, account, priceList } = await createShop()
    await dataverse.update(BillingContract, contract, { work365_billingcontract_isdefault: false })
    const other = await dataverse.seed(BillingContract, {
      work365_billingcontract_name: 'Annual',
      work365_billingcontract_customer: reference('account', account),
      work365_billingcontract_startdate: '2026-01-01',
      work365_billingcontract_pricelist: reference(PriceLevel, priceList),
    })

    const order = { lines: [{ product, quantity: 1 }] }
    await expect(portal.order(order)).rejects.toThrow(/contract: 'Fabrikam' has 2 active billing contracts, 0 of which/)
    const { subscriptions } = await portal.order({ ...order, contract: other })
    expect(
      await dataverse.retrieve(Subscription, subscriptions[0]!, ['work365_subscription_billingcontract']),
    ).toMatchObject({ work365_subscription_billingcontract: { id: other } })
  })

  test('without lines, or with too many, there is no order', async () => {
    const { portal, product } = await createShop()
    await expect(portal.order({ lines: [] })).rejects.toThrow(/An order has no lines/)
    const lines = Array.from({ length: 101 }, () => ({ product, quantity: 1 }))
    await expect(portal.order({ lines })).rejects.toThrow(/101 lines.*at most 100/)
  })

  test.each<[string, Row, RegExp]>([
    ['deactivating', { statecode: 1 }, /cannot be deactivated on the portal/],
    ['its end', { work365_subscription_deactivateon: '2026-12-31' }, /cannot be deactivated on the portal/],
    [
      'the order reference',
      { work365_subscription_ordernum: 'mine' },
      /'work365_subscription_ordernum'.*filled in by the system/,
    ],
    ['who ordered', { work365_subscription_orderby: 'me' }, /'work365_subscription_orderby'/],
    ['the source', { work365_subscription_ordersource: channel.System }, /'work365_subscription_ordersource'/],
  ])('Dataverse itself refuses %s when it is asked by a portal', async (_, changes, message) => {
    const { dataverse, portal, product } = await createShop()
    const { subscriptions } = await portal.order({ lines: [{ product, quantity: 1 }] })
    const before = await dataverse.retrieve(Subscription, subscriptions[0]!)

    await expect(
      dataverse.update(Subscription.logicalName, subscriptions[0]!, changes, { tag: changeSourceTags.portal }),
    ).rejects.toThrow(message)

    expect(await dataverse.retrieve(Subscription, subscriptions[0]!)).toEqual(before)
    await dataverse.update(Subscription.logicalName, subscriptions[0]!, changes)
  })
})

describe(rule('P10'), () => {
  const order = ({ portal, product }: Awaited<ReturnType<typeof createShop>>) =>
    portal.order({ lines: [{ product, quantity: 1 }] })

  test.each(['Work 365 Administrator', 'Work 365 Subscription Manager', 'Work 365 Finance Manager'] as const)(
    'a %s may',
    async (role) => {
      const shop = await createShop(role)
      const { subscriptions } = await order(shop)
      await shop.portal.changeQuantity(subscriptions[0]!, 3)
      expect(await shop.rows()).toHaveLength(1)
    },
  )

  test.each(['Work 365 Internal User', null] as const)('with the role %s nobody may', async (role) => {
    const shop = await createShop(role)
    await expect(order(shop)).rejects.toMatchObject({
      name: 'AccessDenied',
      status: 403,
      message: expect.stringContaining(
        "'Ada Jensen' may not order or change subscriptions (P10). Give the contact one",
      ),
    })
    const subscription = await shop.order()
    await expect(shop.portal.changeQuantity(subscription, 3)).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  test('by the setting a finance manager may not', async () => {
    const shop = await createShop('Work 365 Finance Manager')
    await shop.configure('false', settings.financeManagersOrder.key)
    await expect(order(shop)).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  test('what belongs to another account does not exist', async () => {
    const { dataverse, order: place, sign, portalOf, product } = await createShop()
    const theirs = await place()
    const northwind = await dataverse.seed('account', { name: 'Northwind' })
    const stranger = portalOf(await sign('Work 365 Administrator', northwind))

    expect(await stranger.subscriptions()).toEqual([])
    const missing = { name: 'ObjectDoesNotExist', status: 404 }
    await expect(stranger.changeQuantity(theirs, 1)).rejects.toMatchObject(missing)
    await expect(stranger.order({ lines: [{ product, quantity: 1 }] })).rejects.toThrow(
      /has 0 active billing contracts/,
    )
    const [contract] = await dataverse.list(BillingContract)
    await expect(
      stranger.order({ contract: contract!.work365_billingcontractid, lines: [{ product, quantity: 1 }] }),
    ).rejects.toThrow(/is not an active billing contract of 'Northwind'/)
  })

  test('a contact that is inactive or of no company is refused, with what to do', async () => {
    const { dataverse, contact, portal, portalOf } = await createShop()
    const nobody = portalOf(await dataverse.seed(Contact, { firstname: 'No', lastname: 'Body' }))
    await expect(nobody.subscriptions()).rejects.toThrow(/belongs to no account\. Choose an account in its Company/)

    await dataverse.update(Contact, contact, { statecode: 1 })
    await expect(portal.products()).rejects.toThrow(/'Ada Jensen' is inactive/)
  })
})

describe(rule('P11'), () => {
  const create = async (changes: Row) => {
    const shop = await createShop()
    const id = await shop.order(changes)
    const row = await shop.dataverse.retrieve(Subscription, id, ['work365_subscription_displayonportal'])
    return { ...shop, id, shown: row.work365_subscription_displayonportal }
  }

  test.each<[string, Row, number]>([
    ['billable', { work365_subscription_billablestatus: billableStatus.Billable }, displayOnPortal.Visible],
    ['of which nothing is said', {}, displayOnPortal.Visible],
    [
      'non-billable',
      { work365_subscription_billablestatus: billableStatus['Non-Billable'] },
      displayOnPortal['Not Visible'],
    ],
    [
      'of which it is said',
      { work365_subscription_displayonportal: displayOnPortal['Not Visible'] },
      displayOnPortal['Not Visible'],
    ],
  ])('one %s', async (_, changes, expected) => {
    expect((await create(changes)).shown).toBe(expected)
  })

  test('the portal lists what is visible, and that can be edited later', async () => {
    const { dataverse, portal, id } = await create({})
    expect(await portal.subscriptions()).toMatchObject([{ id, quantity: 10, canBeChanged: true }])

    await dataverse.update(Subscription, id, { work365_subscription_displayonportal: displayOnPortal['Not Visible'] })
    expect(await portal.subscriptions()).toEqual([])
  })

  test('a non-billable one cannot be changed there, and stays as it was', async () => {
    const { portal, id, subscription } = await create({
      work365_subscription_billablestatus: billableStatus['Non-Billable'],
    })
    await expect(portal.changeQuantity(id, 3)).rejects.toThrow(
      /is not billable, and so cannot be changed on the portal/,
    )
    expect(await subscription(id)).toMatchObject({ work365_subscription_quantity: 10 })
  })
})

describe(rule('P12'), () => {
  async function calculated() {
    const shop = await createShop()
    const nothing = await shop.dataverse.seed(Provider, {
      work365_provider_name: 'Do Nothing',
      work365_provider_type: providerType['Do Nothing'],
    })
    const id = await shop.order({ work365_subscription_calculationpercent: 10 })
    return { ...shop, nothing, id }
  }

  test('whatever is sent, it is one of the Do Nothing provider, and nothing is sent to a provider', async () => {
    const { id, subscription, nothing, setQuantity, changeLogs } = await calculated()
    await setQuantity(id, 7)

    expect(await subscription(id)).toMatchObject({
      work365_subscription_quantity: 1,
      work365_subscription_provider: { id: nothing },
    })
    expect(await changeLogs(id)).toMatchObject([{ quantity: 1, status: 'Not Applicable' }])
  })

  test('another provider does not stay', async () => {
    const { dataverse, id, provider, nothing, subscription } = await calculated()
    await dataverse.update(Subscription, id, { work365_subscription_provider: reference(Provider, provider) })
    expect(await subscription(id)).toMatchObject({ work365_subscription_provider: { id: nothing } })
  })

  test('the portal shows that it cannot be changed, and refuses to', async () => {
    const { portal, id } = await calculated()
    expect(await portal.subscriptions()).toMatchObject([{ id, canBeChanged: false }])
    await expect(portal.changeQuantity(id, 3)).rejects.toThrow(/is calculated from others/)
  })
})

test('a change of quantity on the portal makes a change log that says where it came from', async () => {
  const { portal, product, changeLogs } = await createShop()
  const { subscriptions } = await portal.order({ lines: [{ product, quantity: 5 }] })
  await portal.changeQuantity(subscriptions[0]!, 8)

  expect(await changeLogs(subscriptions[0]!)).toMatchObject([
    { quantity: 5, source: channel.Portal },
    { quantity: 3, source: channel.Portal },
  ])
})

test('an add-on is ordered with its parent, which has to be of the same account', async () => {
  const { dataverse, portal, product, sign, portalOf, order, changeLogs } = await createShop()
  const parent = await order()
  const { subscriptions } = await portal.order({ lines: [{ product, quantity: 1, parent }] })
  expect(await changeLogs(subscriptions[0]!)).toMatchObject([
    { message: expect.stringContaining('parent subscription') },
  ])

  const northwind = await dataverse.seed('account', { name: 'Northwind' })
  await dataverse.seed(BillingContract, {
    work365_billingcontract_name: 'Northwind',
    work365_billingcontract_customer: reference('account', northwind),
    work365_billingcontract_startdate: '2026-01-01',
    work365_billingcontract_pricelist: (await dataverse.list(BillingContract))[0]!.work365_billingcontract_pricelist,
  })
  const stranger = portalOf(await sign('Work 365 Administrator', northwind))
  await expect(stranger.order({ lines: [{ product, quantity: 1, parent }] })).rejects.toMatchObject({ status: 404 })
})

test('a line that Dataverse refuses takes the whole order back', async () => {
  const { dataverse, portal, product, second, monthly, rows } = await createShop()
  await dataverse.update(Product, second, { name: 'x'.repeat(100) })
  await expect(
    portal.order({
      lines: [
        { product, quantity: 1 },
        { product: second, unit: monthly, quantity: 99_999_999_999.5 },
        { product, quantity: 1, startDate: '0001-01-01' },
      ],
    }),
  ).rejects.toThrow()
  expect(await rows()).toEqual([])
})

describe('agreements on the portal', () => {
  async function withAgreement(role: keyof typeof portalRole = 'Work 365 Administrator') {
    const shop = await createShop(role)
    const template = await shop.dataverse.seed('work365_agreementtemplate', {
      work365_agreementtemplate_name: 'Customer Agreement',
      work365_agreementtemplate_agreementlink: 'https://agreements.example/customer',
    })
    const agreement = await shop.dataverse.seed(Agreement, {
      work365_agreement_name: 'Customer Agreement of Fabrikam',
      work365_agreement_account: reference('account', shop.account),
      work365_agreement_agreementtemplate: { logicalName: 'work365_agreementtemplate', id: template },
    })
    return { ...shop, agreement }
  }

  test('a pending one is listed with its link, accepted once, and says by whom and when', async () => {
    const { portal, agreement, contact } = await withAgreement()
    expect(await portal.agreements()).toMatchObject([
      { id: agreement, status: 'Pending', link: 'https://agreements.example/customer', signedBy: null },
    ])

    await portal.acceptAgreement(agreement)
    await portal.acceptAgreement(agreement)

    expect(await portal.agreements()).toMatchObject([
      { id: agreement, status: 'Active', signedBy: { id: contact }, signedOn: '2026-03-02' },
    ])
  })

  test("another account's cannot be accepted", async () => {
    const { dataverse, sign, portalOf, agreement } = await withAgreement()
    const northwind = await dataverse.seed('account', { name: 'Northwind' })
    const stranger = portalOf(await sign('Work 365 Administrator', northwind))

    await expect(stranger.acceptAgreement(agreement)).rejects.toMatchObject({ status: 404 })
    expect((await dataverse.retrieve(Agreement, agreement, ['statuscode'])).statuscode).toBe(1)
  })

  test('an internal user may not accept', async () => {
    const { portal, agreement } = await withAgreement('Work 365 Internal User')
    await expect(portal.acceptAgreement(agreement)).rejects.toThrow(/may not see or accept agreements \(P10\)/)
  })
})
