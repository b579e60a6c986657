import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** interworks.cloud: one product is an upgrade of another, which makes the other a downgrade of it. Both are of one type. */
export const InterworksProductUpgrade = defineTable({
  logicalName: 'iw_productupgrade',
  displayName: 'Product Upgrade',
  documented: false,
  description: 'One product is an upgrade of another, which makes the other a downgrade of it.',
  primaryName: 'iw_name',
  columns: {
    iw_name: column.text({ label: 'Name', maxLength: 200, documented: false }),
    iw_from: column.lookup({
      label: 'Product',
      to: ['product'],
      required: 'application',
      documented: false,
      description: 'What customers have; the downgrade of the other.',
    }),
    iw_to: column.lookup({
      label: 'Upgrade',
      to: ['product'],
      required: 'application',
      documented: false,
      description: 'What they may upgrade to.',
    }),
  },
  keys: { iw_productupgrade_key: ['iw_from', 'iw_to'] },
})
