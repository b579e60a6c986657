import { expect, test } from 'vitest'
import { reference } from '../../service/index.ts'
import { failureOf, NOWHERE, type Subject } from './suite-context.ts'
import { SuiteCustomer, SuiteProject } from './tables.ts'

const TO_CUSTOMER = 'suite_customer_suite_project_suite_customer'
const MANY = 'suite_project_customer'

/** Linking rows through relationships. */
export function linkTests(service: Subject): void {
  const project = (suite_name = 'Bridge') => service().create(SuiteProject, { suite_name })
  const customer = (suite_name = 'Fabrikam') => service().create(SuiteCustomer, { suite_name })
  const customerOf = async (id: string) =>
    (await service().retrieve(SuiteProject, id, ['suite_customer'])).suite_customer?.id
  const membersOf = async (id: string) => {
    const { rows } = await service().retrieveMultiple({
      table: 'suite_customer',
      columns: ['suite_name'],
      orders: [{ column: 'suite_name' }],
      links: [
        {
          table: MANY,
          from: 'suite_customerid',
          to: 'suite_customerid',
          type: 'inner',
          filter: { kind: 'compare', column: 'suite_projectid', operator: 'eq', values: [id] },
        },
      ],
    })
    return rows.map(({ suite_name }) => suite_name)
  }

  test('associating sets the lookups of a 1:N relationship, and disassociating empties them', async () => {
    const [one, other, fabrikam] = [await project(), await project('Tunnel'), await customer()]
    const related = [reference(SuiteProject, one), reference(SuiteProject, other)]

    await service().associate(SuiteCustomer, fabrikam, TO_CUSTOMER, related)
    expect([await customerOf(one), await customerOf(other)]).toEqual([fabrikam, fabrikam])

    await service().disassociate(SuiteCustomer, fabrikam, TO_CUSTOMER, [related[0]!])
    expect([await customerOf(one), await customerOf(other)]).toEqual([undefined, fabrikam])
  })

  test('the row with the lookup can be linked from its side, too', async () => {
    const [bridge, fabrikam] = [await project(), await customer()]
    const related = [reference(SuiteCustomer, fabrikam)]

    await service().associate(SuiteProject, bridge, TO_CUSTOMER, related)
    expect(await customerOf(bridge)).toBe(fabrikam)
    await service().disassociate(SuiteProject, bridge, TO_CUSTOMER, related)
    expect(await customerOf(bridge)).toBe(undefined)
  })

  test('rows are linked through an N:N relationship, from either side', async () => {
    const [bridge, fabrikam, contoso] = [await project(), await customer(), await customer('Contoso')]

    await service().associate(SuiteProject, bridge, MANY, [reference(SuiteCustomer, fabrikam)])
    await service().associate(SuiteCustomer, contoso, MANY, [reference(SuiteProject, bridge)])
    expect(await membersOf(bridge)).toEqual(['Contoso', 'Fabrikam'])

    await service().disassociate(SuiteProject, bridge, MANY, [reference(SuiteCustomer, contoso)])
    expect(await membersOf(bridge)).toEqual(['Fabrikam'])
  })

  test('several links are made together or not at all', async () => {
    const [bridge, fabrikam] = [await project(), await customer()]
    const related = [reference(SuiteCustomer, fabrikam), reference(SuiteCustomer, NOWHERE)]

    expect(await failureOf(service().associate(SuiteProject, bridge, MANY, related))).toMatchObject({
      name: 'ObjectDoesNotExist',
      status: 404,
    })
    expect(await membersOf(bridge)).toEqual([])
  })

  test('linking nothing changes nothing', async () => {
    const bridge = await project()

    await service().associate(SuiteProject, bridge, MANY, [])

    expect(await membersOf(bridge)).toEqual([])
  })

  test('a relationship that the table does not have is refused by name', async () => {
    const [bridge, fabrikam] = [await project(), await customer()]

    const error = await failureOf(
      service().associate(SuiteProject, bridge, 'suite_nothing', [reference(SuiteCustomer, fabrikam)]),
    )

    expect(error.status).toBe(400)
    expect(error.message).toContain('suite_nothing')
  })
}
