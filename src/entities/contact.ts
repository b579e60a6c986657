import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What a contact may do on the portal. */
export const portalRole = {
  'Work 365 Administrator': 100_000_000,
  'Work 365 Finance Manager': 100_000_001,
  'Work 365 Subscription Manager': 100_000_002,
  'Work 365 Internal User': 100_000_003,
} as const

/** A person at a company: Dataverse's own table. Users of the portal are contacts. */
export const Contact = defineTable({
  logicalName: 'contact',
  displayName: 'Contact',
  primaryName: 'fullname',
  columns: {
    fullname: column.text({
      label: 'Full Name',
      maxLength: 160,
      standard: true,
      description: 'Put together by Dataverse from the first and the last name.',
    }),
    firstname: column.text({ label: 'First Name', required: 'application', maxLength: 50, standard: true }),
    lastname: column.text({ label: 'Last Name', required: 'application', maxLength: 50, standard: true }),
    emailaddress1: column.text({
      label: 'Email',
      maxLength: 100,
      format: 'email',
      standard: true,
      description: 'Its domain matches provider accounts with accounts.',
    }),
    parentcustomerid: column.lookup({ label: 'Company', to: ['account', 'contact'], standard: true }),
    work365_contact_office365email: column.text({
      label: 'Office 365 Email Id',
      maxLength: 100,
      format: 'email',
      documented: false,
      description: 'A portal invitation needs it.',
    }),
    work365_contact_portalroles: column.multiChoice({
      label: 'Portal Web Roles',
      options: portalRole,
      documented: false,
      description: "A convenience of this package: in an environment, roles are the portal's own records.",
    }),
  },
})
