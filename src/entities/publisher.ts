import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Who makes solutions, and the prefix of what they add. */
export const Publisher = defineTable({
  logicalName: 'publisher',
  displayName: 'Publisher',
  primaryName: 'friendlyname',
  ownership: 'organization',
  states: null,
  columns: {
    friendlyname: column.text({ label: 'Display Name', maxLength: 256, required: 'system', standard: true }),
    uniquename: column.text({ label: 'Name', maxLength: 256, required: 'system', standard: true }),
    customizationprefix: column.text({ label: 'Prefix', maxLength: 8, standard: true }),
    customizationoptionvalueprefix: column.integer({
      label: 'Option Value Prefix',
      min: 10000,
      max: 99999,
      standard: true,
    }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    isreadonly: column.boolean({ label: 'Is Read-Only Publisher', readOnly: true, standard: true }),
  },
})
