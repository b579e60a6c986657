import { expectTypeOf, test } from 'vitest'
import type { CreateOf, EntityReference, OrganizationService, RowOf, UpdateOf } from '../service/index.ts'
import { type Account, column, defineTable, type LicenseChangeLog, type Subscription } from './index.ts'

const priority = { Low: 100_000_000, High: 100_000_001 } as const

const Project = defineTable({
  logicalName: 'new_project',
  displayName: 'Project',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name', required: 'application' }),
    new_budget: column.money({ label: 'Budget' }),
    new_priority: column.choice({ label: 'Priority', options: priority }),
    new_tags: column.multiChoice({ label: 'Tags', options: priority }),
    new_due: column.dateOnly({ label: 'Due' }),
    new_started: column.dateTime({ label: 'Started' }),
    new_customer: column.lookup({ label: 'Customer', to: ['account', 'contact'] }),
    new_number: column.autonumber({ label: 'Number', format: 'P-{SEQNUM:5}', readOnly: true }),
  },
  states: {
    Open: { value: 0, reasons: { Planned: 1, Running: 3 } },
    Closed: { value: 1, reasons: { Done: 2 } },
  },
})
declare const service: OrganizationService

test('a row has the value types of its columns, and null where a column may be empty', () => {
  type Project = RowOf<typeof Project>
  expectTypeOf<Project['new_name']>().toEqualTypeOf<string | null>()
  expectTypeOf<Project['new_budget']>().toEqualTypeOf<number | null>()
  expectTypeOf<Project['new_priority']>().toEqualTypeOf<100_000_000 | 100_000_001 | null>()
  expectTypeOf<Project['new_tags']>().toEqualTypeOf<readonly (100_000_000 | 100_000_001)[] | null>()
  expectTypeOf<Project['new_due']>().toEqualTypeOf<string | null>()
  expectTypeOf<Project['new_started']>().toEqualTypeOf<Date | null>()
  expectTypeOf<Project['new_customer']>().toEqualTypeOf<EntityReference<'account' | 'contact'> | null>()
  expectTypeOf<Project['statuscode']>().toEqualTypeOf<1 | 2 | 3>()
  expectTypeOf<Project['new_projectid']>().toEqualTypeOf<string>()
  expectTypeOf<Project['createdon']>().toEqualTypeOf<Date | null>()
  expectTypeOf<Project['ownerid']>().toEqualTypeOf<EntityReference<'systemuser' | 'team'> | null>()
})

test('creating asks for what is required and refuses what only the platform writes', () => {
  expectTypeOf<{ new_name: string }>().toExtend<CreateOf<typeof Project>>()
  // @ts-expect-error new_name is required
  void service.create(Project, { new_budget: 5 })
  // @ts-expect-error new_number is read-only
  void service.create(Project, { new_name: 'x', new_number: 'P-1' })
  // @ts-expect-error createdon is written by the platform
  void service.create(Project, { new_name: 'x', createdon: new Date() })
  // @ts-expect-error an unknown column
  void service.create(Project, { new_name: 'x', new_colour: 'red' })
  // @ts-expect-error not one of the options
  void service.create(Project, { new_name: 'x', new_priority: 7 })
  void service.create(Project, { new_name: 'x', new_customer: { logicalName: 'account', id: '' } })
  // @ts-expect-error a lookup to a table that it cannot refer to
  void service.create(Project, { new_name: 'x', new_customer: { logicalName: 'team', id: '' } })
})

test('changing takes any writable column, and null only where a value is not required', () => {
  expectTypeOf<{ new_budget: null }>().toExtend<UpdateOf<typeof Project>>()
  expectTypeOf<{ statuscode: 2 }>().toExtend<UpdateOf<typeof Project>>()
  // @ts-expect-error a required column cannot be emptied
  void service.update(Project, 'id', { new_name: null })
})

test('retrieving some columns gives just those', () => {
  expectTypeOf(service.retrieve(Project, 'id', ['new_budget', 'new_due'])).resolves.toEqualTypeOf<{
    new_budget: number | null
    new_due: string | null
  }>()
  expectTypeOf(service.retrieve(Project, 'id')).resolves.toEqualTypeOf<RowOf<typeof Project>>()
  // @ts-expect-error an unknown column
  void service.retrieve(Project, 'id', ['new_colour'])
})

test('a choice whose labels no source lists holds any whole number', () => {
  const Note = defineTable({
    logicalName: 'new_note',
    displayName: 'Note',
    primaryName: 'new_name',
    columns: {
      new_name: column.text({ label: 'Name' }),
      new_kind: column.choice({ label: 'Kind', options: {} }),
      new_kinds: column.multiChoice({ label: 'Kinds', options: {} }),
    },
  })
  expectTypeOf<RowOf<typeof Note>['new_kind']>().toEqualTypeOf<number | null>()
  expectTypeOf<RowOf<typeof Note>['new_kinds']>().toEqualTypeOf<readonly number[] | null>()
  expectTypeOf<RowOf<typeof Note>['statuscode']>().toEqualTypeOf<1 | 2>()
})

test('the rows of a Work 365 table have the values of its choices, states and lookups', () => {
  type Log = RowOf<typeof LicenseChangeLog>
  expectTypeOf<Log['work365_licensechangelog_provisioningstatus']>().toEqualTypeOf<
    100_000_000 | 100_000_001 | 100_000_002 | 100_000_003 | null
  >()
  expectTypeOf<
    Log['work365_licensechangelog_subscription']
  >().toEqualTypeOf<EntityReference<'work365_subscription'> | null>()
  expectTypeOf<RowOf<typeof Subscription>['statuscode']>().toEqualTypeOf<
    1 | 2 | 100_000_000 | 100_000_001 | 100_000_002
  >()
  expectTypeOf<RowOf<typeof Account>['creditonhold']>().toEqualTypeOf<boolean | null>()
})

test('what the platform keeps beside a column is read, not written', () => {
  expectTypeOf<RowOf<typeof Account>['revenue_base']>().toEqualTypeOf<number | null>()
  expectTypeOf<RowOf<typeof Account>['exchangerate']>().toEqualTypeOf<number | null>()
  expectTypeOf<RowOf<typeof Account>['openrevenue_date']>().toEqualTypeOf<Date | null>()
  expectTypeOf<RowOf<typeof Account>['entityimage_url']>().toEqualTypeOf<string | null>()
  expectTypeOf<UpdateOf<typeof Account>>().not.toHaveProperty('revenue_base')
  expectTypeOf<UpdateOf<typeof Account>>().not.toHaveProperty('openrevenue')
  expectTypeOf<RowOf<typeof Account>['opendeals']>().toEqualTypeOf<number | null>()
})
