import { beforeEach, describe, expect, test } from 'vitest'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { BASE, type Client, environment, error, nowhere, sample } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})
const contoso = `/accounts(${sample.contoso})`
const idIn = (url: string | null) => /\(([^)]+)\)$/.exec(url ?? '')![1]!
const create = async (set: string, row: object) =>
  idIn((await client.post(`/${set}`, row)).headers.get('odata-entityid'))

test(feature('row.create'), async () => {
  const id = await create('accounts', { name: 'Adatum', revenue: 5.25 })
  expect((await client.get(`/accounts(${id})`)).body).toMatchObject({ name: 'Adatum', revenue: 5.25, statecode: 0 })
})

test(feature('row.create-own-id'), async () => {
  expect(await create('accounts', { accountid: nowhere, name: 'Adatum' })).toBe(nowhere)
})

test(feature('row.create-taken-id'), async () => {
  expect(await client.post('/accounts', { accountid: sample.contoso, name: 'x' })).toMatchObject(
    error(412, '0x80040237'),
  )
})

test(feature('row.retrieve-all'), async () => {
  const { body } = await client.get(contoso)
  expect(body).toMatchObject({ name: 'Contoso', fax: null, _parentaccountid_value: null })
})

test(feature('row.retrieve-missing'), async () => {
  expect(await client.get(`/accounts(${nowhere})`)).toMatchObject(
    error(404, '0x80040217', new RegExp(`account'? With Id = ${nowhere} Does Not Exist`, 'i')),
  )
})

test(feature('row.update'), async () => {
  expect((await client.patch(contoso, { fax: '1' })).status).toBe(204)
  expect((await client.get(contoso)).body).toMatchObject({ fax: '1', name: 'Contoso', revenue: 20_000 })
})

test(feature('row.update-etag'), async () => {
  const before = (await client.get(contoso)).headers.get('etag')
  await client.patch(contoso, { name: 'Contoso' })
  expect((await client.get(contoso)).headers.get('etag')).not.toBe(before)
})

test(feature('row.upsert'), async () => {
  expect((await client.patch(`/accounts(${nowhere})`, { name: 'Adatum' })).status).toBe(204)
  expect((await client.get(`/accounts(${nowhere})`)).body.name).toBe('Adatum')
})

test(feature('row.delete'), async () => {
  expect((await client.remove(`/accounts(${sample.adventure})`)).status).toBe(204)
  expect(await client.remove(`/accounts(${sample.adventure})`)).toMatchObject(error(404, '0x80040217'))
})

test(feature('row.delete-restricted'), async () => {
  const price = await create('pricelevels', { name: 'Retail' })
  await client.patch(`/opportunities(${sample.sale})`, { 'pricelevelid@odata.bind': `pricelevels(${price})` })
  expect(await client.remove(`/pricelevels(${price})`)).toMatchObject(error(405, '0x80040227'))
})

describe('rows within rows', () => {
  test(feature('row.deep-insert-lookup'), async () => {
    const id = await create('accounts', { name: 'Adatum', primarycontactid: { firstname: 'John', lastname: 'Smith' } })
    const { body } = await client.get(`/accounts(${id})?$expand=primarycontactid($select=fullname)`)
    expect(body.primarycontactid.fullname).toBe('John Smith')
  })

  test(feature('row.deep-insert-collection'), async () => {
    const id = await create('accounts', {
      name: 'Adatum',
      opportunity_customer_accounts: [{ name: 'Deal', Opportunity_Tasks: [{ subject: 'Ask' }, { subject: 'Answer' }] }],
    })
    const { body } = await client.get(
      `/accounts(${id})/opportunity_customer_accounts?$select=name&$expand=Opportunity_Tasks($select=subject;$orderby=subject)`,
    )
    expect(body.value).toMatchObject([{ name: 'Deal', Opportunity_Tasks: [{ subject: 'Answer' }, { subject: 'Ask' }] }])
  })

  test(feature('row.deep-insert-atomic'), async () => {
    const row = { name: 'Adatum', Account_Tasks: [{ subject: 'x' }, { subject: 'x'.repeat(201) }] }
    expect((await client.post('/accounts', row)).status).toBe(400)
    expect(await dataverse.list('account')).toHaveLength(3)
    expect(await dataverse.list('task')).toHaveLength(2)
  })
})

describe('binding', () => {
  const bound = async (url: string) => {
    const id = await create('accounts', { name: 'Adatum', 'primarycontactid@odata.bind': url })
    return (await client.get(`/accounts(${id})`)).body._primarycontactid_value
  }

  test(feature('row.bind-relative'), async () => {
    expect(await bound(`contacts(${sample.susie})`)).toBe(sample.susie)
  })

  test(feature('row.bind-rooted'), async () => {
    expect(await bound(`/contacts(${sample.susie})`)).toBe(sample.susie)
  })

  test(feature('row.bind-absolute'), async () => {
    expect(await bound(`${BASE}/contacts(${sample.susie})`)).toBe(sample.susie)
  })

  test(feature('row.bind-alternate-key'), async () => {
    const parent = await create('new_things', { new_code: 'P' })
    const id = await create('new_things', { 'new_parent@odata.bind': "new_things(new_code='P')" })
    expect((await client.get(`/new_things(${id})`)).body._new_parent_value).toBe(parent)
  })

  test(feature('row.bind-missing'), async () => {
    const row = { name: 'x', 'primarycontactid@odata.bind': `contacts(${nowhere})` }
    expect(await client.post('/accounts', row)).toMatchObject(
      error(404, '0x80040217', new RegExp(`contact'? With Id = ${nowhere} Does Not Exist`, 'i')),
    )
  })

  test(feature('row.bind-null'), async () => {
    for (const row of [{ 'primarycontactid@odata.bind': null }, { primarycontactid: null }]) {
      await client.patch(contoso, { 'primarycontactid@odata.bind': `contacts(${sample.susie})` })
      expect((await client.patch(contoso, row)).status).toBe(204)
      expect((await client.get(contoso)).body._primarycontactid_value).toBeNull()
    }
  })

  test(feature('row.bind-collection'), async () => {
    const id = await create('accounts', {
      name: 'Adatum',
      'contact_customer_accounts@odata.bind': [`contacts(${sample.susie})`, `contacts(${sample.nancy})`],
    })
    expect((await client.get(`/accounts(${id})/contact_customer_accounts/$count`)).text).toBe('\uFEFF2')
  })

  test(feature('row.bind-polymorphic'), async () => {
    const id = await create('contacts', {
      lastname: 'x',
      'parentcustomerid_account@odata.bind': `accounts(${sample.fourth})`,
    })
    expect((await client.get(`/contacts(${id})`)).body._parentcustomerid_value).toBe(sample.fourth)
    expect(
      (await client.post('/contacts', { 'parentcustomerid@odata.bind': `accounts(${sample.fourth})` })).status,
    ).toBe(400)
  })

  test(feature('row.bind-owner'), async () => {
    expect((await client.patch(contoso, { 'ownerid@odata.bind': `teams(${sample.team})` })).status).toBe(204)
    expect((await client.get(contoso)).body).toMatchObject({
      _ownerid_value: sample.team,
      _owningteam_value: sample.team,
    })
    await client.patch(contoso, { 'ownerid@odata.bind': `systemusers(${sample.boss})` })
    expect((await client.get(contoso)).body).toMatchObject({ _ownerid_value: sample.boss, _owningteam_value: null })
  })

  test(feature('row.bind-unknown'), async () => {
    expect(await client.post('/accounts', { 'nothing@odata.bind': `contacts(${sample.susie})` })).toMatchObject(
      error(400, '0x80048d19', /undeclared property 'nothing' which only has property annotations/),
    )
  })

  test(feature('row.lookup-value-written'), async () => {
    expect((await client.post('/accounts', { _primarycontactid_value: sample.susie })).status).toBe(400)
  })
})

test(feature('row.unknown-column'), async () => {
  expect(await client.post('/accounts', { name: 'x', nothing: 1 })).toMatchObject(
    error(400, '0x80048d19', /Invalid property 'nothing' was found in entity 'Microsoft\.Dynamics\.CRM\.account'/),
  )
})

test(feature('row.malformed-json'), async () => {
  for (const text of ['{"name":', '[]', '"x"', 'null', '{"name":1}x']) {
    expect(await client.post('/accounts', text), text).toMatchObject({
      status: 400,
      body: { error: { code: expect.stringMatching(/^0x/) } },
    })
  }
})

describe('references', () => {
  const members = async (path: string) =>
    (await client.get(path)).body.value.map((row: { contactid: string }) => row.contactid)

  test(feature('row.associate-collection'), async () => {
    const nav = `${contoso}/contact_customer_accounts`
    const { status } = await client.post(`${nav}/$ref`, { '@odata.id': `${BASE}/contacts(${sample.susie})` })
    expect(status).toBe(204)
    expect(await members(nav)).toContain(sample.susie)
  })

  test(feature('row.associate-many'), async () => {
    const thing = await create('new_things', { new_name: 'Hammer' })
    const nav = `/new_things(${thing})/new_thing_contact`
    expect((await client.post(`${nav}/$ref`, { '@odata.id': `${BASE}/contacts(${sample.susie})` })).status).toBe(204)
    expect(await members(nav)).toEqual([sample.susie])
  })

  test(feature('row.associate-lookup'), async () => {
    const reference = { '@odata.id': `${BASE}/accounts(${sample.fourth})` }
    expect((await client.put(`/opportunities(${sample.sale})/customerid_account/$ref`, reference)).status).toBe(204)
    expect((await client.get(`/opportunities(${sample.sale})`)).body._customerid_value).toBe(sample.fourth)
  })

  test(feature('row.associate-relative'), async () => {
    const reference = { '@odata.id': `contacts(${sample.susie})` }
    expect((await client.put(`${contoso}/primarycontactid/$ref`, reference)).status).toBe(204)
    expect((await client.get(contoso)).body._primarycontactid_value).toBe(sample.susie)
  })

  test(feature('row.disassociate-key'), async () => {
    const nav = `${contoso}/contact_customer_accounts`
    expect((await client.remove(`${nav}(${sample.yvonne})/$ref`)).status).toBe(204)
    expect(await members(nav)).toEqual([sample.nancy])
  })

  test(feature('row.disassociate-id'), async () => {
    const nav = `${contoso}/contact_customer_accounts`
    const url = `${BASE}/contacts(${sample.yvonne})`
    expect((await client.remove(`${nav}/$ref?$id=${url}`)).status).toBe(204)
    expect(await members(nav)).toEqual([sample.nancy])
  })

  test(feature('row.disassociate-lookup'), async () => {
    expect((await client.remove(`${contoso}/primarycontactid/$ref`)).status).toBe(204)
    expect((await client.get(contoso)).body._primarycontactid_value).toBeNull()
  })
})

describe('many rows at once', () => {
  const bulk = (name: string, Targets: unknown) => client.post(`/accounts/Microsoft.Dynamics.CRM.${name}`, { Targets })
  const typed = (row: object) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', ...row })

  test(feature('row.create-multiple'), async () => {
    const { status, body } = await bulk('CreateMultiple', [typed({ name: 'One' }), typed({ name: 'Two' })])
    expect([status, body]).toEqual([
      200,
      {
        '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse`,
        Ids: [expect.any(String), expect.any(String)],
      },
    ])
    expect((await client.get(`/accounts(${body.Ids[1]})`)).body.name).toBe('Two')
  })

  test(feature('row.create-multiple-type'), async () => {
    expect((await bulk('CreateMultiple', [{ name: 'One' }])).status).toBe(400)
    expect(await dataverse.list('account')).toHaveLength(3)
  })

  test(feature('row.update-multiple'), async () => {
    const targets = [typed({ accountid: sample.contoso, fax: '1' }), typed({ accountid: sample.fourth, fax: '2' })]
    expect((await bulk('UpdateMultiple', targets)).status).toBe(204)
    expect((await client.get(`/accounts(${sample.fourth})`)).body.fax).toBe('2')
  })

  test(feature('row.upsert-multiple'), async () => {
    const type = { '@odata.type': 'Microsoft.Dynamics.CRM.new_thing' }
    for (const new_name of ['new', 'changed']) {
      const Targets = [{ ...type, '@odata.id': "new_things(new_code='A')", new_name }]
      const { status } = await client.post('/new_things/Microsoft.Dynamics.CRM.UpsertMultiple', { Targets })
      expect(status).toBe(204)
    }
    expect(await dataverse.list('new_thing', ['new_code', 'new_name'])).toEqual([
      { new_code: 'A', new_name: 'changed' },
    ])
  })

  test(feature('row.multiple-atomic'), async () => {
    const targets = [typed({ accountid: sample.contoso, fax: '1' }), typed({ accountid: nowhere, fax: '2' })]
    expect((await bulk('UpdateMultiple', targets)).status).toBe(404)
    expect((await client.get(contoso)).body.fax).toBeNull()
  })

  test(feature('row.delete-multiple'), async () => {
    const { status, body } = await bulk('DeleteMultiple', [typed({ accountid: sample.contoso })])
    expect([status, body.error.code]).toEqual([400, expect.stringMatching(/^0x/)])
    expect((await client.get(contoso)).status).toBe(200)
  })
})
