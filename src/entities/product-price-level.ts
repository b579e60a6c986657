import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A price list's price of one product in one unit. */
export const ProductPriceLevel = defineTable({
  logicalName: 'productpricelevel',
  displayName: 'Price List Item',
  primaryName: 'productidname',
  ownership: 'none',
  states: null,
  columns: {
    productidname: column.text({ label: 'Product Name', maxLength: 100, readOnly: true, standard: true }),
    pricelevelid: column.lookup({
      label: 'Price List',
      to: ['pricelevel'],
      required: 'system',
      behavior: 'parental',
      standard: true,
    }),
    productid: column.lookup({
      label: 'Product',
      to: ['product'],
      required: 'system',
      behavior: 'parental',
      standard: true,
    }),
    uomid: column.lookup({ label: 'Unit', to: ['uom'], required: 'system', behavior: 'restrict', standard: true }),
    amount: column.money({ label: 'Amount', min: 0, standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
