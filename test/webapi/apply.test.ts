import { beforeEach, describe, expect, test } from 'vitest'
import { priority } from '../emulator/tables.ts'
import { annotated, BASE, FORMATTED } from './ask.ts'
import { createProjects, type Projects } from './projects.ts'

let client: Projects['client']
let ids: Projects['ids']

beforeEach(async () => {
  ;({ client, ids } = await createProjects())
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
