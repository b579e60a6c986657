import { beforeEach, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, priority, Task, tables } from '../emulator/tables.ts'
import { annotated, BASE, type Client, clientOf, FORMATTED } from './ask.ts'

let dataverse: Emulator
let client: Client
let ids: { fabrikam: string; adatum: string; bridge: string; road: string; dig: string; build: string }

/** Fabrikam has the bridge and the road; the bridge is to be dug and built; Adatum has nothing. */
beforeEach(async () => {
  dataverse = createEmulator({ tables, now: '2026-03-01T09:30:00Z' })
  client = clientOf({ service: dataverse, tables: dataverse.tables })
  const currency = await dataverse.seed('transactioncurrency', {
    currencyname: 'US Dollar',
    isocurrencycode: 'USD',
    currencysymbol: '$',
    exchangerate: 1,
  })
  expect(currency).toBeDefined()
  const fabrikam = await dataverse.create(Customer, { new_title: 'Fabrikam', new_rating: 5 })
  const adatum = await dataverse.create(Customer, { new_title: 'Adatum', new_rating: 3 })
  const of = { new_customer: reference(Customer, fabrikam) }
  const bridge = await dataverse.create(Project, {
    ...of,
    new_name: "O'Brien's Bridge",
    new_budget: 2000,
    new_seats: 3,
  })
  const road = await dataverse.create(Project, {
    ...of,
    new_name: 'Road',
    new_budget: 500,
    new_seats: 3,
    new_priority: priority.High,
    new_parent: reference(Project, bridge),
  })
  const within = { new_project: reference(Project, bridge) }
  const dig = await dataverse.create(Task, { ...within, new_title: 'Dig', new_effort: 3 })
  const build = await dataverse.create(Task, { ...within, new_title: 'Build', new_effort: 8 })
  await dataverse.associate(Project, bridge, 'new_project_member', [reference(Customer, adatum)])
  ids = { fabrikam, adatum, bridge, road, dig, build }
})

const list = (query: string, headers = {}) => client.get(`/new_projects?${query}`, headers)

describe('$apply', () => {
  const apply = (text: string, more = '') => list(`$apply=${encodeURIComponent(text)}${more}`, annotated)

  test('groups and aggregates', async () => {
    const { body } = await apply(
      'groupby((new_priority,new_customer/new_title),aggregate(new_budget with sum as total,$count as count))',
    )

    expect(body['@odata.context']).toBe(`${BASE}/$metadata#new_projects`)
    expect(body.value).toEqual([
      {
        [`new_priority@${FORMATTED}`]: 'Low',
        new_priority: priority.Low,
        new_customer_new_title: 'Fabrikam',
        [`total@${FORMATTED}`]: '$2,000.00',
        total: 2000,
        [`count@${FORMATTED}`]: '1',
        count: 1,
      },
      expect.objectContaining({ new_priority: priority.High, total: 500, count: 1 }),
    ])
  })

  test('filters first', async () => {
    const { body } = await apply(
      'filter(new_seats eq 3)/aggregate(new_budget with max as most)',
      '&$filter=new_budget lt 1000',
    )
    expect(body.value).toMatchObject([{ most: 500 }])
  })

  test('leaves out a group without a value', async () => {
    const { body } = await apply('groupby((new_code),aggregate($count as count))')
    expect(body.value).toMatchObject([{ count: 2 }])
    expect(body.value[0]).not.toHaveProperty('new_code')
  })

  test('shows a lookup as its id', async () => {
    const { body } = await apply('groupby((_new_customer_value))')
    expect(body.value).toEqual([
      {
        [`_new_customer_value@${FORMATTED}`]: 'Fabrikam',
        '_new_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'new_customer',
        _new_customer_value: ids.fabrikam,
      },
    ])
  })

  test.each([
    ['groupby((new_started))', '', 400],
    ['groupby((new_seats))', '&$orderby=new_seats', 400],
    ['groupby((new_seats))', '&$top=1', 400],
    ['nothing', '', 400],
  ])('refuses %s%s', async (text, more, status) => {
    expect((await apply(text, more)).status).toBe(status)
  })
})
