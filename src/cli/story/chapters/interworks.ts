import {
  Account,
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  InterworksProduct,
  InterworksProductType,
  Product,
} from '../../../entities/index.ts'
import {
  callCustomApi,
  deliverOrderItems,
  deliveryOf,
  executeWholeOrder,
  ordersForManualManagement,
  submitOrder,
} from '../../../plugins/index.ts'
import { reference } from '../../../service/index.ts'
import { automaticOrder, choose } from '../casting.ts'
import type { Chapter, Scene } from '../scene.ts'
import type { AccountRow, ProductRow, Stage } from '../stage.ts'

const scenes: readonly Scene[] = [
  {
    title: 'A product type asks for manual execution before there is a status for it',
    async play(stage) {
      const { emulator } = stage.environment
      const status = choose('the status Submitted', await emulator.list(InterworksOrderStatus), (row) => {
        return row.iw_name === 'Submitted'
      })
      stage.say('A person tries to deactivate the status that manual orders need.')
      await stage.refused('deactivating Submitted', () =>
        emulator.update(InterworksOrderStatus, status.iw_orderstatusid, { iw_isactive: false }),
      )
      await stage.refused('the flag on an asset type', () =>
        emulator.create(InterworksProductType, {
          iw_name: 'Azure Plan Reservation Assets',
          iw_isassettype: true,
          iw_nonautomaticexecution: true,
        }),
      )
    },
  },
  {
    title: 'An automatic order runs into the provisioning line',
    async play(stage) {
      await stage.configure('autoProvisionNewSubscription', 'true')
      const { account, product } = automaticOrder(stage.cast)
      const order = await basket(stage, account, [await sell(stage, product, { manual: false })])
      const { Manual } = await callCustomApi(stage.environment.emulator, submitOrder, {}, order)
      stage.check('waits for the operator', Manual, false)
      await stage.runJobs()
      const { items } = await read(stage, order)
      await stage.expectStatusOf(items[0]!.iw_subscription!.id, 'Provisioned')
    },
  },
  {
    title: 'A basket does not mix',
    async play(stage) {
      const { emulator } = stage.environment
      const { account } = automaticOrder(stage.cast)
      const [mail, workshop] = await twoKinds(stage)
      const order = await basket(stage, account, [mail])
      await stage.refused(`adding ${workshop.name}`, () =>
        emulator.create(InterworksOrderItem, {
          iw_order: reference(InterworksOrder, order),
          iw_product: reference(Product, workshop.productid),
          iw_quantity: 1,
        }),
      )
    },
  },
  {
    title: 'A manual order: delivered in part, then whole',
    async play(stage) {
      const { emulator } = stage.environment
      const { account } = automaticOrder(stage.cast)
      const [, workshop] = await twoKinds(stage)
      const order = await basket(stage, account, [workshop, workshop])
      const { Manual } = await callCustomApi(emulator, submitOrder, {}, order)
      stage.check('waits for the operator', Manual, true)
      const widget = await ordersForManualManagement(emulator)
      stage.check(
        'orders for manual management',
        widget.map(({ accountName }) => accountName),
        [account.name],
      )

      const { items } = await read(stage, order)
      stage.say('The operator delivers the first item.')
      await callCustomApi(emulator, deliverOrderItems, { Items: [items[0]!.iw_orderitemid] }, order)
      const partly = (await deliveryOf(emulator, order)).map((item) => item.deliveryStatus)
      stage.check('the customer sees', partly, ['Delivered', 'Pending'])
      stage.say('The operator executes the rest.')
      await callCustomApi(emulator, executeWholeOrder, { StartDate: '2026-04-01' }, order)
      const after = (await deliveryOf(emulator, order)).map((item) => item.deliveryStatus)
      stage.check('the customer sees', after, ['Delivered', 'Executed'])
      stage.check('orders for manual management', (await ordersForManualManagement(emulator)).length, 0)
    },
  },
]

/** Orders of interworks.cloud. */
export const interworks: Chapter = {
  name: 'interworks',
  title: 'Orders of interworks.cloud, automatic and not',
  scenes,
}

const KINDS = { automatic: 'Cloud Services', manual: 'Professional Services' } as const

/** An automatic product and one that is not. */
async function twoKinds(stage: Stage): Promise<readonly [ProductRow, ProductRow]> {
  const { product } = automaticOrder(stage.cast)
  const workshop = choose('a product that people deliver', stage.cast.products, (row) => {
    return row.name?.includes('workshop') === true
  })
  return [await sell(stage, product, { manual: false }), await sell(stage, workshop, { manual: true })]
}

/** Puts a product into the storefront, as a service of a type that is executed by itself or by a person. */
async function sell(stage: Stage, product: ProductRow, { manual }: { readonly manual: boolean }): Promise<ProductRow> {
  const { emulator } = stage.environment
  const sold = await emulator.list(InterworksProduct)
  if (sold.some((row) => row.iw_product?.id === product.productid)) return product
  const name = manual ? KINDS.manual : KINDS.automatic
  const types = await emulator.list(InterworksProductType)
  const type =
    types.find((row) => row.iw_name === name)?.iw_producttypeid ??
    (await emulator.create(InterworksProductType, { iw_name: name, iw_nonautomaticexecution: manual }))
  await emulator.create(InterworksProduct, {
    iw_product: reference(Product, product.productid),
    iw_producttype: reference(InterworksProductType, type),
  })
  return product
}

async function basket(stage: Stage, account: AccountRow, products: readonly ProductRow[]): Promise<string> {
  const { emulator } = stage.environment
  const order = await emulator.create(InterworksOrder, { iw_account: reference(Account, account.accountid) } as never)
  for (const product of products) {
    stage.say(`${account.name} puts 2 × ${product.name} into the basket.`)
    await emulator.create(InterworksOrderItem, {
      iw_order: reference(InterworksOrder, order),
      iw_product: reference(Product, product.productid),
      iw_quantity: 2,
    })
  }
  return order
}

async function read(stage: Stage, order: string) {
  const items = (await stage.environment.emulator.list(InterworksOrderItem)).filter((row) => row.iw_order?.id === order)
  return { items }
}
