import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A company that buys: Dataverse's own table. */
export const Account = defineTable({
  logicalName: 'account',
  displayName: 'Account',
  primaryName: 'name',
  columns: {
    name: column.text({ label: 'Account Name', maxLength: 160, standard: true }),
    creditonhold: column.boolean({
      label: 'Credit Hold',
      standard: true,
      description: 'Holds provisioning back, if credit hold is enabled in the application settings too.',
    }),
    primarycontactid: column.lookup({ label: 'Primary Contact', to: ['contact'], standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
