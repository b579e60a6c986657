import { activityColumns } from './activity-columns.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How an opportunity ended: written when it is won or lost. */
export const OpportunityClose = defineTable({
  logicalName: 'opportunityclose',
  displayName: 'Opportunity Close',
  primaryName: 'subject',
  states: {
    Open: { value: 0, reasons: { Open: 1 } },
    Completed: { value: 1, reasons: { Completed: 2 } },
    Canceled: { value: 2, reasons: { Canceled: 3 } },
  },
  primaryKey: 'activityid',
  columns: {
    ...activityColumns('OpportunityCloses'),
    opportunityid: column.lookup({
      label: 'Opportunity',
      to: ['opportunity'],
      behavior: 'parental',
      relationships: { opportunity: 'Opportunity_OpportunityClose' },
      standard: true,
    }),
    actualrevenue: column.money({ label: 'Actual Revenue', standard: true }),
    competitorid: column.lookup({ label: 'Competitor', to: ['competitor'], standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
