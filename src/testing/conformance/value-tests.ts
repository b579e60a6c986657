import { expect, test } from 'vitest'
import { type ColumnValue, reference } from '../../service/index.ts'
import type { Subject } from './suite-context.ts'
import { SuiteCustomer, SuiteProject, suiteSize } from './tables.ts'

const { Small, Large } = suiteSize

/** That values come back as they were given. */
export function valueTests(service: Subject): void {
  test.each<readonly [string, ColumnValue]>([
    ['suite_notes', 'quotes " and \' and back\\slash'],
    ['suite_notes', 'lines\nand\ttabs'],
    ['suite_notes', 'Ünïcödé ☃ 日本 👩‍👩‍👧'],
    ['suite_notes', '2026-03-01T10:00:00Z'],
    ['suite_notes', '100000000,100000002'],
    ['suite_notes', ' spaces '],
    ['suite_seats', 0],
    ['suite_seats', 10_000],
    ['suite_hours', -1234.56],
    ['suite_ratio', 0.00001],
    ['suite_budget', 922_337_203_685.47],
    ['suite_billable', true],
    ['suite_billable', false],
    ['suite_size', Large],
    ['suite_sizes', [Small, Large]],
    ['suite_due', '2024-02-29'],
    ['suite_started', new Date('2026-03-01T10:00:07Z')],
    ['suite_started', new Date('1899-12-31T23:59:59Z')],
    ['suite_reference', '11111111-1111-4111-8111-111111111111'],
  ])('%s comes back as it was given: %j', async (column, value) => {
    const id = await service().create('suite_project', { suite_name: 'Bridge', [column]: value })

    expect(await service().retrieve('suite_project', id, [column])).toEqual({ [column]: value })
    const { rows } = await service().retrieveMultiple({ table: 'suite_project', columns: [column] })
    expect(rows).toEqual([{ [column]: value }])
  })

  test('date-times come back in whole seconds', async () => {
    const suite_started = new Date('2026-03-01T10:00:07.900Z')
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_started })

    expect(await service().retrieve(SuiteProject, id, ['suite_started'])).toEqual({
      suite_started: new Date('2026-03-01T10:00:07Z'),
    })
  })

  test('numbers are rounded to their column’s precision', async () => {
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_hours: 1.005, suite_budget: 2.344 })

    expect(await service().retrieve(SuiteProject, id, ['suite_hours', 'suite_budget'])).toEqual({
      suite_hours: 1.01,
      suite_budget: 2.34,
    })
  })

  test('a lookup comes back with the table, the id and the name of its row', async () => {
    const customer = await service().create(SuiteCustomer, { suite_name: 'Fabrikam' })
    const suite_customer = reference(SuiteCustomer, customer.toUpperCase())
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_customer })

    expect(await service().retrieve(SuiteProject, id, ['suite_customer'])).toEqual({
      suite_customer: { logicalName: 'suite_customer', id: customer, name: 'Fabrikam' },
    })
  })

  test('a lookup to several tables says which it means, can change, and can be emptied', async () => {
    const customer = await service().create(SuiteCustomer, { suite_name: 'Fabrikam' })
    const parent = await service().create(SuiteProject, { suite_name: 'Motorway' })
    const id = await service().create(SuiteProject, {
      suite_name: 'Bridge',
      suite_about: reference(SuiteCustomer, customer),
    })
    const about = async () => (await service().retrieve(SuiteProject, id, ['suite_about'])).suite_about

    expect(await about()).toEqual({ logicalName: 'suite_customer', id: customer, name: 'Fabrikam' })
    await service().update(SuiteProject, id, { suite_about: reference(SuiteProject, parent) })
    expect(await about()).toEqual({ logicalName: 'suite_project', id: parent, name: 'Motorway' })
    await service().update(SuiteProject, id, { suite_about: null })
    expect(await about()).toBe(null)
  })

  test('the owner is a lookup that can be given', async () => {
    const { UserId } = await service().execute('WhoAmI', {})
    const id = await service().create(SuiteProject, {
      suite_name: 'Bridge',
      ownerid: { logicalName: 'systemuser', id: UserId },
    })

    expect(await service().retrieve(SuiteProject, id, ['ownerid'])).toMatchObject({
      ownerid: { logicalName: 'systemuser', id: UserId },
    })
  })

  test('what the caller does to its objects afterwards changes nothing', async () => {
    const suite_started = new Date('2026-03-01T10:00:00Z')
    const suite_sizes = [Small]
    const id = await service().create(SuiteProject, { suite_name: 'Bridge', suite_started, suite_sizes })
    suite_started.setFullYear(1999)
    suite_sizes.push(Large as never)

    const row = await service().retrieve(SuiteProject, id, ['suite_started', 'suite_sizes'])
    row.suite_started?.setFullYear(1998)

    expect(await service().retrieve(SuiteProject, id, ['suite_started', 'suite_sizes'])).toEqual({
      suite_started: new Date('2026-03-01T10:00:00Z'),
      suite_sizes: [Small],
    })
  })
}
