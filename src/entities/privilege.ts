import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Something that a role may allow, such as reading accounts. */
export const Privilege = defineTable({
  logicalName: 'privilege',
  displayName: 'Privilege',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    accessright: column.integer({ label: 'Access Right', standard: true }),
    canbebasic: column.boolean({ label: 'Can Be Basic', standard: true }),
    canbelocal: column.boolean({ label: 'Can Be Local', standard: true }),
    canbedeep: column.boolean({ label: 'Can Be Deep', standard: true }),
    canbeglobal: column.boolean({ label: 'Can Be Global', standard: true }),
  },
})
