import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** That a row is shared with a user or a team, and for what. */
export const PrincipalObjectAccess = defineTable({
  logicalName: 'principalobjectaccess',
  displayName: 'Principal Object Access',
  primaryName: 'objecttypecode',
  ownership: 'none',
  states: null,
  collectionName: 'principalobjectaccessset',
  columns: {
    objecttypecode: column.text({ label: 'Object Type', maxLength: 64, required: 'system', standard: true }),
    objectid: column.uniqueIdentifier({ label: 'Object', required: 'system', standard: true }),
    principaltypecode: column.text({ label: 'Principal Type', maxLength: 64, required: 'system', standard: true }),
    principalid: column.uniqueIdentifier({ label: 'Principal', required: 'system', standard: true }),
    accessrightsmask: column.integer({ label: 'Access Rights Mask', standard: true }),
    inheritedaccessrightsmask: column.integer({ label: 'Inherited Access Rights Mask', standard: true }),
  },
})
