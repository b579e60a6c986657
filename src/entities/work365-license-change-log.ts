import { changeType, channel, provisioningStatus } from './choices.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * One change of a subscription: how many more or fewer, from when, at which price, and whether the provider has it.
 *
 * Never deleted. Active means still to be invoiced, Archived invoiced or left out of billing on purpose.
 */
export const LicenseChangeLog = defineTable({
  logicalName: 'work365_licensechangelog',
  displayName: 'License Change Log (LCL)',
  description: 'One change of a subscription, and what became of it at the provider.',
  documented: false,
  primaryName: 'work365_licensechangelog_name',
  states: {
    Active: { value: 0, reasons: { Active: 1 } },
    Inactive: { value: 1, reasons: { Archived: 2 } },
  },
  columns: {
    work365_licensechangelog_name: column.text({
      label: 'Name',
      maxLength: 200,
      documented: false,
      description: "The subscription's name.",
    }),
    work365_licensechangelog_subscription: column.lookup({
      label: 'Subscription',
      required: 'application',
      to: ['work365_subscription'],
      behavior: 'restrict',
      documented: false,
      description: 'Keeps the subscription from being deleted.',
    }),
    work365_licensechangelog_customer: column.lookup({
      label: 'Customer',
      to: ['account'],
      documented: false,
      description:
        'A change without one cannot be provisioned. Filled in when the subscription is put on a billing contract.',
    }),
    work365_licensechangelog_provisioningstatus: column.choice({
      label: 'Provisioning Status',
      options: provisioningStatus,
      documented: false,
      description: 'Only what is Awaiting Provisioning is processed.',
    }),
    work365_licensechangelog_provisioningmessage: column.memo({
      label: 'Provisioning Message',
      maxLength: 10_000,
      documented: false,
      description: 'What the last attempt said; forms call it System Message.',
    }),
    work365_licensechangelog_changetype: column.choice({
      label: 'Change Type',
      options: changeType,
      documented: false,
    }),
    work365_licensechangelog_quantity: column.decimal({
      label: 'Quantity',
      required: 'application',
      documented: false,
      description:
        "The difference, not the total: a subscription's quantity is the sum of its change logs. A deactivation takes away all.",
    }),
    work365_licensechangelog_includedquantity: column.decimal({ label: 'Included Quantity', documented: false }),
    work365_licensechangelog_salesunit: column.lookup({ label: 'Sales Unit', to: ['uom'], documented: false }),
    work365_licensechangelog_sellingpriceperunit: column.money({ label: 'Selling Price Per Unit', documented: false }),
    work365_licensechangelog_costpriceperunit: column.money({ label: 'Cost Price Per Unit', documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    work365_licensechangelog_effectivedate: column.dateOnly({
      label: 'Effective Date',
      required: 'application',
      documented: false,
    }),
    work365_licensechangelog_provisionon: column.dateTime({
      label: 'Provision On',
      documented: false,
      description: 'When the provider is told.',
    }),
    work365_licensechangelog_actualprovisionedon: column.dateTime({
      label: 'Actual Provisioned On',
      documented: false,
      description: "When the provider had done it. The first change's starts the quantity reduction window.",
    }),
    work365_licensechangelog_changesource: column.choice({
      label: 'Change Source',
      options: channel,
      documented: false,
      description: 'Provider: the change came in by a sync and needs no provisioning.',
    }),
    work365_licensechangelog_ordersource: column.choice({ label: 'Order Source', options: channel, documented: false }),
    work365_licensechangelog_isaudit: column.boolean({
      label: 'Audit',
      documented: false,
      description: 'A change of price only, kept for the record.',
    }),
    work365_licensechangelog_invoice: column.lookup({
      label: 'Invoice',
      to: ['invoice'],
      documented: false,
      description: 'Where it was billed.',
    }),
    work365_licensechangelog_decidedby: column.text({
      label: 'Decided By',
      maxLength: 100,
      documented: false,
      description: 'Ours: the id of the rule that gave it its provisioning status, such as C1 for a credit hold.',
    }),
    work365_licensechangelog_waitingsince: column.dateTime({
      label: 'Waiting Since',
      documented: false,
      description: 'Ours: since when it waits for what its message names; empty while nothing holds it.',
    }),
  },
})
