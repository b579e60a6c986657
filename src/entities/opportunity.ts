import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A sale in the making: Dynamics 365 Sales' own table. */
export const Opportunity = defineTable({
  logicalName: 'opportunity',
  displayName: 'Opportunity',
  primaryName: 'name',
  states: {
    Open: { value: 0, reasons: { 'In Progress': 1, 'On Hold': 2 } },
    Won: { value: 1, reasons: { Won: 3 } },
    Lost: { value: 2, reasons: { Canceled: 4, 'Out-Sold': 5 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    customerid: column.lookup({ label: 'Customer', to: ['account', 'contact'], standard: true }),
  },
})
