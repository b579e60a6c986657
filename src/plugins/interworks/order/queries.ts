import {
  deliveryStatus,
  executionMode,
  InterworksOrder,
  InterworksOrderItem,
  InterworksOrderStatus,
  labelOf,
  orderStatusType,
} from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { isManualOrder } from '../order-item/basket.ts'
import { readItems } from '../order-item/read-items.ts'
import { readOrder } from './read-order.ts'

/** A line of the dashboard's widget Orders For Manual Management. */
export interface OrderForManualManagement {
  readonly id: string
  readonly orderCode: string
  /** The reseller or the direct customer. */
  readonly accountName: string
  readonly orderDate: Date
  readonly totalWithoutTax: number
}

const WIDGET_SIZE = 50

/**
 * The widget Orders For Manual Management (I15): up to 50 orders with a non-automatic item that is neither executed nor
 * delivered, those that wait longest first.
 *
 * @see https://interworkscloud.atlassian.net/wiki/spaces/ICPD/pages/322835155
 */
export async function ordersForManualManagement(
  service: OrganizationService,
): Promise<readonly OrderForManualManagement[]> {
  const { rows } = await service.retrieveMultiple(
    select(InterworksOrder, ['iw_orderid', 'iw_ordercode', 'iw_account', 'iw_orderdate', 'iw_totalwithouttax'])
      .where('iw_executionmode', 'eq', executionMode.Manual)
      .linked({
        table: InterworksOrderStatus.logicalName,
        from: 'iw_orderstatusid',
        to: 'iw_status',
        type: 'inner',
        filter: { kind: 'compare', column: 'iw_type', operator: 'eq', values: [orderStatusType['In Progress']] },
      })
      .matching({
        kind: 'linked',
        match: 'any',
        link: {
          table: InterworksOrderItem.logicalName,
          from: 'iw_order',
          to: 'iw_orderid',
          filter: {
            kind: 'and',
            conditions: [
              { kind: 'compare', column: 'iw_nonautomatic', operator: 'eq', values: [true] },
              { kind: 'compare', column: 'iw_deliverystatus', operator: 'eq', values: [deliveryStatus.Pending] },
            ],
          },
        },
      })
      .orderBy('iw_orderdate')
      .orderBy('iw_ordercode')
      .first(WIDGET_SIZE),
  )
  return rows.map((row) => ({
    id: row.iw_orderid,
    orderCode: row.iw_ordercode ?? row.iw_orderid,
    accountName: row.iw_account?.name ?? '',
    orderDate: row.iw_orderdate!,
    totalWithoutTax: row.iw_totalwithouttax ?? 0,
  }))
}

/** What the order page of the storefront shows of an item. */
export interface ItemDelivery {
  readonly id: string
  readonly name: string
  readonly quantity: number
  readonly deliveryStatus: keyof typeof deliveryStatus
}

/** The delivery status of each item of an order (I18), in the order in which they were added. */
export async function deliveryOf(service: OrganizationService, order: string): Promise<readonly ItemDelivery[]> {
  const { rows } = await service.retrieveMultiple(
    select(InterworksOrderItem, ['iw_orderitemid', 'iw_name', 'iw_quantity', 'iw_deliverystatus'])
      .where('iw_order', 'eq', order)
      .orderBy('createdon'),
  )
  return rows.map((row) => ({
    id: row.iw_orderitemid,
    name: row.iw_name ?? row.iw_orderitemid,
    quantity: row.iw_quantity ?? 0,
    deliveryStatus: (labelOf(deliveryStatus, row.iw_deliverystatus ?? deliveryStatus.Pending) ??
      'Pending') as keyof typeof deliveryStatus,
  }))
}

/** What the storefront says about a basket or an order. */
export interface StorefrontInformation {
  /** Whether the basket shows the banner. */
  readonly showsBanner: boolean
  /** The banner's text; `null` where it does not show. Its words are ours. */
  readonly banner: string | null
  /** What the last step of checkout says. */
  readonly lastStep: string
}

/** What the storefront tells a customer about an order (I12): that a person executes it, or that it is on its way. */
export async function storefrontInformation(
  service: OrganizationService,
  order: string,
): Promise<StorefrontInformation> {
  const { stage, isManual } = await readOrder(service, order)
  const manual = stage === 'draft' ? isManualOrder(await readItems(service, order)) : isManual
  return manual
    ? {
        showsBanner: true,
        banner: 'This basket contains services that your operator sets up. Nothing is charged before that.',
        lastStep: 'Thank you for your order. Your operator will be in touch with you.',
      }
    : { showsBanner: false, banner: null, lastStep: 'Thank you for your order. Your services are being set up.' }
}
