import { InterworksOrderItem, InterworksProductType, Product } from '../../../entities/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { readProductTypes, typeOfProduct } from '../catalog/product-type.ts'
import { readOrder } from '../order/read-order.ts'
import { refusal } from '../refusal.ts'
import { isNonAutomatic } from './basket.ts'
import { readItems, refuseMix } from './read-items.ts'

/** What only executing and delivering write. */
const WRITTEN_BY_US = [
  'iw_deliveryorder',
  'iw_deliveredon',
  'iw_executedon',
  'iw_subscription',
  'iw_asset',
  'iw_nonautomatic',
] as const

/**
 * I11: an item goes into a basket of its own kind. Its name, price and type come from its product unless they are given.
 */
export const addItem = defineStep({
  name: 'interworks: add an item to a basket',
  table: InterworksOrderItem,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  changes: ['iw_name', 'iw_producttype', 'iw_nonautomatic', 'iw_unitprice', 'transactioncurrencyid'],
  behindWebhook: 'updateAfterwards',
  rules: ['I11', 'I12'],

  async run({ target, service }) {
    refuseOurs(target)
    const { iw_order: inOrder, iw_product: product, iw_quantity: quantity } = target
    if (inOrder == null) throw refusal('I11', 'An order item needs its order (iw_order).', 'Give the basket.')
    if (product == null) throw refusal('I11', 'An order item needs a product (iw_product).', 'Choose one.')
    refuseQuantity(quantity)
    refusePrice(target.iw_unitprice)

    const order = await readOrder(service, inOrder.id)
    if (order.stage !== 'draft') {
      throw refusal(
        'I13',
        `Nothing can be added to order ${order.code} (iw_order): it is ${order.stage}.`,
        'Begin a new order.',
      )
    }
    const { name, work365_product_monthlyunitsellingprice: price } = await service.retrieve(Product, product.id, [
      'name',
      'work365_product_monthlyunitsellingprice',
    ])
    target.iw_name ??= name ?? product.id
    target.iw_unitprice ??= price
    settleCurrency(target, order)

    const typeId = await settleType(service, product, target)
    const type = typeId === undefined ? undefined : (await readProductTypes(service, [typeId])).get(typeId)
    const item = { name: target.iw_name, type }
    refuseMix([...(await readItems(service, order.id)), item])
    target.iw_nonautomatic = isNonAutomatic(item)
  },
})

export function refuseQuantity(quantity: number | null | undefined): void {
  if (quantity != null && quantity > 0) return
  throw refusal('I11', `The quantity (iw_quantity) is ${quantity ?? 'missing'}.`, 'Give one of more than 0.')
}

export function refusePrice(price: number | null | undefined): void {
  if (price == null || price >= 0) return
  throw refusal('I16', `The unit price (iw_unitprice) is ${price}.`, 'Give one of 0 or more.')
}

/** An order is invoiced in one currency. */
function settleCurrency(
  target: { transactioncurrencyid?: EntityReference<'transactioncurrency'> | null | undefined },
  { code, currency }: { readonly code: string; readonly currency: EntityReference | null },
): void {
  if (!currency) return
  target.transactioncurrencyid ??= reference('transactioncurrency', currency.id)
  if (target.transactioncurrencyid.id === currency.id) return
  throw refusal(
    'I16',
    `The currency (transactioncurrencyid) of the item is not that of order ${code}.`,
    "Leave it out: the item takes the order's.",
  )
}

/** The catalog says of which type a product is; a product that the catalog does not know may come with its type. */
async function settleType(
  service: OrganizationService,
  product: EntityReference,
  target: { iw_producttype?: EntityReference<'iw_producttype'> | null | undefined },
): Promise<string | undefined> {
  const known = await typeOfProduct(service, product.id)
  if (known && target.iw_producttype && target.iw_producttype.id !== known.id) {
    throw refusal(
      'I25',
      'The product type (iw_producttype) of the item is not the one that its product has in the catalog.',
      'Leave it out: a product belongs to one type at most.',
    )
  }
  if (known) target.iw_producttype = reference(InterworksProductType, known.id)
  return target.iw_producttype?.id
}

function refuseOurs(target: { readonly [Column in (typeof WRITTEN_BY_US)[number]]?: unknown }): void {
  const column = WRITTEN_BY_US.find(
    (name) => target[name] !== undefined && target[name] !== null && target[name] !== false,
  )
  if (!column) return
  throw refusal('I16', `The column ${column} of an order item is written by the system only.`, 'Leave it out.')
}
