import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesTotals } from './sales-columns.ts'

/** An order: Dynamics 365 Sales' own table. */
export const SalesOrder = defineTable({
  logicalName: 'salesorder',
  displayName: 'Order',
  primaryName: 'name',
  states: {
    Active: { value: 0, reasons: { New: 1, Pending: 2 } },
    Submitted: { value: 1, reasons: { 'In Progress': 3 } },
    Canceled: { value: 2, reasons: { 'No Money': 4 } },
    Fulfilled: { value: 3, reasons: { Complete: 100_001, Partial: 100_002 } },
    Invoiced: { value: 4, reasons: { Invoiced: 100_003 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.restrict, merge: 'all' },
      relationships: { account: 'order_customer_accounts', contact: 'order_customer_contacts' },
      standard: true,
    }),
    ordernumber: column.autonumber({ label: 'Order ID', format: 'ORD-{SEQNUM:5}-{RANDSTRING:6}', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    requestdeliveryby: column.dateOnly({ label: 'Requested Delivery Date', standard: true }),
    datefulfilled: column.dateOnly({ label: 'Date Fulfilled', standard: true }),
    opportunityid: column.lookup({
      label: 'Opportunity',
      to: ['opportunity'],
      relationships: { opportunity: 'opportunity_sales_orders' },
      standard: true,
    }),
    quoteid: column.lookup({ label: 'Quote', to: ['quote'], relationships: { quote: 'quote_orders' }, standard: true }),
    ...salesTotals,
  },
})
