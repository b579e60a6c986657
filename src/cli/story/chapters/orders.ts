import { Account, LicenseChangeLog, Product, ProviderAccount, provisioningStatus } from '../../../entities/index.ts'
import { automaticOrder, choose, isExpired, isOfType, orderAt, providerOf, works } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'

const scenes: readonly Scene[] = [
  {
    title: 'Nothing is configured: a portal order waits for a person',
    async play(stage) {
      const { account, product } = automaticOrder(stage.cast)
      await stage.configure('autoProvisionNewSubscription', undefined)
      const order = await stage.order(account, product, 5)
      const { work365_subscription_provider: provider } = await stage.subscription(order)
      stage.check('provider on the subscription', provider, null)
      await stage.expectStatus(order, 'Awaiting Provisioning')
      stage.check('jobs run', (await stage.runJobs()).length, 0)
    },
  },
  {
    title: 'The setting has a space too many: still off',
    async play(stage) {
      const { account, product } = automaticOrder(stage.cast)
      await stage.configure('autoProvisionNewSubscription', ' true')
      const order = await stage.order(account, product, 5)
      stage.check('provider on the subscription', (await stage.subscription(order)).work365_subscription_provider, null)
      await stage.expectStatus(order, 'Awaiting Provisioning')
    },
  },
  {
    title: 'The setting is exactly true: ordered, queued, provisioned',
    async play(stage) {
      const { account, product, provider } = automaticOrder(stage.cast)
      await stage.configure('autoProvisionNewSubscription', 'true')
      const order = await stage.order(account, product, 5)
      const subscription = await stage.subscription(order)
      stage.check(
        'provider on the subscription',
        subscription.work365_subscription_provider?.name,
        provider.work365_provider_name,
      )
      stage.check(
        'part number on the subscription',
        subscription.work365_subscription_providerpartnumber,
        product.work365_product_providerpartnumber,
      )
      await stage.expectStatus(order, 'Awaiting Provisioning')
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      const bought = (await stage.purchasesAt(provider)).at(-1)
      stage.check(
        `at ${provider.work365_provider_name}`,
        [bought?.quantity, bought?.partNumber],
        [5, product.work365_product_providerpartnumber],
      )
    },
  },
  {
    title: 'Two provider accounts match: nobody can say which',
    async play(stage) {
      const { cast, environment } = stage
      const { provider, product } = automaticOrder(cast)
      const account = choose('an account with two provider accounts', cast.accounts, (candidate) => {
        return !candidate.creditonhold && cast.accountsAt(provider, candidate).length === 2
      })
      const order = await stage.order(account, product, 3)
      await stage.expectStatus(order, 'Failed Provisioning')
      const [, second] = cast.accountsAt(provider, account)
      stage.say(`A person deactivates '${second!.work365_provideraccount_name}'.`)
      await environment.emulator.update(ProviderAccount, second!.work365_provideraccountid, { statecode: 1 })
      await stage.requeue(order)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
    },
  },
  {
    title: 'A product without a part number',
    async play(stage) {
      const { cast, environment } = stage
      const { account } = automaticOrder(cast)
      const product = choose('a product of a working provider without a part number', cast.products, (candidate) => {
        const provider = providerOf(cast, candidate)
        return provider !== undefined && works(provider) && !candidate.work365_product_providerpartnumber
      })
      const order = await stage.order(account, product, 2)
      await stage.expectStatus(order, 'Failed Provisioning')
      stage.say('A person enters the part number on the product.')
      const work365_product_providerpartnumber = 'CFQ7TTC0LH05:0001'
      await environment.emulator.update(Product, product.productid, { work365_product_providerpartnumber })
      await stage.requeue(order)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
    },
  },
  {
    title: 'An inactive provider',
    async play(stage) {
      const { product } = orderAt(stage.cast, 'an inactive provider', (provider) => provider.statecode === 1)
      const order = await stage.order(automaticOrder(stage.cast).account, product, 2)
      await stage.expectStatus(order, 'Failed Provisioning')
    },
  },
  {
    title: 'A provider whose consent has expired',
    async play(stage) {
      const { product } = orderAt(stage.cast, 'a provider with expired consent', (provider) => {
        return provider.statecode === 0 && isExpired(provider)
      })
      const order = await stage.order(automaticOrder(stage.cast).account, product, 2)
      await stage.expectStatus(order, 'Failed Provisioning')
    },
  },
  {
    title: 'A Do Nothing provider',
    async play(stage) {
      const { product } = orderAt(stage.cast, 'a Do Nothing provider', isOfType('Do Nothing'))
      const order = await stage.order(automaticOrder(stage.cast).account, product, 1)
      await stage.expectStatus(order, 'Not Applicable')
    },
  },
  {
    title: 'A Manual provider: a person is reminded, and does it',
    async play(stage) {
      const { mails, emulator } = stage.environment
      const { product } = orderAt(stage.cast, 'a Manual provider', isOfType('Manual'))
      const order = await stage.order(automaticOrder(stage.cast).account, product, 1)
      await stage.runJobs()
      await stage.expectStatus(order, 'Awaiting Provisioning')
      stage.check('mail sent', mails.at(-1)?.subject.startsWith('To be provisioned by hand'), true)
      stage.say('The person has done it, and sets the change log to Provisioned.')
      await emulator.update(LicenseChangeLog, order.changeLog, {
        work365_licensechangelog_provisioningstatus: provisioningStatus.Provisioned,
      })
      await stage.expectStatus(order, 'Provisioned')
    },
  },
  {
    title: 'An account on credit hold: held, and released by itself',
    async play(stage) {
      const { cast, environment } = stage
      const { provider, product } = automaticOrder(cast)
      const account = choose('an account on credit hold with one provider account', cast.accounts, (candidate) => {
        return candidate.creditonhold === true && cast.accountsAt(provider, candidate).length === 1
      })
      await stage.configure('enableCreditHold', 'true')
      const order = await stage.order(account, product, 10)
      stage.check('jobs run', (await stage.runJobs()).length, 0)
      await stage.expectStatus(order, 'Awaiting Provisioning')
      stage.say(`Accounting sets Credit Hold of ${account.name} to No.`)
      await environment.emulator.update(Account, account.accountid, { creditonhold: false })
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
    },
  },
  {
    title: 'One order, delivered three times: bought once',
    async play(stage) {
      const { account, product, provider: row } = automaticOrder(stage.cast, 'Rest Provider')
      const { emulator } = stage.environment
      const { simulator } = await stage.at(row, 'Rest Provider')
      const before = simulator.state.purchases.length
      stage.say('The connection will be cut after the provider has taken the order, before it answers.')
      simulator.fail({ method: 'POST', path: '/subscriptions', drop: 'answer' })
      const order = await stage.order(account, product, 4)
      const deliveries = [...(await stage.runJobs())]
      stage.say('A minute later the job is tried again.')
      await emulator.clock.advance(60_000)
      deliveries.push(...(await stage.runJobs()))
      await stage.expectStatus(order, 'Provisioned')
      await stage.requeue(order)
      deliveries.push(...(await stage.runJobs()))
      await stage.expectStatus(order, 'Provisioned')
      stage.check('deliveries', deliveries.length, 3)
      stage.check('purchases at the provider', simulator.state.purchases.length - before, 1)
    },
  },
]

/** A portal order in a new environment, from the order to the provider, and everything that can come in between. */
export const orders: Chapter = { name: 'orders', title: 'A portal order, and what can come in between', scenes }
