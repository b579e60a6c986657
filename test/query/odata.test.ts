import { beforeAll, describe, expect, test } from 'vitest'
import { mergeLinks, parseApply, parseODataFilter, parseOrderBy } from '../../src/query/index.ts'
import { type Row, reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'
import { scopeOf } from './odata-scope.ts'

const scope = scopeOf(Project, tables)
let dataverse: Emulator
beforeAll(async () => {
  dataverse = createEmulator({ tables, now: '2026-03-18T14:30:00Z' })
  const contoso = await dataverse.seed(Customer, { new_title: 'Contoso', new_rating: 3 })
  const fabrikam = await dataverse.seed(Customer, { new_title: 'Fabrikam', new_rating: 5 })
  const alpha = await dataverse.seed(Project, {
    new_name: 'Alpha',
    new_seats: 10,
    new_budget: 5,
    new_customer: reference(Customer, fabrikam),
  })
  const bravo = await dataverse.seed(Project, {
    new_name: 'Bravo 100%',
    new_seats: 20,
    new_customer: reference(Customer, contoso),
    new_parent: reference(Project, alpha),
  })
  await dataverse.seed(Project, { new_name: 'Charlie', new_parent: reference(Project, bravo) })
  await dataverse.seed(Task, [
    { new_title: 'dig', new_effort: 5, new_project: reference(Project, alpha) },
    { new_title: 'build', new_effort: 8, new_project: reference(Project, alpha) },
    { new_title: 'clean', new_effort: 1, new_project: reference(Project, bravo) },
  ])
  await dataverse.associate('new_project', alpha, 'new_project_member', [reference(Customer, contoso)])
})

const names = async (text: string, orderBy?: string) => {
  const { filter, links } = parseODataFilter(text, scope)
  const ordered = orderBy === undefined ? { orders: [], links: [] } : parseOrderBy(orderBy, scope)
  const { rows } = await dataverse.retrieveMultiple<Row>({
    table: 'new_project',
    columns: ['new_name'],
    filter,
    orders: ordered.orders,
    links: mergeLinks(links, ordered.links),
  })
  return rows.map((row) => {
    expect(Object.keys(row)).toEqual(['new_name'])
    return row.new_name
  })
}

describe('an OData text finds rows', () => {
  const ALL = ['Alpha', 'Bravo 100%', 'Charlie']
  test.each<[string, string[]]>([
    ['new_seats gt 10', ['Bravo 100%']],
    ['new_seats ne 10', ['Bravo 100%', 'Charlie']],
    ['not (new_seats gt 10)', ['Alpha', 'Charlie']],
    ['new_seats gt null', []],
    ["contains(new_name,'A')", ALL],
    ["contains(new_name,'a%l')", ['Alpha', 'Charlie']],
    ["endswith(new_name,'[%]')", ['Bravo 100%']],
    ["not startswith(new_name,'a')", ['Bravo 100%', 'Charlie']],
    ['new_budget lt new_seats', ['Alpha']],
    ["new_customer/new_title eq 'contoso'", ['Bravo 100%']],
    ["new_customer/new_title ne 'contoso'", ['Alpha', 'Charlie']],
    ['new_customer/new_title eq null', ['Charlie']],
    ['new_parent/new_customer/new_rating gt 4', ['Bravo 100%']],
    ['new_parent/new_customer/new_rating gt 4 or new_customer/new_rating gt 4', ['Alpha', 'Bravo 100%']],
    ['new_project_new_task_new_project/any()', ['Alpha', 'Bravo 100%']],
    ['not new_project_new_task_new_project/any()', ['Charlie']],
    ['new_project_new_task_new_project/any(t:t/new_effort gt 4 and t/new_effort lt 6)', ['Alpha']],
    // Of nothing, everything is true.
    ['new_project_new_task_new_project/all(t:t/new_effort gt 4)', ['Alpha', 'Charlie']],
    ["new_project_new_project_new_parent/any(p:p/new_customer/new_title eq 'Contoso')", ['Alpha']],
    ['new_project_new_project_new_parent/any(p:p/new_customer/new_title eq null)', ['Bravo 100%']],
    [
      'new_project_new_project_new_parent/any(p:p/new_project_new_task_new_project/any(t:t/new_effort eq 1))',
      ['Alpha'],
    ],
    ["new_project_member/any(c:c/new_title eq 'Contoso')", ['Alpha']],
    ["not new_project_member/any(c:c/new_title eq 'Contoso')", ['Bravo 100%', 'Charlie']],
    ["new_project_member/any(c:c/new_title eq 'Fabrikam')", []],
    ["Microsoft.Dynamics.CRM.Today(PropertyName='createdon')", ALL],
    ["Microsoft.Dynamics.CRM.In(PropertyName='new_seats',PropertyValues=['10','20'])", ['Alpha', 'Bravo 100%']],
    [
      "new_customer/Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue='1')",
      ['Alpha', 'Bravo 100%'],
    ],
  ])('%s', async (text, expected) => {
    expect(await names(text)).toEqual(expected)
  })

  test('in an order that goes through lookups', async () => {
    expect(await names('statecode eq 0', 'new_customer/new_rating desc,new_name')).toEqual([
      'Alpha',
      'Bravo 100%',
      'Charlie',
    ])
    expect(await names('new_customer/new_rating gt 0', 'new_customer/new_title')).toEqual(['Bravo 100%', 'Alpha'])
  })

  test('and groups', async () => {
    const { filter, groupBy, aggregates, links } = parseApply(
      'filter(new_seats gt 0)/groupby((new_customer/new_title),aggregate($count as count,new_seats with sum as seats))',
      scope,
    )
    const { rows } = await dataverse.retrieveMultiple<Row>({
      table: 'new_project',
      filter: filter!,
      groupBy,
      aggregates,
      links,
    })
    expect(rows).toEqual([
      { new_customer_new_title: 'Contoso', count: 1, seats: 20 },
      { new_customer_new_title: 'Fabrikam', count: 1, seats: 10 },
    ])
  })
})
