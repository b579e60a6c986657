import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A call by telephone. */
export const PhoneCall = defineTable({
  logicalName: 'phonecall',
  displayName: 'Phone Call',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Open: 1 } },
    Completed: { value: 1, reasons: { Made: 2, Received: 4 } },
    Canceled: { value: 2, reasons: { Canceled: 3 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('Phonecalls'),
    phonenumber: column.text({ label: 'Phone Number', maxLength: 200, format: 'phone', standard: true }),
    directioncode: column.boolean({
      label: 'Direction',
      default: true,
      trueLabel: 'Outgoing',
      falseLabel: 'Incoming',
      standard: true,
    }),
    leftvoicemail: column.boolean({ label: 'Left Voice Mail', standard: true }),
  },
})
