import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Time that is set aside. */
export const Appointment = defineTable({
  logicalName: 'appointment',
  displayName: 'Appointment',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Free: 1, Tentative: 2 } },
    Completed: { value: 1, reasons: { 'Completed (Appointment)': 3 } },
    Canceled: { value: 2, reasons: { Canceled: 4 } },
    Scheduled: { value: 3, reasons: { Busy: 5, 'Out of Office': 6 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('Appointments'),
    location: column.text({ label: 'Location', maxLength: 200, standard: true }),
    isalldayevent: column.boolean({ label: 'All Day Event', standard: true }),
  },
})
