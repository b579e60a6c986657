import { expect, test } from 'vitest'
import { Account, Contact, column, defineTable, TransactionCurrency } from '../../src/entities/index.ts'
import { select } from '../../src/query/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'

const Box = defineTable({
  logicalName: 'new_box',
  displayName: 'Box',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_width: column.integer({ label: 'Width' }),
    new_height: column.integer({ label: 'Height' }),
    new_area: column.calculated(column.integer({ label: 'Area', max: 1000 }), {
      from: ['new_width', 'new_height'],
      calculate: ({ new_width, new_height }) =>
        typeof new_width === 'number' && typeof new_height === 'number' ? new_width * new_height : null,
    }),
  },
})
const emulator = () => createEmulator({ tables: [Account, Contact, Box] })
const euro = { currencyname: 'Euro', isocurrencycode: 'EUR', currencysymbol: '€', exchangerate: 0.8 }

test('the full name of a contact is put together from its parts, also when one of them changes', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contact, { firstname: 'Ada', lastname: 'Byron' })
  expect(await dataverse.retrieve(Contact, id, ['fullname'])).toEqual({ fullname: 'Ada Byron' })

  await dataverse.update(Contact, id, { lastname: 'Lovelace' })
  expect(await dataverse.retrieve(Contact, id, ['fullname'])).toEqual({ fullname: 'Ada Lovelace' })
  expect(
    (await dataverse.retrieveMultiple(select(Contact, ['firstname']).where('fullname', 'eq', 'ada lovelace'))).rows,
  ).toHaveLength(1)
})

test('a contact shows its company as its account or as its parent contact', async () => {
  const dataverse = emulator()
  const company = await dataverse.create(Account, { name: 'Contoso' })
  const [parent] = await dataverse.seed('contact', [{ fullname: 'Ada' }])
  const id = await dataverse.create(Contact, {
    firstname: 'Ada',
    lastname: 'Byron',
    parentcustomerid: reference('account', company),
  })
  const shown = () => dataverse.retrieve(Contact, id, ['accountid', 'parentcontactid'])
  expect(await shown()).toMatchObject({ accountid: { id: company }, parentcontactid: null })

  await dataverse.update(Contact, id, { parentcustomerid: reference('contact', parent!) })
  expect(await shown()).toMatchObject({ accountid: null, parentcontactid: { id: parent } })
  await dataverse.update(Contact, id, { parentcustomerid: null })
  expect(await shown()).toEqual({ accountid: null, parentcontactid: null })
})

test('what a caller sends for a calculated column is ignored, what a seed gives stays', async () => {
  const dataverse = emulator()
  const id = await dataverse.create('contact', { lastname: 'Byron', fullname: 'Somebody' })
  expect(await dataverse.retrieve(Contact, id, ['fullname'])).toEqual({ fullname: 'Byron' })

  const [seeded, named] = await dataverse.seed('contact', [{ fullname: 'Seeded' }, { firstname: 'Ada' }])
  expect(await dataverse.retrieve(Contact, seeded!, ['fullname'])).toEqual({ fullname: 'Seeded' })
  expect(await dataverse.retrieve(Contact, named!, ['fullname'])).toEqual({ fullname: 'Ada' })
})

test('a calculated column is checked as any other', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Box, { new_width: 3, new_height: 4 })
  expect(await dataverse.retrieve(Box, id, ['new_area'])).toEqual({ new_area: 12 })
  await dataverse.update(Box, id, { new_height: null })
  expect(await dataverse.retrieve(Box, id, ['new_area'])).toEqual({ new_area: null })
  await expect(dataverse.create(Box, { new_width: 300, new_height: 400 })).rejects.toMatchObject({
    name: 'ValueOutOfRange',
  })
})

test('an address is put together from its lines', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Account, {
    address1_line1: '1 Way',
    address1_city: 'Redmond',
    address1_postalcode: '98052',
  })
  expect(await dataverse.retrieve(Account, id, ['address1_composite'])).toEqual({
    address1_composite: '1 Way\r\nRedmond, 98052',
  })
})

test('an amount without a currency is in the base currency', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Account, { revenue: 100 })
  expect(await dataverse.retrieve(Account, id, ['revenue_base', 'exchangerate', 'transactioncurrencyid'])).toEqual({
    revenue_base: 100,
    exchangerate: 1,
    transactioncurrencyid: {
      logicalName: 'transactioncurrency',
      id: dataverse.organization.currencyId,
      name: 'US Dollar',
    },
  })
  const without = await dataverse.create(Account, { name: 'No amount' })
  expect(await dataverse.retrieve(Account, without, ['transactioncurrencyid'])).toEqual({ transactioncurrencyid: null })
})

test('amounts are kept in the base currency at the rate of when they were written', async () => {
  const dataverse = emulator()
  const currency = await dataverse.create(TransactionCurrency, euro)
  const columns = ['revenue_base', 'creditlimit_base', 'exchangerate'] as const
  const id = await dataverse.create(Account, {
    revenue: 100,
    creditlimit: 8,
    transactioncurrencyid: reference(TransactionCurrency, currency),
  })
  expect(await dataverse.retrieve(Account, id, columns)).toEqual({
    revenue_base: 125,
    creditlimit_base: 10,
    exchangerate: 0.8,
  })

  await dataverse.update(TransactionCurrency, currency, { exchangerate: 0.5 })
  await dataverse.update(Account, id, { name: 'Renamed' })
  expect(await dataverse.retrieve(Account, id, columns)).toMatchObject({ revenue_base: 125, exchangerate: 0.8 })

  await dataverse.update(Account, id, { revenue: 50 })
  expect(await dataverse.retrieve(Account, id, columns)).toEqual({
    revenue_base: 100,
    creditlimit_base: 16,
    exchangerate: 0.5,
  })
  await dataverse.update(Account, id, { revenue: null })
  expect(await dataverse.retrieve(Account, id, columns)).toMatchObject({ revenue_base: null })
})

test('a change of currency changes the amounts in the base currency', async () => {
  const dataverse = createEmulator({
    tables: [Account, Contact],
    // The account comes before its currency.
    seed: {
      account: [
        {
          accountid: '11111111-1111-4111-8111-111111111111',
          revenue: 4,
          transactioncurrencyid: reference('transactioncurrency', '22222222-2222-4222-8222-222222222222'),
        },
      ],
      transactioncurrency: [{ transactioncurrencyid: '22222222-2222-4222-8222-222222222222', ...euro }],
    },
  })
  const id = '11111111-1111-4111-8111-111111111111'
  expect(await dataverse.retrieve(Account, id, ['revenue_base'])).toEqual({ revenue_base: 5 })
  const { currencyId } = dataverse.organization
  await dataverse.update(Account, id, { transactioncurrencyid: reference(TransactionCurrency, currencyId) })
  expect(await dataverse.retrieve(Account, id, ['revenue_base'])).toEqual({ revenue_base: 4 })
})
