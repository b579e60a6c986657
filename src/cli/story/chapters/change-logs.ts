import { LicenseChangeLog, Subscription } from '../../../entities/index.ts'
import { archiveChangeLogsApi, callCustomApi, checkChangeLogs } from '../../../plugins/index.ts'
import { reference } from '../../../service/index.ts'
import { automaticOrder } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'

const scenes: readonly Scene[] = [
  {
    title: 'Behind a failed change log the next one fails; repaired oldest first, both go through',
    async play(stage) {
      const { emulator } = stage.environment
      await stage.configure('autoProvisionNewSubscription', 'true')
      const { account, product, provider } = automaticOrder(stage.cast, 'Rest Provider')
      const { simulator } = await stage.at(provider, 'Rest Provider')
      stage.say('The provider will refuse the next purchase.')
      simulator.fail({ method: 'POST', path: '/subscriptions', status: 400 })
      const order = await stage.order(account, product, 5)
      await stage.runJobs()
      await stage.expectStatus(order, 'Failed Provisioning')
      stage.say('The customer raises the quantity to 8.')
      await emulator.update(Subscription, order.subscription, { work365_subscription_quantity: 8 })
      await stage.runJobs()
      const [, second] = await stage.changeLogsOf(order.subscription)
      await stage.expectStatus({ ...order, changeLog: second! }, 'Failed Provisioning')
      await stage.requeue(order)
      await stage.requeue({ ...order, changeLog: second! })
      await stage.runJobs()
      await stage.expectStatus({ ...order, changeLog: second! }, 'Provisioned')
      stage.check('at the provider', simulator.state.purchases.at(-1)?.quantity, 8)
    },
  },
  {
    title: 'An add-on waits for its parent, and is released',
    async play(stage) {
      const { account, product } = automaticOrder(stage.cast)
      const parent = await stage.order(account, product, 3)
      const addOn = await stage.order(account, product, 3, {
        work365_subscription_parentsubscription: reference(Subscription, parent.subscription),
      })
      await stage.expectStatus(addOn, 'Awaiting Provisioning')
      await stage.runJobs()
      await stage.expectStatus(parent, 'Provisioned')
      await stage.expectStatus(addOn, 'Provisioned')
    },
  },
  {
    title: 'A change log is missing: found, and repaired',
    async play(stage) {
      const { emulator } = stage.environment
      const { account, product, provider } = automaticOrder(stage.cast)
      const order = await stage.order(account, product, 6)
      await stage.runJobs()
      stage.say('An import sets the quantity to 10, past all steps.')
      await emulator.update(
        Subscription,
        order.subscription,
        { work365_subscription_quantity: 10 },
        { bypassBusinessLogic: ['CustomSync'] },
      )
      const found = await checkChangeLogs(emulator)
      stage.check(
        'missing',
        found.map(({ quantity, logged, missing }) => [quantity, logged, missing]),
        [[10, 6, 4]],
      )
      await checkChangeLogs(emulator, { repair: true })
      await stage.runJobs()
      stage.check('missing after the repair', (await checkChangeLogs(emulator)).length, 0)
      stage.check('at the provider', (await stage.purchasesAt(provider)).at(-1)?.quantity, 10)
    },
  },
  {
    title: 'What was invoiced is archived, many at once; nothing is ever deleted',
    async play(stage) {
      const { emulator } = stage.environment
      const { account, product } = automaticOrder(stage.cast)
      const order = await stage.order(account, product, 2)
      await stage.refused('deleting the change log', () => emulator.delete(LicenseChangeLog, order.changeLog))
      const rows = await emulator.list(LicenseChangeLog, ['work365_licensechangelogid'])
      const Ids = rows.map((row) => row.work365_licensechangelogid)
      const { Archived } = await callCustomApi(emulator, archiveChangeLogsApi, { Ids })
      stage.check('archived', Archived, Ids.length)
      stage.check('and they still add up', (await checkChangeLogs(emulator)).length, 0)
    },
  },
]

/** What becomes of change logs. */
export const changeLogs: Chapter = { name: 'change-logs', title: 'The life of a change log', scenes }
