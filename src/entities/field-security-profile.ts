import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A set of permissions for secured columns, given to users and teams. */
export const FieldSecurityProfile = defineTable({
  logicalName: 'fieldsecurityprofile',
  displayName: 'Column Security Profile',
  primaryName: 'name',
  ownership: 'organization',
  states: null,
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
  },
})
