import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** interworks.cloud: what type a product is of. The key keeps a product to one type at most. */
export const InterworksProduct = defineTable({
  logicalName: 'iw_product',
  displayName: 'Catalog Product',
  documented: false,
  description: 'What type a product is of: at most one.',
  primaryName: 'iw_name',
  columns: {
    iw_name: column.text({ label: 'Name', maxLength: 200, documented: false }),
    iw_product: column.lookup({ label: 'Product', to: ['product'], required: 'application', documented: false }),
    iw_producttype: column.lookup({
      label: 'Product Type',
      to: ['iw_producttype'],
      required: 'application',
      behavior: 'restrict',
      documented: false,
    }),
  },
  keys: { iw_product_key: ['iw_product'] },
})
