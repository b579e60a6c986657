import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { standardViews } from '../../src/entities/index.ts'
import { reference } from '../../src/service/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import {
  type Answer,
  annotated,
  BASE,
  type Client,
  connect,
  environment,
  error,
  FORMATTED,
  sample,
  Thing,
} from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeAll(() => {
  ;({ client, dataverse } = environment())
})
const [C, F, A] = ['Contoso', 'Fourth Coffee', "Adventure 'Works'"]

const ask = (xml: string, set = 'accounts', headers = {}, more = '') =>
  client.get(`/${set}?fetchXml=${encodeURIComponent(xml)}${more}`, headers)
const fetch = async (inner: string, attributes = '', table = 'account', headers = {}) => {
  const set = { account: 'accounts', contact: 'contacts', task: 'tasks', new_thing: 'new_things' }[table]!
  return ask(`<fetch ${attributes}><entity name="${table}">${inner}</entity></fetch>`, set, headers)
}
const namesOf = ({ body }: Answer) =>
  body.value.map((row: Record<string, unknown>) => row.name ?? row.fullname ?? row.subject)
const name = '<attribute name="name" />'
const byName = '<order attribute="name" />'
const found = async (inner: string, attributes = '') => namesOf(await fetch(name + byName + inner, attributes))
const where = (...conditions: string[]) =>
  `<filter>${conditions.map((text) => `<condition ${text} />`).join('')}</filter>`

describe('predefined queries', () => {
  const view = `<fetch><entity name="account">${name}${byName}</entity></fetch>`
  let viewed: { saved: string; user: string }
  beforeAll(async () => {
    const saved = await dataverse.seed('savedquery', { name: 'All', fetchxml: view, returnedtypecode: 'account' })
    const user = await dataverse.seed('userquery', { name: 'Mine', fetchxml: view, returnedtypecode: 'account' })
    viewed = { saved: saved as string, user: user as string }
  })

  test(feature('fetch.query-option'), async () => {
    const { body } = await ask(view)
    expect(namesOf(await ask(view))).toEqual([A, C, F])
    expect(body['@odata.context']).toContain(`${BASE}/$metadata#accounts(name,accountid`)
  })

  test(feature('fetch.related'), async () => {
    const xml =
      '<fetch><entity name="contact"><attribute name="fullname"/><order attribute="fullname"/></entity></fetch>'
    expect(namesOf(await ask(xml, `accounts(${sample.contoso})/contact_customer_accounts`))).toEqual([
      'Nancy Anderson',
      'Yvonne McKay',
    ])
  })

  test(feature('fetch.other-set'), async () => {
    expect(await ask(view, 'contacts')).toMatchObject(error(400, '0x80041128'))
  })

  test(feature('fetch.malformed'), async () => {
    for (const xml of ['<fetch>', 'x', '<fetch><entity name="account"></fetch>', '<fetch/>']) {
      expect(await ask(xml), xml).toMatchObject({
        status: 400,
        body: { error: { code: expect.stringMatching(/^0x8004/) } },
      })
    }
    expect(await ask('<fetch><entity')).toMatchObject(error(400, '0x80040303'))
  })

  test(feature('saved-query.runs'), async () => {
    expect(namesOf(await client.get(`/accounts?savedQuery=${viewed.saved}`))).toEqual([A, C, F])
  })

  test(feature('user-query.runs'), async () => {
    expect(namesOf(await client.get(`/accounts?userQuery=${viewed.user}`))).toEqual([A, C, F])
  })

  test(feature('saved-query.standard'), async () => {
    await dataverse.seed('savedquery', standardViews)
    const shown = async (set: string, view: string) => {
      const { body } = await client.get(`/savedqueries?$select=savedqueryid&$filter=name eq '${view}'`)
      return namesOf(await client.get(`/${set}?savedQuery=${body.value[0].savedqueryid}`))
    }
    const everybody = ['Nancy Anderson', 'Susie Curtis', 'Yvonne McKay']
    expect(await shown('accounts', 'Active Accounts')).toEqual([A, C, F])
    expect(await shown('contacts', 'Active Contacts')).toEqual(everybody)
    expect(await shown('contacts', 'My Active Contacts')).toEqual(everybody)

    const fork = dataverse.fork()
    await fork.update('account', sample.fourth, { statecode: 1 })
    await fork.update('account', sample.contoso, { ownerid: reference('systemuser', sample.boss) })
    const own = standardViews.find(({ name }) => name === 'My Active Accounts')!.savedqueryid
    expect(namesOf(await connect(fork).get(`/accounts?savedQuery=${own}`))).toEqual([A])
  })

  test(feature('saved-query.links'), async () => {
    const linked = (type: string, alias: string, inner: string) =>
      `<link-entity name="contact" from="contactid" to="primarycontactid" link-type="${type}" alias="${alias}">${inner}</link-entity>`
    const email = '<attribute name="emailaddress1" />'
    const links = linked('outer', 'shown', email) + linked('outer', 'hidden', '') + linked('inner', 'inner', email)
    const fetchxml = `<fetch><entity name="account">${name}${links}</entity></fetch>`
    const id = await dataverse.seed('savedquery', { name: 'With contacts', fetchxml, returnedtypecode: 'account' })
    const fields = async (headers = {}) => {
      const { body } = await client.get(`/accounts?savedQuery=${id}`, headers)
      return Object.entries(body).filter(([key]) => key.endsWith('.CurrentEntityField'))
    }
    expect(await fields(annotated)).toEqual([
      ['@shown.OData.Community.Display.V1.CurrentEntityField', 'primarycontactid'],
    ])
    expect(await fields()).toEqual([])
  })

  test(feature('saved-query.missing'), async () => {
    expect((await client.get(`/accounts?savedQuery=${sample.contoso}`)).status).toBe(404)
  })
})

describe('columns', () => {
  test(feature('fetch.nulls-left-out'), async () => {
    const { body } = await fetch(`${name}<attribute name="revenue" />${byName}`)
    expect(Object.keys(body.value[0])).not.toContain('revenue')
    expect(body.value[1]).toMatchObject({ name: C, revenue: 20_000 })
  })

  test(feature('fetch.all-attributes'), async () => {
    const { body } = await fetch(`<all-attributes />${where(`attribute="name" operator="eq" value="${C}"`)}`)
    expect(body.value).toMatchObject([
      { name: C, revenue: 20_000, industrycode: 7, _primarycontactid_value: sample.yvonne },
    ])
  })

  test(feature('fetch.no-attributes'), async () => {
    const { body } = await fetch(where(`attribute="name" operator="eq" value="${C}"`))
    expect(body.value).toMatchObject([{ name: C, revenue: 20_000, statecode: 0 }])
  })

  test(feature('fetch.alias'), async () => {
    const { body } = await fetch(`<attribute name="name" alias="title" />${byName}`)
    expect(body.value[1]).toMatchObject({ title: C })
  })

  test(feature('fetch.key-always'), async () => {
    expect((await fetch(name)).body.value[0]).toHaveProperty('accountid')
  })
})

describe('what is no query', () => {
  const refused =
    (status: number, code: string, inner: string, attributes = '') =>
    async () => {
      expect(await fetch(inner, attributes)).toMatchObject(error(status, code))
    }

  test(feature('fetch.unknown-entity'), async () => {
    expect(await fetch('<link-entity name="nothing" from="x" to="accountid" />')).toMatchObject(
      error(400, '0x80041102'),
    )
  })
  test(feature('fetch.unknown-attribute'), refused(400, '0x80041103', '<attribute name="nothing" />'))
  test(feature('fetch.unknown-operator'), refused(400, '0x80041120', where('attribute="name" operator="is" value="x"')))
  test(feature('fetch.unknown-element'), refused(400, '0x8004111c', '<colum name="name" />'))
  test(
    feature('fetch.filter-type'),
    refused(400, '0x80041122', '<filter type="xor"><condition attribute="name" operator="null" /></filter>'),
  )
  test(
    feature('fetch.link-type'),
    refused(
      400,
      '0x80041117',
      '<link-entity name="contact" from="contactid" to="primarycontactid" link-type="left" />',
    ),
  )
  test(feature('fetch.order-alias'), refused(400, '0x80041132', `${name}<order alias="name" />`))
  test(
    feature('fetch.order-attribute-aggregate'),
    refused(
      400,
      '0x80041131',
      '<attribute name="accountid" aggregate="count" alias="n" /><order attribute="name" />',
      'aggregate="true"',
    ),
  )
  test(
    feature('aggregate.alias-missing'),
    refused(400, '0x80041109', '<attribute name="accountid" aggregate="count" />', 'aggregate="true"'),
  )
  test(
    feature('aggregate.duplicate-alias'),
    refused(
      400,
      '0x80041130',
      '<attribute name="accountid" aggregate="count" alias="n" /><attribute name="name" groupby="true" alias="n" />',
      'aggregate="true"',
    ),
  )
  test(
    feature('aggregate.plain-attribute'),
    refused(
      400,
      '0x80041107',
      '<attribute name="accountid" aggregate="count" alias="n" /><attribute name="name" alias="m" />',
      'aggregate="true"',
    ),
  )
  test(
    feature('aggregate.both'),
    refused(
      400,
      '0x80041137',
      '<attribute name="accountid" aggregate="count" groupby="true" alias="n" />',
      'aggregate="true"',
    ),
  )
  test(
    feature('aggregate.type'),
    refused(400, '0x8004112f', '<attribute name="name" aggregate="sum" alias="n" />', 'aggregate="true"'),
  )
  test(
    feature('aggregate.dategrouping-unknown'),
    refused(
      400,
      '0x80041135',
      '<attribute name="createdon" groupby="true" dategrouping="hour" alias="n" />',
      'aggregate="true"',
    ),
  )
  test(feature('fetch.conditions-limit'), async () => {
    const many = (count: number) =>
      `<fetch><entity name='account'><filter>${"<condition attribute='sic' operator='null'/>".repeat(count)}</filter></entity></fetch>`
    // With pluses for spaces, so many fit into a URL.
    const asked = (count: number) =>
      client.get(`/accounts?fetchXml=${encodeURIComponent(many(count)).replaceAll('%20', '+')}`)
    expect((await asked(500)).status).toBe(200)
    expect(await asked(501)).toMatchObject(error(400, '0x8004430c'))
  })
  const link = '<link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" />'
  test(feature('fetch.links-limit'), async () => {
    expect((await fetch(link.repeat(15))).status).toBe(200)
    await refused(400, '0x8004430d', link.repeat(16))()
  })
  test(feature('fetch.top-with-page'), async () => {
    for (const more of ['page="1"', 'count="5"', 'returntotalrecordcount="true"']) {
      expect((await fetch(name, `top="5" ${more}`)).status, more).toBe(400)
    }
  })
})

describe('filters', () => {
  test(feature('fetch.filter-nested'), async () => {
    const nested = `<filter type="or"><condition attribute="name" operator="like" value="adv%" /><filter type="and"><condition attribute="revenue" operator="gt" value="1" /><condition attribute="industrycode" operator="eq" value="4" /></filter></filter>`
    expect(await found(nested)).toEqual([A, F])
  })

  test(feature('fetch.valueof'), async () => {
    expect(await found(where('attribute="revenue" operator="gt" valueof="creditlimit"'))).toEqual([F])
  })

  test(feature('fetch.valueof-link'), async () => {
    const link = '<link-entity name="contact" from="contactid" to="primarycontactid" alias="who" />'
    expect(await found(`${link}${where('attribute="name" operator="eq" valueof="who.fullname"')}`)).toEqual([])
    expect(await found(`${link}${where('attribute="name" operator="ne" valueof="who.fullname"')}`)).toEqual([C, F])
  })

  const outer = (inner = '') =>
    `<link-entity name="task" from="regardingobjectid" to="accountid" link-type="outer" alias="t">${inner}</link-entity>`

  test(feature('fetch.entityname'), async () => {
    expect(await found(`${outer()}${where('entityname="t" attribute="subject" operator="eq" value="Plan"')}`)).toEqual([
      C,
    ])
  })

  test(feature('link.not-in-set'), async () => {
    expect(await found(`${outer()}${where('entityname="t" attribute="activityid" operator="null"')}`)).toEqual([A, F])
  })

  test(feature('link.outer-filter'), async () => {
    expect(await found(outer(where('attribute="subject" operator="eq" value="Plan"')))).toEqual([A, C, F])
  })

  test(feature('fetch.value-elements'), async () => {
    const values = `<filter><condition attribute="name" operator="in"><value>${C}</value><value>${F}</value></condition></filter>`
    expect(await found(values)).toEqual([C, F])
    expect(
      await found(`<filter><condition attribute="name" operator="eq"><value>${C}</value></condition></filter>`),
    ).toEqual([C])
  })
})

describe('order', () => {
  const ordered = async (orders: string, attributes = '') => namesOf(await fetch(name + orders, attributes))
  const subjects = async (orders: string, attributes = '') =>
    namesOf(await fetch(`<attribute name="subject" />${orders}`, attributes, 'task'))

  test(feature('fetch.order'), async () => {
    expect(await ordered('<order attribute="creditonhold" descending="true" /><order attribute="name" />')).toEqual([
      C,
      A,
      F,
    ])
  })

  test(feature('fetch.order-lookup'), async () => {
    expect(await ordered('<order attribute="primarycontactid" descending="true" />')).toEqual([C, F, A])
  })

  test(feature('fetch.order-choice'), async () => {
    // High and Low: the labels are the other way round than the values.
    expect(await subjects('<order attribute="prioritycode" />')).toEqual(['Plan', 'Call'])
  })

  test(feature('fetch.useraworderby'), async () => {
    expect(await subjects('<order attribute="prioritycode" />', 'useraworderby="true"')).toEqual(['Call', 'Plan'])
  })

  test(feature('fetch.order-entityname'), async () => {
    const link = '<link-entity name="contact" from="contactid" to="primarycontactid" link-type="inner" alias="who" />'
    expect(await ordered(`<order entityname="who" attribute="firstname" descending="true" />${link}`)).toEqual([C, F])
  })
})

describe('pages and counts', () => {
  const annotations = annotated
  const cookie = '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
  const page = (more: string) => fetch(name + byName, `count="2" ${more}`, 'account', annotations)

  test(feature('fetch.top'), async () => {
    expect(await found('', 'top="1"')).toEqual([A])
  })

  test(feature('fetch.distinct'), async () => {
    const states = '<attribute name="statecode" />'
    expect((await fetch(states, 'distinct="true"')).body.value).toHaveLength(1)
    expect((await fetch(states)).body.value).toHaveLength(3)
  })

  test(feature('fetch.page'), async () => {
    expect(namesOf(await page('page="1"'))).toEqual([A, C])
    expect(namesOf(await page('page="2"'))).toEqual([F])
  })

  const inner = async () => {
    const text: string = (await page('page="1"')).body[cookie]
    const [, encoded] = /^<cookie pagenumber="2" pagingcookie="([^"]+)" istracking="False" \/>$/i.exec(text)!
    return decodeURIComponent(decodeURIComponent(encoded!))
  }
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

  test(feature('fetch.cookie'), async () => {
    expect(namesOf(await page(`page="2" paging-cookie="${escaped(await inner())}"`))).toEqual([F])
  })

  test(feature('fetch.cookie-form'), async () => {
    expect(await inner()).toMatch(
      /^<cookie page="1"><name last="Contoso" first="[^"]+" \/><accountid last="\{[0-9A-F-]+\}" first="\{[0-9A-F-]+\}" \/><\/cookie>$/,
    )
  })

  test(feature('fetch.cookie-mismatch'), async () => {
    const xml = `<fetch count="2" page="2" paging-cookie="${escaped(await inner())}"><entity name="account">${name}<order attribute="revenue" /></entity></fetch>`
    expect(await ask(xml)).toMatchObject(error(400, '0x80041129'))
  })

  test(feature('fetch.bad-page'), async () => {
    expect(
      await page(`page="2" paging-cookie="${escaped('<cookie page="x"><name last="a" first="b" /></cookie>')}"`),
    ).toMatchObject(error(400, '0x8004112a'))
  })

  test(feature('fetch.morerecords'), async () => {
    const more = '@Microsoft.Dynamics.CRM.morerecords'
    expect((await page('page="1"')).body[more]).toBe(true)
    expect((await page('page="2"')).body[more] ?? false).toBe(false)
  })

  test(feature('fetch.count'), async () => {
    const { body } = await ask(
      `<fetch top="1"><entity name="account">${name}</entity></fetch>`,
      'accounts',
      {},
      '&$count=true',
    )
    expect(body['@odata.count']).toBe(3)
  })

  test(feature('fetch.returntotalrecordcount'), async () => {
    const { body } = await page('page="1" returntotalrecordcount="true"')
    expect(body['@Microsoft.Dynamics.CRM.totalrecordcount']).toBe(3)
  })

  test(feature('fetch.ignored-attributes'), async () => {
    const hints =
      'version="1.0" mapping="logical" output-format="xml-platform" no-lock="true" latematerialize="true" options="OptimizeForUnknown,ForceOrder"'
    expect(await found('', hints)).toEqual([A, C, F])
  })

  test(feature('fetch.booleans'), async () => {
    for (const flag of ['true', '1'])
      expect(namesOf(await fetch(`${name}<order attribute="name" descending="${flag}" />`))).toEqual([F, C, A])
    for (const flag of ['false', '0'])
      expect(namesOf(await fetch(`${name}<order attribute="name" descending="${flag}" />`))).toEqual([A, C, F])
    expect(await fetch(`${name}<order attribute="name" descending="yes" />`)).toMatchObject(error(400, '0x80041119'))
    expect(await fetch(name, 'distinct="yes"')).toMatchObject(error(400, '0x80041115'))
  })
})

describe('links', () => {
  const link = (type: string, inner = '', alias = 'alias="t"') =>
    `<link-entity name="task" from="regardingobjectid" to="accountid" ${type === '' ? '' : `link-type="${type}"`} ${alias}>${inner}</link-entity>`
  const subject = '<attribute name="subject" />'
  const plan = where('attribute="subject" operator="eq" value="Plan"')
  const inFilter = (type: string, inner: string) =>
    `<filter><link-entity name="task" from="regardingobjectid" to="accountid" link-type="${type}">${inner}</link-entity></filter>`
  const rows = async (inner: string) => (await fetch(name + byName + inner)).body.value

  test(feature('link.inner'), async () => {
    const found = await rows(link('', subject))
    expect(found.map((row: Record<string, string>) => row['t.subject']).sort()).toEqual(['Call', 'Plan'])
    expect(await rows(link('inner', subject))).toHaveLength(2)
    expect(await rows(link('natural', subject))).toHaveLength(2)
  })

  test(feature('link.outer'), async () => {
    expect((await rows(link('outer', subject))).map((row: { name: string }) => row.name)).toEqual([A, C, C, F])
  })

  test(feature('link.exists'), async () => {
    const found = await rows(link('exists'))
    expect(found).toMatchObject([{ name: C }])
  })

  test(feature('link.in'), async () => {
    expect(await rows(link('in'))).toMatchObject([{ name: C }])
  })

  test(feature('link.matchfirst'), async () => {
    const found = await rows(link('matchfirstrowusingcrossapply', subject))
    expect(found).toHaveLength(1)
    expect(['Plan', 'Call']).toContain(Object.entries(found[0]).find(([key]) => /subject$/i.test(key))?.[1])
  })

  test(feature('link.any'), async () => {
    expect(await found(inFilter('any', plan))).toEqual([C])
  })

  test(feature('link.not-any'), async () => {
    expect(await found(inFilter('not any', plan))).toEqual([A, F])
  })

  test(feature('link.all'), async () => {
    expect(await found(inFilter('all', plan))).toEqual([])
    expect(await found(inFilter('all', where('attribute="subject" operator="eq" value="Nothing"')))).toEqual([C])
  })

  test(feature('link.not-all'), async () => {
    expect(await found(inFilter('not all', plan))).toEqual([C])
  })

  test(feature('link.default-alias'), async () => {
    const [row] = await rows(link('inner', subject, ''))
    expect(row).toHaveProperty(['task1.subject'])
  })

  test(feature('link.column-names'), async () => {
    const { body } = await fetch(
      `${name}<link-entity name="contact" from="contactid" to="primarycontactid" alias="who"><attribute name="fullname" /><attribute name="annualincome" alias="income" /></link-entity>${where(`attribute="name" operator="eq" value="${C}"`)}`,
      '',
      'account',
      annotated,
    )
    expect(body.value).toMatchObject([
      { 'who.fullname': 'Yvonne McKay', income: 45_000, [`income@${FORMATTED}`]: '$45,000.00' },
    ])
  })

  test(feature('link.many-to-many'), async () => {
    const { client: own, dataverse } = environment()
    const thing = await dataverse.create(Thing, { new_name: 'Hammer' })
    await dataverse.associate(Thing, thing, 'new_thing_contact', [reference('contact', sample.susie)])
    const xml = `<fetch><entity name="new_thing"><attribute name="new_name" /><link-entity name="new_thing_contact" from="new_thingid" to="new_thingid" intersect="true"><link-entity name="contact" from="contactid" to="contactid" alias="c"><attribute name="fullname" /></link-entity></link-entity></entity></fetch>`
    const { body } = await own.get(`/new_things?fetchXml=${encodeURIComponent(xml)}`)
    expect(body.value).toMatchObject([{ new_name: 'Hammer', 'c.fullname': 'Susie Curtis' }])
  })

  test(feature('link.no-relationship'), async () => {
    const found = await rows('<link-entity name="contact" from="creditonhold" to="creditonhold" link-type="exists" />')
    expect(found.length).toBeLessThanOrEqual(3)
    expect(
      (await fetch('<link-entity name="contact" from="statecode" to="statecode" alias="c" />')).body.value,
    ).toHaveLength(9)
  })
})

describe('aggregates', () => {
  beforeEach(async () => {
    const own = environment()
    dataverse = own.dataverse
    client = connect(dataverse)
    const at = (text: string) => new Date(`${text}T12:00:00Z`)
    await dataverse.seed(Thing, [
      { new_name: 'a', new_number: 3, new_price: 10, new_colour: 1, new_at: at('2026-01-05') },
      { new_name: 'b', new_number: 4, new_price: 20, new_colour: 1, new_at: at('2026-05-31') },
      { new_name: 'c', new_number: 4, new_price: 3, new_colour: 2, new_at: at('2025-12-31') },
      { new_name: 'd' },
    ])
  })
  const aggregate = async (inner: string, attributes = '', headers = {}) =>
    fetch(inner, `aggregate="true" ${attributes}`, 'new_thing', headers)
  const one = async (name: string, kind: string, more = '') =>
    (await aggregate(`<attribute name="${name}" aggregate="${kind}" alias="x" ${more} />`)).body.value[0].x

  test(feature('aggregate.functions'), async () => {
    expect(await one('new_price', 'avg')).toBe(11)
    expect(await one('new_price', 'count')).toBe(4)
    expect(await one('new_price', 'countcolumn')).toBe(3)
    expect(await one('new_price', 'max')).toBe(20)
    expect(await one('new_price', 'min')).toBe(3)
    expect(await one('new_price', 'sum')).toBe(33)
  })

  test(feature('aggregate.countcolumn-distinct'), async () => {
    expect(await one('new_number', 'countcolumn', 'distinct="true"')).toBe(2)
  })

  test(feature('aggregate.nulls'), async () => {
    expect(await one('new_price', 'avg')).toBe(11)
    expect(await one('new_number', 'min')).toBe(3)
  })

  test(feature('aggregate.integer-average'), async () => {
    expect(await one('new_number', 'avg')).toBe(3)
  })

  test(feature('aggregate.groupby'), async () => {
    const { body } = await aggregate(
      '<attribute name="new_colour" groupby="true" alias="colour" /><attribute name="new_thingid" aggregate="count" alias="n" /><order alias="n" />',
    )
    expect(body.value).toHaveLength(3)
    expect(body.value).toContainEqual(expect.objectContaining({ colour: 1, n: 2 }))
    expect(body.value.filter((row: object) => !('colour' in row))).toMatchObject([{ n: 1 }])
  })

  test(feature('aggregate.dategrouping'), async () => {
    const groups = async (part: string) => {
      const { body } = await aggregate(
        `<attribute name="new_at" groupby="true" dategrouping="${part}" alias="d" /><attribute name="new_thingid" aggregate="count" alias="n" /><order alias="d" /><order alias="n" />`,
      )
      return body.value.flatMap((row: { d?: number; n: number }) => (row.d === undefined ? [] : [[row.d, row.n]]))
    }
    expect(await groups('day')).toEqual([
      [5, 1],
      [31, 2],
    ])
    expect(await groups('month')).toEqual([
      [1, 1],
      [5, 1],
      [12, 1],
    ])
    expect(await groups('quarter')).toEqual([
      [1, 1],
      [2, 1],
      [4, 1],
    ])
    expect(await groups('year')).toEqual([
      [2025, 1],
      [2026, 2],
    ])
    expect((await groups('week')).map(([week]: number[]) => week)).toEqual([2, 23, 53])
  })

  test(feature('aggregate.fiscal'), async () => {
    const shown = async (part: string) => {
      const { body } = await aggregate(
        `<attribute name="new_at" groupby="true" dategrouping="${part}" alias="d" /><attribute name="new_thingid" aggregate="count" alias="n" />`,
        '',
        annotated,
      )
      return body.value
        .map((row: Record<string, unknown>) => row[`d@${FORMATTED}`])
        .filter((text: unknown) => text !== undefined)
    }
    expect((await shown('fiscal-period')).sort()).toEqual(['Quarter 1 FY2026', 'Quarter 2 FY2026', 'Quarter 4 FY2025'])
    expect((await shown('fiscal-year')).sort()).toEqual(['FY2025', 'FY2026'])
  })

  test(feature('aggregate.order'), async () => {
    const { body } = await aggregate(
      '<attribute name="new_number" groupby="true" alias="number" /><attribute name="new_price" aggregate="sum" alias="total" /><order alias="total" descending="true" />',
    )
    expect(body.value.map((row: { total: number }) => row.total).slice(0, 2)).toEqual([23, 10])
  })

  test(feature('aggregate.limit'), async () => {
    expect(
      await aggregate('<attribute name="new_thingid" aggregate="count" alias="n" />', 'aggregatelimit="3"'),
    ).toMatchObject(error(400, '0x8004e023'))
    expect(
      (await aggregate('<attribute name="new_thingid" aggregate="count" alias="n" />', 'aggregatelimit="4"')).status,
    ).toBe(200)
  })

  test(feature('aggregate.attribute-name'), async () => {
    const { body } = await aggregate('<attribute name="new_price" aggregate="sum" alias="total" />', '', annotated)
    expect(body.value[0]).toMatchObject({
      'total@OData.Community.Display.V1.AttributeName': 'new_price',
      [`total@${FORMATTED}`]: '$33.00',
    })
  })

  test(feature('aggregate.row-count-children'), async () => {
    const parent = await dataverse.seed(Thing, { new_name: 'parent' })
    await dataverse.seed(Thing, { new_name: 'child', new_parent: reference(Thing, parent as string) })
    const { body } = await fetch(
      `<attribute name="new_name" /><attribute name="new_thingid" rowaggregate="CountChildren" alias="below" />${where('attribute="new_name" operator="eq" value="parent"')}`,
      '',
      'new_thing',
    )
    expect(body.value).toMatchObject([{ new_name: 'parent', below: 1 }])
  })
})
