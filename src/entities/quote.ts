import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * An offer: Dynamics 365 Sales' own table.
 *
 * Dynamics calls the first status reason of Draft and of Active both In Progress. A choice here names each value once, so
 * Active's carries its state's name.
 */
export const Quote = defineTable({
  logicalName: 'quote',
  displayName: 'Quote',
  primaryName: 'name',
  states: {
    Draft: { value: 0, reasons: { 'In Progress': 1 } },
    Active: { value: 1, reasons: { 'In Progress (Active)': 2, Open: 3 } },
    Won: { value: 2, reasons: { Won: 4 } },
    Closed: { value: 3, reasons: { Lost: 5, Canceled: 6, Revised: 7 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    customerid: column.lookup({ label: 'Customer', to: ['account', 'contact'], standard: true }),
  },
})
