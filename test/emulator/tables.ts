import { column, defineTable } from '../../src/entities/index.ts'

export const priority = { Low: 100_000_000, High: 100_000_001 } as const

/** Tables of a made-up solution, with one of everything that the emulator's tests need. */
export const Project = defineTable({
  logicalName: 'new_project',
  displayName: 'Project',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name', maxLength: 20, required: 'system' }),
    new_code: column.text({ label: 'Code' }),
    new_budget: column.money({ label: 'Budget', min: 0, max: 1_000_000, precision: 2 }),
    new_hours: column.decimal({ label: 'Hours', precision: 2 }),
    new_seats: column.integer({ label: 'Seats' }),
    new_billable: column.boolean({ label: 'Billable', default: true }),
    new_priority: column.choice({ label: 'Priority', options: priority, default: priority.Low }),
    new_tags: column.multiChoice({ label: 'Tags', options: priority }),
    new_due: column.dateOnly({ label: 'Due' }),
    new_started: column.dateTime({ label: 'Started' }),
    new_customer: column.lookup({ label: 'Customer', to: ['new_customer'], behavior: 'restrict' }),
    new_parent: column.lookup({ label: 'Parent', to: ['new_project'] }),
    new_number: column.autonumber({ label: 'Number', format: 'P-{SEQNUM:5}', readOnly: true }),
  },
  states: {
    Open: {
      value: 0,
      reasons: { Planned: 1, Running: 100_000_000 },
      transitions: { Planned: ['Running', 'Dropped'], Running: ['Done'] },
    },
    Closed: { value: 1, reasons: { Done: 2, Dropped: 100_000_001 }, transitions: { Done: [], Dropped: ['Planned'] } },
  },
  keys: { new_codekey: ['new_code'] },
  manyToMany: { new_project_member: { to: 'new_customer' } },
})

export const Task = defineTable({
  logicalName: 'new_task',
  displayName: 'Task',
  primaryName: 'new_title',
  columns: {
    new_title: column.text({ label: 'Title' }),
    new_project: column.lookup({ label: 'Project', to: ['new_project'], behavior: 'parental' }),
    new_effort: column.integer({ label: 'Effort' }),
  },
})

export const Customer = defineTable({
  logicalName: 'new_customer',
  displayName: 'Customer',
  primaryName: 'new_title',
  columns: {
    new_title: column.text({ label: 'Title' }),
    new_rating: column.integer({ label: 'Rating' }),
  },
})

export const tables = [Project, Task, Customer]
