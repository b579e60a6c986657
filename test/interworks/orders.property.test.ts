import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  deliveryStatus,
  executionMode,
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  InterworksProductType,
  Invoice,
  InvoiceDetail,
  Job,
  LicenseChangeLog,
  NonRecurringItem,
  Subscription,
} from '../../src/entities/index.ts'
import { ordersForManualManagement } from '../../src/plugins/index.ts'
import { createEnvironment, type ProductName, prices, type TestEnvironment } from './environment.ts'

const TABLES = [
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  InterworksProductType,
  Subscription,
  NonRecurringItem,
  Invoice,
  InvoiceDetail,
  LicenseChangeLog,
  Job,
]

const order = fc.nat(2)
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      order,
      product: fc.constantFrom(...(Object.keys(prices) as ProductName[])),
      quantity: fc.integer({ min: -100, max: 3000 }).map((hundredths) => hundredths / 100),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('submit' as const), order }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('execute' as const), order }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('deliver' as const),
      order,
      items: fc.array(fc.nat(3), { maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      order,
      status: fc.constantFrom('Draft', 'Submitted', 'Executed', 'Canceled', 'In talks'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('flag' as const),
      type: fc.constantFrom('microsoft' as const, 'managed' as const, 'projects' as const, 'perpetual' as const),
      on: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('takeOut' as const), order, item: fc.nat(3) }) },
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

async function perform(environment: TestEnvironment, orders: readonly string[], action: Action): Promise<unknown> {
  const { dataverse, types, addItem, itemsOf, submit, execute, deliver, setStatus, statusNamed, setFlag } = environment
  if (action.kind === 'flag') return setFlag(types[action.type], action.on)
  const id = orders[action.order]!
  switch (action.kind) {
    case 'add':
      return addItem(id, action.product, { iw_quantity: action.quantity })
    case 'submit':
      return submit(id)
    case 'execute':
      return execute(id)
    case 'status':
      return setStatus(id, await statusNamed(action.status))
    case 'deliver': {
      const items = await itemsOf(id)
      return deliver(
        id,
        action.items.flatMap((index) => items[index]?.id ?? []),
      )
    }
    case 'takeOut': {
      const item = (await itemsOf(id))[action.item]
      return item && dataverse.delete(InterworksOrderItem, item.id)
    }
  }
}

const snapshot = ({ dataverse }: TestEnvironment) => Promise.all(TABLES.map((table) => dataverse.list(table)))

/** What has to hold at any moment, whatever has happened. */
async function check({ dataverse }: TestEnvironment, ordered: Map<string, number>): Promise<void> {
  const items = await dataverse.list(InterworksOrderItem)
  const orders = new Map((await dataverse.list(InterworksOrder)).map((row) => [row.iw_orderid, row]))
  const done = items.filter(({ iw_executedon: on }) => on !== null)

  // Nothing is executed twice, and everything that was created belongs to an item.
  const made = done.flatMap((item) => item.iw_subscription?.id ?? item.iw_asset?.id ?? 'nothing')
  expect(new Set(made).size).toBe(done.length)
  const existing = [
    ...(await dataverse.list(Subscription, ['work365_subscriptionid'])).map((row) => row.work365_subscriptionid),
    ...(await dataverse.list(NonRecurringItem, ['work365_nonrecurringitemid'])).map(
      (row) => row.work365_nonrecurringitemid,
    ),
  ]
  expect([...made].sort()).toEqual(existing.sort())
  expect(await dataverse.list(InvoiceDetail)).toHaveLength(done.length)

  for (const item of items) {
    const isDone = item.iw_executedon !== null
    expect(item.iw_deliverystatus === deliveryStatus.Pending).toBe(!isDone)
    expect(item.iw_deliveryorder !== null).toBe(item.iw_deliverystatus === deliveryStatus.Delivered)
  }
  for (const [id, order] of orders) {
    const own = items.filter(({ iw_order: of }) => of?.id === id)
    // Delivered and open together are what was ordered.
    if (ordered.has(id) && order.iw_executionmode !== null) {
      expect(own.reduce((sum, item) => sum + Math.round(item.iw_quantity! * 100), 0)).toBe(ordered.get(id))
    }
    // Services of one order are of one kind, from its submission on.
    const services = own.filter(({ iw_producttype: type }) => type?.name !== 'Perpetual Licenses')
    if (order.iw_executionmode !== null) {
      expect(new Set(services.map(({ iw_nonautomatic: manual }) => manual)).size).toBeLessThanOrEqual(1)
      const isManual = order.iw_executionmode === executionMode.Manual
      if (order.iw_parentorder === null) expect(services.some(({ iw_nonautomatic: manual }) => manual)).toBe(isManual)
    }
    // What is executed has nothing open, and what is not has no invoice.
    const isExecuted = order.iw_status?.name === 'Executed'
    expect(order.iw_executedon !== null).toBe(isExecuted)
    if (isExecuted) expect(own.every((item) => item.iw_executedon !== null)).toBe(true)
    else expect(order.iw_invoice).toBeNull()
    if (order.iw_executionmode === executionMode.Automatic) expect(isExecuted).toBe(true)
  }
  const waiting = [...orders.values()].filter(
    (order) =>
      (order.iw_status?.name === 'Submitted' || order.iw_status?.name === 'In talks') &&
      items.some(
        (item) =>
          item.iw_order?.id === order.iw_orderid &&
          item.iw_nonautomatic &&
          item.iw_deliverystatus === deliveryStatus.Pending,
      ),
  )
  expect((await ordersForManualManagement(dataverse)).map(({ id }) => id).sort()).toEqual(
    waiting.map((order) => order.iw_orderid).sort(),
  )
}

test('whatever is submitted, executed, delivered and edited: nothing is executed twice, nothing lost, modes do not mix, refusals leave no trace', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 25 }), async (actions) => {
      const environment = await createEnvironment()
      await environment.addStatus('In talks', 'In Progress', 'Viewable')
      const orders = [await environment.basket(), await environment.basket(), await environment.basket()]
      const ordered = new Map<string, number>()
      for (const each of actions) {
        const before = await snapshot(environment)
        try {
          await perform(environment, orders, each)
        } catch (error) {
          expect(error).toMatchObject({ name: 'IsvAborted', message: expect.stringMatching(/\(.*Rule I\d+\.\)$/) })
          expect(await snapshot(environment)).toEqual(before)
        }
        for (const id of orders) {
          const { mode } = await environment.orderOf(id)
          if (mode === undefined || ordered.has(id)) continue
          const items = await environment.itemsOf(id)
          ordered.set(
            id,
            items.reduce((sum, { quantity }) => sum + Math.round(quantity! * 100), 0),
          )
        }
        await check(environment, ordered)
      }
    }),
    { numRuns: 40 },
  )
})
