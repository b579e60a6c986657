import { Contact, portalRole, Subscription } from '../../../entities/index.ts'
import { createPortal } from '../../../portal/index.ts'
import { choose } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'
import type { Stage } from '../stage.ts'

const scenes: readonly Scene[] = [
  {
    title: 'A subscription manager orders three products at once',
    async play(stage) {
      const { portal, user } = await signIn(stage, 'Work 365 Subscription Manager')
      await stage.configure('autoProvisionNewSubscription', 'true')
      const products = await portal.products()
      stage.say(
        `${user.name} of ${user.accountName} sees ${products.length} products, with the prices of the contract.`,
      )
      const chosen = products.filter(({ name }) => name.startsWith('Microsoft 365 Business') || name === 'Power BI Pro')
      for (const { name, price, currency } of chosen) stage.say(`  10 × ${name} at ${price} ${currency?.name ?? ''}`)
      const order = await portal.order({ lines: chosen.map(({ id }) => ({ product: id, quantity: 10 })) })
      stage.check('subscriptions', order.subscriptions.length, chosen.length)
      await stage.runJobs()
      for (const id of order.subscriptions) await stage.expectStatusOf(id, 'Provisioned')
      const [first] = order.subscriptions
      const row = await stage.environment.emulator.retrieve(Subscription, first!, [
        'work365_subscription_ordernum',
        'work365_subscription_orderby',
      ])
      stage.check('filled in by the system', Object.values(row), [order.reference, user.name])
    },
  },
  {
    title: 'One line is wrong: nothing is ordered',
    async play(stage) {
      const { portal } = await signIn(stage, 'Work 365 Subscription Manager')
      const [product] = await portal.products()
      const before = (await portal.subscriptions()).length
      await stage.refused('an order of 5 and of 0', () =>
        portal.order({
          lines: [
            { product: product!.id, quantity: 5 },
            { product: product!.id, quantity: 0 },
          ],
        }),
      )
      stage.check('new subscriptions', (await portal.subscriptions()).length - before, 0)
    },
  },
  {
    title: 'Somebody without the role asks for more',
    async play(stage) {
      const manager = await signIn(stage, 'Work 365 Administrator')
      const [product] = await manager.portal.products()
      const { subscriptions } = await manager.portal.order({ lines: [{ product: product!.id, quantity: 1 }] })
      const user = await signIn(stage, 'Work 365 Internal User')
      stage.say(`${user.user.name} is an internal user.`)
      await stage.refused('an order', () => user.portal.order({ lines: [{ product: product!.id, quantity: 1 }] }))
      const other = await signIn(stage, 'Work 365 Subscription Manager')
      await stage.refused(`${other.user.name}'s change of another company's subscription`, () =>
        other.portal.changeQuantity(subscriptions[0]!, 100),
      )
    },
  },
]

/** A customer at the self-service portal. */
export const portal: Chapter = { name: 'portal', title: 'A customer at the self-service portal', scenes }

export async function signIn(stage: Stage, role: keyof typeof portalRole) {
  const { emulator } = stage.environment
  const contact = choose(`a contact with the portal role ${role}`, await emulator.list(Contact), (row) =>
    (row.work365_contact_portalroles ?? []).includes(portalRole[role]),
  )
  const portal = createPortal({ service: emulator, contact: contact.contactid, clock: emulator.clock })
  return { portal, user: await portal.user() }
}
