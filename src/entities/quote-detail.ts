import { column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesLine } from './sales-columns.ts'

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
