import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A file in a file or an image column. Its bytes are kept beside the row. */
export const FileAttachment = defineTable({
  logicalName: 'fileattachment',
  displayName: 'File Attachment',
  primaryName: 'filename',
  ownership: 'none',
  states: null,
  columns: {
    filename: column.text({ label: 'File Name', maxLength: 255, standard: true }),
    mimetype: column.text({ label: 'MIME Type', maxLength: 256, standard: true }),
    filesizeinbytes: column.bigint({ label: 'File Size (Bytes)', min: 0, standard: true }),
    objectid: column.uniqueIdentifier({ label: 'Object', standard: true }),
    objecttypecode: column.text({ label: 'Object Type', maxLength: 64, standard: true }),
    regardingfieldname: column.text({ label: 'Regarding attribute name', maxLength: 256, standard: true }),
  },
})
