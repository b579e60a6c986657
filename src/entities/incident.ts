import { behaviors, column } from './column.ts'
import { defineTable } from './define-table.ts'

const active = { 'In Progress': 1, 'On Hold': 2, 'Waiting for Details': 3, Researching: 4 } as const
const reactivated = Object.keys(active)

/** A question or a complaint of a customer. */
export const Incident = defineTable({
  logicalName: 'incident',
  displayName: 'Case',
  primaryName: 'title',
  states: {
    Active: { value: 0, reasons: active },
    // A case that is resolved or cancelled is reactivated before anything else becomes of it.
    Resolved: {
      value: 1,
      reasons: { 'Problem Solved': 5, 'Information Provided': 1000 },
      transitions: { 'Problem Solved': reactivated, 'Information Provided': reactivated },
    },
    Canceled: {
      value: 2,
      reasons: { Canceled: 6, Merged: 2000 },
      transitions: { Canceled: reactivated, Merged: [] },
    },
  },
  changeTracking: true,
  columns: {
    title: column.text({ label: 'Case Title', maxLength: 200, standard: true }),
    ticketnumber: column.autonumber({ label: 'Case Number', format: 'CAS-{SEQNUM:5}-{RANDSTRING:6}', standard: true }),
    description: column.memo({ label: 'Description', maxLength: 2000, standard: true }),
    customerid: column.lookup({
      label: 'Customer',
      to: ['account', 'contact'],
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: { account: 'incident_customer_accounts', contact: 'incident_customer_contacts' },
      required: 'system',
      standard: true,
    }),
    primarycontactid: column.lookup({
      label: 'Contact',
      to: ['contact'],
      relationships: { contact: 'contact_as_primary_contact' },
      standard: true,
    }),
    caseorigincode: column.choice({ label: 'Origin', options: { Phone: 1, Email: 2, Web: 3 }, standard: true }),
    casetypecode: column.choice({
      label: 'Case Type',
      options: { Question: 1, Problem: 2, Request: 3 },
      standard: true,
    }),
    prioritycode: column.choice({
      label: 'Priority',
      options: { High: 1, Normal: 2, Low: 3 },
      default: 2,
      standard: true,
    }),
    severitycode: column.choice({ label: 'Severity', options: { 'Default Value': 1 }, default: 1, standard: true }),
    parentcaseid: column.lookup({
      label: 'Parent Case',
      to: ['incident'],
      relationships: { incident: 'incident_parent_incident' },
      standard: true,
    }),
    productid: column.lookup({ label: 'Product', to: ['product'], behavior: 'restrict', standard: true }),
    followupby: column.dateOnly({ label: 'Follow Up By', standard: true }),
    isescalated: column.boolean({ label: 'Is Escalated', standard: true }),
    masterid: column.lookup({ label: 'Master ID', to: ['incident'], readOnly: true, standard: true }),
    merged: column.boolean({ label: 'Internal Use Only', readOnly: true, standard: true }),
  },
})
