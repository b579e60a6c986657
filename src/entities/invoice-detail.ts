import { column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesLine } from './sales-columns.ts'

/** A line of an invoice, Dataverse's own table; what Work 365 adds is called `work365_invoiceproduct_…`. */
export const InvoiceDetail = defineTable({
  logicalName: 'invoicedetail',
  displayName: 'Invoice Line',
  description: 'A line of an invoice.',
  primaryName: 'invoicedetailname',
  ownership: 'none',
  states: null,
  columns: {
    invoicedetailname: column.text({ label: 'Name', maxLength: 500, standard: true }),
    invoiceid: column.lookup({
      label: 'Invoice',
      to: ['invoice'],
      required: 'system',
      behavior: 'parental',
      relationships: { invoice: 'invoice_details' },
      standard: true,
    }),
    isproductoverridden: column.boolean({
      label: 'Select Product',
      trueLabel: 'Write-In',
      falseLabel: 'Existing',
      standard: true,
      description: 'Whether the line names its product in words instead of referring to one.',
    }),
    description: column.memo({ label: 'Description', standard: true }),
    ispriceoverridden: column.boolean({
      label: 'Pricing',
      trueLabel: 'Override Price',
      falseLabel: 'Use Default',
      standard: true,
      description: "Whether the line's price differs from the price list's.",
    }),
    volumediscountamount: column.money({ label: 'Volume Discount', standard: true }),
    work365_invoiceproduct_line2: column.text({ label: 'Line 2', maxLength: 500 }),
    work365_invoiceproduct_subscription: column.lookup({ label: 'Subscription', to: ['work365_subscription'] }),
    work365_invoiceproduct_istaxable: column.boolean({ label: 'Is Taxable' }),
    work365_invoiceproduct_costpriceperunit: column.money({ label: 'Cost Price Per Unit' }),
    work365_invoiceproduct_actualquantity: column.decimal({ label: 'Actual Quantity' }),
    work365_invoiceproduct_includedquantity: column.decimal({ label: 'Included Quantity' }),
    work365_invoiceproduct_lineitemdiscountpercent: column.decimal({ label: 'Discount (%)' }),
    productid: column.lookup({ label: 'Existing Product', to: ['product'], behavior: 'restrict', standard: true }),
    ...salesLine,
  },
})
