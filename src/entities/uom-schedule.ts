import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A group of units that convert into each other. */
export const UomSchedule = defineTable({
  logicalName: 'uomschedule',
  displayName: 'Unit Group',
  primaryName: 'name',
  ownership: 'organization',
  columns: {
    name: column.text({ label: 'Name', maxLength: 200, required: 'system', standard: true }),
    baseuomname: column.text({ label: 'Base Unit Name', maxLength: 100, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
  },
})
