import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A company that wants the same customers. */
export const Competitor = defineTable({
  logicalName: 'competitor',
  displayName: 'Competitor',
  primaryName: 'name',
  ownership: 'organization',
  states: null,
  manyToMany: { opportunitycompetitors_association: { to: 'opportunity', intersect: 'opportunitycompetitors' } },
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    websiteurl: column.text({ label: 'Website', maxLength: 200, format: 'url', standard: true }),
    strengths: column.memo({ label: 'Strength', maxLength: 2000, standard: true }),
    weaknesses: column.memo({ label: 'Weakness', maxLength: 2000, standard: true }),
    reportedrevenue: column.money({ label: 'Reported Revenue', min: 0, standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
