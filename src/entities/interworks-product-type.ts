import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/**
 * interworks.cloud: the template of a service. Every product belongs to at most one; a product's upgrades and
 * downgrades stay within it.
 */
export const InterworksProductType = defineTable({
  logicalName: 'iw_producttype',
  displayName: 'Product Type',
  documented: false,
  description: 'The template of a service.',
  primaryName: 'iw_name',
  columns: {
    iw_name: column.text({ label: 'Name', maxLength: 200, required: 'application', documented: false }),
    iw_nonautomaticexecution: column.boolean({
      label: 'Non automatic execution of new orders',
      documented: false,
      description:
        'New orders that contain a service of this type wait for a person. Needs an active order status of type In Progress that is Viewable on the storefront; not for asset types.',
    }),
    iw_isassettype: column.boolean({
      label: 'Is Asset Type',
      documented: false,
      description: 'A type of assets, such as perpetual licenses or reservations. It has no customer requests.',
    }),
    iw_automaticcancellation: column.boolean({
      label: 'Automatic Cancellation',
      documented: false,
      description: "A customer's cancellation is carried out without a person.",
    }),
    iw_automaticdowngrade: column.boolean({
      label: 'Automatic Downgrade',
      documented: false,
      description: "A customer's downgrade is carried out without a person.",
    }),
  },
})
