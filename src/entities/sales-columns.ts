import { column } from './column.ts'

/** What quotes, orders and invoices come to, and in which currency. */
export const salesTotals = {
  totallineitemamount: column.money({ label: 'Total Detail Amount', standard: true }),
  discountamount: column.money({ label: 'Discount Amount', standard: true }),
  discountpercentage: column.decimal({ label: 'Discount (%)', min: 0, max: 100, standard: true }),
  freightamount: column.money({ label: 'Freight Amount', standard: true }),
  totaltax: column.money({ label: 'Total Tax', standard: true }),
  totalamount: column.money({ label: 'Total Amount', standard: true }),
  pricelevelid: column.lookup({ label: 'Price List', to: ['pricelevel'], behavior: 'restrict', standard: true }),
  transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
}

/** What lines of quotes, orders and invoices have in common. */
export const salesLine = {
  uomid: column.lookup({ label: 'Unit', to: ['uom'], behavior: 'restrict', standard: true }),
  productdescription: column.text({ label: 'Write-In Product', maxLength: 500, standard: true }),
  priceperunit: column.money({ label: 'Price Per Unit', standard: true }),
  quantity: column.decimal({ label: 'Quantity', standard: true }),
  baseamount: column.money({ label: 'Amount', standard: true }),
  manualdiscountamount: column.money({ label: 'Manual Discount', standard: true }),
  tax: column.money({ label: 'Tax', standard: true }),
  extendedamount: column.money({ label: 'Extended Amount', standard: true }),
  lineitemnumber: column.integer({ label: 'Line Item Number', standard: true }),
  transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
}
