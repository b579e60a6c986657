import { column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesLine } from './sales-columns.ts'

/** A line of an order: Dynamics 365 Sales' own table. */
export const SalesOrderDetail = defineTable({
  logicalName: 'salesorderdetail',
  displayName: 'Order Line',
  primaryName: 'salesorderdetailname',
  ownership: 'none',
  states: null,
  columns: {
    salesorderdetailname: column.text({ label: 'Name', maxLength: 500, standard: true }),
    salesorderid: column.lookup({
      label: 'Order',
      to: ['salesorder'],
      behavior: 'parental',
      relationships: { salesorder: 'order_details' },
      standard: true,
    }),
    productid: column.lookup({ label: 'Product', to: ['product'], standard: true }),
    isproductoverridden: column.boolean({
      label: 'Select Product',
      trueLabel: 'Write-In',
      falseLabel: 'Existing',
      standard: true,
    }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    ispriceoverridden: column.boolean({
      label: 'Pricing',
      trueLabel: 'Override Price',
      falseLabel: 'Use Default',
      standard: true,
    }),
    ...salesLine,
  },
})
