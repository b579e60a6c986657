import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A view of one user. */
export const UserQuery = defineTable({
  logicalName: 'userquery',
  displayName: 'Saved View',
  primaryName: 'name',
  columns: {
    name: column.text({ label: 'Name', maxLength: 200, required: 'system', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    returnedtypecode: column.text({ label: 'Entity Name', maxLength: 64, standard: true }),
    fetchxml: column.memo({ label: 'Fetch XML', maxLength: 1048576, standard: true }),
    layoutxml: column.memo({ label: 'Layout XML', maxLength: 1048576, standard: true }),
    querytype: column.integer({ label: 'Query Type', standard: true }),
  },
})
