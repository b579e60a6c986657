import { beforeEach, describe, expect, test } from 'vitest'
import { changeTable, column, defineTable } from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import { createControls, createEmulator, type Emulator, type Snapshot } from '../../src/testing/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'

const later = defineStep({
  name: 'later',
  table: Customer,
  message: 'Create',
  stage: 'postOperation',
  mode: 'asynchronous',
  run() {},
})

let dataverse: Emulator
let snapshot: Snapshot
beforeEach(async () => {
  dataverse = createEmulator({ tables, steps: [later], now: '2026-03-01T09:00:00Z' })
  await dataverse.create(Customer, { new_title: 'Fabrikam' })
  snapshot = JSON.parse(JSON.stringify(await dataverse.snapshot()))
})

/** The snapshot with one part of it different. */
function changed(change: (parts: Record<string, never>) => void): Snapshot {
  const copy = structuredClone(snapshot)
  change(copy as never)
  return copy
}

test('a snapshot takes the place of all that was there, clock included, and resetting does not come back to it', async () => {
  const other = createEmulator({ tables, steps: [later], now: '2030-01-01T00:00:00Z' })
  await other.seed(Customer, { new_title: 'Contoso' })

  await other.restore(snapshot)

  expect(await other.list(Customer, ['new_title'])).toEqual([{ new_title: 'Fabrikam' }])
  expect(other.clock.now()).toEqual(new Date('2026-03-01T09:00:00Z'))
  expect(await other.drain()).toMatchObject([{ step: 'later', outcome: 'succeeded' }])
  other.reset()
  expect(await other.list(Customer)).toEqual([])
})

test('columns may stand in another order', async () => {
  const { columns, rows } = snapshot.tables.new_customer!
  const turned = changed((parts) => {
    const reversed = {
      columns: Object.fromEntries(Object.entries(columns).reverse()),
      rows: rows.map((row) => [...row].reverse()),
    }
    Object.assign(parts.tables!, { new_customer: reversed })
  })
  const other = createEmulator({ tables, steps: [later] })

  await other.restore(turned)

  expect(await other.list(Customer, ['new_title'])).toEqual([{ new_title: 'Fabrikam' }])
})

describe('is refused, and nothing is changed', () => {
  const row = (value: (cells: unknown[]) => void) =>
    changed((parts) => value((parts.tables as unknown as Record<string, { rows: unknown[][] }>).new_customer!.rows[0]!))
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['no document', () => null, /'format' is not/],
    ['another document', () => ({ format: 'x' }), /'format' is not/],
    ['another version', () => changed((parts) => Object.assign(parts, { version: 2 })), /version 2.*reads version 1/],
    ['no tables', () => changed((parts) => delete parts.tables), /'tables' is no object/],
    [
      'a table without rows',
      () => changed((parts) => Object.assign(parts.tables!, { account: {} })),
      /'account' has no 'columns'/,
    ],
    [
      'counters that are none',
      () => changed((parts) => Object.assign(parts.counters!, { nextId: 'x' })),
      /no whole numbers/,
    ],
    ['no moment', () => changed((parts) => Object.assign(parts, { now: 'then' })), /'now' is no moment/],
    ['a row that is too short', () => row((cells) => cells.pop()), /row 1 of 'new_customer' has not one value/],
    [
      'a value of another type',
      () => row((cells) => cells.splice(-1, 1, { x: 1 })),
      /'new_rating' \(integer\) of row 1 .* has \{"x":1\}/,
    ],
    ['an id that is none', () => row((cells) => cells.splice(0, 1, 'x')), /'new_customerid'/],
    [
      'two rows of one id',
      () =>
        changed((parts) => {
          const { rows } = (parts.tables as unknown as Record<string, { rows: unknown[][] }>).new_customer!
          rows.push(rows[0]!)
        }),
      /two rows with the id/,
    ],
    [
      'a table that there is not',
      () => changed((parts) => Object.assign(parts.tables!, { new_nothing: { columns: {}, rows: [] } })),
      /no such table here/,
    ],
    [
      'a step that there is not',
      () => changed((parts) => Object.assign(Object.values(parts.jobs!)[0]!, { step: 'x' })),
      /step 'x' waits/,
    ],
    [
      'a context that is none',
      () => changed((parts) => Object.assign(Object.values(parts.jobs!)[0]!, { context: 5 })),
      /cannot be read/,
    ],
    [
      'a job without a row',
      () => changed((parts) => Object.assign(parts.jobs!, { x: { step: 'later' } })),
      /no row of 'asyncoperation'/,
    ],
  ]

  test.each(cases)('%s', async (_, document, message) => {
    const before = JSON.stringify(await dataverse.snapshot())

    await expect(dataverse.restore(document() as Snapshot)).rejects.toThrow(message)

    expect(JSON.stringify(await dataverse.snapshot())).toBe(before)
  })

  test('a snapshot of a table that has other columns here, naming each', async () => {
    const grown = changeTable(Customer, {
      columns: { new_grade: column.text({ label: 'Grade' }), new_rating: column.text({ label: 'Rating' }) },
    })
    const other = createEmulator({ tables: [Project, Task, grown], steps: [later] })

    await expect(other.restore(snapshot)).rejects.toThrow(
      /another table 'new_customer': 'new_grade' is missing in the snapshot; 'new_rating' is text here and integer in the snapshot/,
    )
  })
})

test('while the platform has work of its own that cannot be kept, no snapshot is taken', async () => {
  await dataverse.execute('BulkDelete', {
    QuerySet: [{ table: 'new_task', columns: ['new_taskid'] }],
    JobName: 'clean up',
    SendEmailNotification: false,
    ToRecipients: [],
    CCRecipients: [],
    RecurrencePattern: '',
    StartDateTime: new Date('2026-03-02T00:00:00Z'),
  } as never)

  await expect(dataverse.snapshot()).rejects.toThrow(/'clean up' waits.*Drain first/)
})

test('over HTTP it is got and put; what is wrong with it is told by status', async () => {
  const controls = createControls(dataverse)
  const put = (body: string) => controls(new Request('http://localhost/_emulator/snapshot', { method: 'PUT', body }))
  const got = await controls(new Request('http://localhost/_emulator/snapshot'))
  const text = await got.text()
  await dataverse.create(Customer, { new_title: 'Contoso' })

  expect((await put(text)).status).toBe(204)
  expect(await dataverse.list(Customer, ['new_title'])).toEqual([{ new_title: 'Fabrikam' }])
  expect((await put('{}')).status).toBe(400)
  expect((await put(JSON.stringify({ ...snapshot, version: 9 }))).status).toBe(409)
  const small = createControls(dataverse, { maxSnapshotBytes: 100 })
  expect((await small(new Request('http://localhost/_emulator/snapshot', { method: 'PUT', body: text }))).status).toBe(
    413,
  )
})

describe('the schema, where it was changed while the environment ran', () => {
  const Invoice = defineTable({
    logicalName: 'new_invoice',
    displayName: 'Invoice',
    primaryName: 'new_name',
    columns: {
      new_name: column.text({ label: 'Name' }),
      new_customer: column.lookup({ label: 'Customer', to: ['new_customer'] }),
    },
    keys: { new_namekey: ['new_name'] },
    manyToMany: { new_invoice_project: { to: 'new_project' } },
  })
  const grown = changeTable(Customer, { columns: { new_grade: column.text({ label: 'Grade' }) } })
  const colours = { name: 'new_colours', displayName: 'Colours', options: { Red: 1 } }
  const through = (document: Snapshot): Snapshot => JSON.parse(JSON.stringify(document))

  test('comes along: new tables with their keys and links, new columns, removed tables and shared choices', async () => {
    await dataverse.metadata.change({ tables: [grown, Invoice], removedTables: ['new_task'], optionSets: [colours] })
    await dataverse.create(grown, { new_title: 'Contoso', new_grade: 'A' })
    const project = await dataverse.create(Project, { new_name: 'Bridge' })
    const invoice = await dataverse.create(Invoice, { new_name: '1' })
    await dataverse.associate(Invoice, invoice, 'new_invoice_project', [{ logicalName: 'new_project', id: project }])
    const taken = through(await dataverse.snapshot())
    const other = createEmulator({ tables, steps: [later] })

    await other.restore(taken)

    expect(through(await other.snapshot())).toEqual(taken)
    expect(await other.list('new_customer', ['new_grade'])).toEqual([{ new_grade: null }, { new_grade: 'A' }])
    expect(await other.retrieve(Invoice, { new_name: '1' }, ['new_invoiceid'])).toEqual({ new_invoiceid: invoice })
    await expect(other.create(Invoice, { new_name: '1' })).rejects.toMatchObject({ name: 'DuplicateRecordEntityKey' })
    await expect(other.list('new_task')).rejects.toMatchObject({ name: 'QueryBuilderNoEntity' })
    expect(other.metadata.optionSets).toEqual([colours])
    expect(other.metadata.version).toBeGreaterThan(1)
  })

  test('is again what was declared after a snapshot from before the change, and after a reset', async () => {
    const other = createEmulator({ tables, steps: [later] })
    await other.metadata.change({ tables: [grown, Invoice], optionSets: [colours] })
    const taken = through(await other.snapshot())

    await other.restore(snapshot)

    expect(other.tables).not.toContain(Invoice)
    expect(other.tables).toContain(Customer)
    expect(other.metadata.optionSets).toEqual([])
    await other.restore(taken)
    expect(other.tables.map(({ logicalName }) => logicalName)).toContain('new_invoice')
    other.reset()
    expect(other.tables).toContain(Customer)
  })

  test('comes along from a fork that was made after the change', async () => {
    await dataverse.metadata.change({ tables: [Invoice] })
    const taken = through(await dataverse.fork().snapshot())
    const other = createEmulator({ tables, steps: [later] })

    await other.restore(taken)

    expect(await other.create(Invoice, { new_name: '1' })).toEqual(expect.any(String))
  })

  test('keeps what a calculated column does from the table as it is declared, and is refused where it is not', async () => {
    const Sum = defineTable({
      logicalName: 'new_sum',
      displayName: 'Sum',
      primaryName: 'new_name',
      columns: {
        new_name: column.text({ label: 'Name' }),
        new_double: column.calculated(column.text({ label: 'Double' }), {
          from: ['new_name'],
          calculate: ({ new_name }) => `${new_name}${new_name}`,
        }),
      },
    })
    const first = createEmulator({ tables: [Sum] })
    const changed = changeTable(Sum, { columns: { new_note: column.text({ label: 'Note' }) } })
    await first.metadata.change({ tables: [changed] })
    const taken = through(await first.snapshot())
    const second = createEmulator({ tables: [Sum] })

    await second.restore(taken)

    const id = await second.create('new_sum', { new_name: 'ha', new_note: 'x' })
    expect(await second.retrieve('new_sum', id, ['new_double'])).toEqual({ new_double: 'haha' })
    await expect(createEmulator().restore(taken)).rejects.toThrow(/calculates 'new_double', and nothing says here how/)
  })

  test.each<readonly [string, (parts: Record<string, unknown>) => unknown, RegExp]>([
    ['a schema that is none', (parts) => Object.assign(parts, { schema: { tables: [] } }), /'schema' has no/],
    [
      'a definition that is none',
      (parts) => Object.assign((parts.schema as { tables: object }).tables, { new_invoice: { columns: 5 } }),
      /the definition of the table 'new_invoice' cannot be read/,
    ],
    [
      'tables that do not fit to those here',
      (parts) => {
        const { tables } = parts.schema as { tables: Record<string, { manyToMany: object }> }
        Object.assign(tables.new_invoice!.manyToMany, { other: { to: 'new_project', intersect: 'new_task' } })
      },
      /do not fit to those here.*'new_task'/,
    ],
  ])('is refused by name: %s', async (_, change, message) => {
    await dataverse.metadata.change({ tables: [Invoice] })
    const document = through(await dataverse.snapshot())
    change(document as never)

    await expect(createEmulator({ tables, steps: [later] }).restore(document)).rejects.toThrow(message)
  })
})
