import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** The text that customers of a provider agree to. Syncing provider accounts makes agreements from active templates only. */
export const AgreementTemplate = defineTable({
  logicalName: 'work365_agreementtemplate',
  displayName: 'Agreement Template',
  description: 'The text that customers of a provider agree to.',
  documented: false,
  primaryName: 'work365_agreementtemplate_name',
  columns: {
    work365_agreementtemplate_name: column.text({ label: 'Name', required: 'application', maxLength: 200 }),
    work365_agreementtemplate_templateid: column.text({
      label: 'Template Id',
      maxLength: 100,
      documented: false,
      description: "The provider's id of the template. The source prints the name of another column for it.",
    }),
    work365_agreementtemplate_effectivedate: column.dateOnly({ label: 'Effective Date' }),
    work365_agreementtemplate_version: column.text({ label: 'Version', maxLength: 100 }),
    work365_agreementtemplate_expireson: column.dateOnly({ label: 'Expires On' }),
    work365_agreementtemplate_agreementlink: column.text({
      label: 'Agreement Link',
      maxLength: 2000,
      format: 'url',
      description: 'Shown on the portal before a customer accepts.',
    }),
    work365_agreementtemplate_provider: column.lookup({ label: 'Provider', to: ['work365_provider'] }),
    work365_agreementtemplate_displayinlineportal: column.boolean({ label: 'Display Inline on Portal' }),
    work365_agreementtemplate_portalinstructions: column.memo({ label: 'Portal Instructions' }),
  },
})
