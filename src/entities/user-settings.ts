import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How a user wants to see things: one row per user, with the user's id. Without one, the defaults of an environment. */
export const UserSettings = defineTable({
  logicalName: 'usersettings',
  displayName: 'User Settings',
  collectionName: 'usersettingscollection',
  primaryKey: 'systemuserid',
  primaryName: 'homepagearea',
  ownership: 'none',
  states: null,
  columns: {
    homepagearea: column.text({ label: 'Default Pane', maxLength: 200, standard: true }),
    timezonecode: column.integer({
      label: 'Time Zone Code',
      min: -1,
      max: 1500,
      standard: true,
      description: "Dataverse's number for a time zone: 92 is UTC, 110 Western Europe, 4 Pacific Time.",
    }),
    uilanguageid: column.integer({ label: 'UI Language', standard: true, description: 'A locale id, such as 1033.' }),
  },
})
