import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How far a privilege reaches: the user's own rows, those of the business unit, of the units below it too, or all. */
export const privilegeDepth = { Basic: 1, Local: 2, Deep: 4, Global: 8 } as const

/** That a role has a privilege, and how far it reaches. */
export const RolePrivileges = defineTable({
  logicalName: 'roleprivileges',
  displayName: 'Role Privilege',
  primaryName: 'privilegeidname',
  ownership: 'none',
  states: null,
  primaryKey: 'roleprivilegeid',
  collectionName: 'roleprivilegescollection',
  columns: {
    privilegeidname: column.text({ label: 'Privilege Name', maxLength: 100, readOnly: true, standard: true }),
    roleid: column.lookup({
      label: 'Role',
      to: ['role'],
      behavior: 'parental',
      relationships: { role: 'role_roleprivileges' },
      required: 'system',
      standard: true,
    }),
    privilegeid: column.lookup({
      label: 'Privilege',
      to: ['privilege'],
      behavior: 'parental',
      relationships: { privilege: 'privilege_roleprivileges' },
      required: 'system',
      standard: true,
    }),
    privilegedepthmask: column.choice({
      label: 'Privilege Depth Mask',
      options: privilegeDepth,
      required: 'system',
      standard: true,
    }),
  },
})
