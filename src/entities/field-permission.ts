import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Whether a profile allows it. */
export const fieldPermission = { 'Not Allowed': 0, Allowed: 4 } as const

/** What a column security profile allows for one column. */
export const FieldPermission = defineTable({
  logicalName: 'fieldpermission',
  displayName: 'Field Permission',
  primaryName: 'attributelogicalname',
  ownership: 'organization',
  states: null,
  columns: {
    fieldsecurityprofileid: column.lookup({
      label: 'Profile',
      to: ['fieldsecurityprofile'],
      behavior: 'parental',
      relationships: { fieldsecurityprofile: 'lk_fieldpermission_fieldsecurityprofileid' },
      required: 'system',
      standard: true,
    }),
    entityname: column.text({ label: 'Entity Name', maxLength: 128, required: 'system', standard: true }),
    attributelogicalname: column.text({ label: 'Attribute', maxLength: 128, required: 'system', standard: true }),
    canread: column.choice({ label: 'Can Read', options: fieldPermission, default: 0, standard: true }),
    cancreate: column.choice({ label: 'Can Create', options: fieldPermission, default: 0, standard: true }),
    canupdate: column.choice({ label: 'Can Update', options: fieldPermission, default: 0, standard: true }),
  },
})
