import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Someone who signs in, or an application that does. Owned by a business unit, and without states. */
export const SystemUser = defineTable({
  logicalName: 'systemuser',
  displayName: 'User',
  primaryName: 'fullname',
  manyToMany: {
    systemuserroles_association: { to: 'role', intersect: 'systemuserroles' },
    systemuserprofiles_association: { to: 'fieldsecurityprofile', intersect: 'systemuserprofiles' },
  },
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
      relationships: { businessunit: 'business_unit_system_users' },
      standard: true,
    }),
    isdisabled: column.boolean({ label: 'Status', trueLabel: 'Disabled', falseLabel: 'Enabled', standard: true }),
    firstname: column.text({ label: 'First Name', maxLength: 256, standard: true }),
    lastname: column.text({ label: 'Last Name', maxLength: 256, standard: true }),
    title: column.text({ label: 'Title', maxLength: 128, standard: true }),
    jobtitle: column.text({ label: 'Job Title', maxLength: 100, standard: true }),
    parentsystemuserid: column.lookup({
      label: 'Manager',
      to: ['systemuser'],
      relationships: { systemuser: 'user_parent_user' },
      standard: true,
    }),
    positionid: column.lookup({
      label: 'Position',
      to: ['position'],
      relationships: { position: 'position_users' },
      standard: true,
    }),
    accessmode: column.choice({
      label: 'Access Mode',
      options: {
        'Read-Write': 0,
        Administrative: 1,
        Read: 2,
        'Support User': 3,
        'Non-interactive': 4,
        'Delegated Admin': 5,
      },
      default: 0,
      standard: true,
    }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
  },
})
