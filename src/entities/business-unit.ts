import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A part of the organization; every user belongs to one. */
export const BusinessUnit = defineTable({
  logicalName: 'businessunit',
  displayName: 'Business Unit',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Name', maxLength: 160, required: 'system', standard: true }),
    parentbusinessunitid: column.lookup({
      label: 'Parent Business',
      to: ['businessunit'],
      behavior: 'restrict',
      relationships: { businessunit: 'business_unit_parent_business_unit' },
      standard: true,
    }),
    isdisabled: column.boolean({ label: 'Is Disabled', readOnly: true, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    divisionname: column.text({ label: 'Division', maxLength: 100, standard: true }),
  },
})
