import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesTotals } from './sales-columns.ts'

/**
 * An invoice, Dataverse's own table with what Work 365 adds. Billed, once it is sent or synced, is what the portal shows.
 *
 * The status reasons are Dataverse's, with its values, and Paid, which Work 365 names and whose value is ours.
 */
export const Invoice = defineTable({
  logicalName: 'invoice',
  displayName: 'Invoice',
  description: "An invoice: Dataverse's own table with what Work 365 adds.",
  primaryName: 'name',
  states: {
    Active: {
      value: 0,
      reasons: {
        New: 1,
        'Partially Shipped': 2,
        Billed: 4,
        'Booked (applies to services)': 5,
        'Installed (applies to services)': 6,
      },
    },
    'Closed (deprecated)': { value: 1, reasons: { 'Canceled (deprecated)': 3, 'Paid in Full (deprecated)': 7 } },
    Paid: { value: 2, reasons: { Complete: 100_001, Partial: 100_002, Paid: 100_000_000 } },
    Canceled: { value: 3, reasons: { Canceled: 100_003 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    invoicenumber: column.text({ label: 'Invoice ID', maxLength: 100, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.restrict, merge: 'all' },
      relationships: { account: 'invoice_customer_accounts', contact: 'invoice_customer_contacts' },
      standard: true,
    }),
    work365_invoice_accountingsystem: column.choice({
      label: 'Accounting System (Linked To)',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_invoice_accountingsystemlstupd: column.dateTime({ label: 'Accounting System Record Last Updated' }),
    work365_invoice_accountingsystemnm: column.text({ label: 'Accounting System Name', maxLength: 200 }),
    work365_invoice_accountingsystemref: column.text({ label: 'Accounting System Reference', maxLength: 100 }),
    work365_invoice_amountcharged: column.money({ label: 'Amount Charged' }),
    work365_invoice_amountcharged_base: column.money({
      label: 'Amount Charged (Base)',
      readOnly: true,
      description: 'Calculated by Dataverse in the base currency.',
    }),
    work365_invoice_billingcontact: column.lookup({ label: 'Billing Contact', to: ['contact'] }),
    work365_invoice_billingcontract: column.lookup({ label: 'Billing Contract', to: ['work365_billingcontract'] }),
    work365_invoice_billingdate: column.dateOnly({ label: 'Billing Date' }),
    work365_invoice_calculateddiscountamount: column.money({ label: 'Calculated Discount Amount' }),
    work365_invoice_calculateddiscountamount_base: column.money({
      label: 'Calculated Discount Amount (Base)',
      readOnly: true,
      description: 'Calculated by Dataverse in the base currency.',
    }),
    work365_invoice_category: column.choice({
      label: 'Category',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_invoice_lastchargestatus: column.choice({
      label: 'Last Charge Status',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_invoice_licensedetailids: column.memo({ label: 'License Detail IDs', maxLength: 100_000 }),
    work365_invoice_paidondate: column.dateOnly({ label: 'Paid On Date' }),
    work365_invoice_paylink: column.text({ label: 'PayNow Link', maxLength: 2000, format: 'url' }),
    work365_invoice_paymentexpirydate: column.dateTime({ label: 'Payment Expiry Date' }),
    work365_invoice_paymentid: column.text({ label: 'Payment Processor ID', maxLength: 100 }),
    work365_invoice_paytype: column.choice({
      label: 'Payment Processor Type',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_invoice_ponumber: column.text({ label: 'PO Number', maxLength: 100 }),
    work365_invoice_subscriptionids: column.memo({ label: 'Subscription IDs', maxLength: 100_000 }),
    work365_invoice_taxrategroup: column.lookup({ label: 'Tax Rate Group' }),
    work365_invoice_taxserviceconnector: column.text({
      label: 'Tax Service Connector',
      maxLength: 100,
      description: 'Printed with a capital C in the source; logical names have none.',
    }),
    work365_invoice_transactionid: column.text({ label: 'Transaction ID', maxLength: 100 }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    duedate: column.dateOnly({ label: 'Due Date', standard: true }),
    datedelivered: column.dateOnly({ label: 'Date Delivered', standard: true }),
    opportunityid: column.lookup({
      label: 'Opportunity',
      to: ['opportunity'],
      relationships: { opportunity: 'opportunity_invoices' },
      standard: true,
    }),
    salesorderid: column.lookup({
      label: 'Order',
      to: ['salesorder'],
      relationships: { salesorder: 'order_invoices' },
      standard: true,
    }),
    ...salesTotals,
  },
})
