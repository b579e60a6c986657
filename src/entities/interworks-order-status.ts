import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What an order status means to the back office. A source names these three; there may be more. */
export const orderStatusType = {
  'In Progress': 100_000_000,
  'Automatic Execute': 100_000_001,
  Cancelled: 100_000_002,
} as const

/** What an order status means to the storefront. A source names these three; there may be more. */
export const storefrontType = { Draft: 100_000_000, Viewable: 100_000_001, Submitted: 100_000_002 } as const

/**
 * interworks.cloud: a status that orders can have. Four are always there, mandatory and active: Draft (In Progress,
 * Draft), Submitted (In Progress, Viewable), Executed (Automatic Execute, Submitted), Canceled (Cancelled, Viewable).
 *
 * It has no states of Dataverse beside its own Active, which would say the same twice.
 */
export const InterworksOrderStatus = defineTable({
  logicalName: 'iw_orderstatus',
  displayName: 'Order Status',
  documented: false,
  description: 'A status that orders can have.',
  primaryName: 'iw_name',
  states: null,
  columns: {
    iw_name: column.text({ label: 'Name', maxLength: 100, required: 'application', documented: false }),
    iw_isactive: column.boolean({ label: 'Active', default: true, documented: false }),
    iw_type: column.choice({
      label: 'Type',
      options: orderStatusType,
      required: 'application',
      documented: false,
    }),
    iw_storefronttype: column.choice({
      label: 'Storefront Type',
      options: storefrontType,
      required: 'application',
      documented: false,
    }),
    iw_ismandatory: column.boolean({
      label: 'Mandatory',
      documented: false,
      description: 'It can be neither deleted nor deactivated.',
    }),
    iw_isdefault: column.boolean({
      label: 'Default',
      documented: false,
      description: 'Of several statuses of its type, the one that new orders get.',
    }),
  },
})
