import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SystemUser, standardViews } from '../../src/entities/index.ts'
import { defineCustomApi } from '../../src/plugins/index.ts'
import { type Answer, type Connection, connect, idOf } from './connection.ts'

/**
 * What Microsoft's JavaScript samples for the Web API send, in their order: basic operations, queries, conditional
 * operations, batches, functions and actions.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-samples-client-side-javascript
 */
const base = {
  Authorization: 'Bearer token',
  'Content-Type': 'application/json',
  Accept: 'application/json',
  'OData-Version': '4.0',
  'OData-MaxVersion': '4.0',
}
const annotated = { Prefer: 'odata.include-annotations="*"' }
const FORMATTED = 'OData.Community.Display.V1.FormattedValue'

const isSystemAdmin = defineCustomApi({
  uniqueName: 'sample_IsSystemAdmin',
  kind: 'function',
  table: SystemUser,
  response: { HasRole: { type: 'Boolean' } },
  async run({ target, service }) {
    const { rows } = await service.retrieveMultiple({
      table: 'systemuserroles',
      columns: ['systemuserid'],
      filter: { kind: 'compare', column: 'systemuserid', operator: 'eq', values: [target.id] },
    })
    return { HasRole: rows.length > 0 }
  },
})

let connection: Connection
beforeEach(async () => {
  connection = await connect(
    { customApis: [isSystemAdmin], now: '2026-03-18T14:30:00Z', seed: { savedquery: standardViews } },
    base,
  )
})
afterEach(() => connection.close())

const { send, create, update, retrieve, list, remove } = {
  send: (...request: Parameters<Connection['send']>) => connection.send(...request),
  async create(set: string, row: object) {
    return idOf(await connection.send('POST', set, row))
  },
  update: (set: string, id: string, row: object, etag = '*') =>
    connection.send('PATCH', `${set}(${id})`, row, { 'If-Match': etag }),
  retrieve: (set: string, id: string, query: string) =>
    connection.send('GET', `${set}(${id})?${query}`, undefined, annotated),
  list: (path: string, query: string, size = 100) =>
    connection.send('GET', `${path}?${query}`, undefined, { Prefer: `odata.maxpagesize=${size},${annotated.Prefer}` }),
  remove: (set: string, id: string, etag?: string) =>
    connection.send('DELETE', `${set}(${id})`, undefined, etag === undefined ? {} : { 'If-Match': etag }),
}
const rowsOf = ({ body }: Answer) => body.value as Record<string, unknown>[]

test('basic operations', async () => {
  const who = (await send('GET', 'WhoAmI')).body

  const rafel = await create('contacts', { firstname: 'Rafel', lastname: 'Shillo' })
  expect((await update('contacts', rafel, { annualincome: 80000, jobtitle: 'Junior Developer' })).status).toBe(204)
  const columns = '$select=fullname,annualincome,telephone1,jobtitle,description'
  expect((await retrieve('contacts', rafel, columns)).body).toMatchObject({
    fullname: 'Rafel Shillo',
    annualincome: 80000,
    [`annualincome@${FORMATTED}`]: '$80,000.00',
    telephone1: null,
    jobtitle: 'Junior Developer',
  })
  const again = { annualincome: 95000, jobtitle: 'Senior Developer', description: 'Assignment to-be-determined' }
  expect((await update('contacts', rafel, again)).status).toBe(204)
  expect((await retrieve('contacts', rafel, columns)).body).toMatchObject(again)

  const phone = `contacts(${rafel})/telephone1`
  expect((await send('PUT', phone, { value: '555-0105' }, { 'If-None-Match': 'null' })).status).toBe(204)
  expect((await send('GET', phone, undefined, { 'If-None-Match': 'null' })).body.value).toBe('555-0105')

  const contoso = await create('accounts', {
    name: 'Contoso Ltd',
    telephone1: '555-5555',
    'primarycontactid@odata.bind': `contacts(${rafel})`,
  })
  const withContact = '$select=name&$expand=primarycontactid($select=fullname,jobtitle,annualincome)'
  expect((await retrieve('accounts', contoso, withContact)).body.primarycontactid).toMatchObject({
    fullname: 'Rafel Shillo',
    jobtitle: 'Senior Developer',
    annualincome: 95000,
  })

  const fourth = await create('accounts', {
    name: 'Fourth Coffee',
    primarycontactid: {
      firstname: 'Susie',
      lastname: 'Curtis',
      jobtitle: 'Coffee Master',
      annualincome: 48000,
      Contact_Tasks: ['Sign invoice', 'Setup new display', 'Conduct training'].map((subject, at) => ({
        subject,
        description: `Part ${at}`,
        scheduledstart: new Date(Date.UTC(2025, 3, 18 + at, 20)),
        scheduledend: new Date(Date.UTC(2025, 3, 18 + at, 21)),
        scheduleddurationminutes: 60,
      })),
    },
  })
  const susie = (await retrieve('accounts', fourth, withContact)).body.primarycontactid
  expect(susie.fullname).toBe('Susie Curtis')
  const tasks = '$select=fullname&$expand=Contact_Tasks($select=subject,description,scheduledstart,scheduledend)'
  const { Contact_Tasks } = (await retrieve('contacts', susie.contactid, tasks)).body
  expect(Contact_Tasks).toHaveLength(3)
  expect(Contact_Tasks[0].scheduledstart).toBe('2025-04-18T20:00:00Z')

  // The sample's own addresses have a doubled slash after the version.
  const related = `accounts(${fourth})/contact_customer_accounts`
  const reference = { '@odata.id': `${connection.endpoint}/contacts(${rafel})` }
  expect((await send('POST', `${related}/$ref`, reference)).status).toBe(204)
  expect(rowsOf(await list(related, '$select=fullname,jobtitle'))).toMatchObject([{ fullname: 'Rafel Shillo' }])

  const role = await create('roles', {
    name: 'Example Security Role',
    'businessunitid@odata.bind': `businessunits(${who.BusinessUnitId})`,
  })
  const roles = `systemusers(${who.UserId})/systemuserroles_association`
  const toRole = { '@odata.id': `${connection.endpoint}/roles(${role})` }
  expect((await send('POST', `${roles}/$ref`, toRole)).status).toBe(204)
  expect(rowsOf(await list(roles, `$select=name&$filter=roleid eq ${role}&$top=1`))).toMatchObject([
    { name: 'Example Security Role' },
  ])
  expect((await send('DELETE', `${roles}(${role})/$ref`)).status).toBe(204)
  expect(rowsOf(await list(roles, `$select=name&$filter=roleid eq ${role}&$top=1`))).toEqual([])

  for (const [set, id] of [
    ['contacts', rafel],
    ['accounts', contoso],
    ['accounts', fourth],
    ['roles', role],
  ] as const) {
    expect((await remove(set, id)).status, set).toBe(204)
  }
})

test('conditional operations', async () => {
  const account = (
    await send(
      'POST',
      'accounts?$select=name,revenue,telephone1,description',
      { name: 'Contoso Ltd', telephone1: '555-0000', revenue: 5000000, description: 'Parent company of others.' },
      { Prefer: 'return=representation' },
    )
  ).body
  const first = account['@odata.etag']
  expect(first).toMatch(/^W\/"([0-9a-fA-F]+)"$/)

  /** Asks again with the columns that the context of the row tells, unless nothing has changed. */
  const refresh = (row: Record<string, string>) => {
    const context = row['@odata.context']!
    const [, set] = /#(\w+)\(/.exec(context)!
    const [, columns] = /\(([^)]+)\)/.exec(context)!
    const etag = { 'If-None-Match': row['@odata.etag']! }
    return send('GET', `${set}(${row.accountid})?$select=${columns}`, undefined, etag)
  }
  const unchanged = await refresh(account)
  expect([unchanged.status, unchanged.text]).toEqual([304, ''])

  await send('PUT', `accounts(${account.accountid})/telephone1`, { value: '555-0001' }, { 'If-None-Match': 'null' })
  const changed = (await refresh(account)).body
  expect(changed.telephone1).toBe('555-0001')
  const second = changed['@odata.etag']
  expect(second).not.toBe(first)

  const message = "The version of the existing record doesn't match the RowVersion property provided."
  expect(await remove('accounts', account.accountid, first)).toMatchObject({
    status: 412,
    body: { error: { message } },
  })
  const data = { telephone1: '555-0002', revenue: 6000000 }
  expect(await update('accounts', account.accountid, data, first)).toMatchObject({
    status: 412,
    body: { error: { message } },
  })
  expect((await update('accounts', account.accountid, data, second)).status).toBe(204)
  expect((await retrieve('accounts', account.accountid, '$select=name,revenue,telephone1')).body).toMatchObject(data)
})

describe('queries', () => {
  let contoso: string
  let yvonne: string
  beforeEach(async () => {
    const tasks = (name: string, minutes: number) =>
      [1, 2, 3].map((at) => ({
        subject: `Task ${at} for ${name}`,
        description: `Task ${at} for ${name} description`,
        actualdurationminutes: minutes,
      }))
    const contact = (firstname: string, lastname: string, jobtitle: string, annualincome: number) => ({
      firstname,
      lastname: `${lastname} (sample)`,
      jobtitle,
      annualincome,
      Contact_Tasks: tasks(`${firstname} ${lastname}`, 5),
    })
    contoso = await create('accounts', {
      name: 'Contoso, Ltd. (sample)',
      Account_Tasks: tasks('Contoso, Ltd.', 10),
      primarycontactid: contact('Yvonne', 'McKay', 'Coffee Master', 45000),
      contact_customer_accounts: [
        contact('Susanna', 'Stubberod', 'Senior Purchaser', 52000),
        contact('Nancy', 'Anderson', 'Activities Manager', 55500),
        contact('Maria', 'Cambell', 'Accounts Manager', 31000),
        contact('Nancy', 'Anderson', 'Logistics Specialist', 63500),
        contact('Scott', 'Konersmann', 'Accounts Manager', 38000),
        contact('Robert', 'Lyon', 'Senior Technician', 78000),
        contact('Paul', 'Cannon', 'Ski Instructor', 68500),
        contact('Rene', 'Valdes', 'Data Analyst III', 86000),
        contact('Jim', 'Glynn', 'Senior International Sales Manager', 81400),
      ],
    })
    const query = '$select=accountid&$expand=primarycontactid($select=contactid,fullname)'
    yvonne = (await retrieve('accounts', contoso, query)).body.primarycontactid.contactid
  })
  const columns = '$select=fullname,jobtitle,annualincome'
  const sample = "contains(fullname,'(sample)')"
  const ofContoso = () => `_parentcustomerid_value eq ${contoso}`
  const contacts = (filters: readonly string[], more = '', size?: number) =>
    list('contacts', `${columns}&$filter=${filters.join(' and ')}${more}`, size)
  const names = (answer: Answer) => rowsOf(answer).map((row) => (row.fullname as string).replace(' (sample)', ''))

  test('columns, filters and orders', async () => {
    expect((await retrieve('contacts', yvonne, columns)).body).toMatchObject({
      fullname: 'Yvonne McKay (sample)',
      annualincome: 45000,
      [`annualincome@${FORMATTED}`]: '$45,000.00',
    })
    expect(names(await contacts([sample, ofContoso()]))).toHaveLength(9)
    const recent = 'Microsoft.Dynamics.CRM.LastXHours(PropertyName=@p1,PropertyValue=@p2)'
    expect(names(await contacts([recent, ofContoso()], "&@p1='createdon'&@p2='1'"))).toHaveLength(9)
    expect(names(await contacts([sample, ofContoso(), 'annualincome gt 55000']))).toHaveLength(6)
    const titles = "(contains(jobtitle, 'senior') or contains(jobtitle, 'manager'))"
    const rich = [sample, ofContoso(), titles, 'annualincome gt 55000']
    expect(names(await contacts(rich)).sort()).toEqual(['Jim Glynn', 'Nancy Anderson', 'Robert Lyon'])
    expect(
      names(await contacts([sample, ofContoso()], '&$orderby=jobtitle asc,annualincome desc')).slice(0, 3),
    ).toEqual(['Scott Konersmann', 'Maria Cambell', 'Nancy Anderson'])
    const aliased = await list(
      'contacts',
      `${columns}&$filter=contains(@p1,'(sample)') and @p2 eq @p3&$orderby=@p4 asc,@p5 desc&@p1=fullname&@p2=_parentcustomerid_value&@p3=${contoso}&@p4=jobtitle&@p5=annualincome`,
    )
    expect(names(aliased)[0]).toBe('Scott Konersmann')
  })

  test('limits, counts and pages', async () => {
    expect(names(await contacts([sample, ofContoso()], '&$top=5'))).toHaveLength(9)
    const top = await send('GET', `contacts?${columns}&$filter=${sample} and ${ofContoso()}&$top=5`)
    expect(rowsOf(top)).toHaveLength(5)
    // A byte order mark comes before the number.
    const count = await send('GET', `accounts(${contoso})/contact_customer_accounts/$count`)
    expect(JSON.parse(count.text.replace('\uFEFF', ''))).toBe(9)
    const counted = await contacts([sample, ofContoso()], '&$count=true', 2)
    expect(counted.body).toMatchObject({ '@odata.count': 9 })
    const first = await contacts([sample, ofContoso()], '&$count=true', 4)
    const next = await send('GET', first.body['@odata.nextLink'], undefined, {
      Prefer: `odata.maxpagesize=4,${annotated.Prefer}`,
    })
    expect([names(first).length, names(next).length]).toEqual([4, 4])
    expect(new Set([...rowsOf(first), ...rowsOf(next)].map(({ contactid }) => contactid)).size).toBe(8)
  })

  test('expansions of one and of many, and nested', async () => {
    const account = (expand: string) => retrieve('accounts', contoso, `$select=name&$expand=${expand}`)
    const person = '$select=fullname,jobtitle,annualincome'
    expect((await account(`primarycontactid(${person})`)).body.primarycontactid.jobtitle).toBe('Coffee Master')
    const { body } = await retrieve(
      'contacts',
      yvonne,
      '$select=fullname&$expand=account_primary_contact($select=name)',
    )
    expect(body.account_primary_contact).toMatchObject([{ name: 'Contoso, Ltd. (sample)' }])
    expect((await account(`contact_customer_accounts(${person})`)).body.contact_customer_accounts).toHaveLength(9)
    const all = `primarycontactid(${person}),contact_customer_accounts(${person}),Account_Tasks($select=subject,description)`
    expect((await account(all)).body).toMatchObject({
      primarycontactid: { fullname: 'Yvonne McKay (sample)' },
      Account_Tasks: [{}, {}, {}],
    })
    const nested =
      'regardingobjectid_contact_task($select=fullname;$expand=parentcustomerid_account($select=name;$expand=createdby($select=fullname)))'
    const filter = `regardingobjectid_contact_task/_accountid_value eq ${contoso}`
    const tasks = rowsOf(await list('tasks', `$select=subject&$expand=${nested}&$filter=${filter}`))
    expect(tasks).toHaveLength(27)
    expect(tasks[0]).toMatchObject({
      regardingobjectid_contact_task: {
        parentcustomerid_account: { name: 'Contoso, Ltd. (sample)', createdby: { fullname: 'Emulator Administrator' } },
      },
    })
  })

  test('aggregates', async () => {
    const apply = ['average', 'sum', 'min', 'max'].map((name) => `annualincome with ${name} as ${name}`).join(',')
    const [row] = rowsOf(await list(`accounts(${contoso})/contact_customer_accounts`, `$apply=aggregate(${apply})`))
    expect(row).toMatchObject({ sum: 553900, min: 31000, max: 86000, [`max@${FORMATTED}`]: '$86,000.00' })
  })

  const xml = (attributes = '') => `<fetch${attributes}>
      <entity name='contact'>
        <attribute name='fullname' />
        <attribute name='jobtitle' />
        <attribute name='annualincome' />
        <order descending='true'
               attribute='fullname' />
        <filter type='and'>
          <condition value='%(sample)%'
                     attribute='fullname'
                     operator='like' />
          <condition value='${contoso}'
                     attribute='parentcustomerid'
                     operator='eq' />
        </filter>
      </entity>
    </fetch>`
  const fetchXml = (text: string) =>
    send('GET', `contacts?fetchXml=${encodeURIComponent(text).replace(/%20/g, '+')}`, undefined, annotated)

  test('FetchXML, whole and by pages', async () => {
    expect(names(await fetchXml(xml()))[0]).toBe('Susanna Stubberod')
    const first = await fetchXml(xml(" count='3' page='1'"))
    expect(first.body['@Microsoft.Dynamics.CRM.morerecords']).toBe(true)
    expect(first.body['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']).toMatch(/^<cookie /)
    const second = await fetchXml(xml(" count='3' page='2'"))
    expect([...names(first), ...names(second)]).toEqual(names(await fetchXml(xml())).slice(0, 6))
  })

  test('saved queries and queries of one’s own', async () => {
    const [saved] = rowsOf(
      await list('savedqueries', "$select=savedqueryid,columnsetxml&$filter=name eq 'Active Accounts'"),
    )
    expect(rowsOf(await list('accounts', `savedQuery=${saved!.savedqueryid}`, 3))).toMatchObject([
      { name: 'Contoso, Ltd. (sample)' },
    ])
    const own = await create('userqueries', {
      name: 'My User Query',
      description: 'User query to display contact info.',
      querytype: 0,
      returnedtypecode: 'contact',
      fetchxml: `<fetch>
          <entity name ='contact'>
              <attribute name ='fullname' />
              <attribute name ='contactid' />
              <order descending ='false' attribute='fullname' />
              <filter type ='and'>
                  <condition value ='%Manager%' attribute='jobtitle' operator='like' />
                  <condition value ='55000' attribute='annualincome' operator='gt' />
              </filter>
          </entity>
       </fetch>`,
    })
    expect(names(await list('contacts', `userQuery=${own}`, 3))).toEqual(['Jim Glynn', 'Nancy Anderson'])
    expect((await remove('userqueries', own)).status).toBe(204)
  })
})

describe('a batch', () => {
  /** A part as the sample writes it: the content id of a change set stands among the headers of the request. */
  const part = (boundary: string, method: string, path: string, headers: Record<string, string> = {}, body?: object) =>
    [
      `--${boundary}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `${method} ${new URL(path, connection.endpoint).pathname} HTTP/1.1`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(body === undefined ? [''] : ['', JSON.stringify(body)]),
    ].join('\r\n')
  const typed = { 'content-type': 'application/json;type=entry' }
  const post = (items: readonly string[], headers = {}) =>
    send('POST', '$batch', [...items, '--batch_1--\r\n'].join('\r\n'), {
      'Content-Type': 'multipart/mixed; boundary=batch_1',
      'If-None-Match': 'null',
      ...headers,
    })
  const changeSet = (parts: readonly string[]) =>
    `--batch_1\r\nContent-Type: multipart/mixed; boundary=changeset_2\r\n${parts.map((text) => `\r\n${text}`).join('')}\r\n--changeset_2--\r\n`

  test('creates accounts in a change set and beside it, and asks who is calling', async () => {
    const accounts = [0, 1].map((at) =>
      part(
        'changeset_2',
        'POST',
        'accounts',
        { 'content-id': String(at), ...typed },
        { name: `Account ${at + 1} of 3` },
      ),
    )
    const third = part(
      'batch_1',
      'POST',
      'accounts',
      { ...typed, prefer: 'return=representation' },
      { name: 'Account 3 of 3' },
    )
    const { status, text } = await post([changeSet(accounts), third, part('batch_1', 'GET', 'WhoAmI')], {
      Prefer: 'odata.continue-on-error',
    })

    expect(status).toBe(200)
    expect([...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, code]) => code)).toEqual(['204', '204', '201', '200'])
    // The sample takes each line of an answer for JSON, a header or nothing.
    const lines = text.split('\r\n').filter((line) => line.startsWith('{'))
    expect(JSON.parse(lines[0]!)).toMatchObject({ name: 'Account 3 of 3' })
    expect(JSON.parse(lines[1]!)).toHaveProperty('UserId')
    expect(text).toMatch(/--batchresponse_[\w-]+\r\nContent-Type: multipart\/mixed; boundary=changesetresponse_/)
    expect(await connection.dataverse.list('account')).toHaveLength(3)
  })

  test('deletes what a sample has created', async () => {
    const ids = [await create('accounts', { name: 'a' }), await create('accounts', { name: 'b' })]
    const { status } = await post([
      changeSet(ids.map((id, at) => part('changeset_2', 'DELETE', `accounts(${id})`, { 'content-id': String(at) }))),
    ])
    expect(status).toBe(200)
    expect(await connection.dataverse.list('account')).toEqual([])
  })
})

test('functions and actions', async () => {
  const who = (await send('GET', 'WhoAmI')).body
  const contoso = await create('accounts', {
    accountcategorycode: 1,
    address1_city: 'Redmond',
    address1_country: 'USA',
    address1_line1: '123 Maple St.',
    address1_name: 'Corporate Headquarters',
    address1_postalcode: '98000',
    address1_shippingmethodcode: 4,
    address1_stateorprovince: 'WA',
    address1_telephone1: '555-1234',
    customertypecode: 3,
    description: 'Contoso is a business consulting company.',
    emailaddress1: 'info@contoso.com',
    industrycode: 7,
    name: 'Contoso Consulting',
    numberofemployees: 150,
    ownershipcode: 2,
    preferredcontactmethodcode: 2,
    telephone1: '(425) 555-1234',
  })
  expect(rowsOf(await list('solutions', "$select=solutionid&$filter=uniquename eq 'IsSystemAdminFunction'"))).toEqual(
    [],
  )

  const address = {
    Line1: '123 Maple St.',
    City: 'Seattle',
    StateOrProvince: 'WA',
    PostalCode: '98007',
    Country: 'USA',
  }
  const aliases = Object.keys(address).map((key, at) => `${key}=@p${at + 1}`)
  const values = Object.values(address).map((value, at) => `@p${at + 1}='${value}'`)
  const formatted = `FormatAddress(${aliases.join(',')})?${values.join('&')}`.replaceAll("'", '%27')
  expect((await send('GET', formatted)).body.Address).toBe('123 Maple St.\r\nSeattle, WA 98007\r\nUSA')

  const template = (
    await send(
      'GET',
      `InitializeFrom(EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3)?@p1={'@odata.id':'accounts(${contoso})'}&@p2='account'&@p3=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate'`.replaceAll(
        "'",
        '%27',
      ),
    )
  ).body
  const { 'ownerid@odata.bind': _, ...branch } = {
    ...template,
    name: 'Contoso Consulting Chicago Branch',
    numberofemployees: 12,
  }
  const columns = Object.keys(branch)
    .filter((key) => !key.startsWith('@'))
    .map((key) => (key.endsWith('@odata.bind') ? `_${key.replace('@odata.bind', '')}_value` : key))
  const chicago = await send('POST', `accounts?$select=${columns.join(',')}`, branch, {
    Prefer: `return=representation,${annotated.Prefer}`,
  })
  expect(chicago.body).toMatchObject({
    name: 'Contoso Consulting Chicago Branch',
    numberofemployees: 12,
    _parentaccountid_value: contoso,
  })

  const organization =
    "RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
  expect((await send('GET', organization)).body.Detail.OrganizationId).toBe(who.OrganizationId)
  const counts = (await send('GET', "RetrieveTotalRecordCount(EntityNames=@p1)?@p1=['account','contact']")).body
  expect(counts.EntityRecordCountCollection).toMatchObject({ Keys: ['account', 'contact'], Values: [2, 0] })

  expect(
    (await send('GET', `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.sample_IsSystemAdmin`)).body.HasRole,
  ).toBe(true)

  const [other] = await connection.dataverse.seed('systemuser', [{ fullname: 'Somebody' }])
  const shared = await create('accounts', { name: 'Account to Share' })
  const rights = `systemusers(${other})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@p1)?@p1={ '@odata.id':'accounts(${shared})'}`
  expect((await send('GET', rights)).body.AccessRights).toEqual(expect.any(String))
  const grant = await send('POST', 'GrantAccess', {
    Target: { accountid: shared, '@odata.type': 'Microsoft.Dynamics.CRM.account' },
    PrincipalAccess: {
      Principal: { systemuserid: other, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' },
      AccessMask: 'DeleteAccess',
    },
  })
  expect(grant.status).toBe(204)
  expect((await send('GET', rights)).body.AccessRights).toContain('DeleteAccess')

  const role = await create('roles', {
    name: 'Test Role',
    'businessunitid@odata.bind': `businessunits(${who.BusinessUnitId})`,
  })
  const privileges = rowsOf(
    await list('privileges', "$select=name&$filter=name eq 'prvCreateAccount' or name eq 'prvReadAccount'"),
  )
  expect(privileges).toHaveLength(2)
  const added = await send('POST', `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
    Privileges: privileges.map(({ privilegeid, name }) => ({
      BusinessUnitId: who.BusinessUnitId,
      Depth: 'Basic',
      PrivilegeId: privilegeid,
      PrivilegeName: name,
    })),
  })
  expect(added.status).toBe(204)
  const held = rowsOf(await list(`roles(${role})/roleprivileges_association`, '$select=name'))
  expect(held.map(({ name }) => name).sort()).toEqual(['prvCreateAccount', 'prvReadAccount'])
})
