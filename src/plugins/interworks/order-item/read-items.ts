import { deliveryStatus, InterworksOrderItem } from '../../../entities/index.ts'
import { MAX_PAGE_SIZE, select } from '../../../query/index.ts'
import type { Condition, EntityReference, OrganizationService, Selected } from '../../../service/index.ts'
import { type ProductType, readProductTypes, typeOfProduct } from '../catalog/product-type.ts'
import { refusal } from '../refusal.ts'
import { mixOf } from './basket.ts'

/** An item of an order, with the type of its product as it is now. */
export interface OrderItem {
  readonly id: string
  readonly name: string
  readonly product: EntityReference | null
  readonly type: ProductType | undefined
  readonly quantity: number
  readonly unitPrice: number | null
  readonly currency: EntityReference | null
  /** As the type said when the order was submitted. */
  readonly wasNonAutomatic: boolean
  readonly isPending: boolean
  readonly deliveryOrder: string | undefined
  readonly subscription: EntityReference | null
  readonly asset: EntityReference | null
}

const equals = (column: string, value: string | number): Condition => ({
  kind: 'compare',
  column,
  operator: 'eq',
  values: [value],
})
const without = (column: string): Condition => ({ kind: 'compare', column, operator: 'null', values: [] })

/** The items of an order, those handed to sub-orders too, in the order in which they were added. */
export function readItems(service: OrganizationService, order: string): Promise<readonly OrderItem[]> {
  return readItemsWhere(service, [equals('iw_order', order)])
}

/**
 * The items that an order itself has still to execute: its own that no sub-order delivers, or, of a sub-order, those that
 * it was made for.
 */
export async function readItemsToExecute(service: OrganizationService, order: string): Promise<readonly OrderItem[]> {
  const pending = equals('iw_deliverystatus', deliveryStatus.Pending)
  return [
    ...(await readItemsWhere(service, [equals('iw_order', order), without('iw_deliveryorder'), pending])),
    ...(await readItemsWhere(service, [equals('iw_deliveryorder', order), pending])),
  ]
}

async function readItemsWhere(
  service: OrganizationService,
  conditions: readonly Condition[],
): Promise<readonly OrderItem[]> {
  const query = select(InterworksOrderItem, [
    'iw_orderitemid',
    'iw_name',
    'iw_product',
    'iw_producttype',
    'iw_quantity',
    'iw_unitprice',
    'transactioncurrencyid',
    'iw_nonautomatic',
    'iw_deliverystatus',
    'iw_deliveryorder',
    'iw_subscription',
    'iw_asset',
  ])
    .matching({ kind: 'and', conditions })
    .orderBy('createdon')
  const rows = []
  let cookie: string | undefined
  do {
    const page = await service.retrieveMultiple(query.paged(MAX_PAGE_SIZE, cookie))
    rows.push(...page.rows)
    cookie = page.pagingCookie
  } while (cookie !== undefined)

  const typeIds = await typesByItem(service, rows)
  const types = await readProductTypes(service, [...typeIds.values()])
  return rows.map((row) => ({
    id: row.iw_orderitemid,
    name: row.iw_name ?? row.iw_orderitemid,
    product: row.iw_product,
    type: types.get(typeIds.get(row.iw_orderitemid) ?? ''),
    quantity: row.iw_quantity ?? 0,
    unitPrice: row.iw_unitprice,
    currency: row.transactioncurrencyid,
    wasNonAutomatic: row.iw_nonautomatic === true,
    isPending: (row.iw_deliverystatus ?? deliveryStatus.Pending) === deliveryStatus.Pending,
    deliveryOrder: row.iw_deliveryorder?.id,
    subscription: row.iw_subscription,
    asset: row.iw_asset,
  }))
}

/** The type that each item was recorded with; where that has not come about yet, the one of its product. */
async function typesByItem(
  service: OrganizationService,
  rows: readonly Selected<typeof InterworksOrderItem, 'iw_orderitemid' | 'iw_product' | 'iw_producttype'>[],
): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>()
  for (const { iw_orderitemid: id, iw_product: product, iw_producttype: recorded } of rows) {
    const type = recorded ?? (product ? await typeOfProduct(service, product.id) : undefined)
    if (type) types.set(id, type.id)
  }
  return types
}

/** I11: refuses a basket with services of both kinds. */
export function refuseMix(items: readonly Pick<OrderItem, 'name' | 'type'>[]): void {
  const mix = mixOf(items)
  if (!mix) return
  throw refusal(
    'I11',
    `A basket cannot mix services (iw_product): '${mix.nonAutomatic}' is executed by the operator, '${mix.automatic}' automatically.`,
    'Place two orders, one for each kind.',
  )
}
