import { quantityReductionBehavior } from './choices.ts'
import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How a product is billed. */
export const billingType = {
  'Non-Recurring': 100_000_000,
  License: 100_000_001,
  Usage: 100_000_002,
  Tiered: 100_000_003,
  Services: 100_000_004,
} as const

/** What kind of purchase a product is at its provider. */
export const purchaseType = {
  'Reserved Instance': 100_000_000,
  'Software license': 100_000_001,
  'Software subscription': 100_000_002,
} as const

/** What can be sold: Dataverse's own table with what Work 365 adds. None of the added names is documented. */
export const Product = defineTable({
  logicalName: 'product',
  displayName: 'Product',
  description: "What can be sold: Dataverse's own table with what Work 365 adds.",
  primaryName: 'name',
  ownership: 'organization',
  states: {
    Active: { value: 0, reasons: { Active: 1 } },
    Retired: { value: 1, reasons: { Retired: 2 } },
    Draft: { value: 2, reasons: { Draft: 0 } },
    'Under Revision': { value: 3, reasons: { 'Under Revision': 3 } },
  },
  columns: {
    name: column.text({ label: 'Name', maxLength: 100, standard: true }),
    productnumber: column.text({ label: 'Product ID', maxLength: 100, standard: true }),
    work365_product_billingtype: column.choice({
      label: 'Billing Type',
      options: billingType,
      documented: false,
      description: 'Tells license, usage, tiered and service subscriptions apart.',
    }),
    work365_product_provider: column.lookup({
      label: 'Provider',
      to: ['work365_provider'],
      documented: false,
      description: 'Where new subscriptions are provisioned; left empty, it is chosen at the time.',
    }),
    work365_product_providerpartnumber: column.text({
      label: 'Provider Part Number',
      maxLength: 100,
      documented: false,
      description:
        "The provider's name for it, such as CFQ7TTC0LH31:001B (product and SKU id of Microsoft's new commerce).",
    }),
    work365_product_productclass: column.choice({
      label: 'Product Class',
      options: {},
      documented: false,
      description: 'No source lists its labels.',
    }),
    work365_product_manufacturer: column.text({ label: 'Manufacturer', maxLength: 200, documented: false }),
    work365_product_taxcategory: column.choice({
      label: 'Tax Category',
      options: {},
      documented: false,
      description: 'No source lists its labels.',
    }),
    work365_product_productservicereference: column.text({
      label: 'Product Service Reference',
      maxLength: 100,
      documented: false,
      description: 'Written by the product service; leave it alone.',
    }),
    work365_product_monthlyunitcostprice: column.money({ label: 'Monthly Unit Cost Price', documented: false }),
    work365_product_monthlyunitsellingprice: column.money({ label: 'Monthly Unit Selling Price', documented: false }),
    work365_product_purchasetype: column.choice({ label: 'Purchase Type', options: purchaseType, documented: false }),
    work365_product_segment: column.text({ label: 'Segment', maxLength: 100, documented: false }),
    work365_product_quantityreductionbehavior: column.choice({
      label: 'Quantity Reduction Behavior',
      options: quantityReductionBehavior,
      documented: false,
      description: 'Copied to subscriptions. Set by the product service, or by hand for manual providers.',
    }),
    work365_product_quantityreductionwindow: column.integer({
      label: 'Quantity Reduction Window',
      documented: false,
      description: 'In days.',
    }),
    work365_product_showonportal: column.boolean({
      label: 'Show on Portal',
      documented: false,
      description: 'Whether customers can order it. Also labelled Allow Purchase and Visible in Portal.',
    }),
  },
})
