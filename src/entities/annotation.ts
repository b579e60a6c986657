import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A note on a row, with a file if there is one. */
export const Annotation = defineTable({
  logicalName: 'annotation',
  displayName: 'Note',
  primaryName: 'subject',
  states: null,
  columns: {
    subject: column.text({ label: 'Title', maxLength: 500, standard: true }),
    notetext: column.memo({ label: 'Description', maxLength: 100000, standard: true }),
    objectid: column.lookup({
      label: 'Regarding',
      to: [
        'account',
        'contact',
        'opportunity',
        'lead',
        'incident',
        'quote',
        'salesorder',
        'invoice',
        'task',
        'email',
        'appointment',
        'phonecall',
        'letter',
      ],
      behavior: 'parental',
      relationships: {
        account: 'Account_Annotation',
        contact: 'Contact_Annotation',
        opportunity: 'Opportunity_Annotation',
        lead: 'Lead_Annotation',
        incident: 'Incident_Annotation',
        quote: 'Quote_Annotation',
        salesorder: 'SalesOrder_Annotation',
        invoice: 'Invoice_Annotation',
        task: 'Task_Annotation',
        email: 'Email_Annotation',
        appointment: 'Appointment_Annotation',
        phonecall: 'PhoneCall_Annotation',
        letter: 'Letter_Annotation',
      },
      standard: true,
    }),
    isdocument: column.boolean({ label: 'Is Document', standard: true }),
    filename: column.text({ label: 'File Name', maxLength: 255, standard: true }),
    mimetype: column.text({ label: 'Mime Type', maxLength: 256, standard: true }),
    filesize: column.integer({ label: 'File Size (Bytes)', min: 0, readOnly: true, standard: true }),
    documentbody: column.memo({ label: 'Document', maxLength: 1048576, standard: true }),
  },
})
