import { Account, NonRecurringItem, Product, Provider } from '../../../entities/index.ts'
import { reference } from '../../../service/index.ts'
import { automaticOrder, choose } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'
import type { Stage } from '../stage.ts'

const scenes: readonly Scene[] = [
  {
    title: 'Subscriptions and items of an account on hold wait, and go on by themselves',
    async play(stage) {
      const { emulator } = stage.environment
      await stage.configure('autoProvisionNewSubscription', 'true')
      await stage.configure('enableCreditHold', 'true')
      const { account, product, order, item } = await orderOnHold(stage)
      stage.check('jobs run', (await stage.runJobs()).length, 0)
      stage.say(`Accounting sets Credit Hold of ${account.name} to No.`)
      await emulator.update(Account, account.accountid, { creditonhold: false })
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      const { work365_nonrecurringitem_providerorderid: bought } = await emulator.retrieve(NonRecurringItem, item, [
        'work365_nonrecurringitem_providerorderid',
      ])
      stage.check(`${product.name}, bought once`, bought !== null, true)
    },
  },
  {
    title: 'Credit hold is switched off: everything that it held goes on',
    async play(stage) {
      const { emulator } = stage.environment
      await stage.configure('enableCreditHold', 'true')
      const { order } = await orderOnHold(stage)
      await stage.runJobs()
      await stage.expectStatus(order, 'Awaiting Provisioning')
      await stage.configure('enableCreditHold', undefined)
      await emulator.drain()
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
    },
  },
]

/** Puts a customer on hold, who then orders a subscription and buys something once. */
async function orderOnHold(stage: Stage) {
  const { emulator } = stage.environment
  const { account, product, provider } = automaticOrder(stage.cast)
  stage.say(`Accounting puts ${account.name} on credit hold.`)
  await emulator.update(Account, account.accountid, { creditonhold: true })
  const order = await stage.order(account, product, 10)
  await stage.expectStatus(order, 'Awaiting Provisioning')
  const sold = choose('a product', stage.cast.products, (row) => row.name?.includes('Windows Server') === true)
  const item = await emulator.create(NonRecurringItem, {
    work365_nonrecurringitem_name: sold.name,
    work365_nonrecurringitem_customer: reference(Account, account.accountid),
    work365_nonrecurringitem_product: reference(Product, sold.productid),
    work365_nonrecurringitem_provider: reference(Provider, provider.work365_providerid),
    work365_nonrecurringitem_providerpartnumber: sold.work365_product_providerpartnumber,
    work365_nonrecurringitem_quantity: 2,
  })
  const { work365_nonrecurringitem_creditonhold: onHold } = await emulator.retrieve(NonRecurringItem, item, [
    'work365_nonrecurringitem_creditonhold',
  ])
  stage.check(`${sold.name} carries the hold of its account`, onHold, true)
  return { account, product: sold, order, item }
}

/** Credit hold. */
export const creditHold: Chapter = { name: 'credit-hold', title: 'An account on credit hold', scenes }
