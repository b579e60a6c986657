import { beforeAll, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { annotated, BASE, type Client, connect, environment, error, FORMATTED, sample, Thing } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
/** Nothing here writes. */
beforeAll(async () => {
  ;({ client, dataverse } = environment())
  const [thing] = await dataverse.seed(Thing, [{ new_name: 'Hammer', new_number: 5, new_colours: [1] }])
  await dataverse.associate(Thing, thing!, 'new_thing_contact', [reference('contact', sample.susie)])
})
const contoso = `/accounts(${sample.contoso})`
const [C, F, A] = ['Contoso', 'Fourth Coffee', "Adventure 'Works'"]

const query = async (options: string, set = 'accounts', headers = {}) => client.get(`/${set}?${options}`, headers)
const found = async (filter: string, more = '') => {
  const { body } = await query(`$select=name&$orderby=name&$filter=${encodeURIComponent(filter)}${more}`)
  return body.value?.map((row: { name: string }) => row.name) ?? body
}
const refused = (filter: string, message: RegExp) => async () => {
  const { status, body } = await query(`$filter=${encodeURIComponent(filter)}`)
  expect([status, body.error.message]).toEqual([400, expect.stringMatching(message)])
}

describe('$filter', () => {
  test(feature('filter.comparison'), async () => {
    expect(await found('revenue eq 20000')).toEqual([C])
    expect(await found('revenue ne 20000')).toEqual([A, F])
    expect(await found('revenue gt 10000')).toEqual([C])
    expect(await found('revenue ge 10000')).toEqual([C, F])
    expect(await found('revenue lt 20000.00')).toEqual([F])
    expect(await found('lastonholdtime le 2023-04-07T21:59:01Z')).toEqual([C])
    expect(await found('creditonhold eq true')).toEqual([C])
  })

  test(feature('filter.logic'), async () => {
    expect(await found("name eq 'Contoso' or revenue lt 20000 and industrycode eq 7")).toEqual([C])
    expect(await found("(name eq 'Contoso' or revenue lt 20000) and industrycode eq 4")).toEqual([F])
    expect(await found("not (name eq 'Contoso')")).toEqual([A, F])
    expect(await found("not contains(name,'o')")).toEqual([])
  })

  test(feature('filter.column-comparison'), async () => {
    expect(await found('revenue gt creditlimit')).toEqual([F])
  })

  test(feature('filter.text-functions'), async () => {
    expect(await found("contains(name,'OURT')")).toEqual([F])
    expect(await found("startswith(name,'con')")).toEqual([C])
    expect(await found("endswith(name,'COFFEE')")).toEqual([F])
  })

  test(feature('filter.wildcards'), async () => {
    expect(await found("contains(name,'c_ffee')")).toEqual([F])
    expect(await found("startswith(name,'[c-f]')")).toEqual([C, F])
    expect(await found("startswith(name,'[^c]')")).toEqual([A, F])
    expect(await found("contains(name,'n%s')")).toEqual([A, C])
  })

  test(feature('filter.quotes'), async () => {
    expect(await found("name eq 'Adventure ''Works'''")).toEqual([A])
  })

  test(feature('filter.unterminated'), refused("name eq 'Contoso", /unterminated literal at position \d+ in/))

  test(feature('filter.guid'), async () => {
    expect(await found(`accountid eq ${sample.contoso}`)).toEqual([C])
    expect(await found(`accountid eq '${sample.contoso}'`)).toEqual([C])
    expect(await found(`_primarycontactid_value eq ${sample.yvonne}`)).toEqual([C])
  })

  test(feature('filter.null'), async () => {
    expect(await found('revenue eq null')).toEqual([A])
    expect(await found('revenue ne null')).toEqual([C, F])
  })

  test(feature('filter.lookup-path'), async () => {
    expect(await found("primarycontactid/fullname eq 'Yvonne McKay'")).toEqual([C])
    expect(await found("parentaccountid/primarycontactid/firstname eq 'Yvonne'")).toEqual([A])
    expect(await found('parentaccountid/primarycontactid/owninguser/fullname ne null')).toEqual([A])
  })

  test(feature('filter.any'), async () => {
    expect(await found("Account_Tasks/any(t:t/prioritycode eq 2 and contains(t/subject,'pla'))")).toEqual([C])
    expect(await found("Account_Tasks/any(t:t/prioritycode eq 2 and t/subject eq 'Call')")).toEqual([])
  })

  test(feature('filter.any-empty'), async () => {
    expect(await found('Account_Tasks/any()')).toEqual([C])
    expect(await found('not Account_Tasks/any()')).toEqual([A, F])
  })

  test(feature('filter.all'), async () => {
    expect(await found('Account_Tasks/all(t:t/prioritycode ge 0)')).toContain(C)
    expect(await found('Account_Tasks/all(t:t/prioritycode eq 2)')).not.toContain(C)
  })

  test(feature('filter.any-nested'), async () => {
    expect(await found('contact_customer_accounts/any(c:c/account_primary_contact/any(a:a/revenue gt 15000))')).toEqual(
      [C],
    )
  })

  test(
    feature('filter.any-below-lookup'),
    refused("primarycontactid/contact_customer_contacts/any(c:c/fullname eq 'x')", /./),
  )

  test(feature('filter.aliases'), async () => {
    const aliases = "&@p1=name&@p2='Con'&@p3=revenue&@p4=20000"
    expect(await found('startswith(@p1,@p2) and @p3 eq @p4', aliases)).toEqual([C])
  })

  test(feature('filter.alias-missing'), async () => {
    expect(await found('revenue eq @p1')).toEqual([A])
  })

  test(feature('filter.unknown-property'), async () => {
    expect(await query("$filter=nothing eq 'x'")).toMatchObject(
      error(
        400,
        '0x80060888',
        /^Could not find a property named 'nothing' on type 'Microsoft\.Dynamics\.CRM\.account'\.$/,
      ),
    )
  })

  test(
    feature('filter.not-before-function'),
    refused(
      "not Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
      /Not operator along with the Custom Named Condition operators is not allowed/,
    ),
  )

  test(feature('filter.functions-not-supported'), async () => {
    for (const filter of [
      "tolower(name) eq 'x'",
      'length(name) gt 1',
      'year(createdon) eq 2026',
      "substring(name,1) eq 'x'",
    ]) {
      const { status } = await query(`$filter=${encodeURIComponent(filter)}`)
      expect([400, 501], filter).toContain(status)
    }
  })

  test(feature('filter.multi-quote'), async () => {
    expect(await found(`Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=["Adventure 'Works'"])`)).toEqual([
      A,
    ])
    expect(await found(`Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['Contoso'])`)).toEqual([C])
  })
})

test(feature('select.columns'), async () => {
  const { body } = await query(`$select=name,industrycode&$filter=name eq 'Contoso'`)
  expect(body.value).toEqual([
    { '@odata.etag': expect.any(String), name: 'Contoso', industrycode: 7, accountid: sample.contoso },
  ])
})

describe('$orderby and paging', () => {
  const ordered = async (order: string, set = 'accounts', name = 'name') =>
    (await query(`$select=${name}&$orderby=${order}`, set)).body.value.map((row: Record<string, unknown>) => row[name])

  test(feature('orderby.direction'), async () => {
    expect(await ordered('name')).toEqual([A, C, F])
    expect(await ordered('creditonhold desc,name asc')).toEqual([C, A, F])
    expect(await ordered('revenue desc')).toEqual([C, F, A])
  })

  test(feature('orderby.lookup'), async () => {
    expect(await ordered('_primarycontactid_value desc')).toEqual([C, F, A])
  })

  test(feature('orderby.choice'), async () => {
    expect(await ordered('prioritycode desc', 'tasks', 'subject')).toEqual(['Plan', 'Call'])
  })

  test(feature('orderby.default'), async () => {
    const { body } = await query('$select=name')
    const ids = body.value.map((row: { accountid: string }) => row.accountid)
    expect(ids).toEqual([...ids].sort())
  })

  test(feature('top.limits'), async () => {
    const { body } = await query('$select=name&$orderby=name&$top=1')
    expect(body.value).toMatchObject([{ name: A }])
    expect(body).not.toHaveProperty(['@odata.nextLink'])
  })

  test(feature('top.ignored-with-maxpagesize'), async () => {
    const { body } = await query('$select=name&$top=1', 'accounts', { Prefer: 'odata.maxpagesize=2' })
    expect(body.value).toHaveLength(2)
  })

  const paged = { Prefer: 'odata.maxpagesize=2' }

  test(feature('page.next-link'), async () => {
    const first = await query('$select=name&$orderby=name', 'accounts', paged)
    const second = await client.get(first.body['@odata.nextLink'], paged)
    expect([...first.body.value, ...second.body.value].map(({ name }) => name)).toEqual([A, C, F])
    expect(second.body).not.toHaveProperty(['@odata.nextLink'])
  })

  test(feature('page.skiptoken'), async () => {
    const { body } = await query('$select=name&$orderby=name', 'accounts', paged)
    const [link, token] = body['@odata.nextLink'].split('&$skiptoken=')
    expect(link).toBe(`${BASE}/accounts?$select=name&$orderby=name`)
    const cookie = /^<cookie pagenumber="2" pagingcookie="([^"]+)" istracking="False" \/>$/.exec(
      decodeURIComponent(token),
    )
    const inner = decodeURIComponent(decodeURIComponent(cookie![1]!))
    expect(inner).toMatch(
      /^<cookie page="1"><name last="Contoso" first="Adventure (&apos;|')Works(&apos;|')" \/><accountid last="\{[0-9A-F-]+\}" first="\{[0-9A-F-]+\}" \/><\/cookie>$/,
    )
    expect(inner).toContain(`last="{${sample.contoso.toUpperCase()}}"`)
  })

  test(feature('page.malformed-skiptoken'), async () => {
    for (const token of [
      'x',
      '<cookie',
      '<cookie pagenumber="x" />',
      '%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22x%22/%3E',
    ]) {
      expect((await query(`$select=name&$skiptoken=${token}`)).status, token).toBe(400)
    }
  })

  test(feature('page.size-limits'), async () => {
    const { body } = await query('$select=name', 'accounts', { Prefer: 'odata.maxpagesize=5000' })
    expect(body.value).toHaveLength(3)
    const tasks = Array.from({ length: 5001 }, (_, at) => ({ subject: `Task ${at}` }))
    const full = environment()
    await full.dataverse.seed('task', tasks)
    const page = (await full.client.get('/tasks?$select=subject')).body
    expect(page.value).toHaveLength(5000)
    expect((await full.client.get(page['@odata.nextLink'])).body.value).toHaveLength(3)
    expect((await full.client.get('/tasks/$count')).text).toBe('\uFEFF5000')
  })

  test(feature('count.option'), async () => {
    const { body } = await query("$select=name&$count=true&$top=1&$filter=contains(name,'o')")
    expect(body['@odata.count']).toBe(3)
    expect(body.value).toHaveLength(1)
  })

  test(feature('count.limit'), async () => {
    const full = environment()
    await full.dataverse.seed(
      'task',
      Array.from({ length: 5001 }, (_, at) => ({ subject: `Task ${at}` })),
    )
    const { body } = await full.client.get('/tasks?$select=subject&$count=true&$top=1', annotated)
    expect(body).toMatchObject({ '@odata.count': 5000, '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': true })
  })
})

describe('$expand', () => {
  const row = async (options: string, headers = {}) =>
    (await client.get(`${contoso}?$select=name&${options}`, headers)).body
  const all = async (options: string, headers = {}) =>
    (await query(`$select=name&$orderby=name&${options}`, 'accounts', headers)).body.value

  test(feature('expand.single'), async () => {
    expect((await row('$expand=primarycontactid($select=fullname)')).primarycontactid).toMatchObject({
      fullname: 'Yvonne McKay',
      contactid: sample.yvonne,
    })
  })

  test(feature('expand.single-null'), async () => {
    expect((await all('$expand=primarycontactid($select=fullname)'))[0]).toMatchObject({
      name: A,
      primarycontactid: null,
    })
  })

  test(feature('expand.collection'), async () => {
    const { Account_Tasks } = await row('$expand=Account_Tasks($select=subject)')
    expect(Account_Tasks.map(({ subject }: { subject: string }) => subject).sort()).toEqual(['Call', 'Plan'])
  })

  test(feature('expand.collection-options'), async () => {
    expect(
      (await row('$expand=Account_Tasks($select=subject;$filter=prioritycode lt 5;$orderby=subject desc;$top=1)'))
        .Account_Tasks,
    ).toMatchObject([{ subject: 'Plan' }])
  })

  test(feature('expand.next-link'), async () => {
    const [, second] = await all('$expand=Account_Tasks($select=subject)')
    expect(second['Account_Tasks@odata.nextLink']).toBe(`${BASE}${contoso}/Account_Tasks?$select=subject`)
    expect(await row('$expand=Account_Tasks($select=subject)')).not.toHaveProperty(['Account_Tasks@odata.nextLink'])
  })

  test(feature('expand.foreign-key'), async () => {
    const [, second] = await all('$expand=Account_Tasks($select=subject)')
    expect(second.Account_Tasks[0]).toHaveProperty('_regardingobjectid_value', sample.contoso)
  })

  const nested = '$expand=contact_customer_accounts($select=fullname;$expand=account_primary_contact($select=name))'

  test(feature('expand.nested'), async () => {
    const body = await row(
      '$expand=primarycontactid($select=fullname;$expand=parentcustomerid_account($select=name;$expand=createdby($select=fullname)))',
    )
    expect(body.primarycontactid.parentcustomerid_account).toMatchObject({
      name: C,
      createdby: { fullname: 'Emulator Administrator' },
    })
    const [, second] = await all(nested)
    const yvonne = second.contact_customer_accounts.find((row: { fullname: string }) => row.fullname === 'Yvonne McKay')
    expect(yvonne.account_primary_contact).toMatchObject([{ name: C }])
  })

  test(feature('expand.nested-paging'), async () => {
    const [first, second] = (await query(`$select=name&${nested}`, 'accounts', { Prefer: 'odata.maxpagesize=1' })).body
      .value
    expect(second).toBeUndefined()
    expect(first.contact_customer_accounts).toHaveLength(1)
    expect(first['contact_customer_accounts@odata.nextLink']).toContain('$skiptoken=')
  })

  test(feature('expand.nested-order'), async () => {
    for (const option of ['$top=1', '$orderby=name']) {
      expect(
        await query(`$expand=contact_customer_accounts($expand=account_primary_contact($select=name;${option}))`),
      ).toMatchObject(
        error(
          400,
          '0x80060888',
          'Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.',
        ),
      )
    }
  })

  test(feature('expand.many-to-many'), async () => {
    const { body } = await query('$select=new_name&$expand=new_thing_contact($select=fullname)', 'new_things')
    expect(body.value).toMatchObject([{ new_thing_contact: [{ fullname: 'Susie Curtis' }] }])
  })

  test(feature('expand.role-privileges'), async () => {
    const fork = dataverse.fork()
    await fork.metadata.change({})
    await fork.seedRole({
      name: 'Reader',
      privileges: { account: { read: 'user' }, contact: { read: 'organization' } },
    })
    const { body } = await connect(fork).get(
      "/roles?$select=name&$filter=name eq 'Reader'&$expand=roleprivileges_association($select=name)",
    )
    const privileges = body.value[0].roleprivileges_association.map(({ name }: { name: string }) => name)
    expect(privileges.sort()).toEqual(['prvReadAccount', 'prvReadContact'])
  })

  test(feature('expand.owner'), async () => {
    const fork = dataverse.fork()
    await fork.update('account', sample.contoso, { ownerid: reference('team', sample.team) })
    const { get } = connect(fork)
    const { body } = await get(
      `/accounts?$select=name&$filter=ownerid/ownerid eq ${sample.team}&$orderby=ownerid/ownerid&$expand=ownerid($select=ownerid)`,
    )
    expect(body['@odata.context']).toBe(`${BASE}/$metadata#accounts(name,ownerid(ownerid))`)
    expect(body.value).toMatchObject([{ name: C, ownerid: { ownerid: sample.team } }])
    const path = `owningteam/ownerid eq ${sample.team} and _ownerid_value eq ${sample.team}`
    expect((await get(`/accounts?$select=_ownerid_value&$filter=${path}`)).body.value).toHaveLength(1)
    expect((await get(`/teams(ownerid=${sample.team})?$select=ownerid`)).body).toMatchObject({
      teamid: sample.team,
      ownerid: sample.team,
    })
    expect((await get("/accounts?$filter=ownerid/name eq 'Sales'")).body.error.message).toBe(
      "Could not find a property named 'name' on type 'Microsoft.Dynamics.CRM.principal'.",
    )
    const filtered = await get(`/accounts?$expand=ownerid($filter=ownerid eq ${sample.team})`)
    expect(filtered.status).toBe(400)
  })

  test(feature('expand.ref'), async () => {
    expect(await row('$expand=primarycontactid/$ref')).toMatchObject({
      _primarycontactid_value: sample.yvonne,
      primarycontactid: { '@odata.id': `${BASE}/contacts(${sample.yvonne})` },
    })
  })

  test(feature('expand.ref-of-collection'), async () => {
    expect(await query('$expand=Account_Tasks/$ref')).toMatchObject(
      error(400, '0x80060888', 'Expand with $ref is only supported on lookup type navigation property.'),
    )
  })

  test(feature('expand.etag-single'), async () => {
    expect((await row('$expand=primarycontactid($select=fullname)')).primarycontactid).toHaveProperty(['@odata.etag'])
    expect((await all('$expand=primarycontactid($select=fullname)'))[1].primarycontactid).not.toHaveProperty([
      '@odata.etag',
    ])
  })

  test(feature('expand.limit'), async () => {
    const names = ['primarycontactid', 'parentaccountid', 'createdby', 'modifiedby', 'ownerid', 'Account_Tasks']
    const some = (count: number) => Array.from({ length: count }, (_, at) => names[at % names.length]).join(',')
    expect((await query(`$expand=${names.join(',')}`)).status).toBe(200)
    expect((await query(`$expand=${some(16)}`)).status).toBe(400)
  })

  test(feature('expand.unknown'), async () => {
    expect(await query('$expand=nothing')).toMatchObject(error(400, '0x80060888', /nothing/))
  })

  test(feature('expand.not-supported'), async () => {
    for (const option of ['$count=true', '$skip=1', '$search=x', '$levels=2']) {
      expect([400, 501], option).toContain((await query(`$expand=Account_Tasks(${option})`)).status)
    }
  })
})

describe('$apply', () => {
  const applied = async (apply: string, headers = {}, set = 'accounts') =>
    (await query(`$apply=${encodeURIComponent(apply)}`, set, headers)).body.value

  test(feature('apply.groupby'), async () => {
    expect(await applied('groupby((customertypecode,statecode))')).toEqual([{ statecode: 0 }])
  })

  test(feature('apply.aggregate'), async () => {
    expect(
      await applied(
        'aggregate(revenue with sum as total,revenue with average as mean,revenue with min as least,revenue with max as most)',
      ),
    ).toMatchObject([{ total: 30_000, mean: 15_000, least: 10_000, most: 20_000 }])
  })

  test(feature('apply.count'), async () => {
    expect(await applied('groupby((statecode),aggregate($count as count))')).toMatchObject([{ statecode: 0, count: 3 }])
  })

  test(feature('apply.filter'), async () => {
    expect(
      await applied('filter(revenue gt 15000)/groupby((industrycode),aggregate(revenue with sum as total))'),
    ).toMatchObject([{ industrycode: 7, total: 20_000 }])
  })

  test(feature('apply.lookup'), async () => {
    const rows = await applied('groupby((primarycontactid/fullname),aggregate(revenue with sum as total))')
    expect(rows).toContainEqual(expect.objectContaining({ contact_fullname: 'Yvonne McKay', total: 20_000 }))
  })

  test(feature('apply.null-group'), async () => {
    const rows = await applied('groupby((industrycode),aggregate($count as count))')
    expect(rows.filter((row: object) => !('industrycode' in row))).toMatchObject([{ count: 1 }])
  })

  test(feature('apply.countdistinct'), async () => {
    expect(await applied('aggregate(statecode with countdistinct as states)')).toMatchObject([{ states: 1 }])
  })

  test(feature('apply.formatted'), async () => {
    const [row] = await applied('aggregate(revenue with sum as total)', annotated)
    expect(row[`total@${FORMATTED}`]).toBe('$30,000.00')
  })
})

describe('what there is not', () => {
  const option =
    (text: string, ...statuses: number[]) =>
    async () => {
      const { status, body } = await query(text)
      expect(statuses, body.error.message).toContain(status)
      expect(body.error.message).toContain(/^\$?\w+/.exec(text)![0])
    }

  test(feature('option.skip'), option('$skip=1', 400, 501))
  test(feature('option.search'), option('$search=x', 400, 501))
  test(feature('option.format'), option('$format=json', 400, 501))
  test(feature('option.compute'), option('$compute=revenue add 1 as more', 400, 501))
  test(feature('option.unknown'), option('$nothing=1', 400))
  test(feature('option.sql'), option('sql=SELECT TOP 3 name FROM account', 501))
  test(feature('option.partition-id'), option('partitionId=x', 501))
})
