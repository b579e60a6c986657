import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** One piece of work in a queue. */
export const QueueItem = defineTable({
  logicalName: 'queueitem',
  displayName: 'Queue Item',
  primaryName: 'title',
  ownership: 'none',
  columns: {
    title: column.text({ label: 'Title', maxLength: 300, standard: true }),
    queueid: column.lookup({
      label: 'Queue',
      to: ['queue'],
      behavior: 'parental',
      relationships: { queue: 'queue_entries' },
      standard: true,
    }),
    objectid: column.lookup({
      label: 'Object',
      to: ['incident', 'task', 'email', 'phonecall', 'letter', 'appointment'],
      behavior: 'parental',
      relationships: {
        incident: 'Incident_QueueItem',
        task: 'Task_QueueItem',
        email: 'Email_QueueItem',
        phonecall: 'PhoneCall_QueueItem',
        letter: 'Letter_QueueItem',
        appointment: 'Appointment_QueueItem',
      },
      standard: true,
    }),
    enteredon: column.dateTime({ label: 'Entered Queue', standard: true }),
    workerid: column.lookup({ label: 'Worked By', to: ['systemuser', 'team'], standard: true }),
    workeridmodifiedon: column.dateTime({ label: 'Worked By Modified On', standard: true }),
    priority: column.integer({ label: 'Priority', min: 0, standard: true }),
  },
})
