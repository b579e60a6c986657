import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A view that everybody has. */
export const SavedQuery = defineTable({
  logicalName: 'savedquery',
  displayName: 'View',
  primaryName: 'name',
  ownership: 'organization',
  columns: {
    name: column.text({ label: 'Name', maxLength: 200, required: 'system', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    returnedtypecode: column.text({ label: 'Entity Name', maxLength: 64, standard: true }),
    fetchxml: column.memo({ label: 'Fetch XML', maxLength: 1048576, standard: true }),
    layoutxml: column.memo({ label: 'Layout XML', maxLength: 1048576, standard: true }),
    columnsetxml: column.memo({ label: 'Column Set XML', maxLength: 1048576, standard: true }),
    querytype: column.integer({ label: 'Query Type', standard: true }),
    isdefault: column.boolean({ label: 'Default View', standard: true }),
    isquickfindquery: column.boolean({ label: 'Is Quick Find Query', standard: true }),
  },
})
