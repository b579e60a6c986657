import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * A job position. Users tagged with it reach rows of those in the positions below it, where hierarchy security goes by
 * positions.
 *
 * @see https://learn.microsoft.com/power-platform/admin/hierarchy-security
 */
export const Position = defineTable({
  logicalName: 'position',
  displayName: 'Position',
  primaryName: 'name',
  ownership: 'organization',
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'application', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    parentpositionid: column.lookup({
      label: 'Parent Position',
      to: ['position'],
      hierarchical: true,
      relationships: { position: 'position_parent_position' },
      standard: true,
    }),
  },
})
