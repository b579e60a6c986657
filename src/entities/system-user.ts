import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Someone who signs in, or an application that does. Owned by a business unit, and without states. */
export const SystemUser = defineTable({
  logicalName: 'systemuser',
  displayName: 'User',
  primaryName: 'fullname',
  ownership: 'none',
  states: null,
  columns: {
    fullname: column.text({ label: 'Full Name', maxLength: 200, standard: true }),
    domainname: column.text({ label: 'User Name', maxLength: 1024, standard: true }),
    internalemailaddress: column.text({ label: 'Primary Email', maxLength: 100, format: 'email', standard: true }),
    azureactivedirectoryobjectid: column.uniqueIdentifier({
      label: 'Microsoft Entra ID Object ID',
      standard: true,
      description: "The user's or service principal's object id in its tenant.",
    }),
    applicationid: column.uniqueIdentifier({
      label: 'Application ID',
      standard: true,
      description: 'Of application users: the id of the app registration.',
    }),
    businessunitid: column.lookup({
      label: 'Business Unit',
      to: ['businessunit'],
      behavior: 'restrict',
      standard: true,
    }),
    isdisabled: column.boolean({ label: 'Status', trueLabel: 'Disabled', falseLabel: 'Enabled', standard: true }),
  },
})
