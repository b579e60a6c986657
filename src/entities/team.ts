import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What kind of team it is, with Dataverse's values. */
export const teamType = { Owner: 0, Access: 1, 'Security Group': 2, 'Office Group': 3 } as const

/** Users who own rows together. */
export const Team = defineTable({
  logicalName: 'team',
  displayName: 'Team',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  columns: {
    name: column.text({ label: 'Team Name', maxLength: 160, required: 'system', standard: true }),
    teamtype: column.choice({ label: 'Team Type', options: teamType, default: teamType.Owner, standard: true }),
    isdefault: column.boolean({ label: 'Is Default', readOnly: true, standard: true }),
    administratorid: column.lookup({ label: 'Administrator', to: ['systemuser'], standard: true }),
    businessunitid: column.lookup({
      label: 'Business Unit',
      to: ['businessunit'],
      behavior: 'restrict',
      relationships: { businessunit: 'business_unit_teams' },
      standard: true,
    }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    emailaddress: column.text({ label: 'Email', maxLength: 100, format: 'email', standard: true }),
  },
  manyToMany: {
    teammembership_association: { to: 'systemuser', intersect: 'teammembership' },
    teamroles_association: { to: 'role', intersect: 'teamroles' },
    teamprofiles_association: { to: 'fieldsecurityprofile', intersect: 'teamprofiles' },
  },
})
