import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'
import { fullName } from './full-name.ts'

const reopened = ['New', 'Contacted']

/** Somebody who may become a customer. */
export const Lead = defineTable({
  logicalName: 'lead',
  displayName: 'Lead',
  primaryName: 'fullname',
  states: {
    Open: { value: 0, reasons: { New: 1, Contacted: 2 } },
    Qualified: { value: 1, reasons: { Qualified: 3 }, transitions: { Qualified: reopened } },
    Disqualified: {
      value: 2,
      reasons: { Lost: 4, 'Cannot Contact': 5, 'No Longer Interested': 6, Canceled: 7 },
      transitions: {
        Lost: reopened,
        'Cannot Contact': reopened,
        'No Longer Interested': reopened,
        Canceled: reopened,
      },
    },
  },
  changeTracking: true,
  columns: {
    fullname: fullName({ first: 'firstname', last: 'lastname' }),
    subject: column.text({ label: 'Topic', maxLength: 300, standard: true }),
    firstname: column.text({ label: 'First Name', maxLength: 50, standard: true }),
    lastname: column.text({ label: 'Last Name', maxLength: 50, standard: true }),
    companyname: column.text({ label: 'Company Name', maxLength: 100, standard: true }),
    jobtitle: column.text({ label: 'Job Title', maxLength: 100, standard: true }),
    emailaddress1: column.text({ label: 'Email', maxLength: 100, format: 'email', standard: true }),
    telephone1: column.text({ label: 'Business Phone', maxLength: 50, format: 'phone', standard: true }),
    mobilephone: column.text({ label: 'Mobile Phone', maxLength: 20, format: 'phone', standard: true }),
    websiteurl: column.text({ label: 'Website', maxLength: 200, format: 'url', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    leadsourcecode: column.choice({
      label: 'Lead Source',
      options: {
        Advertisement: 1,
        'Employee Referral': 2,
        'External Referral': 3,
        Partner: 4,
        'Public Relations': 5,
        Seminar: 6,
        'Trade Show': 7,
        Web: 8,
        'Word of Mouth': 9,
        Other: 10,
      },
      standard: true,
    }),
    leadqualitycode: column.choice({
      label: 'Rating',
      options: { Hot: 1, Warm: 2, Cold: 3 },
      default: 2,
      standard: true,
    }),
    estimatedamount: column.money({ label: 'Est. Value', standard: true }),
    revenue: column.money({ label: 'Annual Revenue', min: 0, standard: true }),
    numberofemployees: column.integer({ label: 'No. of Employees', min: 0, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: { account: 'lead_customer_accounts', contact: 'lead_customer_contacts' },
      standard: true,
    }),
    qualifyingopportunityid: column.lookup({ label: 'Qualifying Opportunity', to: ['opportunity'], standard: true }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    masterid: column.lookup({ label: 'Master ID', to: ['lead'], readOnly: true, standard: true }),
    merged: column.boolean({ label: 'Merged', readOnly: true, standard: true }),
  },
})
