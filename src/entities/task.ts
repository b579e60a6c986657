import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Something to be done. */
export const Task = defineTable({
  logicalName: 'task',
  displayName: 'Task',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { 'Not Started': 2, 'In Progress': 3, 'Waiting on someone else': 4, Deferred: 7 } },
    Completed: { value: 1, reasons: { Completed: 5 } },
    Canceled: { value: 2, reasons: { Canceled: 6 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('Tasks'),
    category: column.text({ label: 'Category', maxLength: 250, standard: true }),
    subcategory: column.text({ label: 'Sub-Category', maxLength: 250, standard: true }),
    percentcomplete: column.integer({ label: 'Percent Complete', min: 0, max: 100, standard: true }),
  },
})
