import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A package of customizations. */
export const Solution = defineTable({
  logicalName: 'solution',
  displayName: 'Solution',
  primaryName: 'friendlyname',
  ownership: 'organization',
  states: null,
  keys: { uniquename: ['uniquename'] },
  columns: {
    friendlyname: column.text({ label: 'Display Name', maxLength: 256, required: 'system', standard: true }),
    uniquename: column.text({ label: 'Name', maxLength: 65, required: 'system', standard: true }),
    version: column.text({ label: 'Version', maxLength: 256, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    publisherid: column.lookup({
      label: 'Publisher',
      to: ['publisher'],
      behavior: 'restrict',
      relationships: { publisher: 'publisher_solution' },
      required: 'system',
      standard: true,
    }),
    ismanaged: column.boolean({
      label: 'Package Type',
      trueLabel: 'Managed',
      falseLabel: 'Unmanaged',
      readOnly: true,
      standard: true,
    }),
    isvisible: column.boolean({ label: 'Is Visible Outside Platform', default: true, readOnly: true, standard: true }),
    installedon: column.dateTime({ label: 'Installed On', readOnly: true, standard: true }),
  },
})
