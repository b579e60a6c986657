import { beforeEach, describe, expect, test } from 'vitest'
import { reference } from '../../src/service/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { annotated, BASE, type Client, connect, environment, error, FORMATTED, sample } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})
const contoso = `/accounts(${sample.contoso})`

describe('@odata.context', () => {
  const contextOf = async (path: string) => {
    const context: string = (await client.get(path)).body['@odata.context']
    expect(context.startsWith(`${BASE}/$metadata#`)).toBe(true)
    return context.slice(`${BASE}/$metadata#`.length)
  }

  test(feature('context.collection'), async () => {
    expect(await contextOf('/accounts')).toBe('accounts')
  })

  test(feature('context.select'), async () => {
    expect(await contextOf('/accounts?$select=revenue,name')).toBe('accounts(revenue,name)')
    expect(await contextOf('/accounts?$select=name,_primarycontactid_value')).toBe(
      'accounts(name,_primarycontactid_value)',
    )
  })

  test(feature('context.record'), async () => {
    expect(await contextOf(contoso)).toBe('accounts/$entity')
    expect(await contextOf(`${contoso}?$select=name,revenue`)).toBe('accounts(name,revenue)/$entity')
  })

  test(feature('context.expand'), async () => {
    const query =
      '$select=name&$expand=primarycontactid($select=fullname;$expand=createdby($select=fullname)),Account_Tasks($select=subject)'
    expect(await contextOf(`/accounts?${query}`)).toBe(
      'accounts(name,primarycontactid(fullname,createdby(fullname)),Account_Tasks(subject))',
    )
  })

  test(feature('context.expand-ref'), async () => {
    expect(await contextOf('/accounts?$select=name&$expand=primarycontactid/$ref')).toBe(
      'accounts(name,primarycontactid,primarycontactid/$ref())',
    )
  })

  test(feature('context.property'), async () => {
    expect(await contextOf(`${contoso}/revenue`)).toBe(`accounts(${sample.contoso})/revenue`)
  })

  test(feature('context.related'), async () => {
    expect(await contextOf(`${contoso}/primarycontactid`)).toBe('contacts/$entity')
    expect(await contextOf(`${contoso}/Account_Tasks?$select=subject`)).toBe('tasks(subject)')
  })

  test(feature('context.apply'), async () => {
    expect(await contextOf('/accounts?$apply=groupby((industrycode))')).toBe('accounts')
  })

  test(feature('context.function'), async () => {
    expect(await contextOf('/RetrieveVersion')).toBe('Microsoft.Dynamics.CRM.RetrieveVersionResponse')
  })

  test(feature('context.fetch'), async () => {
    const xml =
      '<fetch><entity name="contact"><attribute name="fullname"/><attribute name="annualincome"/></entity></fetch>'
    expect(await contextOf(`/contacts?fetchXml=${encodeURIComponent(xml)}`)).toBe(
      'contacts(fullname,annualincome,_transactioncurrencyid_value,transactioncurrencyid,contactid,transactioncurrencyid())',
    )
  })
})

describe('values', () => {
  /** Writes columns of a thing, and reads them. */
  const kept = async (row: object, columns = Object.keys(row)) => {
    const answer = await client.post(`/new_things?$select=${columns.join(',')}`, row, {
      Prefer: 'return=representation',
    })
    return answer.status === 201 ? answer.body : answer
  }

  test(feature('value.text'), async () => {
    expect(await kept({ new_name: 'Ünïcödé ☃ "\\ \u2028' })).toMatchObject({ new_name: 'Ünïcödé ☃ "\\ \u2028' })
    expect(await client.post('/tasks', { subject: 'x'.repeat(201) })).toMatchObject(
      error(
        400,
        '0x80044331',
        "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
      ),
    )
  })

  test(feature('value.boolean'), async () => {
    expect(await kept({ new_flag: true })).toMatchObject({ new_flag: true })
    expect(await kept({ new_flag: 'yes' })).toMatchObject({ status: 400 })
  })

  test(feature('value.choice'), async () => {
    expect(await kept({ new_colour: 12 })).toMatchObject({ new_colour: 12 })
  })

  test(feature('value.choice-out-of-range'), async () => {
    expect(await kept({ new_colour: 3 })).toMatchObject(
      error(400, '0x8004431a', /value '?3'? of 'new_colour'.*outside the valid range/),
    )
  })

  test(feature('value.multi-choice'), async () => {
    expect(await kept({ new_colours: '1,12' })).toMatchObject({ new_colours: '1,12' })
  })

  test(feature('value.money'), async () => {
    expect(await kept({ new_price: 12.345 })).toMatchObject({
      new_price: 12.35,
      _transactioncurrencyid_value: dataverse.organization.currencyId,
    })
  })

  test(feature('value.decimal'), async () => {
    expect(await kept({ new_share: 1.23456, new_ratio: 2.005001 })).toMatchObject({ new_share: 1.235, new_ratio: 2.01 })
  })

  test(feature('value.bigint'), async () => {
    expect(await kept({ new_large: 9007199254740991 })).toMatchObject({ new_large: 9007199254740991 })
  })

  test(feature('value.datetime-seconds'), async () => {
    expect(await kept({ new_at: '2023-04-07T21:59:01.999Z' })).toMatchObject({ new_at: '2023-04-07T21:59:01Z' })
  })

  test(feature('value.datetime-offset'), async () => {
    expect(await kept({ new_at: '2023-04-19T03:00:00+07:00' })).toMatchObject({ new_at: '2023-04-18T20:00:00Z' })
  })

  test(feature('value.date-only'), async () => {
    expect(await kept({ new_day: '2023-04-07' })).toMatchObject({ new_day: '2023-04-07' })
  })

  test(feature('value.guid-lower-case'), async () => {
    const { body } = await client.get(`/accounts(${sample.contoso.toUpperCase()})`)
    expect(body.accountid).toBe(sample.contoso)
  })

  test(feature('value.lookup'), async () => {
    const { body } = await client.get(contoso)
    expect(body._primarycontactid_value).toBe(sample.yvonne)
    expect(body).not.toHaveProperty('primarycontactid')
  })

  test(feature('value.lookup-polymorphic'), async () => {
    const { body } = await client.get(
      `/contacts(${sample.yvonne})?$select=_parentcustomerid_value&$expand=parentcustomerid_account($select=name),parentcustomerid_contact($select=fullname)`,
    )
    expect(body).toMatchObject({
      _parentcustomerid_value: sample.contoso,
      parentcustomerid_account: { name: 'Contoso' },
      parentcustomerid_contact: null,
    })
  })

  test(feature('value.key-always'), async () => {
    const { body } = await client.get('/accounts?$select=name&$top=1')
    expect(Object.keys(body.value[0]).sort()).toEqual(['@odata.etag', 'accountid', 'name'])
  })

  test(feature('value.currency-with-money'), async () => {
    const { body } = await client.get(`${contoso}?$select=revenue`)
    expect(body._transactioncurrencyid_value).toBe(dataverse.organization.currencyId)
  })

  test(feature('value.composite-address'), async () => {
    const { body } = await client.get(`${contoso}?$select=address1_city`)
    expect(body.address1_composite).toBe('1 Main Street\r\nSpringfield')
  })

  test(feature('value.autonumber'), async () => {
    const first = (await kept({ new_name: 'a' }, ['new_ticket'])) as { new_ticket: string }
    const second = (await kept({ new_name: 'b' }, ['new_ticket'])) as { new_ticket: string }
    expect(first.new_ticket).toMatch(/^T-\d{4}$/)
    expect(Number(second.new_ticket.slice(2))).toBe(Number(first.new_ticket.slice(2)) + 1)
  })

  test(feature('value.full-name'), async () => {
    await client.patch(`/contacts(${sample.yvonne})`, { lastname: 'Smith' })
    expect((await client.get(`/contacts(${sample.yvonne})/fullname`)).body.value).toBe('Yvonne Smith')
  })
})

describe('annotations', () => {
  const shown = async (query = '') => (await client.get(`${contoso}${query}`, annotated)).body

  test(feature('annotation.choice'), async () => {
    expect((await shown())[`industrycode@${FORMATTED}`]).toBe('Consulting')
  })

  test(feature('annotation.boolean'), async () => {
    expect((await shown())[`donotemail@${FORMATTED}`]).toBe('Allow')
  })

  test(feature('annotation.lookup'), async () => {
    expect(await shown()).toMatchObject({
      [`_primarycontactid_value@${FORMATTED}`]: 'Yvonne McKay',
      '_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
      '_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'primarycontactid',
      '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
      '_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'ownerid',
    })
  })

  test(feature('annotation.lookup-polymorphic'), async () => {
    expect((await client.get(`/tasks(${sample.plan})`, annotated)).body).toMatchObject({
      '_regardingobjectid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
      '_regardingobjectid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'regardingobjectid_account_task',
    })
    expect((await client.get(`/contacts(${sample.yvonne})`, annotated)).body).toMatchObject({
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_account',
    })
  })

  test(feature('annotation.money'), async () => {
    expect((await shown())[`revenue@${FORMATTED}`]).toBe('$20,000.00')
  })

  test(feature('annotation.money-base'), async () => {
    const fork = dataverse.fork()
    const yen = { currencyname: 'Yen', isocurrencycode: 'JPY', currencysymbol: '¥', currencyprecision: 0 }
    const currency = await fork.create('transactioncurrency', { ...yen, exchangerate: 150 })
    const row = { name: 'Kyoto', revenue: 3000, transactioncurrencyid: reference('transactioncurrency', currency) }
    const id = await fork.create('account', row)
    const expected = { [`revenue@${FORMATTED}`]: '¥3,000', [`revenue_base@${FORMATTED}`]: '$20.00' }

    const other = connect(fork)
    const path = `/accounts(${id})?$select=revenue,revenue_base`
    expect((await other.get(path, annotated)).body).toMatchObject(expected)
    const xml = `<fetch><entity name="account"><attribute name="revenue" /><attribute name="revenue_base" /><filter><condition attribute="name" operator="eq" value="Kyoto" /></filter></entity></fetch>`
    const { body } = await other.get(`/accounts?fetchXml=${encodeURIComponent(xml)}`, annotated)
    expect(body.value).toMatchObject([expected])
  })

  test(feature('annotation.number'), async () => {
    expect((await shown())[`numberofemployees@${FORMATTED}`]).toBe('1,200')
  })

  test(feature('annotation.datetime'), async () => {
    expect((await shown())[`lastonholdtime@${FORMATTED}`]).toBe('4/7/2023 9:59 PM')
  })

  test(feature('annotation.datetime-zone'), async () => {
    await dataverse.seed('usersettings', { systemuserid: dataverse.organization.userId, timezonecode: 4 })
    expect((await shown())[`lastonholdtime@${FORMATTED}`]).toBe('4/7/2023 2:59 PM')
  })

  test(feature('annotation.none-for-text'), async () => {
    const body = await shown()
    expect(body).not.toHaveProperty([`name@${FORMATTED}`])
    expect(body).not.toHaveProperty([`accountid@${FORMATTED}`])
  })

  test(feature('annotation.before-property'), async () => {
    const keys = Object.keys(await shown())
    expect(keys.indexOf('industrycode')).toBe(keys.indexOf(`industrycode@${FORMATTED}`) + 1)
  })

  test(feature('annotation.collection'), async () => {
    const { body } = await client.get('/accounts?$select=name&$count=true', annotated)
    expect(body).toMatchObject({
      '@odata.count': 3,
      '@Microsoft.Dynamics.CRM.totalrecordcount': 3,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
      '@Microsoft.Dynamics.CRM.globalmetadataversion': expect.stringMatching(/^\d+$/),
    })
  })

  test(feature('annotation.total-count'), async () => {
    const { body } = await client.get('/accounts?$select=name', annotated)
    expect(body['@Microsoft.Dynamics.CRM.totalrecordcount']).toBe(-1)
    expect(body).not.toHaveProperty(['@odata.count'])
  })
})
