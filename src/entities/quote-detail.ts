import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A line of a quote. */
export const QuoteDetail = defineTable({
  logicalName: 'quotedetail',
  displayName: 'Quote Line',
  primaryName: 'quotedetailname',
  ownership: 'none',
  states: null,
  columns: {
    quotedetailname: column.text({ label: 'Name', maxLength: 500, standard: true }),
    quoteid: column.lookup({
      label: 'Quote',
      to: ['quote'],
      behavior: 'parental',
      relationships: { quote: 'quote_details' },
      required: 'system',
      standard: true,
    }),
    productid: column.lookup({ label: 'Existing Product', to: ['product'], behavior: 'restrict', standard: true }),
    uomid: column.lookup({ label: 'Unit', to: ['uom'], behavior: 'restrict', standard: true }),
    isproductoverridden: column.boolean({
      label: 'Select Product',
      trueLabel: 'Write-In',
      falseLabel: 'Existing',
      standard: true,
    }),
    productdescription: column.text({ label: 'Write-In Product', maxLength: 500, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    ispriceoverridden: column.boolean({
      label: 'Pricing',
      trueLabel: 'Override Price',
      falseLabel: 'Use Default',
      standard: true,
    }),
    priceperunit: column.money({ label: 'Price Per Unit', standard: true }),
    quantity: column.decimal({ label: 'Quantity', standard: true }),
    baseamount: column.money({ label: 'Amount', standard: true }),
    manualdiscountamount: column.money({ label: 'Manual Discount', standard: true }),
    tax: column.money({ label: 'Tax', standard: true }),
    extendedamount: column.money({ label: 'Extended Amount', standard: true }),
    lineitemnumber: column.integer({ label: 'Line Item Number', standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
