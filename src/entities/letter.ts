import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A letter on paper. */
export const Letter = defineTable({
  logicalName: 'letter',
  displayName: 'Letter',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Open: 1, Draft: 2 } },
    Completed: { value: 1, reasons: { Received: 3, Sent: 4 } },
    Canceled: { value: 2, reasons: { Canceled: 5 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('Letters'),
    address: column.text({ label: 'Address', maxLength: 200, standard: true }),
    directioncode: column.boolean({
      label: 'Direction',
      default: true,
      trueLabel: 'Outgoing',
      falseLabel: 'Incoming',
      standard: true,
    }),
  },
})
