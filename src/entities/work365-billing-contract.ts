import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How a contract bills: by cycle or by item. */
export const contractType = { Recurring: 100_000_000, 'Item Based': 100_000_001 } as const

/** How often a contract bills. */
export const billingFrequency = {
  Monthly: 100_000_000,
  Quarterly: 100_000_001,
  Annual: 100_000_002,
  Triennial: 100_000_003,
} as const

/** Whether a contract gives money back. */
export const processRefunds = { 'Use Global Setting': 100_000_000, Yes: 100_000_001, No: 100_000_002 } as const

/** The language of a contract's invoices. */
export const contractLanguage = { English: 100_000_000, Spanish: 100_000_001 } as const

/** When and how a customer is billed. Several subscriptions share one; a customer should have exactly one default. */
export const BillingContract = defineTable({
  logicalName: 'work365_billingcontract',
  displayName: 'Billing Contract',
  description: 'When and how a customer is billed.',
  primaryName: 'work365_billingcontract_name',
  columns: {
    work365_billingcontract_name: column.text({
      label: 'Name',
      required: 'application',
      maxLength: 200,
      documented: false,
    }),
    work365_billingcontract_customer: column.lookup({
      label: 'Customer',
      required: 'application',
      to: ['account'],
      documented: false,
    }),
    work365_billingcontract_type: column.choice({
      label: 'Type',
      options: contractType,
      documented: false,
      description: 'Item Based was once called Non-Recurring.',
    }),
    work365_billingcontract_billingfrequency: column.choice({
      label: 'Billing Frequency',
      options: billingFrequency,
      documented: false,
      description: 'Of recurring contracts.',
    }),
    work365_billingcontract_startdate: column.dateOnly({
      label: 'Start Date',
      required: 'application',
      documented: false,
    }),
    work365_billingcontract_enddate: column.dateOnly({ label: 'End Date', documented: false }),
    work365_billingcontract_nextinvoicedate: column.dateOnly({ label: 'Next Invoice Date', documented: false }),
    work365_billingcontract_invoicedate: column.dateOnly({
      label: 'Invoice Date',
      documented: false,
      description: 'Set by the system to the day after the start.',
    }),
    work365_billingcontract_isdefault: column.boolean({
      label: 'Is Default',
      documented: false,
      description: 'An account should have exactly one.',
    }),
    work365_billingcontract_processrefunds: column.choice({
      label: 'Process Refunds',
      options: processRefunds,
      documented: false,
      description: 'Goes before the application setting of that name. Yes and No are inferred labels.',
    }),
    work365_billingcontract_paymentterms: column.choice({
      label: 'Payment Terms',
      options: {},
      documented: false,
      description: 'No source lists its labels.',
    }),
    work365_billingcontract_primarybillingcontact: column.lookup({
      label: 'Primary Billing Contact',
      to: ['contact'],
      documented: false,
    }),
    work365_billingcontract_secondarybillingcontact: column.lookup({
      label: 'Secondary Billing Contact',
      to: ['contact'],
      documented: false,
    }),
    work365_billingcontract_additionalinvoicerecipients: column.text({
      label: 'Additional Invoice Recipients',
      maxLength: 2000,
      documented: false,
      description: 'E-mail addresses, separated by commas.',
    }),
    work365_billingcontract_invoicetemplate: column.lookup({ label: 'Invoice Template', documented: false }),
    work365_billingcontract_pricelist: column.lookup({ label: 'Price List', to: ['pricelevel'], documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    work365_billingcontract_prorateunit: column.choice({
      label: 'Prorate Unit',
      options: {},
      documented: false,
      description: 'No source lists its labels.',
    }),
    work365_billingcontract_billingpolicy: column.choice({
      label: 'Billing Policy',
      options: {},
      documented: false,
      description: 'No source lists its labels.',
    }),
    work365_billingcontract_billingoffset: column.integer({ label: 'Billing Offset', documented: false }),
    work365_billingcontract_autorenew: column.boolean({ label: 'Auto Renew', documented: false }),
    work365_billingcontract_language: column.choice({
      label: 'Select Language',
      options: contractLanguage,
      documented: false,
      description: 'The language of invoices.',
    }),
    work365_billingcontract_generatepdf: column.boolean({ label: 'Generate PDF', documented: false }),
    work365_billingcontract_autosendinvoice: column.boolean({ label: 'Auto-Send Email', documented: false }),
    work365_billingcontract_autocharge: column.boolean({ label: 'Auto-Charge Payment Profile', documented: false }),
    work365_billingcontract_autosync: column.boolean({ label: 'Auto-Sync to Accounting', documented: false }),
    work365_billingcontract_paymentprofile: column.lookup({
      label: 'Payment Profile',
      to: ['work365_paymentprofile'],
      documented: false,
    }),
  },
})
