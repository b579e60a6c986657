import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * When rows of one table count as duplicates of rows of another, or of the same. It takes part once it is published.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/duplicaterule-entities
 */
export const DuplicateRule = defineTable({
  logicalName: 'duplicaterule',
  displayName: 'Duplicate Detection Rule',
  primaryName: 'name',
  states: {
    Inactive: { value: 0, reasons: { Unpublished: 0, Publishing: 1 } },
    Active: { value: 1, reasons: { Published: 2 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 160, required: 'application', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    baseentityname: column.text({ label: 'Base Record Type', maxLength: 64, required: 'system', standard: true }),
    matchingentityname: column.text({
      label: 'Matching Record Type',
      maxLength: 64,
      required: 'system',
      standard: true,
    }),
    excludeinactiverecords: column.boolean({ label: 'Exclude inactive matching records', standard: true }),
    iscasesensitive: column.boolean({ label: 'Case Sensitive', standard: true }),
  },
})
