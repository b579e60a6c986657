import { AgreementTemplate, Provider, Subscription } from '../../../entities/index.ts'
import { createAgreements } from '../../../plugins/index.ts'
import { reference } from '../../../service/index.ts'
import { automaticOrder, choose } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'
import type { ProviderRow, Stage } from '../stage.ts'
import { signIn } from './portal.ts'

const DAY_MS = 86_400_000

const scenes: readonly Scene[] = [
  {
    title: 'Microsoft Partner Center sells once the customer has accepted its agreement',
    async play(stage) {
      const { emulator } = stage.environment
      await stage.configure('autoProvisionNewSubscription', 'true')
      const { product, provider } = automaticOrder(stage.cast, 'Microsoft Partner Center')
      const template = await emulator.create(AgreementTemplate, {
        work365_agreementtemplate_name: 'Microsoft Customer Agreement',
        work365_agreementtemplate_templateid: 'mca-2026',
        work365_agreementtemplate_provider: reference(Provider, provider.work365_providerid),
        work365_agreementtemplate_agreementlink: 'https://aka.ms/customeragreement',
      })
      await createAgreements(emulator, template)
      const { portal, user, account } = await signInAt(stage, provider)
      const order = await stage.order(account, product, 5)
      await stage.expectStatus(order, 'Failed Provisioning')
      const [pending] = (await portal.agreements()).filter(({ status }) => status === 'Pending')
      stage.say(`${user.name} accepts '${pending!.name}' on the portal.`)
      await portal.acceptAgreement(pending!.id)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      const { simulator } = await stage.at(provider, 'Microsoft Partner Center')
      const written = simulator.state.writes.map(({ kind }) => kind).filter((kind) => kind !== 'subscription')
      stage.check('at Partner Center, in this order', written, ['agreement', 'order'])
    },
  },
  {
    title: 'Seats go back within seven days, and not after',
    async play(stage) {
      const { emulator } = stage.environment
      const { product, provider } = automaticOrder(stage.cast, 'Microsoft Partner Center')
      const { account } = await signInAt(stage, provider)
      const order = await stage.order(account, product, 10)
      await stage.runJobs()
      const reduceTo = async (quantity: number) => {
        stage.say(`The customer reduces it to ${quantity}.`)
        await emulator.update(Subscription, order.subscription, { work365_subscription_quantity: quantity })
        await stage.runJobs()
        const changeLog = (await stage.changeLogsOf(order.subscription)).at(-1)!
        return { ...order, changeLog }
      }
      await stage.expectStatus(await reduceTo(8), 'Provisioned')
      stage.say('Eight days go by.')
      await emulator.clock.advance(8 * DAY_MS)
      await stage.expectStatus(await reduceTo(6), 'Failed Provisioning')
      stage.check('seats at Partner Center', (await stage.purchasesAt(provider)).at(-1)?.quantity, 8)
    },
  },
  {
    title: 'Pax8 has a person look at the order: the job waits, and goes on by itself',
    async play(stage) {
      const { emulator } = stage.environment
      const { account, product, provider } = automaticOrder(stage.cast, 'Pax8')
      const { simulator } = await stage.at(provider, 'Pax8')
      simulator.behave({ newStatus: 'PendingManual' })
      const order = await stage.order(account, product, 3)
      await stage.runJobs()
      await stage.expectStatus(order, 'Awaiting Provisioning')
      const [bought] = simulator.state.subscriptions
      stage.say('Somebody at Pax8 has done it. An hour later the job asks again.')
      simulator.settle(bought!.id, 'Active')
      await emulator.clock.advance(DAY_MS / 24)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      stage.check('orders at Pax8', simulator.state.orders.length, 1)
    },
  },
  {
    title: 'ALSO is a Rest Provider: its connector, served, buys and changes there',
    async play(stage) {
      const { emulator } = stage.environment
      const { account, product, provider } = automaticOrder(stage.cast, 'ALSO behind a Rest Provider')
      const order = await stage.order(account, product, 4)
      await stage.runJobs()
      await stage.expectStatus(order, 'Provisioned')
      stage.say('The customer needs 6.')
      await emulator.update(Subscription, order.subscription, { work365_subscription_quantity: 6 })
      await stage.runJobs()
      const changeLog = (await stage.changeLogsOf(order.subscription)).at(-1)!
      await stage.expectStatus({ ...order, changeLog }, 'Provisioned')
      const { simulator } = await stage.at(provider, 'ALSO behind a Rest Provider')
      const { writes, subscriptions } = simulator.state
      const written = writes.map(({ kind }) => kind)
      stage.check('at ALSO, in this order', written, ['create', 'update'])
      const { work365_subscription_providersubscriptionid: id } = await stage.subscription(order)
      const bought = subscriptions.map(({ AccountId, ServiceId, Quantity }) => [AccountId, ServiceId, Quantity])
      stage.check('subscriptions there', bought, [[id, product.work365_product_providerpartnumber, 6]])
    },
  },
]

/** An administrator of a customer of the provider. */
async function signInAt(stage: Stage, provider: ProviderRow) {
  const { portal, user } = await signIn(stage, 'Work 365 Administrator')
  const account = choose(
    `an administrator of a customer of ${provider.work365_provider_name}`,
    stage.cast.accounts,
    (row) => {
      return row.accountid === user.accountId && stage.cast.accountsAt(provider, row).length === 1
    },
  )
  return { portal, user, account }
}

/** Providers in their own ways, each reached by its connector. */
export const providers: Chapter = {
  name: 'providers',
  title: 'Partner Center, Pax8 and ALSO, each in its own way',
  scenes,
}
