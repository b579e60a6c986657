import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How time is summed up on invoices. */
export const invoicingRollupType = {
  'No Grouping': 100_000_000,
  'By Resource': 100_000_001,
  'By Role': 100_000_002,
  'By Service': 100_000_003,
} as const

/**
 * Work billed by time. Called `TimeService` here: `Service` would read as the OrganizationService that every step has at
 * hand. Not the deprecated service subscription, which is a {@link Subscription}.
 */
export const TimeService = defineTable({
  logicalName: 'work365_service',
  displayName: 'Service (time billing)',
  description: 'Work billed by time.',
  primaryName: 'work365_service_name',
  columns: {
    work365_service_name: column.text({ label: 'Name', maxLength: 200 }),
    work365_service_product: column.lookup({ label: 'Product', to: ['product'] }),
    work365_service_billingcontract: column.lookup({ label: 'Billing Contract', to: ['work365_billingcontract'] }),
    work365_service_customer: column.lookup({ label: 'Customer', to: ['account'] }),
    work365_service_effectivestartdate: column.dateOnly({ label: 'Effective Start Date' }),
    work365_service_istaxable: column.boolean({ label: 'Is Taxable', default: true }),
    work365_service_servicetype: column.choice({
      label: 'Service Type',
      options: {},
      description: 'No source lists its labels.',
    }),
    work365_service_lastbilledrevenue: column.money({ label: 'Last Billed Revenue' }),
    work365_service_lastbilledtime: column.decimal({ label: 'Last Billed Time' }),
    work365_service_totalrevenueamount: column.money({ label: 'Total Revenue' }),
    work365_service_invoicingrolluptype: column.choice({
      label: 'Invoicing Rollup Type',
      options: invoicingRollupType,
    }),
  },
})
