import { describe, expect, test } from 'vitest'
import fixture from '../../test/fixtures/entities.json' with { type: 'json' }
import type { ColumnDefinition } from './column.ts'
import { column } from './column.ts'
import { defineTable, type TableDefinition } from './define-table.ts'
import { auditColumns, ownerColumns } from './platform-columns.ts'
import { standardTables } from './standard-tables.ts'
import { systemTables } from './system-tables.ts'
import { interworksTables, work365Tables } from './tables.ts'
import { ourJobTypes } from './work365-job.ts'

/** The dictionary of what sources say about Work 365, as the code is held against it. */
interface DocumentedColumn {
  readonly logicalName: string
  readonly displayName: string
  readonly type: string
  readonly documented: boolean
  readonly standard?: boolean
  readonly required?: boolean
  readonly targets?: readonly string[]
  readonly options?: readonly { readonly label: string; readonly value?: number }[]
}
interface DocumentedTable {
  readonly logicalName: string
  readonly displayName: string
  readonly collectionName: string
  readonly primaryIdAttribute: string
  readonly primaryNameAttribute: string
  readonly logicalNameDocumented: boolean
  readonly attributes: readonly DocumentedColumn[]
}
const documented: readonly DocumentedTable[] = fixture

const allTables = [...new Set([...standardTables, ...work365Tables, ...interworksTables])]
const byName = new Map(allTables.map((table) => [table.logicalName, table]))

/** How the dictionary calls each type of column. */
const typeNames: Readonly<Record<string, ColumnDefinition['type']>> = {
  uniqueidentifier: 'primaryKey',
  string: 'text',
  memo: 'memo',
  choice: 'choice',
  multichoice: 'multiChoice',
  date: 'dateOnly',
  datetime: 'dateTime',
  integer: 'integer',
  decimal: 'decimal',
  money: 'money',
  boolean: 'boolean',
  lookup: 'lookup',
  state: 'state',
  status: 'status',
}

/** Choices whose labels the dictionary only assumes, in words: there they have no list, here they have one. */
const assumedOptions = ['work365_nonrecurringitem_billablestatus', 'work365_nonrecurringitem_ordersource']

/** Labels of ours that a documented choice has beside its own. */
const ourOptions: Readonly<Record<string, readonly string[]>> = { work365_job_jobtype: Object.keys(ourJobTypes) }

/** Tables of ours for which the dictionary has no entry. */
const withoutEntry = ['work365_paymentprocessor']

/** What is wrong with the table, as sentences; none: it is as documented. */
function differences(entry: DocumentedTable, table: TableDefinition | undefined): string[] {
  if (!table) return [`${entry.logicalName}: no such table`]
  const found: string[] = []
  const compare = (what: string, actual: unknown, expected: unknown) => {
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
      found.push(
        `${entry.logicalName}${what}: is ${JSON.stringify(actual)}, but ${JSON.stringify(expected)} is documented`,
      )
    }
  }
  compare(', display name', table.displayName, entry.displayName)
  compare(', entity set', table.collectionName, entry.collectionName)
  compare(', primary key', table.primaryKey, entry.primaryIdAttribute)
  compare(', primary name', table.primaryName, entry.primaryNameAttribute)
  compare(', documented', table.documented, entry.logicalNameDocumented)
  for (const expected of entry.attributes) {
    const actual = table.columns[expected.logicalName]
    const where = `.${expected.logicalName}`
    if (!actual) found.push(`${entry.logicalName}${where}: no such column`)
    else compareColumn(where, actual, expected, compare)
  }
  const known = new Set([...entry.attributes.map(({ logicalName }) => logicalName), ...platformColumns])
  for (const name of Object.keys(table.columns)) {
    const ours = table.columns[name]!.description?.startsWith('Ours: ')
    // Of what Dataverse itself keeps on a row the dictionary lists only what Work 365 has a use for.
    if (!known.has(name) && !ours && !table.columns[name]!.standard)
      found.push(`${entry.logicalName}.${name}: neither documented nor marked as ours`)
  }
  return found
}

const platformColumns = [...Object.keys(auditColumns), ...Object.keys(ownerColumns), 'statecode', 'statuscode']

function compareColumn(
  where: string,
  actual: ColumnDefinition,
  expected: DocumentedColumn,
  compare: (what: string, actual: unknown, expected: unknown) => void,
): void {
  compare(`${where}, type`, actual.type, typeNames[expected.type])
  // A primary key is called like its table, and documented like it: Dataverse names it so.
  if (actual.type === 'primaryKey') return
  compare(`${where}, label`, actual.label, expected.displayName)
  compare(`${where}, documented`, actual.documented, expected.documented || expected.standard === true)
  compare(`${where}, standard`, actual.standard, expected.standard === true)
  compare(`${where}, required`, actual.required !== 'none', expected.required === true)
  if ('targets' in actual) compareTargets(where, actual.targets, expected, compare)
  if ('options' in actual) compareOptions(where, actual, expected, compare)
}

/** A column of Dataverse itself may refer to more tables than Work 365 has a use for. */
function compareTargets(
  where: string,
  actual: readonly string[],
  { targets = [], standard }: DocumentedColumn,
  compare: (what: string, actual: unknown, expected: unknown) => void,
): void {
  const relevant = standard ? actual.filter((target) => targets.includes(target)) : actual
  compare(`${where}, targets`, relevant, targets)
}

function compareOptions(
  where: string,
  { type, options }: Extract<ColumnDefinition, { readonly options: unknown }>,
  expected: DocumentedColumn,
  compare: (what: string, actual: unknown, expected: unknown) => void,
): void {
  if (assumedOptions.includes(expected.logicalName)) return
  const labels = (expected.options ?? []).map(({ label }) => label)
  const missing = labels.filter((label) => !Object.hasOwn(options, label))
  compare(`${where}, missing labels`, missing, [])
  // A state model of Dataverse has reasons that Work 365 does not mention.
  const ours = ourOptions[expected.logicalName] ?? []
  const given = Object.keys(options).filter((label) => !ours.includes(label))
  if (type !== 'status') compare(`${where}, labels`, given.sort(), [...labels].sort())
  for (const { label, value } of expected.options ?? []) {
    if (value !== undefined) compare(`${where}, value of ${label}`, options[label], value)
  }
}

describe('the documented tables', () => {
  test.each(documented.map((entry) => [entry.logicalName, entry] as const))('%s is as documented', (name, entry) => {
    expect(differences(entry, byName.get(name))).toEqual([])
  })

  test('there are 23 of them with 351 columns', () => {
    expect(documented).toHaveLength(23)
    expect(documented.flatMap(({ attributes }) => attributes)).toHaveLength(351)
  })

  test('no other table claims to be of Work 365', () => {
    const entries = documented.map(({ logicalName }) => logicalName)
    const ours = work365Tables.map(({ logicalName }) => logicalName)
    expect(ours.filter((name) => !entries.includes(name))).toEqual(withoutEntry)
  })

  test('a difference is named with its table and column', () => {
    const entry = documented.find(({ logicalName }) => logicalName === 'work365_tieredratecard')!
    const wrong = defineTable({
      logicalName: 'work365_tieredratecard',
      displayName: 'Tiered Rate Card',
      documented: false,
      primaryName: 'work365_tieredratecard_name',
      columns: {
        work365_tieredratecard_name: column.memo({ label: 'Title' }),
        work365_tieredratecard_extra: column.text({ label: 'Extra' }),
      },
    })
    expect(differences(entry, wrong)).toEqual([
      'work365_tieredratecard.work365_tieredratecard_name, type: is "memo", but "text" is documented',
      'work365_tieredratecard.work365_tieredratecard_name, label: is "Title", but "Name" is documented',
      'work365_tieredratecard.work365_tieredratecard_name, documented: is true, but false is documented',
      'work365_tieredratecard.work365_tieredratecard_type: no such column',
      'work365_tieredratecard.work365_tieredratecard_extra: neither documented nor marked as ours',
    ])
  })
})

describe('every table', () => {
  const columns = allTables.flatMap((table) =>
    Object.entries(table.columns).map(([name, definition]) => ({
      where: `${table.logicalName}.${name}`,
      table,
      definition,
    })),
  )
  const where = (predicate: (column: (typeof columns)[number]) => boolean) =>
    columns.filter(predicate).map((found) => found.where)

  test('has a name and an entity set of its own', () => {
    expect(new Set(allTables.map(({ logicalName }) => logicalName)).size).toBe(allTables.length)
    expect(new Set(allTables.map(({ collectionName }) => collectionName)).size).toBe(allTables.length)
  })

  test('refers to tables that exist', () => {
    expect(
      where(({ definition }) => definition.type === 'lookup' && definition.targets.some((name) => !byName.has(name))),
    ).toEqual([])
  })

  test('is frozen, with its columns and their options', () => {
    expect(where(({ definition }) => !Object.isFrozen(definition))).toEqual([])
    expect(where(({ definition }) => 'options' in definition && !Object.isFrozen(definition.options))).toEqual([])
    expect(allTables.filter((table) => !Object.isFrozen(table) || !Object.isFrozen(table.columns))).toEqual([])
    for (const tables of [standardTables, systemTables, work365Tables, interworksTables])
      expect(Object.isFrozen(tables)).toBe(true)
  })

  test('says of a choice without options that no source lists its labels', () => {
    const silent = ({ type, description, ...rest }: ColumnDefinition) =>
      (type === 'choice' || type === 'multiChoice') &&
      Object.keys((rest as { options: object }).options).length === 0 &&
      !description?.endsWith('No source lists its labels.')
    expect(where(({ definition }) => silent(definition))).toEqual([])
  })

  test('has choice values that are ours above 100,000,000', () => {
    const low = ({ definition }: (typeof columns)[number]) =>
      definition.type === 'choice' &&
      !definition.standard &&
      Object.values(definition.options).some((value) => value < 100_000_000)
    expect(where(low)).toEqual([])
  })

  test('requires custom columns at most by the application', () => {
    expect(where(({ definition }) => !definition.standard && definition.required === 'system')).toEqual([])
  })

  test('marks a column of ours in its description and as not documented', () => {
    const ours = where(({ definition }) => definition.description?.startsWith('Ours: ') === true)
    expect(ours).toContain('work365_job.work365_job_leaseowner')
    expect(
      where(({ definition }) => definition.description?.startsWith('Ours: ') === true && definition.documented),
    ).toEqual([])
  })

  test('of interworks.cloud has no name that a source prints, save those of Dataverse', () => {
    const claimed = interworksTables.flatMap((table) => [
      ...(table.documented ? [table.logicalName] : []),
      ...Object.entries(table.columns).flatMap(([name, { documented, standard }]) =>
        documented && !standard ? [name] : [],
      ),
    ])
    expect(claimed).toEqual([])
  })
})
