import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How a case was resolved: written when it is closed. */
export const IncidentResolution = defineTable({
  logicalName: 'incidentresolution',
  displayName: 'Case Resolution',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Open: 1 } },
    Completed: { value: 1, reasons: { Closed: 2 } },
    Canceled: { value: 2, reasons: { Canceled: 3 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('IncidentResolutions'),
    incidentid: column.lookup({
      label: 'Case',
      to: ['incident'],
      behavior: 'parental',
      relationships: { incident: 'Incident_IncidentResolutions' },
      standard: true,
    }),
    timespent: column.integer({ label: 'Time Spent', min: 0, standard: true }),
    resolutiontypecode: column.choice({
      label: 'Resolution Type',
      options: { 'Problem Solved': 5, 'Information Provided': 1000 },
      default: 5,
      standard: true,
    }),
  },
})
