import { behaviors, column } from './column.ts'

/** What an activity may be about. */
const targets = ['account', 'contact', 'opportunity', 'lead', 'incident', 'quote', 'salesorder', 'invoice'] as const

const schemaNames = {
  account: 'Account',
  contact: 'Contact',
  opportunity: 'Opportunity',
  lead: 'Lead',
  incident: 'Incident',
  quote: 'Quote',
  salesorder: 'SalesOrder',
  invoice: 'Invoice',
} as const satisfies Record<(typeof targets)[number], string>

/** The columns that all activities have; `collection` ends the names of their relationships, such as `Account_Tasks`. */
export function activityColumns(collection: string) {
  return {
    subject: column.text({ label: 'Subject', maxLength: 200, standard: true }),
    description: column.memo({ label: 'Description', standard: true }),
    activitytypecode: column.text({
      label: 'Activity Type',
      maxLength: 64,
      readOnly: true,
      standard: true,
      description: "The logical name of the activity's table.",
    }),
    regardingobjectid: column.lookup({
      label: 'Regarding',
      to: targets,
      behavior: { ...behaviors.parental, merge: 'all' },
      relationships: Object.fromEntries(targets.map((name) => [name, `${schemaNames[name]}_${collection}`])),
      standard: true,
    }),
    prioritycode: column.choice({
      label: 'Priority',
      options: { Low: 0, Normal: 1, High: 2 },
      default: 1,
      standard: true,
    }),
    scheduledstart: column.dateTime({ label: 'Start Date', standard: true }),
    scheduledend: column.dateTime({ label: 'Due Date', standard: true }),
    actualstart: column.dateTime({ label: 'Actual Start', standard: true }),
    actualend: column.dateTime({ label: 'Actual End', standard: true }),
    actualdurationminutes: column.integer({ label: 'Duration', min: 0, standard: true }),
    scheduleddurationminutes: column.integer({ label: 'Scheduled Duration', min: 0, readOnly: true, standard: true }),
    isbilled: column.boolean({ label: 'Is Billed', standard: true }),
  } as const
}
