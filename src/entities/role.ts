import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A set of privileges, given to users and teams. */
export const Role = defineTable({
  logicalName: 'role',
  displayName: 'Security Role',
  primaryName: 'name',
  ownership: 'none',
  states: null,
  manyToMany: { roleprivileges_association: { to: 'privilege', intersect: 'roleprivileges' } },
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, required: 'system', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    businessunitid: column.lookup({
      label: 'Business Unit',
      to: ['businessunit'],
      behavior: 'restrict',
      relationships: { businessunit: 'business_unit_roles' },
      standard: true,
    }),
    parentrootroleid: column.lookup({
      label: 'Parent Root Role ID',
      to: ['role'],
      relationships: { role: 'role_parent_root_role' },
      readOnly: true,
      standard: true,
    }),
    isinherited: column.choice({
      label: "Member's privilege inheritance",
      options: { 'Team privileges only': 0, 'Direct User (Basic) access level and Team privileges': 1 },
      default: 1,
      standard: true,
    }),
  },
})
