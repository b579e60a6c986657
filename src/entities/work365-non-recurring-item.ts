import { billableStatus, channel, displayOnPortal, provisioningStatus } from './choices.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Which subscriptions a reservation is for. */
export const reservationScope = { Single: 100_000_000, Shared: 100_000_001 } as const

/**
 * Something sold once: a reservation, a perpetual license, a piece of work. Provisioned like a license change log.
 *
 * Its columns are documented up to Revenue (Base), where the source breaks off; the status reasons are inferred.
 */
export const NonRecurringItem = defineTable({
  logicalName: 'work365_nonrecurringitem',
  displayName: 'Non-Recurring Item (NRI)',
  description: 'Something sold once, and provisioned like a license change log.',
  documented: false,
  primaryName: 'work365_nonrecurringitem_name',
  states: {
    Active: { value: 0, reasons: { Active: 1 } },
    Inactive: { value: 1, reasons: { Archived: 2 } },
  },
  columns: {
    work365_nonrecurringitem_name: column.text({ label: 'Name', maxLength: 200 }),
    work365_nonrecurringitem_friendlyname: column.text({ label: 'Friendly Name', maxLength: 200 }),
    work365_nonrecurringitem_desc: column.memo({
      label: 'Description',
      description: "The text of the invoice's line.",
    }),
    work365_nonrecurringitem_billablestatus: column.choice({
      label: 'Billable Status',
      options: billableStatus,
      description: "The labels are inferred from the subscription's.",
    }),
    work365_nonrecurringitem_billingcontract: column.lookup({
      label: 'Billing Contract',
      to: ['work365_billingcontract'],
    }),
    work365_nonrecurringitem_creditonhold: column.boolean({
      label: 'Credit Hold',
      description: 'Whether the account is on credit hold.',
    }),
    work365_nonrecurringitem_customer: column.lookup({ label: 'Customer', to: ['account'] }),
    work365_nonrecurringitem_discount: column.decimal({ label: 'Discount (%)' }),
    work365_nonrecurringitem_effectivedate: column.dateOnly({
      label: 'Invoice On',
      description: 'When it is invoiced; one source describes it as the start of the term instead.',
    }),
    work365_nonrecurringitem_expirydate: column.dateOnly({ label: 'Expiry Date', description: 'The end of the term.' }),
    work365_nonrecurringitem_grossmarginpercent: column.decimal({ label: 'Gross Margin %' }),
    work365_nonrecurringitem_invoice: column.lookup({ label: 'Invoice', to: ['invoice'] }),
    work365_nonrecurringitem_istaxable: column.boolean({ label: 'Is Taxable' }),
    work365_nonrecurringitem_order: column.lookup({ label: 'Order', to: ['salesorder'] }),
    work365_nonrecurringitem_orderby: column.text({ label: 'Order By', maxLength: 200 }),
    work365_nonrecurringitem_orderedon: column.dateTime({ label: 'Ordered Date' }),
    work365_nonrecurringitem_orderline: column.lookup({ label: 'Order Line', to: ['salesorderdetail'] }),
    work365_nonrecurringitem_ordernum: column.text({ label: 'Order Reference', maxLength: 100 }),
    work365_nonrecurringitem_ordersource: column.choice({
      label: 'Order Source',
      options: channel,
      description: "The labels are inferred from the subscription's channel.",
    }),
    work365_nonrecurringitem_pricelist: column.lookup({ label: 'Price List', to: ['pricelevel'] }),
    work365_nonrecurringitem_product: column.lookup({ label: 'Product', to: ['product'] }),
    work365_nonrecurringitem_productclass: column.choice({
      label: 'Product Class',
      options: {},
      description: 'For example Product Resale. No source lists its labels.',
    }),
    work365_nonrecurringitem_provider: column.lookup({ label: 'Provider', to: ['work365_provider'] }),
    work365_nonrecurringitem_providerorderid: column.text({ label: 'Provider Order ID', maxLength: 100 }),
    work365_nonrecurringitem_providerpartnumber: column.text({
      label: 'Provider Part Number',
      maxLength: 100,
      description: "The provider's product and SKU ids, separated by a colon.",
    }),
    work365_nonrecurringitem_providerreference: column.text({ label: 'Provider Reference', maxLength: 100 }),
    work365_nonrecurringitem_provisioningmessage: column.memo({
      label: 'Provisioning Message',
      maxLength: 10_000,
      description: 'What the last attempt said.',
    }),
    work365_nonrecurringitem_provisionon: column.dateOnly({ label: 'Provision On' }),
    work365_nonrecurringitem_purchasetype: column.choice({
      label: 'Purchase Type',
      options: {},
      description: 'One of two columns with this label. No source lists its labels.',
    }),
    work365_nonrecurringitem_purchasetypeitem: column.choice({
      label: 'Purchase Type',
      options: {},
      description:
        'One of two columns with this label; for example Reserved Instance, Software license or Software subscription. No source lists its labels.',
    }),
    work365_nonrecurringitem_quantity: column.decimal({ label: 'Quantity' }),
    work365_nonrecurringitem_revenue: column.money({ label: 'Revenue', description: 'Selling price times quantity.' }),
    work365_nonrecurringitem_revenue_base: column.money({
      label: 'Revenue (Base)',
      readOnly: true,
      description: 'Calculated by Dataverse in the base currency.',
    }),
    work365_nonrecurringitem_provisioningstatus: column.choice({
      label: 'Provisioning Status',
      options: provisioningStatus,
      documented: false,
      description: "The labels are inferred from the license change log's.",
    }),
    work365_nonrecurringitem_sellingpriceperunit: column.money({ label: 'Unit Selling Price', documented: false }),
    work365_nonrecurringitem_costpriceperunit: column.money({ label: 'Unit Cost', documented: false }),
    work365_nonrecurringitem_salesunit: column.lookup({ label: 'Unit', to: ['uom'], documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    work365_nonrecurringitem_segment: column.text({ label: 'Segment', maxLength: 100, documented: false }),
    work365_nonrecurringitem_scope: column.choice({ label: 'Scope', options: reservationScope, documented: false }),
    work365_nonrecurringitem_subscription: column.lookup({
      label: 'Subscription',
      to: ['work365_subscription'],
      documented: false,
      description: 'The Azure subscription of a reservation.',
    }),
    work365_nonrecurringitem_displayonportal: column.choice({
      label: 'Display on Portal',
      options: displayOnPortal,
      documented: false,
    }),
    work365_nonrecurringitem_decidedby: column.text({
      label: 'Decided By',
      maxLength: 100,
      documented: false,
      description: 'Ours: the id of the rule that gave it its provisioning status, such as C1 for a credit hold.',
    }),
    work365_nonrecurringitem_waitingsince: column.dateTime({
      label: 'Waiting Since',
      documented: false,
      description: 'Ours: since when it waits for what its message names; empty while nothing holds it.',
    }),
  },
})
