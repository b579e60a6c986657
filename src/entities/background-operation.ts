import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * A request that runs in the background, and what it answered. Its states are choices, as a request that is to be
 * cancelled says so in them.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations
 */
export const BackgroundOperation = defineTable({
  logicalName: 'backgroundoperation',
  displayName: 'Background Operation',
  primaryName: 'name',
  ownership: 'organization',
  states: null,
  columns: {
    name: column.text({
      label: 'Name',
      maxLength: 512,
      required: 'application',
      standard: true,
      description: 'The unique name of the custom API.',
    }),
    displayname: column.text({ label: 'DisplayName', maxLength: 512, standard: true }),
    backgroundoperationstatecode: column.choice({
      label: 'Status',
      options: { Ready: 0, Locked: 2, Completed: 3 },
      default: 0,
      standard: true,
    }),
    backgroundoperationstatuscode: column.choice({
      label: 'Status Reason',
      options: {
        'Waiting For Resources': 0,
        'In Progress': 20,
        Canceling: 22,
        Succeeded: 30,
        Failed: 31,
        Canceled: 32,
      },
      default: 0,
      standard: true,
    }),
    inputparameters: column.memo({
      label: 'Input Parameters',
      maxLength: 1_048_576,
      standard: true,
      description: 'A JSON array of `Key` and `Value`.',
    }),
    outputparameters: column.memo({
      label: 'Output Parameters',
      maxLength: 1_048_576,
      standard: true,
      description: 'A JSON array of `Key` and `Value`.',
    }),
    starttime: column.dateTime({ label: 'Start Time', standard: true }),
    endtime: column.dateTime({ label: 'End Time', standard: true }),
    retrycount: column.integer({ label: 'Retry Count', standard: true }),
    errorcode: column.integer({
      label: 'Error Code',
      standard: true,
      description: 'As a signed 32-bit number; 0 when the error is none of the platform.',
    }),
    errormessage: column.memo({ label: 'Error Message', maxLength: 1_048_576, standard: true }),
    priority: column.integer({ label: 'Priority', min: 0, max: 10, standard: true }),
    runas: column.text({
      label: 'Run As',
      maxLength: 40,
      standard: true,
      description: 'The id of the user whom it runs as.',
    }),
    ttlinseconds: column.integer({
      label: 'Time to live',
      standard: true,
      description: 'After how many seconds the platform deletes the row.',
    }),
  },
})
