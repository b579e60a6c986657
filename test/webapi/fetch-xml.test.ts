import { beforeEach, describe, expect, test } from 'vitest'
import { SavedQuery, UserQuery } from '../../src/entities/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, priority, Task, tables } from '../emulator/tables.ts'
import { type Answer, annotated, BASE, type Client, clientOf, FORMATTED, nowhere } from './ask.ts'

let dataverse: Emulator
let client: Client
let fabrikam: string
let bridge: string
beforeEach(async () => {
  dataverse = createEmulator({ tables: [...tables, SavedQuery, UserQuery], now: '2026-03-01T09:30:00Z' })
  client = clientOf({ service: dataverse, tables: dataverse.tables })
  fabrikam = await dataverse.create(Customer, { new_title: 'Fabrikam', new_rating: 5 })
  const new_customer = reference(Customer, fabrikam)
  bridge = await dataverse.create(Project, { new_name: 'Bridge', new_budget: 2000, new_customer })
  await dataverse.create(Project, { new_name: 'Road', new_budget: 500, new_priority: priority.High, new_customer })
  await dataverse.create(Task, { new_title: 'Dig', new_project: reference(Project, bridge) })
})

const fetch = (xml: string, more = '', headers = {}) =>
  client.get(`/new_projects?fetchXml=${encodeURIComponent(xml)}${more}`, headers)
const names = ({ body }: Answer) => body.value.map(({ new_name }: { new_name: string }) => new_name)

describe('fetchXml', () => {
  test('answers the columns asked for, the key, and nothing that is null', async () => {
    const { body } = await fetch(
      "<fetch><entity name='new_project'><attribute name='new_name'/><attribute name='new_code'/><attribute name='new_customer'/><order attribute='new_name'/></entity></fetch>",
    )

    expect(body['@odata.context']).toBe(
      `${BASE}/$metadata#new_projects(new_name,new_code,_new_customer_value,new_customer,new_projectid,new_customer())`,
    )
    expect(body.value[0]).toEqual({
      '@odata.etag': expect.stringMatching(/^W\/"\d+"$/),
      new_name: 'Bridge',
      _new_customer_value: fabrikam,
      new_projectid: bridge,
    })
    expect(body).not.toHaveProperty(['@odata.nextLink'])
  })

  test('takes a plus for a space', async () => {
    const answer = await client.get(
      "/new_projects?fetchXml=<fetch><entity+name='new_project'><attribute+name='new_name'/></entity></fetch>",
    )
    expect(names(answer)).toEqual(['Bridge', 'Road'])
  })

  test('names columns of links by their alias, and by an alias of their own', async () => {
    const { body } = await fetch(
      `<fetch><entity name='new_project'><attribute name='new_name' alias='title'/>
        <link-entity name='new_customer' from='new_customerid' to='new_customer' alias='c'>
          <attribute name='new_title'/><attribute name='new_rating' alias='stars'/><attribute name='ownerid'/>
        </link-entity>
        <link-entity name='new_task' from='new_project' to='new_projectid'><attribute name='new_title'/></link-entity>
      </entity></fetch>`,
      '',
      annotated,
    )

    expect(body.value).toEqual([
      {
        '@odata.etag': expect.any(String),
        title: 'Bridge',
        new_projectid: bridge,
        'c.new_title': 'Fabrikam',
        [`stars@${FORMATTED}`]: '5',
        stars: 5,
        [`c.ownerid@${FORMATTED}`]: 'Emulator Administrator',
        'c.ownerid@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
        'c.ownerid': dataverse.organization.userId,
        'new_task2.new_title': 'Dig',
      },
    ])
  })

  test('annotates choices, lookups and money', async () => {
    const { body } = await fetch(
      "<fetch top='1'><entity name='new_project'><attribute name='new_budget'/><attribute name='new_priority'/><attribute name='new_customer'/><order attribute='new_name'/></entity></fetch>",
      '',
      annotated,
    )

    expect(body.value[0]).toMatchObject({
      [`new_budget@${FORMATTED}`]: '$2,000.00',
      [`new_priority@${FORMATTED}`]: 'Low',
      [`_new_customer_value@${FORMATTED}`]: 'Fabrikam',
      '_new_customer_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'new_customer',
    })
  })

  test('pages by the cookie of an annotation', async () => {
    const page = (number: number, cookie: string) =>
      fetch(
        `<fetch count='1' page='${number}' ${cookie}><entity name='new_project'><attribute name='new_name'/><order attribute='new_name'/></entity></fetch>`,
        '&$count=true',
        { Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"' },
      )

    const first = await page(1, '')
    expect(names(first)).toEqual(['Bridge'])
    expect(first.body).toMatchObject({
      '@odata.count': 2,
      '@Microsoft.Dynamics.CRM.totalrecordcount': 2,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
      '@Microsoft.Dynamics.CRM.morerecords': true,
    })
    const cookie = first.body['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']
    const [, inner] = /^<cookie pagenumber="2" pagingcookie="([^"]+)" istracking="False" \/>$/.exec(cookie)!
    const decoded = decodeURIComponent(decodeURIComponent(inner!))
    expect(decoded).toMatch(
      /^<cookie page="1"><new_name last="Bridge" first="Bridge" \/><new_projectid last="\{[0-9A-F-]+\}"/,
    )
    const escaped = decoded.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
    const second = await page(2, `paging-cookie='${escaped}'`)
    expect(names(second), second.text).toEqual(['Road'])
    expect(second.body['@Microsoft.Dynamics.CRM.morerecords']).toBe(false)
    expect(second.body).not.toHaveProperty(['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'])
  })

  test('aggregates, and says of which columns', async () => {
    const { body } = await fetch(
      `<fetch aggregate='true'><entity name='new_project'>
        <attribute name='new_budget' alias='total' aggregate='sum'/><attribute name='new_name' alias='many' aggregate='count'/>
        <attribute name='new_customer' alias='who' groupby='true'/><attribute name='createdon' alias='year' groupby='true' dategrouping='year'/>
      </entity></fetch>`,
      '',
      annotated,
    )

    expect(body['@odata.context']).toBe(`${BASE}/$metadata#new_projects`)
    expect(body.value).toEqual([
      {
        'who@OData.Community.Display.V1.AttributeName': 'new_customer',
        [`who@${FORMATTED}`]: 'Fabrikam',
        'who@Microsoft.Dynamics.CRM.lookuplogicalname': 'new_customer',
        who: fabrikam,
        'year@OData.Community.Display.V1.AttributeName': 'createdon',
        [`year@${FORMATTED}`]: '2,026',
        year: 2026,
        'total@OData.Community.Display.V1.AttributeName': 'new_budget',
        [`total@${FORMATTED}`]: '$2,500.00',
        total: 2500,
        'many@OData.Community.Display.V1.AttributeName': 'new_name',
        [`many@${FORMATTED}`]: '2',
        many: 2,
      },
    ])
  })

  test('calls fiscal periods by their names', async () => {
    const { body } = await fetch(
      "<fetch aggregate='true'><entity name='new_project'><attribute name='createdon' alias='p' groupby='true' dategrouping='fiscal-period'/><attribute name='new_name' alias='n' aggregate='count'/></entity></fetch>",
      '',
      annotated,
    )
    expect(body.value).toMatchObject([{ [`p@${FORMATTED}`]: 'Quarter 1 FY2026', n: 2 }])
  })

  test('runs on the rows that a row is linked with', async () => {
    const xml = encodeURIComponent("<fetch><entity name='new_project'><attribute name='new_name'/></entity></fetch>")
    const other = await dataverse.create(Customer, { new_title: 'Adatum' })
    const path = (id: string) => `/new_customers(${id})/new_customer_new_project_new_customer?fetchXml=${xml}`

    expect(names(await client.get(path(fabrikam)))).toEqual(['Bridge', 'Road'])
    expect(names(await client.get(path(other)))).toEqual([])
  })

  test.each([
    ["<fetch><entity name='new_customer'/></fetch>", '', '0x80041128'],
    ["<fetch><entity name='new_project'>", '', '0x80040303'],
    ["<fetch><entity name='new_project'><attribute name='nothing'/></entity></fetch>", '', '0x80041103'],
    ['', '', '0x80040303'],
    ["<fetch><entity name='new_project'/></fetch>", '&$filter=new_seats eq 1', '0x80060888'],
    ["<fetch><entity name='new_project'/></fetch>", '&$top=1', '0x80060888'],
    ["<fetch><entity name='new_project'/></fetch>", `&savedQuery=${nowhere}`, '0x80060888'],
  ])('refuses %s%s', async (xml, more, code) => {
    const { status, body } = await fetch(xml, more)
    expect([status, body.error.code]).toEqual([400, code])
  })
})

describe('savedQuery and userQuery', () => {
  const fetchxml =
    "<fetch><entity name='new_project'><attribute name='new_name'/><filter><condition attribute='new_budget' operator='gt' value='100'/></filter><order attribute='new_name' descending='true'/></entity></fetch>"

  test.each(['savedQuery', 'userQuery'] as const)(
    '%s runs a view, with further conditions and columns',
    async (option) => {
      const view = { name: 'All', fetchxml, returnedtypecode: 'new_project' }
      const id = await dataverse.create(option.toLowerCase(), view)

      expect(names(await client.get(`/new_projects?${option}=${id}`))).toEqual(['Road', 'Bridge'])
      const filtered = await client.get(`/new_projects?${option}=${id}&$filter=new_budget lt 1000&$select=new_budget`)
      expect(filtered.body.value).toMatchObject([{ new_budget: 500 }])
      expect(filtered.body.value[0]).not.toHaveProperty('new_name')
    },
  )

  test('is paged by links', async () => {
    const id = await dataverse.create(SavedQuery, { name: 'All', fetchxml, returnedtypecode: 'new_project' })
    const prefer = { Prefer: 'odata.maxpagesize=1' }

    const first = await client.get(`/new_projects?savedQuery=${id}`, prefer)
    expect(names(first)).toEqual(['Road'])
    const second = await client.get(first.body['@odata.nextLink'], prefer)
    expect(names(second)).toEqual(['Bridge'])
    expect(second.body).not.toHaveProperty(['@odata.nextLink'])
  })

  test('refuses another table’s view, and what is none', async () => {
    const id = await dataverse.create(SavedQuery, { name: 'All', fetchxml, returnedtypecode: 'new_project' })

    expect((await client.get(`/new_customers?savedQuery=${id}`)).body.error.code).toBe('0x80041128')
    expect((await client.get(`/new_projects?savedQuery=${nowhere}`)).status).toBe(404)
    expect((await client.get('/new_projects?savedQuery=x')).status).toBe(400)
  })
})
