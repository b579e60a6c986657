import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A sale in the making: Dynamics 365 Sales' own table. */
export const Opportunity = defineTable({
  logicalName: 'opportunity',
  displayName: 'Opportunity',
  primaryName: 'name',
  changeTracking: true,
  states: {
    Open: { value: 0, reasons: { 'In Progress': 1, 'On Hold': 2 } },
    Won: { value: 1, reasons: { Won: 3 } },
    Lost: { value: 2, reasons: { Canceled: 4, 'Out-Sold': 5 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 300, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: { account: 'opportunity_customer_accounts', contact: 'opportunity_customer_contacts' },
      standard: true,
    }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    parentaccountid: column.lookup({
      label: 'Account',
      to: ['account'],
      behavior: { ...behaviors.referential, merge: 'all' },
      relationships: { account: 'opportunity_parent_account' },
      standard: true,
    }),
    parentcontactid: column.lookup({
      label: 'Contact',
      to: ['contact'],
      behavior: { ...behaviors.referential, merge: 'all' },
      relationships: { contact: 'opportunity_parent_contact' },
      standard: true,
    }),
    estimatedvalue: column.money({ label: 'Est. Revenue', standard: true }),
    estimatedclosedate: column.dateOnly({ label: 'Est. Close Date', standard: true }),
    actualvalue: column.money({ label: 'Actual Revenue', standard: true }),
    actualclosedate: column.dateOnly({ label: 'Actual Close Date', standard: true }),
    closeprobability: column.integer({ label: 'Probability', min: 0, max: 100, standard: true }),
    budgetamount: column.money({ label: 'Budget Amount', standard: true }),
    totalamount: column.money({ label: 'Total Amount', standard: true }),
    opportunityratingcode: column.choice({
      label: 'Rating',
      options: { Hot: 1, Warm: 2, Cold: 3 },
      default: 2,
      standard: true,
    }),
    salesstagecode: column.choice({
      label: 'Process Code',
      options: { 'Default Value': 1 },
      default: 1,
      standard: true,
    }),
    stepname: column.text({ label: 'Pipeline Phase', maxLength: 200, standard: true }),
    pricelevelid: column.lookup({ label: 'Price List', to: ['pricelevel'], behavior: 'restrict', standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
