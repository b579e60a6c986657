import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** The parts in an activity, with Dataverse's values. */
export const participationType = {
  Sender: 1,
  'To Recipient': 2,
  'CC Recipient': 3,
  'BCC Recipient': 4,
  'Required attendee': 5,
  'Optional attendee': 6,
  Organizer: 7,
  Regarding: 8,
  Owner: 9,
  Resource: 10,
  Customer: 11,
} as const

/** Somebody who has a part in an activity, and which. */
export const ActivityParty = defineTable({
  logicalName: 'activityparty',
  displayName: 'Activity Party',
  primaryName: 'partyidname',
  ownership: 'none',
  states: null,
  columns: {
    partyidname: column.text({ label: 'Party Name', maxLength: 400, readOnly: true, standard: true }),
    activityid: column.lookup({
      label: 'Activity',
      to: [
        'activitypointer',
        'task',
        'letter',
        'email',
        'phonecall',
        'appointment',
        'opportunityclose',
        'incidentresolution',
      ],
      behavior: 'parental',
      relationships: {
        activitypointer: 'activitypointer_activity_parties',
        task: 'task_activity_parties',
        letter: 'letter_activity_parties',
        email: 'email_activity_parties',
        phonecall: 'phonecall_activity_parties',
        appointment: 'appointment_activity_parties',
        opportunityclose: 'opportunityclose_activity_parties',
        incidentresolution: 'incidentresolution_activity_parties',
      },
      standard: true,
    }),
    partyid: column.lookup({
      label: 'Party',
      to: ['account', 'contact', 'lead', 'queue', 'systemuser', 'team'],
      relationships: {
        account: 'account_activity_parties',
        contact: 'contact_activity_parties',
        lead: 'lead_activity_parties',
        queue: 'queue_activity_parties',
        systemuser: 'system_user_activity_parties',
      },
      standard: true,
    }),
    participationtypemask: column.choice({ label: 'Participation Type', options: participationType, standard: true }),
    addressused: column.text({ label: 'Address', maxLength: 100, format: 'email', standard: true }),
  },
})
