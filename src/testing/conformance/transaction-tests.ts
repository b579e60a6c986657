import { expect, test } from 'vitest'
import type { WriteRequest } from '../../service/index.ts'
import { failureOf, NOWHERE, type Subject } from './suite-context.ts'
import { SuiteCustomer } from './tables.ts'

/** Writes that take effect together, or not at all. */
export function transactionTests(service: Subject): void {
  const run = (Requests: readonly WriteRequest[]) => service().execute('ExecuteTransaction', { Requests })
  const names = async () => {
    const query = { table: 'suite_customer', columns: ['suite_name'], orders: [{ column: 'suite_name' }] }
    return (await service().retrieveMultiple(query)).rows.map(({ suite_name }) => suite_name)
  }

  test('all writes take effect, and each create answers its id', async () => {
    const [gone, changed] = [
      await service().create(SuiteCustomer, { suite_name: 'Adatum' }),
      await service().create(SuiteCustomer, { suite_name: 'Contoso' }),
    ]

    const { Responses } = await run([
      { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Fabrikam' } },
      { message: 'Update', table: 'suite_customer', key: changed, changes: { suite_name: 'Contoso Ltd' } },
      { message: 'Delete', table: SuiteCustomer, key: gone },
      { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Northwind' } },
    ])

    expect(await names()).toEqual(['Contoso Ltd', 'Fabrikam', 'Northwind'])
    const read = (id: string) => service().retrieve(SuiteCustomer, id, ['suite_name'])
    expect(Responses).toHaveLength(4)
    expect([await read(Responses[0]!.id!), await read(Responses[3]!.id!)]).toEqual([
      { suite_name: 'Fabrikam' },
      { suite_name: 'Northwind' },
    ])
    expect([Responses[1], Responses[2]]).toEqual([{}, {}])
  })

  test('when one fails, none takes effect, and its error is the answer', async () => {
    const error = await failureOf(
      run([
        { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Fabrikam' } },
        { message: 'Update', table: SuiteCustomer, key: NOWHERE, changes: { suite_name: 'nobody' } },
        { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Northwind' } },
      ]),
    )

    expect(error).toMatchObject({ name: 'ObjectDoesNotExist', status: 404 })
    expect(error.message).toContain(NOWHERE)
    expect(await names()).toEqual([])
  })

  test('a stale row version undoes the writes before it', async () => {
    const key = await service().create(SuiteCustomer, { suite_name: 'Contoso' })

    const error = await failureOf(
      run([
        { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Fabrikam' } },
        { message: 'Update', table: SuiteCustomer, key, changes: { suite_name: 'changed' }, rowVersion: 1 },
      ]),
    )

    expect(error.name).toBe('ConcurrencyVersionMismatch')
    expect(await names()).toEqual(['Contoso'])
  })

  test('a rejection by a step undoes the writes before it', async () => {
    const error = await failureOf(
      run([
        { message: 'Create', table: SuiteCustomer, row: { suite_name: 'Fabrikam' } },
        { message: 'Create', table: SuiteCustomer, row: { suite_name: 'forbidden' } },
      ]),
    )

    expect(error.message).toBe('Forbidden (no tag).')
    expect(await names()).toEqual([])
  })

  test('no writes are no work', async () => {
    expect(await run([])).toEqual({ Responses: [] })
  })
}
