import { changeType } from './choices.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What a scheduled change does to its subscription, with the values of the change log's change type. */
export const subscriptionEvent = {
  Update: changeType.Update,
  Activate: changeType.Activate,
  Deactivate: changeType.Deactivate,
} as const

/**
 * A change of a subscription that waits for its day; a job then turns it into a license change log.
 *
 * Its columns are documented up to Order Line, where the source breaks off. That Merge Failed is an active status reason
 * is inferred.
 */
export const ScheduledLicenseChangeLog = defineTable({
  logicalName: 'work365_scheduledlicensechangelog',
  displayName: 'Scheduled License Change Log (SLCL)',
  description: 'A change of a subscription that waits for its day.',
  documented: false,
  primaryName: 'work365_name',
  states: {
    Active: { value: 0, reasons: { Pending: 1, 'Merge Failed': 100_000_000 } },
    Inactive: { value: 1, reasons: { Archived: 2 } },
  },
  columns: {
    work365_name: column.text({ label: 'Name', maxLength: 200 }),
    work365_slcl_customer: column.lookup({
      label: 'Customer',
      required: 'application',
      to: ['account'],
      description: 'Filled in when created from the subscription.',
    }),
    work365_slcl_subscription: column.lookup({
      label: 'Subscription',
      required: 'application',
      to: ['work365_subscription'],
      description: 'Filled in when created from the subscription.',
    }),
    work365_slcl_subscriptionevent: column.choice({
      label: 'Change Type',
      options: subscriptionEvent,
      default: subscriptionEvent.Update,
    }),
    work365_slcl_effectivedate: column.dateOnly({
      label: 'Effective Date',
      required: 'application',
      description: 'The day on which the change is merged.',
    }),
    work365_slcl_provisionon: column.dateOnly({ label: 'Provision On', description: 'When the provider is told.' }),
    work365_slcl_quantity: column.decimal({
      label: 'Quantity Change',
      description: 'Taken as the difference, like the quantity of a license change log; the source does not say.',
    }),
    work365_slcl_includedquantity: column.decimal({ label: 'Included Quantity' }),
    work365_slcl_salesunit: column.lookup({
      label: 'Sales Unit',
      to: ['uom'],
      description: "Left empty, the subscription's stays.",
    }),
    work365_slcl_sellingpriceperunit: column.money({
      label: 'Selling Price per Unit',
      description: "Left empty, the subscription's stays.",
    }),
    transactioncurrencyid: column.lookup({
      label: 'Currency',
      to: ['transactioncurrency'],
      standard: true,
      description: "Left empty, the subscription's stays.",
    }),
    work365_slcl_costpriceperunit: column.money({
      label: 'Cost Price Per Unit',
      description: "Left empty, the subscription's stays.",
    }),
    work365_slcl_order: column.lookup({
      label: 'Order',
      to: ['salesorder'],
      description: 'The sales order that the subscription came from.',
    }),
    work365_slcl_orderline: column.lookup({ label: 'Order Line', to: ['salesorderdetail'] }),
    work365_slcl_autorenew: column.boolean({ label: 'Auto Renew', documented: false }),
    work365_slcl_discount: column.decimal({ label: 'Discount (%)', documented: false }),
    work365_slcl_applyrefund: column.boolean({
      label: 'Apply Refund',
      documented: false,
      description: 'Chosen when scheduling a cancellation.',
    }),
  },
})
