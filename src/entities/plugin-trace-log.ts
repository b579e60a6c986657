import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What a plug-in wrote to its trace. */
export const PluginTraceLog = defineTable({
  logicalName: 'plugintracelog',
  displayName: 'Plug-in Trace Log',
  primaryName: 'typename',
  ownership: 'none',
  states: null,
  columns: {
    typename: column.text({ label: 'Type Name', maxLength: 1024, readOnly: true, standard: true }),
    messagename: column.text({ label: 'Message Name', maxLength: 1024, readOnly: true, standard: true }),
    primaryentity: column.text({ label: 'Primary Entity', maxLength: 1000, readOnly: true, standard: true }),
    messageblock: column.memo({ label: 'Message Block', maxLength: 1048576, readOnly: true, standard: true }),
    exceptiondetails: column.memo({ label: 'Exception Details', maxLength: 1048576, readOnly: true, standard: true }),
    depth: column.integer({ label: 'Depth', readOnly: true, standard: true }),
    mode: column.choice({
      label: 'Mode',
      options: { Synchronous: 0, Asynchronous: 1 },
      readOnly: true,
      standard: true,
    }),
    operationtype: column.choice({
      label: 'Operation Type',
      options: { Unknown: 0, 'Plug-in': 1, 'Workflow Activity': 2 },
      readOnly: true,
      standard: true,
    }),
    correlationid: column.uniqueIdentifier({ label: 'Correlation Id', readOnly: true, standard: true }),
    requestid: column.uniqueIdentifier({ label: 'Request Id', readOnly: true, standard: true }),
    performanceexecutionduration: column.integer({ label: 'Execution Duration', readOnly: true, standard: true }),
  },
})
