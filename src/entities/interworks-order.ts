import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Whether an order is executed by itself or by a person. Kept with the order: later changes of its types do not count. */
export const executionMode = { Automatic: 100_000_000, Manual: 100_000_001 } as const

/**
 * interworks.cloud: what a customer ordered. All its services are executed automatically, or none.
 *
 * Delivering some items of a manual order makes a sub-order of them, which is executed; the rest stays open.
 */
export const InterworksOrder = defineTable({
  logicalName: 'iw_order',
  displayName: 'Order',
  documented: false,
  description: 'What a customer ordered.',
  primaryName: 'iw_ordercode',
  columns: {
    iw_ordercode: column.autonumber({ label: 'Order Code', format: 'ORD-{SEQNUM:6}', documented: false }),
    iw_account: column.lookup({
      label: 'Account',
      to: ['account'],
      required: 'application',
      documented: false,
      description: 'The reseller or the direct customer.',
    }),
    iw_orderdate: column.dateTime({ label: 'Order Date', documented: false }),
    iw_status: column.lookup({
      label: 'Status',
      to: ['iw_orderstatus'],
      behavior: 'restrict',
      required: 'application',
      documented: false,
    }),
    iw_executionmode: column.choice({ label: 'Execution Mode', options: executionMode, documented: false }),
    iw_totalwithouttax: column.money({ label: 'Total Without Tax', documented: false }),
    transactioncurrencyid: column.lookup({ label: 'Currency', to: ['transactioncurrency'], standard: true }),
    iw_parentorder: column.lookup({
      label: 'Parent Order',
      to: ['iw_order'],
      documented: false,
      description: 'Of sub-orders: the order whose items they deliver.',
    }),
    iw_billingcontract: column.lookup({
      label: 'Billing Contract',
      to: ['work365_billingcontract'],
      documented: false,
    }),
    iw_startdate: column.dateOnly({
      label: 'Start Date',
      documented: false,
      description: 'When the services and their invoicing begin; the operator who executes the order picks it.',
    }),
    iw_executedon: column.dateTime({ label: 'Executed On', documented: false }),
    iw_invoice: column.lookup({ label: 'Invoice', to: ['invoice'], documented: false }),
  },
})
