import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** The environment itself: one row. */
export const Organization = defineTable({
  logicalName: 'organization',
  displayName: 'Organization',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Organization Name', maxLength: 160, standard: true }),
    basecurrencyid: column.lookup({
      label: 'Currency',
      to: ['transactioncurrency'],
      behavior: 'restrict',
      standard: true,
    }),
  },
})
