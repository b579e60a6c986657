import type { EntityReference } from '../service/index.ts'
import { firstAddress, secondAddress } from './address-columns.ts'
import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'
import { fullName } from './full-name.ts'

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
  changeTracking: true,
  columns: {
    fullname: fullName({ first: 'firstname', last: 'lastname' }),
    firstname: column.text({ label: 'First Name', required: 'application', maxLength: 50, standard: true }),
    lastname: column.text({ label: 'Last Name', required: 'application', maxLength: 50, standard: true }),
    emailaddress1: column.text({
      label: 'Email',
      maxLength: 100,
      format: 'email',
      standard: true,
      description: 'Its domain matches provider accounts with accounts.',
    }),
    parentcustomerid: column.lookup({
      label: 'Company',
      to: ['account', 'contact'],
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: { account: 'contact_customer_accounts', contact: 'contact_customer_contacts' },
      standard: true,
    }),
    accountid: companyOf('account', 'Account'),
    parentcontactid: companyOf('contact', 'Parent Contact'),
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
    salutation: column.text({ label: 'Salutation', maxLength: 100, standard: true }),
    middlename: column.text({ label: 'Middle Name', maxLength: 50, standard: true }),
    nickname: column.text({ label: 'Nickname', maxLength: 100, standard: true }),
    jobtitle: column.text({ label: 'Job Title', maxLength: 100, standard: true }),
    department: column.text({ label: 'Department', maxLength: 100, standard: true }),
    telephone1: column.text({ label: 'Business Phone', maxLength: 50, format: 'phone', standard: true }),
    mobilephone: column.text({ label: 'Mobile Phone', maxLength: 50, format: 'phone', standard: true }),
    birthdate: column.dateOnly({ label: 'Birthday', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    annualincome: column.money({ label: 'Annual Income', min: 0, max: 100000000000000, precision: 2, standard: true }),
    creditlimit: column.money({ label: 'Credit Limit', min: 0, max: 100000000000000, precision: 2, standard: true }),
    creditonhold: column.boolean({ label: 'Credit Hold', standard: true }),
    gendercode: column.choice({ label: 'Gender', options: { Male: 1, Female: 2 }, standard: true }),
    familystatuscode: column.choice({
      label: 'Marital Status',
      options: { Single: 1, Married: 2, Divorced: 3, Widowed: 4 },
      standard: true,
    }),
    haschildrencode: column.choice({
      label: 'Has Children',
      options: { 'Default Value': 1 },
      default: 1,
      standard: true,
    }),
    accountrolecode: column.choice({
      label: 'Role',
      options: { 'Decision Maker': 1, Employee: 2, Influencer: 3 },
      standard: true,
    }),
    donotemail: column.boolean({
      label: 'Do not allow Emails',
      trueLabel: 'Do Not Allow',
      falseLabel: 'Allow',
      standard: true,
    }),
    preferredcontactmethodcode: column.choice({
      label: 'Preferred Method of Contact',
      options: { Any: 1, Email: 2, Phone: 3, Fax: 4, Mail: 5 },
      default: 1,
      standard: true,
    }),
    ...firstAddress,
    ...secondAddress,
    preferredsystemuserid: column.lookup({
      label: 'Preferred User',
      to: ['systemuser'],
      relationships: { systemuser: 'system_user_contacts' },
      standard: true,
    }),
    transactioncurrencyid: column.lookup({
      label: 'Currency',
      to: ['transactioncurrency'],
      relationships: { transactioncurrency: 'transactioncurrency_contact' },
      standard: true,
    }),
    masterid: column.lookup({
      label: 'Master ID',
      to: ['contact'],
      relationships: { contact: 'contact_master_contact' },
      readOnly: true,
      standard: true,
    }),
    merged: column.boolean({ label: 'Merged', readOnly: true, standard: true }),
    entityimage: column.image({ label: 'Entity Image', standard: true }),
  },
})

/** The company where it is a row of this table, as Dataverse shows it beside `parentcustomerid`. */
function companyOf<const T extends 'account' | 'contact'>(table: T, label: string) {
  return column.calculated(column.lookup({ label, to: [table], standard: true }), {
    from: ['parentcustomerid'],
    calculate: ({ parentcustomerid }) => {
      const company = parentcustomerid as EntityReference | null
      return company?.logicalName === table ? company : null
    },
  })
}
