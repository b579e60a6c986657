import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'
import { salesTotals } from './sales-columns.ts'

/**
 * An offer: Dynamics 365 Sales' own table.
 *
 * Dynamics calls the first status reason of Draft and of Active both In Progress. A choice here names each value once, so
 * Active's carries its state's name.
 */
export const Quote = defineTable({
  logicalName: 'quote',
  displayName: 'Quote',
  primaryName: 'name',
  states: {
    Draft: {
      value: 0,
      reasons: { 'In Progress': 1 },
      transitions: { 'In Progress': ['In Progress (Active)', 'Open'] },
    },
    Active: {
      value: 1,
      reasons: { 'In Progress (Active)': 2, Open: 3 },
      transitions: {
        'In Progress (Active)': ['Open', 'Won', 'Lost', 'Canceled', 'Revised'],
        Open: ['In Progress (Active)', 'Won', 'Lost', 'Canceled', 'Revised'],
      },
    },
    Won: { value: 2, reasons: { Won: 4 }, transitions: { Won: [] } },
    Closed: {
      value: 3,
      reasons: { Lost: 5, Canceled: 6, Revised: 7 },
      transitions: { Lost: [], Canceled: [], Revised: [] },
    },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: { account: 'quote_customer_accounts', contact: 'quote_customer_contacts' },
      standard: true,
    }),
    quotenumber: column.autonumber({ label: 'Quote ID', format: 'QUO-{SEQNUM:5}-{RANDSTRING:6}', standard: true }),
    revisionnumber: column.integer({ label: 'Revision ID', min: 0, readOnly: true, standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    effectivefrom: column.dateOnly({ label: 'Effective From', standard: true }),
    effectiveto: column.dateOnly({ label: 'Effective To', standard: true }),
    opportunityid: column.lookup({
      label: 'Opportunity',
      to: ['opportunity'],
      relationships: { opportunity: 'opportunity_quotes' },
      standard: true,
    }),
    ...salesTotals,
  },
})
