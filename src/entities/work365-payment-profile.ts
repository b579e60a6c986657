import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * How a customer pays: a card or an account that a payment processor keeps. One per account is the default.
 *
 * The status reasons are the labels of a portal filter; their grouping is inferred.
 */
export const PaymentProfile = defineTable({
  logicalName: 'work365_paymentprofile',
  displayName: 'Payment Profile',
  description: 'How a customer pays.',
  documented: false,
  primaryName: 'work365_paymentprofile_name',
  states: {
    Active: { value: 0, reasons: { Active: 1, Pending: 100_000_000 } },
    Inactive: { value: 1, reasons: { Expired: 2 } },
  },
  columns: {
    work365_paymentprofile_name: column.text({ label: 'Name', maxLength: 200 }),
    work365_paymentprofile_account: column.lookup({ label: 'Account', to: ['account'] }),
    work365_paymentprofile_paymentprocessor: column.lookup({
      label: 'Payment Processor',
      to: ['work365_paymentprocessor'],
    }),
    work365_paymentprofile_paymentinstrumentholder: column.lookup({
      label: 'Payment Instrument Holder',
      to: ['contact'],
    }),
    work365_paymentprofile_processorcustomerreference: column.text({
      label: 'Payment Processor Customer Reference',
      maxLength: 100,
    }),
    work365_paymentprofile_paymentprocessorreference: column.text({
      label: 'Payment Processor Reference',
      maxLength: 100,
    }),
    work365_paymentprofile_isdefault: column.boolean({ label: 'Is Default' }),
    work365_paymentprofile_profiletype: column.choice({
      label: 'Type',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_paymentprofile_lastidentifyingdigits: column.text({ label: 'Last Identifying Digits', maxLength: 10 }),
    work365_paymentprofile_expirydate: column.dateOnly({ label: 'Expiry Date' }),
    work365_paymentprofile_paymentprofilerequestlink: column.text({
      label: 'Payment Profile Request Link',
      maxLength: 2000,
      format: 'url',
    }),
  },
})
