import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** That a row of a tracked table was deleted: what change tracking tells of it. */
export const DeletedItemReference = defineTable({
  logicalName: 'deleteditemreference',
  displayName: 'Deleted Record Reference',
  primaryName: 'deletedobjecttypecode',
  ownership: 'none',
  states: null,
  columns: {
    deletedobjecttypecode: column.text({ label: 'Object Type', maxLength: 64, readOnly: true, standard: true }),
    deletedobjectid: column.uniqueIdentifier({ label: 'Object', readOnly: true, standard: true }),
  },
})
