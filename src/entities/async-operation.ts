import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What a system job does, with Dataverse's values; those that concern steps and everyday maintenance. */
export const operationType = {
  'System Event': 1,
  'Bulk Email': 2,
  Import: 5,
  'Duplicate Detection Rule Publish': 7,
  'Bulk Duplicate Detection': 8,
  Workflow: 10,
  'Bulk Delete': 13,
  'Deletion Service': 14,
  'Execute Async Request': 54,
  'Calculate Rollup Field': 58,
} as const

/**
 * A system job: how asynchronous steps and webhooks run.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/asynchronous-service
 */
export const AsyncOperation = defineTable({
  logicalName: 'asyncoperation',
  displayName: 'System Job',
  primaryName: 'name',
  states: {
    Ready: { value: 0, reasons: { 'Waiting For Resources': 0 } },
    Suspended: { value: 1, reasons: { Waiting: 10 } },
    Locked: { value: 2, reasons: { 'In Progress': 20, Pausing: 21, Canceling: 22 } },
    Completed: { value: 3, reasons: { Succeeded: 30, Failed: 31, Canceled: 32 } },
  },
  columns: {
    name: column.text({ label: 'System Job Name', maxLength: 256, standard: true }),
    operationtype: column.choice({ label: 'System Job Type', options: operationType, standard: true }),
    messagename: column.text({
      label: 'Message Name',
      maxLength: 160,
      standard: true,
      description: 'The message that started the job, such as Create.',
    }),
    primaryentitytype: column.text({
      label: 'Primary Entity Type',
      maxLength: 128,
      standard: true,
      description: 'The logical name of the table that the message was about.',
    }),
    correlationid: column.uniqueIdentifier({
      label: 'Correlation Id',
      standard: true,
      description: 'The same on everything that one request set off.',
    }),
    requestid: column.uniqueIdentifier({ label: 'Request ID', standard: true }),
    depth: column.integer({
      label: 'Depth',
      standard: true,
      description: 'How many steps stand between the request and this job.',
    }),
    message: column.memo({
      label: 'Message',
      maxLength: 1_048_576,
      standard: true,
      description: 'Why it failed, with details.',
    }),
    friendlymessage: column.memo({
      label: 'Friendly message',
      maxLength: 1_048_576,
      standard: true,
      description: 'Why it failed, for a person.',
    }),
    errorcode: column.integer({
      label: 'Error Code',
      standard: true,
      description: 'As a signed 32-bit number: 0x80040265 is -2147220891.',
    }),
    retrycount: column.integer({ label: 'Retry Count', standard: true }),
    postponeuntil: column.dateTime({ label: 'Postpone Until', standard: true }),
    startedon: column.dateTime({ label: 'Started On', standard: true }),
    completedon: column.dateTime({ label: 'Completed On', standard: true }),
    regardingobjectid: column.lookup({ label: 'Regarding', standard: true }),
    owningextensionid: column.lookup({
      label: 'Owning Extension',
      standard: true,
      description: 'The step that the job runs.',
    }),
    data: column.memo({ label: 'Data', maxLength: 1_048_576, standard: true }),
  },
})
