import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * How far an ordered item is. The source shows that customers see a status per item, and not its labels. Executed: with the
 * whole order. Delivered: before the rest of it, by a sub-order.
 */
export const deliveryStatus = { Pending: 100_000_000, Delivered: 100_000_001, Executed: 100_000_002 } as const

/** interworks.cloud: one product of an order, in a quantity. */
export const InterworksOrderItem = defineTable({
  logicalName: 'iw_orderitem',
  displayName: 'Order Item',
  documented: false,
  description: 'One product of an order, in a quantity.',
  primaryName: 'iw_name',
  columns: {
    iw_name: column.text({ label: 'Name', maxLength: 200, documented: false }),
    iw_order: column.lookup({
      label: 'Order',
      to: ['iw_order'],
      behavior: 'parental',
      required: 'application',
      documented: false,
    }),
    iw_product: column.lookup({ label: 'Product', to: ['product'], required: 'application', documented: false }),
    iw_producttype: column.lookup({
      label: 'Product Type',
      to: ['iw_producttype'],
      documented: false,
      description: 'The type of the product; it decides whether the order is executed by itself.',
    }),
    iw_nonautomatic: column.boolean({
      label: 'Non-Automatic',
      documented: false,
      description: 'Whether a person has to execute it, as its type said when the order was submitted.',
    }),
    iw_quantity: column.decimal({ label: 'Quantity', required: 'application', documented: false }),
    iw_unitprice: column.money({ label: 'Unit Price', documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    iw_deliverystatus: column.choice({
      label: 'Delivery Status',
      options: deliveryStatus,
      default: deliveryStatus.Pending,
      documented: false,
      description: 'Pending until its subscription or asset exists; what customers see of it.',
    }),
    iw_deliveryorder: column.lookup({
      label: 'Delivery Order',
      to: ['iw_order'],
      documented: false,
      description: 'The sub-order that delivers this item.',
    }),
    iw_deliveredon: column.dateTime({ label: 'Delivered On', documented: false }),
    iw_executedon: column.dateTime({ label: 'Executed On', documented: false }),
    iw_subscription: column.lookup({
      label: 'Subscription',
      to: ['work365_subscription'],
      documented: false,
      description: 'What executing the item created, unless it is an asset.',
    }),
    iw_asset: column.lookup({
      label: 'Asset',
      to: ['work365_nonrecurringitem'],
      documented: false,
      description: 'What executing the item created, if its product is an asset.',
    }),
  },
})
