import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A line of an order: Dynamics 365 Sales' own table. */
export const SalesOrderDetail = defineTable({
  logicalName: 'salesorderdetail',
  displayName: 'Order Line',
  primaryName: 'salesorderdetailname',
  ownership: 'none',
  states: null,
  columns: {
    salesorderdetailname: column.text({ label: 'Name', maxLength: 500, standard: true }),
    salesorderid: column.lookup({ label: 'Order', to: ['salesorder'], behavior: 'parental', standard: true }),
    productid: column.lookup({ label: 'Product', to: ['product'], standard: true }),
    quantity: column.decimal({ label: 'Quantity', standard: true }),
    priceperunit: column.money({ label: 'Price Per Unit', standard: true }),
  },
})
