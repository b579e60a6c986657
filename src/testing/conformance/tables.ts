import { column, defineTable } from '../../entities/index.ts'

/** The choice of the suite's tables. */
export const suiteSize = { Small: 100_000_000, Medium: 100_000_001, Large: 100_000_002 } as const

/** A table with a column of every type that can be written. */
export const SuiteProject = defineTable({
  logicalName: 'suite_project',
  displayName: 'Suite Project',
  primaryName: 'suite_name',
  columns: {
    suite_name: column.text({ label: 'Name', maxLength: 40, required: 'system' }),
    suite_code: column.text({ label: 'Code' }),
    suite_notes: column.memo({ label: 'Notes' }),
    suite_seats: column.integer({ label: 'Seats', min: 0, max: 10_000 }),
    suite_hours: column.decimal({ label: 'Hours', precision: 2 }),
    suite_ratio: column.float({ label: 'Ratio', precision: 5 }),
    suite_budget: column.money({ label: 'Budget', precision: 2 }),
    suite_billable: column.boolean({ label: 'Billable' }),
    suite_size: column.choice({ label: 'Size', options: suiteSize }),
    suite_sizes: column.multiChoice({ label: 'Sizes', options: suiteSize }),
    suite_due: column.dateOnly({ label: 'Due' }),
    suite_started: column.dateTime({ label: 'Started' }),
    suite_reference: column.uniqueIdentifier({ label: 'Reference' }),
    suite_customer: column.lookup({ label: 'Customer', to: ['suite_customer'], behavior: 'restrict' }),
    suite_parent: column.lookup({ label: 'Parent', to: ['suite_project'] }),
    suite_about: column.lookup({ label: 'About', to: ['suite_customer', 'suite_project'] }),
  },
  keys: { suite_codekey: ['suite_code'] },
  manyToMany: { suite_project_customer: { to: 'suite_customer' } },
})

export const SuiteCustomer = defineTable({
  logicalName: 'suite_customer',
  displayName: 'Suite Customer',
  primaryName: 'suite_name',
  columns: {
    suite_name: column.text({ label: 'Name' }),
    suite_rating: column.integer({ label: 'Rating' }),
  },
})

/** The tables that the suite works with. */
export const suiteTables = Object.freeze([SuiteProject, SuiteCustomer])
