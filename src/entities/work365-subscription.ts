import { billableStatus, channel, displayOnPortal, quantityReductionBehavior } from './choices.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Whose invoice a part of a bundle appears on. */
export const billAt = { Parent: 100_000_000 } as const

/** How often a provider bills. */
export const provisioningFrequency = {
  Monthly: 100_000_000,
  Annual: 100_000_001,
  None: 100_000_002,
  'One Time': 100_000_003,
  Triennial: 100_000_004,
} as const

/** What a deactivation does with money already billed. */
export const refundOption = { 'Do Not Refund': 100_000_000, 'Apply Refund': 100_000_001 } as const

/** When a change takes effect. */
export const changeEffective = { Immediately: 100_000_000, 'On Renewal': 100_000_001, Custom: 100_000_002 } as const

/**
 * What a customer has: a product in a quantity, billed under a contract and provisioned by a provider. Its quantity is the
 * sum of its license change logs.
 *
 * The same table holds licenses, usage, tiered, calculated and (deprecated) service subscriptions; the billing type of the
 * product tells them apart. Suspended is documented as an inactive status reason; that Cancelled and Expired are, and that
 * Awaiting Provisioning is an active one, is inferred.
 */
export const Subscription = defineTable({
  logicalName: 'work365_subscription',
  displayName: 'Subscription',
  description: 'What a customer has: a product in a quantity, billed under a contract and provisioned by a provider.',
  primaryName: 'work365_subscription_subscriptionname',
  states: {
    Active: { value: 0, reasons: { Active: 1, 'Awaiting Provisioning': 100_000_000 } },
    Inactive: { value: 1, reasons: { Suspended: 2, Cancelled: 100_000_001, Expired: 100_000_002 } },
  },
  columns: {
    work365_subscription_subscriptionname: column.text({
      label: 'Subscription Name',
      maxLength: 200,
      description: 'Printed on invoices for products of the catalog.',
    }),
    work365_subscription_friendlyname: column.text({
      label: 'Friendly Name',
      maxLength: 200,
      description: 'Printed on invoices for write-in products, and shown on the portal.',
    }),
    work365_subscription_product: column.lookup({
      label: 'Product',
      to: ['product'],
      description: "Choosing it copies the product's details here.",
    }),
    work365_subscription_customer: column.lookup({ label: 'Customer', required: 'application', to: ['account'] }),
    work365_subscription_billingcontract: column.lookup({
      label: 'Billing Contract',
      required: 'application',
      to: ['work365_billingcontract'],
    }),
    work365_subscription_effectivestartdate: column.dateOnly({ label: 'Effective Start Date' }),
    work365_subscription_billablestatus: column.choice({ label: 'Billable Status', options: billableStatus }),
    work365_subscription_parentsubscription: column.lookup({
      label: 'Parent Subscription',
      to: ['work365_subscription'],
      description: 'The bundle that this is a part of.',
    }),
    work365_subscription_linkedsubscription: column.lookup({
      label: 'Linked Subscription',
      to: ['work365_subscription'],
      description: 'With the Linked Subscription provider: where changes of quantity are applied.',
    }),
    work365_subscription_billat: column.choice({
      label: 'Bill At',
      options: billAt,
      description: 'Parent is the one label that a source names; there are others.',
    }),
    work365_subscription_productclass: column.choice({
      label: 'Product Class',
      options: {},
      description: 'Sorts subscriptions for incentives and accounting. No source lists its labels.',
    }),
    work365_subscription_tieredratecard: column.lookup({ label: 'Rate Card', to: ['work365_tieredratecard'] }),
    work365_subscription_consumptionthreshold: column.money({ label: 'Consumption Threshold' }),
    work365_subscription_thresholdstatus: column.decimal({
      label: 'Threshold Status',
      description: 'How much of the threshold is used, in percent; 80 and 100 are announced.',
    }),
    work365_subscription_markup: column.decimal({
      label: 'Markup Percentage',
      description: 'Left empty, the markup of the application settings applies.',
    }),
    work365_subscription_currentcycleconsumption: column.money({ label: 'Current Cycle Consumption' }),
    work365_subscription_cost: column.money({ label: 'Last Known Cost' }),
    work365_subscription_minimumcommitment: column.money({ label: 'Minimum Commitment' }),
    work365_subscription_channel: column.choice({ label: 'Channel', options: channel }),
    work365_subscription_psasystem_id: column.text({ label: 'PSA System Id', maxLength: 100 }),
    work365_subscription_psaautosync: column.boolean({ label: 'PSA Auto Sync' }),
    work365_subscription_quantity: column.decimal({
      label: 'Quantity',
      documented: false,
      description: 'The total now. Always 1 on calculated subscriptions, more than 0 when ordered on the portal.',
    }),
    work365_subscription_includedquantity: column.decimal({ label: 'Included Quantity', documented: false }),
    work365_subscription_pricelist: column.lookup({ label: 'Price List', to: ['pricelevel'], documented: false }),
    work365_subscription_salesunit: column.lookup({ label: 'Sales Unit', to: ['uom'], documented: false }),
    work365_subscription_sellingpriceperunit: column.money({
      label: 'Selling Price Per Unit',
      documented: false,
      description: 'Left empty, invoices count -999 per unit.',
    }),
    work365_subscription_costpriceperunit: column.money({ label: 'Cost Price Per Unit', documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    work365_subscription_provider: column.lookup({
      label: 'Provider',
      to: ['work365_provider'],
      documented: false,
      description: 'Empty on a portal order unless automatic provisioning is switched on.',
    }),
    work365_subscription_provideraccount: column.lookup({
      label: 'Provider Account',
      to: ['work365_provideraccount'],
      documented: false,
      description: "The customer's account at the provider; automatic providers need it.",
    }),
    work365_subscription_providerpartnumber: column.text({
      label: 'Provider Part Number',
      maxLength: 100,
      documented: false,
    }),
    work365_subscription_providersubscriptionid: column.text({
      label: 'Provider Subscription Id',
      maxLength: 100,
      documented: false,
      description: "The provider's id of this subscription, known once it is provisioned.",
    }),
    work365_subscription_provisioningfrequency: column.choice({
      label: 'Provisioning Frequency',
      options: provisioningFrequency,
      documented: false,
    }),
    work365_subscription_commitmentenddate: column.dateOnly({ label: 'Commitment End Date', documented: false }),
    work365_subscription_autorenew: column.boolean({ label: 'Auto Renew', documented: false }),
    work365_subscription_deactivateon: column.dateOnly({
      label: 'Deactivate On',
      documented: false,
      description: 'The day on which the subscription is deactivated.',
    }),
    work365_subscription_refundoption: column.choice({
      label: 'Refund',
      options: refundOption,
      documented: false,
      description: 'What happens to money already billed; chosen when deactivating, usually Do Not Refund.',
    }),
    work365_subscription_effective: column.choice({
      label: 'Change Effective',
      options: changeEffective,
      documented: false,
      description: 'When a change takes effect. Also labelled Effective.',
    }),
    work365_subscription_quantityreductionbehavior: column.choice({
      label: 'Quantity Reduction Behavior',
      options: quantityReductionBehavior,
      documented: false,
    }),
    work365_subscription_quantityreductionwindow: column.integer({
      label: 'Quantity Reduction Window',
      documented: false,
      description: 'In days.',
    }),
    work365_subscription_istrial: column.boolean({ label: 'Is Trial', documented: false }),
    work365_subscription_istaxable: column.boolean({ label: 'Is Taxable', documented: false }),
    work365_subscription_allowendusermodification: column.boolean({
      label: 'Allow End User Modification',
      documented: false,
      description: 'Of older portals; non-billable subscriptions cannot be changed there at all.',
    }),
    work365_subscription_displayonportal: column.choice({
      label: 'Display on Portal',
      options: displayOnPortal,
      documented: false,
      description: 'Visible at first if billable, otherwise Not Visible.',
    }),
    work365_subscription_autoprovisioned: column.boolean({
      label: 'Auto-Provisioned',
      documented: false,
      description: 'Ours: whether it was ordered on the portal while auto-provisioning was on.',
    }),
    work365_subscription_order: column.lookup({ label: 'Order', to: ['salesorder'], documented: false }),
    work365_subscription_ordernum: column.text({ label: 'Order Reference', maxLength: 100, documented: false }),
    work365_subscription_orderby: column.text({ label: 'Ordered By', maxLength: 100, documented: false }),
    work365_subscription_ordersource: column.choice({ label: 'Source', options: channel, documented: false }),
    work365_subscription_calculationpercent: column.decimal({
      label: 'Calculation %',
      documented: false,
      description: 'Of calculated subscriptions.',
    }),
  },
})
