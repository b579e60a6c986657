import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * A template as one customer sees it: Pending until accepted, then Active, Inactive once the customer has left.
 *
 * That Pending belongs to the active state is inferred, and so is the way back: whoever returns accepts anew.
 *
 * @see https://docs.work365apps.com/docs/work-365-agreements
 */
export const Agreement = defineTable({
  logicalName: 'work365_agreement',
  displayName: 'Agreement',
  description: 'A template as one customer sees it: pending until accepted.',
  documented: false,
  primaryName: 'work365_agreement_name',
  states: {
    Active: {
      value: 0,
      reasons: { Pending: 1, Active: 100_000_000 },
      transitions: { Pending: ['Active', 'Inactive'], Active: ['Inactive'] },
    },
    Inactive: { value: 1, reasons: { Inactive: 2 }, transitions: { Inactive: ['Pending'] } },
  },
  columns: {
    work365_agreement_name: column.text({ label: 'Name', maxLength: 200 }),
    work365_agreement_account: column.lookup({ label: 'Account', required: 'application', to: ['account'] }),
    work365_agreement_agreementtemplate: column.lookup({
      label: 'Agreement Template',
      required: 'application',
      to: ['work365_agreementtemplate'],
    }),
    work365_agreement_provider: column.lookup({ label: 'Provider', to: ['work365_provider'] }),
    work365_agreement_signedby: column.lookup({
      label: 'Signed By',
      to: ['contact'],
      description: 'Who accepted. That it refers to a contact is inferred.',
    }),
    work365_agreement_signedon: column.dateOnly({
      label: 'Signed On',
      documented: false,
      description: 'When it was accepted. The source prints Signed By twice, once for this column.',
    }),
    work365_agreement_billingcontract: column.lookup({
      label: 'Billing Contract',
      to: ['work365_billingcontract'],
      documented: false,
      description: 'Whether a contract has one agreement or several is not documented.',
    }),
    work365_agreement_attestedon: column.dateTime({
      label: 'Attested On',
      documented: false,
      description: 'Ours: when the acceptance was seen at the provider.',
    }),
  },
})
