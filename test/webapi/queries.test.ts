import { beforeEach, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { Customer, Project, Task } from '../emulator/tables.ts'
import { type Answer, annotated, BASE, FORMATTED } from './ask.ts'
import { createProjects, type Projects } from './projects.ts'

let dataverse: Projects['dataverse']
let client: Projects['client']
let ids: Projects['ids']

beforeEach(async () => {
  ;({ dataverse, client, ids } = await createProjects())
})

const names = ({ body }: Answer) => body.value.map((row: Record<string, unknown>) => row.new_name ?? row.new_title)
const list = (query: string, headers = {}) => client.get(`/new_projects?${query}`, headers)

describe('$filter', () => {
  test.each<[string, string[]]>([
    ['new_budget gt 1000', ["O'Brien's Bridge"]],
    ["new_name eq 'o''brien''s bridge'", ["O'Brien's Bridge"]],
    ["contains(new_name,'oa') and new_seats eq 3", ['Road']],
    ['not (new_seats eq 3)', []],
    ['new_code eq null', ["O'Brien's Bridge", 'Road']],
    ["new_customer/new_title eq 'Fabrikam' and new_budget lt 1000", ['Road']],
    ['new_project_new_task_new_project/any(t:t/new_effort gt 5)', ["O'Brien's Bridge"]],
    ['new_project_member/any()', ["O'Brien's Bridge"]],
    ["new_project_member/any(m:m/new_title eq 'Adatum' and m/createdby/fullname ne null)", ["O'Brien's Bridge"]],
    ["new_project_member/any(m:m/createdby/fullname eq 'Nobody')", []],
    ["new_project_member/all(m:m/createdby/fullname eq 'Nobody')", ['Road']],
    ['new_budget gt new_seats', ["O'Brien's Bridge", 'Road']],
    ["Microsoft.Dynamics.CRM.In(PropertyName='new_name',PropertyValues=['Road','Rail'])", ['Road']],
    ['new_priority eq 100000001', ['Road']],
  ])('%s', async (filter, expected) => {
    const answer = await list(`$select=new_name&$filter=${encodeURIComponent(filter)}`)

    expect(names(answer), answer.text).toEqual(expected)
    expect(answer.body['@odata.context']).toBe(`${BASE}/$metadata#new_projects(new_name)`)
  })

  test('takes its values from parameter aliases', async () => {
    const query = "$select=new_name&$filter=contains(@p1,'oa') and @p2 eq %40p3&@p1=new_name&@p2=new_seats&@p3=3"
    expect(names(await list(query))).toEqual(['Road'])
  })

  test('by a lookup takes bare ids', async () => {
    expect(names(await list(`$select=new_name&$filter=_new_parent_value eq ${ids.bridge}`))).toEqual(['Road'])
  })

  test.each([
    [
      'nothing eq 1',
      '0x80060888',
      "Could not find a property named 'nothing' on type 'Microsoft.Dynamics.CRM.new_project'.",
    ],
    ["new_name eq 'x", '0x80060888', 'unterminated'],
    ['new_name eq', '0x80060888', 'position'],
    ['__proto__ eq 1', '0x80060888', "'__proto__'"],
  ])('refuses %s', async (filter, code, message) => {
    const { status, body } = await list(`$filter=${encodeURIComponent(filter)}`)

    expect([status, body.error.code]).toEqual([400, code])
    expect(body.error.message.toLowerCase()).toContain(message.toLowerCase())
  })

  test('limits what /$count counts', async () => {
    expect((await client.get('/new_projects/$count?$filter=new_budget gt 1000')).text).toBe('\ufeff1')
    expect((await client.get('/new_projects/$count')).text).toBe('\ufeff2')
  })

  test('limits the rows that a row is linked with', async () => {
    const path = `/new_projects(${ids.bridge})/new_project_new_task_new_project`
    const answer = await client.get(`${path}?$select=new_title&$filter=new_effort gt 5`)
    expect(names(answer)).toEqual(['Build'])
  })
})

describe('$orderby', () => {
  test('follows lookups, and orders by their rows’ names', async () => {
    await dataverse.update(Project, ids.road, { new_customer: reference(Customer, ids.adatum) })

    expect(names(await list('$select=new_name&$orderby=_new_customer_value'))).toEqual(['Road', "O'Brien's Bridge"])
    expect(names(await list('$select=new_name&$orderby=new_customer/new_rating desc'))).toEqual([
      "O'Brien's Bridge",
      'Road',
    ])
  })
})

describe('paging', () => {
  test('the link has the options of the query and a cookie in the documented form', async () => {
    const { body } = await list('$select=new_name&$orderby=new_name', { Prefer: 'odata.maxpagesize=1' })

    const [path, token] = body['@odata.nextLink'].split('&$skiptoken=')
    expect(path).toBe(`${BASE}/new_projects?$select=new_name&$orderby=new_name`)
    expect(decodeURIComponent(token)).toMatch(
      /^<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e.*" istracking="False" \/>$/i,
    )
    expect(names(await client.get(body['@odata.nextLink'], { Prefer: 'odata.maxpagesize=1' }))).toEqual(['Road'])
  })
})

describe('$expand of a lookup', () => {
  test('shows the row within, with its ETag when one row is asked for', async () => {
    const one = await client.get(`/new_projects(${ids.road})?$select=new_name&$expand=new_customer($select=new_title)`)

    expect(one.body).toEqual({
      '@odata.context': `${BASE}/$metadata#new_projects(new_name,new_customer(new_title))/$entity`,
      '@odata.etag': expect.any(String),
      new_name: 'Road',
      new_projectid: ids.road,
      new_customer: { '@odata.etag': expect.any(String), new_title: 'Fabrikam', new_customerid: ids.fabrikam },
    })
  })

  test('of a set shows rows without ETags, and null where there is none', async () => {
    const { body } = await list('$select=new_name&$expand=new_parent($select=new_name),new_customer($select=new_title)')

    expect(body['@odata.context']).toBe(
      `${BASE}/$metadata#new_projects(new_name,new_parent(new_name),new_customer(new_title))`,
    )
    expect(body.value).toMatchObject([
      { new_parent: null },
      { new_parent: { new_name: "O'Brien's Bridge", new_projectid: ids.bridge } },
    ])
    expect(body.value[1].new_parent).not.toHaveProperty(['@odata.etag'])
  })

  test('goes on within, and annotates at every depth', async () => {
    const { body } = await list(
      `$select=new_name&$filter=new_projectid eq ${ids.road}` +
        '&$expand=new_parent($select=new_priority;$expand=new_customer($select=new_rating),createdby($select=fullname))',
      annotated,
    )

    expect(body.value[0].new_parent).toMatchObject({
      [`new_priority@${FORMATTED}`]: 'Low',
      new_customer: { new_rating: 5, [`new_rating@${FORMATTED}`]: '5' },
      createdby: {
        fullname: 'Emulator Administrator',
        systemuserid: dataverse.organization.userId,
        ownerid: dataverse.organization.userId,
      },
    })
    expect(body['@odata.context']).toContain(
      '(new_name,new_parent(new_priority,new_customer(new_rating),createdby(fullname)))',
    )
  })

  test('as a reference shows only where the row is', async () => {
    const { body } = await list('$select=new_name&$expand=new_parent/$ref')

    expect(body['@odata.context']).toBe(`${BASE}/$metadata#new_projects(new_name,new_parent,new_parent/$ref())`)
    expect(body.value).toMatchObject([
      { _new_parent_value: null, new_parent: null },
      { _new_parent_value: ids.bridge, new_parent: { '@odata.id': `${BASE}/new_projects(${ids.bridge})` } },
    ])
    expect((await list('$expand=new_project_new_task_new_project/$ref')).body.error).toMatchObject({
      code: '0x80060888',
      message: 'Expand with $ref is only supported on lookup type navigation property.',
    })
  })

  test('keeps a row from being answered with 304', async () => {
    const path = `/new_projects(${ids.road})`
    const etag = (await client.get(path)).headers.get('ETag')!

    expect((await client.get(path, { 'If-None-Match': etag })).status).toBe(304)
    expect((await client.get(`${path}?$expand=new_customer`, { 'If-None-Match': etag })).status).toBe(200)
  })

  test('is answered by a write that is to represent the row', async () => {
    const created = await client.post(
      '/new_projects?$select=new_name&$expand=new_customer($select=new_title)',
      { new_name: 'Rail', 'new_customer@odata.bind': `new_customers(${ids.adatum})` },
      { Prefer: 'return=representation' },
    )

    expect(created.body).toMatchObject({ new_name: 'Rail', new_customer: { new_title: 'Adatum' } })
  })
})

describe('$expand of a collection', () => {
  const tasks = 'new_project_new_task_new_project'

  test('of a row shows its rows, filtered, ordered and cut, without a link', async () => {
    const query = `$select=new_name&$expand=${tasks}($select=new_title;$orderby=new_title;$top=1;$filter=new_effort gt 1)`
    const { body } = await client.get(`/new_projects(${ids.bridge})?${query}`)

    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#new_projects(new_name,${tasks}(new_title))/$entity`,
      [tasks]: [{ '@odata.etag': expect.any(String), new_title: 'Build', new_taskid: ids.build }],
    })
    expect(body).not.toHaveProperty([`${tasks}@odata.nextLink`])
  })

  test('of a set shows each row’s own, what they refer to by, and where to ask for them', async () => {
    const { body } = await list(`$select=new_name&$expand=${tasks}($select=new_title;$orderby=new_effort desc)`)

    expect(body.value[0][tasks]).toEqual([
      { '@odata.etag': expect.any(String), new_title: 'Build', new_taskid: ids.build, _new_project_value: ids.bridge },
      { '@odata.etag': expect.any(String), new_title: 'Dig', new_taskid: ids.dig, _new_project_value: ids.bridge },
    ])
    expect(body.value[1][tasks]).toEqual([])
    const link = body.value[0][`${tasks}@odata.nextLink`]
    expect(link).toBe(`${BASE}/new_projects(${ids.bridge})/${tasks}?$select=new_title&$orderby=new_effort desc`)
    expect(names(await client.get(link))).toEqual(['Build', 'Dig'])
  })

  test('cuts each row’s own', async () => {
    await dataverse.create(Task, { new_title: 'Pave', new_project: reference(Project, ids.road) })

    const { body } = await list(`$select=new_name&$expand=${tasks}($select=new_title;$top=1;$orderby=new_title)`)

    expect(
      body.value.map((row: Record<string, { new_title: string }[]>) => row[tasks]!.map((t) => t.new_title)),
    ).toEqual([['Build'], ['Pave']])
  })

  test('through an intersect table works from both sides', async () => {
    const { body } = await list('$select=new_name&$expand=new_project_member($select=new_title)')
    expect(body.value).toMatchObject([{ new_project_member: [{ new_title: 'Adatum' }] }, { new_project_member: [] }])

    const other = await client.get('/new_customers?$select=new_title&$expand=new_project_member($select=new_name)')
    expect(other.body.value).toMatchObject([
      { new_project_member: [] },
      { new_project_member: [{ new_name: "O'Brien's Bridge" }] },
    ])
  })

  test('within an expansion is paged with the rows, and has links only where there is more', async () => {
    const projects = 'new_customer_new_project_new_customer'
    const { body } = await client.get(
      `/new_customers?$select=new_title&$expand=${projects}($select=new_name;$expand=${tasks}($select=new_title))`,
      { Prefer: 'odata.maxpagesize=1' },
    )

    const [fabrikam] = body.value
    expect(fabrikam[projects]).toMatchObject([{ new_name: "O'Brien's Bridge", [tasks]: [{ new_title: 'Dig' }] }])
    expect(fabrikam[projects][0]).not.toHaveProperty(['@odata.etag'])
    const next = await client.get(fabrikam[`${projects}@odata.nextLink`], { Prefer: 'odata.maxpagesize=1' })
    expect(next.body.value, next.text).toMatchObject([{ new_name: 'Road', [tasks]: [] }])
  })

  test.each([
    ['new_project_member,new_customer', 'many-to-many'],
    ['new_project_member($expand=createdby)', 'many-to-many'],
    [`${tasks}($top=1;$expand=createdby)`, 'Only $select and $filter clause can be provided'],
    ['new_customer($orderby=new_title)', 'Only $select and $filter clause can be provided'],
    [`${tasks}($count=true)`, '$count'],
    [`${tasks}($skip=1)`, '$skip'],
    ['new_name', 'navigation property'],
    ['nothing', "Could not find a property named 'nothing'"],
    ['*', 'not supported'],
  ])('refuses %s', async (expand, message) => {
    const { status, body } = await list(`$expand=${expand}`)

    expect(status).toBe(400)
    expect(body.error.message).toContain(message)
  })

  test('takes at most 15 of them', async () => {
    const lookups = ['new_parent', 'createdby', 'modifiedby', 'owninguser', 'owningteam', 'owningbusinessunit']
    const nested = (depth: number): string => (depth === 0 ? 'createdby' : `new_parent($expand=${nested(depth - 1)})`)

    expect((await list(`$expand=${nested(14)}`)).status).toBe(200)
    expect((await list(`$expand=${nested(15)}`)).status).toBe(400)
    expect((await list(`$expand=${lookups.join(',')}`)).status).toBe(200)
  })
})
