import { column } from './column.ts'
import { defineTable } from './define-table.ts'

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
    customerid: column.lookup({ label: 'Customer', to: ['account', 'contact'], standard: true }),
  },
})
