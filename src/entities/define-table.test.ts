import { describe, expect, test } from 'vitest'
import { activeInactive, canMove, column, defaultReason, defineTable, Job, labelOf, stateOfReason } from './index.ts'

const name = { new_name: column.text({ label: 'Name' }) }
const small = { logicalName: 'new_thing', displayName: 'Thing', primaryName: 'new_name', columns: name } as const

describe('defineTable adds what the platform adds', () => {
  test('a primary key, and columns for time, person, owner, state and version', () => {
    const { columns, primaryKey } = defineTable(small)
    expect(primaryKey).toBe('new_thingid')
    expect(columns.new_thingid).toMatchObject({ type: 'primaryKey', label: 'Thing', standard: true })
    expect(Object.keys(columns)).toEqual(
      expect.arrayContaining(['createdon', 'modifiedby', 'ownerid', 'statecode', 'statuscode', 'versionnumber']),
    )
  })

  test('no owner on a table of the organization, no state on a table without states', () => {
    const { columns } = defineTable({ ...small, ownership: 'organization', states: null })
    expect(columns).not.toHaveProperty('ownerid')
    expect(columns).not.toHaveProperty('statecode')
  })

  test('a primary key of another name when the table has one', () => {
    expect(defineTable({ ...small, primaryKey: 'activityid' }).columns.activityid).toMatchObject({ type: 'primaryKey' })
  })

  test('a primary key is as documented as its table', () => {
    expect(defineTable({ ...small, documented: false }).columns.new_thingid).toMatchObject({ documented: false })
  })

  test('one relationship per target of a lookup', () => {
    const table = defineTable({
      ...small,
      columns: {
        ...name,
        new_owner: column.lookup({ label: 'Owner', to: ['account', 'contact'], behavior: 'restrict' }),
      },
    })
    expect(Object.keys(table.manyToOne)).toEqual(
      expect.arrayContaining(['account_new_thing_new_owner', 'contact_new_thing_new_owner']),
    )
    expect(table.manyToOne.account_new_thing_new_owner).toMatchObject({
      to: 'account',
      behavior: { delete: 'restrict' },
    })
  })

  test('the intersect table of an N:N relationship is called like the relationship unless it has a name', () => {
    const { manyToMany } = defineTable({
      ...small,
      manyToMany: { new_thing_tag: { to: 'new_tag' }, new_other: { to: 'new_tag', intersect: 'new_things_tags' } },
    })
    expect(manyToMany).toEqual({
      new_thing_tag: { to: 'new_tag', intersect: 'new_thing_tag' },
      new_other: { to: 'new_tag', intersect: 'new_things_tags' },
    })
  })
})

describe('defineTable names the entity set', () => {
  test.each([
    ['new_thing', 'new_things'],
    ['new_status', 'new_statuses'],
    ['new_box', 'new_boxes'],
    ['new_batch', 'new_batches'],
    ['new_wish', 'new_wishes'],
    ['new_quiz', 'new_quizes'],
    ['opportunity', 'opportunities'],
    ['new_day', 'new_days'],
  ])('%s → %s', (logicalName, collectionName) => {
    expect(defineTable({ ...small, logicalName }).collectionName).toBe(collectionName)
  })

  test('as its maker says', () => {
    expect(defineTable({ ...small, collectionName: 'new_thingset' }).collectionName).toBe('new_thingset')
  })
})

describe('defineTable adds columns beside those of the declaration', () => {
  test('amounts in the base currency, and the exchange rate, where rows have a currency', () => {
    const amounts = {
      ...name,
      new_price: column.money({ label: 'Price' }),
      new_cost: column.money({ label: 'Cost' }),
      new_cost_base: column.money({ label: 'Costs at Home', readOnly: true }),
    }
    const currency = column.lookup({ label: 'Currency', to: ['transactioncurrency'] })
    const { columns } = defineTable({ ...small, columns: { ...amounts, transactioncurrencyid: currency } })
    expect(columns.new_price_base).toMatchObject({ type: 'money', label: 'Price (Base)', readOnly: true })
    expect(columns.new_cost_base).toMatchObject({ label: 'Costs at Home' })
    expect(columns.exchangerate).toMatchObject({ type: 'decimal', readOnly: true })
    expect(columns).not.toHaveProperty('new_cost_base_base')
    expect(defineTable({ ...small, columns: amounts }).columns).not.toHaveProperty('new_price_base')
  })

  test('the name of a file, what goes with a picture, and when a rollup was made', () => {
    const { columns } = defineTable({
      ...small,
      columns: {
        ...name,
        new_scan: column.file({ label: 'Scan' }),
        new_photo: column.image({ label: 'Photo' }),
        new_parts: column.rollup(column.integer({ label: 'Parts' }), {
          with: 'count',
          of: 'new_part',
          by: 'new_thing',
        }),
      },
    })
    expect(Object.keys(columns)).toEqual(
      expect.arrayContaining([
        'new_scan_name',
        'new_photo_url',
        'new_photo_timestamp',
        'new_photoid',
        'new_parts_date',
        'new_parts_state',
      ]),
    )
    expect(columns.new_parts).toMatchObject({ type: 'integer', readOnly: true, rollup: { with: 'count' } })
  })

  test('a relationship has the schema name that its lookup gives it', () => {
    const { manyToOne } = defineTable({
      ...small,
      columns: {
        ...name,
        new_owner: column.lookup({
          label: 'Owner',
          to: ['account', 'contact'],
          relationships: { account: 'new_Account_Things' },
        }),
      },
    })
    expect(manyToOne.new_Account_Things).toMatchObject({ column: 'new_owner', to: 'account' })
    expect(manyToOne).toHaveProperty('contact_new_thing_new_owner')
    expect(manyToOne).not.toHaveProperty('account_new_thing_new_owner')
  })
})

describe('defineTable refuses a description that contradicts itself', () => {
  test('a calculated column made of a column that is none', () => {
    const sum = column.calculated(column.integer({ label: 'Sum' }), { from: ['new_nope'], calculate: () => 1 })
    expect(() => defineTable({ ...small, columns: { ...name, new_sum: sum } })).toThrow(
      "column 'new_sum' is calculated from 'new_nope', which is not a column",
    )
  })

  test('a name that is none', () => {
    expect(() => defineTable({ ...small, logicalName: 'New Thing' })).toThrow(
      "defineTable('New Thing'): a logical name is lower-case letters, digits and underscores.",
    )
  })

  test('a column name that is none', () => {
    expect(() => defineTable({ ...small, columns: { ...name, new_Colour: column.text({ label: 'Colour' }) } })).toThrow(
      "defineTable('new_thing'): column 'new_Colour'",
    )
  })

  test('a primary name that is not a column', () => {
    expect(() => defineTable({ ...small, primaryName: 'new_title' as 'new_name' })).toThrow(
      "defineTable('new_thing'): primaryName is 'new_title', which is not one of the columns.",
    )
  })

  test('an alternate key over a column that is none', () => {
    expect(() => defineTable({ ...small, keys: { new_code: ['new_code' as 'new_name'] } })).toThrow(
      "alternate key 'new_code' names 'new_code', which is not a column.",
    )
  })

  test('a transition to a status reason that is none', () => {
    const states = { Open: { value: 0, reasons: { New: 1 }, transitions: { New: ['Done'] } } }
    expect(() => defineTable({ ...small, states })).toThrow(
      "defineTable('new_thing'): state 'Open' has a transition with the unknown status reason 'Done'.",
    )
  })

  test('two status reasons of one label or of one value', () => {
    const Open = { value: 0, reasons: { Waiting: 1 } }
    expect(() => defineTable({ ...small, states: { Open, Closed: { value: 1, reasons: { Waiting: 2 } } } })).toThrow(
      "defineTable('new_thing'): two status reasons are called 'Waiting'.",
    )
    expect(() => defineTable({ ...small, states: { Open, Closed: { value: 1, reasons: { Done: 1 } } } })).toThrow(
      "defineTable('new_thing'): the status reasons 'Waiting' and 'Done' share the value 1.",
    )
    expect(() => defineTable({ ...small, states: { Open, Closed: { value: 0, reasons: { Done: 2 } } } })).toThrow(
      "defineTable('new_thing'): the states 'Open' and 'Closed' share the value 0.",
    )
  })
})

describe('a column refuses', () => {
  test('a range without a value in it', () => {
    expect(() => column.integer({ label: 'Seats', min: 2, max: 1 })).toThrow(
      "column.integer('Seats'): min is 2 and max",
    )
    expect(() => column.money({ label: 'Price', min: Number.NaN })).toThrow("column.money('Price')")
    expect(column.integer({ label: 'Seats', min: 1, max: 1 })).toMatchObject({ min: 1, max: 1 })
  })

  test.each([-1, 1.5, Number.NaN])('%d digits after the decimal point', (precision) => {
    expect(() => column.decimal({ label: 'Hours', precision })).toThrow("column.decimal('Hours'): precision is")
  })

  test.each(['', ' ', 'P-{SEQNUM}', 'P-{SEQNUM:0}', 'P-{SEQNUM:x}', '{RANDSTRING:7}', '{NOPE:1}', 'P-{SEQNUM:4', '}'])(
    "the autonumber format '%s'",
    (format) => {
      expect(() => column.autonumber({ label: 'Number', format })).toThrow("column.autonumber('Number'): the format")
    },
  )

  test('two labels of a choice with one value', () => {
    expect(() => column.choice({ label: 'Colour', options: { Red: 1, Blue: 1 } })).toThrow(
      "column.choice('Colour'): the labels 'Red' and 'Blue' share the value 1.",
    )
    expect(() => column.multiChoice({ label: 'Colours', options: { Red: 1, Blue: 1 } })).toThrow(
      "column.multiChoice('Colours'): the labels 'Red' and 'Blue' share the value 1.",
    )
  })

  test.each([0, 4001, 1.5])('a text of at most %d characters', (maxLength) => {
    expect(() => column.text({ label: 'Name', maxLength })).toThrow(`column.text('Name'): maxLength is ${maxLength}`)
  })

  test('a memo longer than Dataverse keeps', () => {
    expect(() => column.memo({ label: 'Notes', maxLength: 1_048_577 })).toThrow("column.memo('Notes')")
  })
})

describe('a definition', () => {
  const table = defineTable({
    ...small,
    columns: { ...name, new_code: column.autonumber({ label: 'Code', format: 'T-{SEQNUM:4}' }) },
  })

  test('keeps what its columns say', () => {
    expect(table.columns.new_code).toMatchObject({ type: 'autonumber', format: 'T-{SEQNUM:4}', maxLength: 100 })
  })

  test('is frozen through and through', () => {
    expect(() => Object.assign(table, { logicalName: 'other' })).toThrow(TypeError)
    expect(() => Object.assign(table.columns, { new_more: name.new_name })).toThrow(TypeError)
    expect(() => Object.assign(table.columns.new_code!, { label: 'other' })).toThrow(TypeError)
    expect(Object.isFrozen(table.states?.Active?.reasons)).toBe(true)
  })
})

describe('states', () => {
  const reason = (label: string) =>
    Object.assign({}, ...Object.values(Job.states!).map(({ reasons }) => reasons))[label]
  const move = (from: string, to: string) => canMove(Job.states!, reason(from), reason(to))

  test('give each state a default status reason', () => {
    expect(defaultReason(activeInactive, 0)).toBe(1)
    expect(defaultReason(activeInactive, 7)).toBeUndefined()
    expect(labelOf(Job.states!.Inactive!.reasons, defaultReason(Job.states!, 1)!)).toBe('Cancelled')
  })

  test('tell the state of a status reason', () => {
    expect(stateOfReason(Job.states!, reason('Succeeded'))).toBe(1)
    expect(stateOfReason(Job.states!, reason('Retry'))).toBe(0)
    expect(stateOfReason(Job.states!, 77)).toBeUndefined()
  })

  test('a table without transitions allows every move', () => {
    expect(canMove(activeInactive, 1, 2)).toBe(true)
  })

  test.each([
    ['Waiting', 'Dispatched'],
    ['Waiting', 'Cancelled'],
    ['Dispatched', 'In progress'],
    ['In progress', 'Succeeded'],
    ['In progress', 'Retry'],
    ['In progress', 'Dispatched'],
    ['In progress', 'Cancelled'],
    ['Retry', 'Dispatched'],
    ['Retry', 'Failed'],
    ['Failed', 'Waiting'],
    ['Succeeded', 'Succeeded'],
  ])('a job may move from %s to %s', (from, to) => {
    expect(move(from, to)).toBe(true)
  })

  test.each([
    ['Waiting', 'Succeeded'],
    ['Waiting', 'In progress'],
    ['Dispatched', 'Waiting'],
    ['Succeeded', 'Waiting'],
    ['Not Applicable', 'Retry'],
    ['Cancelled', 'Waiting'],
    ['Failed', 'Dispatched'],
  ])('a job may not move from %s to %s', (from, to) => {
    expect(move(from, to)).toBe(false)
  })
})
