import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A unit in which products are sold, such as a month. */
export const Uom = defineTable({
  logicalName: 'uom',
  displayName: 'Unit',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    quantity: column.decimal({
      label: 'Quantity',
      required: 'system',
      standard: true,
      description: 'How many of the base unit it stands for.',
    }),
    baseuom: column.lookup({ label: 'Base Unit', to: ['uom'], behavior: 'restrict', standard: true }),
    uomscheduleid: column.lookup({
      label: 'Unit Schedule',
      to: ['uomschedule'],
      required: 'system',
      behavior: 'parental',
      standard: true,
    }),
  },
})
