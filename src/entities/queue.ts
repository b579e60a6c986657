import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Work that waits for somebody. */
export const Queue = defineTable({
  logicalName: 'queue',
  displayName: 'Queue',
  primaryName: 'name',
  columns: {
    name: column.text({ label: 'Name', maxLength: 200, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    emailaddress: column.text({ label: 'Incoming Email', maxLength: 100, format: 'email', standard: true }),
    queueviewtype: column.choice({ label: 'Type', options: { Public: 0, Private: 1 }, default: 0, standard: true }),
    numberofitems: column.integer({ label: 'Queue items', readOnly: true, standard: true }),
  },
})
