import { activityColumns } from './activity-columns.ts'
import { defineTable } from './define-table.ts'

/** Any activity, whatever its table: the emulator keeps a row of the same id beside each. */
export const ActivityPointer = defineTable({
  logicalName: 'activitypointer',
  displayName: 'Activity',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Open: 1 } },
    Completed: { value: 1, reasons: { Completed: 2 } },
    Canceled: { value: 2, reasons: { Canceled: 3 } },
    Scheduled: { value: 3, reasons: { Scheduled: 4 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('ActivityPointers'),
  },
})
