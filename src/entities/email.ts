import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** An email. Whom it is from and to stands in its activity parties. */
export const Email = defineTable({
  logicalName: 'email',
  displayName: 'Email',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Draft: 1, Failed: 8 } },
    Completed: { value: 1, reasons: { Completed: 2, Sent: 3, Received: 4, 'Pending Send': 6, Sending: 7 } },
    Canceled: { value: 2, reasons: { Canceled: 5 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('Emails'),
    directioncode: column.boolean({
      label: 'Direction',
      default: true,
      trueLabel: 'Outgoing',
      falseLabel: 'Incoming',
      standard: true,
    }),
    sender: column.text({ label: 'From', maxLength: 250, format: 'email', standard: true }),
    torecipients: column.text({ label: 'To Recipients', maxLength: 500, standard: true }),
    trackingtoken: column.text({ label: 'Tracking Token', maxLength: 50, standard: true }),
    messageid: column.text({ label: 'Message ID', maxLength: 320, standard: true }),
    senton: column.dateTime({ label: 'Date Sent', readOnly: true, standard: true }),
  },
})
