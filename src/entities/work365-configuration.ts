import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * Settings as rows of a key and a value, one environment's own. A key is not an alternate key: rows that repeat one can
 * exist, and whoever reads a setting has to cope.
 */
export const Configuration = defineTable({
  logicalName: 'work365_configuration',
  displayName: 'Work 365 Configuration',
  description: 'Settings: a key and its value per row.',
  primaryName: 'work365_configuration_name',
  columns: {
    work365_configuration_name: column.text({
      label: 'Title (Name)',
      required: 'application',
      maxLength: 200,
      documented: false,
      description: 'The key, such as Work365.Portal.AutoProvisionNewSubscription. Forms call it both Title and Name.',
    }),
    work365_configuration_value: column.text({
      label: 'Value',
      maxLength: 4000,
      documented: false,
      description: 'Compared character by character: only the text true switches a feature on.',
    }),
  },
})
