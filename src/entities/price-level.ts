import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A price list. */
export const PriceLevel = defineTable({
  logicalName: 'pricelevel',
  displayName: 'Price List',
  primaryName: 'name',
  ownership: 'organization',
  states: {
    Active: { value: 0, reasons: { Active: 100_001 } },
    Inactive: { value: 1, reasons: { Inactive: 100_002 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    begindate: column.dateOnly({ label: 'Start Date', standard: true }),
    enddate: column.dateOnly({ label: 'End Date', standard: true }),
    transactioncurrencyid: column.lookup({
      label: 'Currency',
      to: ['transactioncurrency'],
      behavior: 'restrict',
      standard: true,
    }),
  },
})
