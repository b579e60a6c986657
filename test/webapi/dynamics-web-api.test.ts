import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DynamicsWebApi } from 'dynamics-web-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Account, Contact, column, defineTable, standardTables, Task } from '../../src/entities/index.ts'
import { defineCustomApi } from '../../src/plugins/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { createWebApi, toNodeListener } from '../../src/webapi/index.ts'
import { FORMATTED, nowhere } from './ask.ts'

/** A table with what the standard ones lack: files, change tracking, an alternate key. */
const Contract = defineTable({
  logicalName: 'new_contract',
  displayName: 'Contract',
  primaryName: 'new_title',
  columns: {
    new_title: column.text({ label: 'Title' }),
    new_number: column.text({ label: 'Number' }),
    new_scan: column.file({ label: 'Scan' }),
    new_seats: column.integer({ label: 'Seats' }),
  },
  keys: { new_numberkey: ['new_number'] },
  changeTracking: true,
})
const double = defineCustomApi({
  uniqueName: 'new_Double',
  kind: 'action',
  table: Contract,
  parameters: { By: { type: 'Integer' } },
  response: { Seats: { type: 'Integer' } },
  async run({ target, parameters, service }) {
    const { new_seats } = await service.retrieve(Contract, target.id, ['new_seats'])
    return { Seats: (new_seats ?? 0) * parameters.By }
  },
})
const add = defineCustomApi({
  uniqueName: 'new_Add',
  kind: 'function',
  parameters: { A: { type: 'Integer' }, B: { type: 'Integer' } },
  response: { Sum: { type: 'Integer' } },
  run: ({ parameters: { A, B } }) => ({ Sum: A + B }),
})

let dataverse: Emulator
let server: Server
let listen: ReturnType<typeof toNodeListener>
let client: DynamicsWebApi
const initial = createEmulator({ tables: [...standardTables, Contract], customApis: [double, add] })

beforeAll(async () => {
  server = createServer((incoming, outgoing) => listen(incoming, outgoing))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => new Promise((resolve) => server.close(resolve)))
beforeEach(() => {
  dataverse = initial.fork()
  const api = createWebApi({
    service: dataverse,
    tables: [],
    metadata: dataverse.metadata,
    customApis: dataverse.customApis,
    serviceAs: (user) => dataverse.as(user),
  })
  listen = toNodeListener(api.answer)
  const { port } = server.address() as AddressInfo
  client = new DynamicsWebApi({ serverUrl: `http://127.0.0.1:${port}`, dataApi: { version: '9.2' } })
})

const contract = (more: object = {}) => dataverse.create(Contract, { new_title: 'Lease', new_number: 'C1', ...more })

describe('rows', () => {
  test('create, retrieve', async () => {
    const id = await client.create({ collection: 'accounts', data: { name: 'Fabrikam' } })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const row = await client.create<object, Record<string, unknown>>({
      collection: 'contacts',
      data: { lastname: 'Abel', 'parentcustomerid_account@odata.bind': `accounts(${id})` },
      select: ['lastname', '_parentcustomerid_value'],
      expand: [{ property: 'parentcustomerid_account', select: ['name'] }],
      returnRepresentation: true,
      includeAnnotations: '*',
    })
    expect(row).toMatchObject({
      lastname: 'Abel',
      _parentcustomerid_value: id,
      [`_parentcustomerid_value@${FORMATTED}`]: 'Fabrikam',
      parentcustomerid_account: { name: 'Fabrikam' },
    })
    expect(
      await client.retrieve({
        collection: 'contacts',
        key: row.contactid as string,
        select: ['lastname', 'firstname'],
      }),
    ).toMatchObject({ lastname: 'Abel', firstname: null })
    await expect(client.retrieve({ collection: 'accounts', key: nowhere })).rejects.toMatchObject({
      status: 404,
      code: '0x80040217',
    })
  })

  test('retrieve with an ETag that is current is empty, and by alternate key', async () => {
    await contract()
    const row = await client.retrieve({ collection: 'new_contracts', key: "new_number='C1'" })
    const again = { collection: 'new_contracts', key: row.new_contractid, ifnonematch: row['@odata.etag'] }
    expect(await client.retrieve(again)).toBeUndefined()
  })

  test('update, updateSingleProperty, upsert, deleteRecord', async () => {
    const id = await contract()
    const at = { collection: 'new_contracts', key: id }
    await client.update({ ...at, data: { new_seats: 3 } })
    const updated = await client.update({
      ...at,
      data: { new_title: 'Loan' },
      returnRepresentation: true,
      select: ['new_title'],
    })
    expect(updated).toMatchObject({ new_title: 'Loan' })
    await client.updateSingleProperty({ ...at, fieldValuePair: { new_seats: 5 } })
    expect(await dataverse.retrieve(Contract, id, ['new_seats', 'new_title'])).toEqual({
      new_seats: 5,
      new_title: 'Loan',
    })
    await client.deleteRecord({ ...at, property: 'new_seats' })
    expect(await dataverse.retrieve(Contract, id, ['new_seats'])).toEqual({ new_seats: null })

    await client.upsert({ collection: 'new_contracts', key: "new_number='C2'", data: { new_title: 'New' } })
    await client.upsert({ collection: 'new_contracts', key: "new_number='C2'", data: { new_title: 'Newer' } })
    expect(await dataverse.list(Contract, ['new_title', 'new_number'])).toContainEqual({
      new_title: 'Newer',
      new_number: 'C2',
    })
    expect(await client.upsert({ ...at, ifnonematch: '*', data: { new_title: 'x' } })).toBeNull()
    expect(
      await client.upsert({ collection: 'new_contracts', key: nowhere, ifmatch: '*', data: { new_title: 'x' } }),
    ).toBeNull()

    const { '@odata.etag': etag } = await client.retrieve(at)
    await dataverse.update(Contract, id, { new_seats: 1 })
    expect(await client.deleteRecord({ ...at, ifmatch: etag })).toBe(false)
    await client.deleteRecord(at)
    await expect(client.deleteRecord(at)).rejects.toMatchObject({ status: 404 })
  })

  test('create within a collection', async () => {
    const account = await dataverse.create(Account, { name: 'Fabrikam' })
    await client.create({
      collection: 'accounts',
      key: account,
      navigationProperty: 'Account_Tasks',
      data: { subject: 'Call' },
    })
    expect(await dataverse.list(Task)).toMatchObject([{ subject: 'Call', regardingobjectid: { id: account } }])
  })

  test('act for another user, with duplicate detection, past steps, with a tag', async () => {
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })
    await client.create({
      collection: 'accounts',
      data: { name: 'Fabrikam' },
      impersonate: user,
      duplicateDetection: true,
      bypassCustomPluginExecution: true,
      tag: 'import',
    })
    expect(await dataverse.list(Account)).toMatchObject([{ createdby: { id: user } }])
  })
})

describe('queries', () => {
  let account: string
  beforeEach(async () => {
    account = await dataverse.create(Account, { name: 'Fabrikam' })
    for (const name of ['Adatum', 'Contoso']) await dataverse.create(Account, { name })
    for (const subject of ['Call', 'Mail']) {
      await dataverse.create(Task, { subject, regardingobjectid: reference('account', account) })
    }
  })

  test('retrieveMultiple, with every option', async () => {
    const { value, oDataCount, oDataNextLink } = await client.retrieveMultiple({
      collection: 'accounts',
      select: ['name'],
      filter: "contains(name,'o') or startswith(name,'fab')",
      orderBy: ['name desc'],
      expand: [{ property: 'Account_Tasks', select: ['subject'], filter: "subject eq 'Call'" }],
      count: true,
      maxPageSize: 1,
      includeAnnotations: '*',
    })
    expect(value).toMatchObject([{ name: 'Fabrikam', Account_Tasks: [{ subject: 'Call' }] }])
    expect(oDataCount).toBe(2)
    const next = await client.retrieveMultiple({ collection: 'accounts', maxPageSize: 1 }, oDataNextLink)
    expect(next.value).toMatchObject([{ name: 'Contoso' }])
    expect(next.oDataNextLink).toBeUndefined()
    const top = await client.retrieveMultiple({ collection: 'accounts', select: ['name'], top: 1, orderBy: ['name'] })
    expect(top.value).toMatchObject([{ name: 'Adatum' }])
  })

  test('retrieveAll, count, countAll', async () => {
    expect((await client.retrieveAll({ collection: 'accounts', select: ['name'], maxPageSize: 2 })).value).toHaveLength(
      3,
    )
    expect(await client.count({ collection: 'accounts' })).toBe(3)
    expect(await client.count({ collection: 'accounts', filter: "name eq 'Adatum'" })).toBe(1)
    expect(await client.countAll({ collection: 'accounts', filter: "name ne 'Adatum'", select: ['accountid'] })).toBe(2)
  })

  test('$apply', async () => {
    const { value } = await client.retrieveMultiple({
      collection: 'tasks',
      apply: 'groupby((subject),aggregate($count as n))',
    })
    expect(value).toEqual([
      { subject: 'Call', n: 1 },
      { subject: 'Mail', n: 1 },
    ])
  })

  test('fetch, fetchAll', async () => {
    const fetchXml = "<fetch><entity name='account'><attribute name='name'/><order attribute='name'/></entity></fetch>"
    const page = await client.fetch({
      collection: 'accounts',
      fetchXml: fetchXml.replace('<fetch', "<fetch count='2'"),
      pageNumber: 1,
      includeAnnotations: '*',
    })
    expect(page.value).toMatchObject([{ name: 'Adatum' }, { name: 'Contoso' }])
    expect(page.PagingInfo).toMatchObject({ nextPage: 2 })
    const next = await client.fetch({
      collection: 'accounts',
      fetchXml: fetchXml.replace('<fetch', "<fetch count='2'"),
      pageNumber: page.PagingInfo!.nextPage!,
      pagingCookie: page.PagingInfo!.cookie!,
    })
    expect(next.value).toMatchObject([{ name: 'Fabrikam' }])
    const all = await client.fetchAll({
      collection: 'accounts',
      fetchXml: fetchXml.replace('<fetch', "<fetch count='1'"),
      includeAnnotations: '*',
    })
    expect(all.value).toHaveLength(3)
  })

  test('saved and user queries', async () => {
    const fetchxml =
      "<fetch><entity name='account'><attribute name='name'/><filter><condition attribute='name' operator='eq' value='Adatum'/></filter></entity></fetch>"
    for (const [option, table] of [
      ['savedQuery', 'savedquery'],
      ['userQuery', 'userquery'],
    ] as const) {
      const id = await dataverse.create(table, { name: 'One', fetchxml, returnedtypecode: 'account' })
      const { value } = await client.retrieve({ collection: 'accounts', [option]: id } as never)
      expect(value).toMatchObject([{ name: 'Adatum' }])
    }
  })

  test('changes are tracked', async () => {
    const id = await contract()
    const gone = await contract({ new_number: 'C2' })
    const first = await client.retrieveMultiple({
      collection: 'new_contracts',
      select: ['new_title'],
      trackChanges: true,
    })
    expect(first.value).toHaveLength(2)
    expect(first.oDataDeltaLink).toContain('$deltatoken=')
    await dataverse.update(Contract, id, { new_title: 'Loan' })
    await dataverse.delete(Contract, gone)
    const second = await client.retrieveMultiple({ collection: 'new_contracts' }, first.oDataDeltaLink)
    expect(second.value).toMatchObject([
      { new_title: 'Loan', new_contractid: id },
      { id: gone, reason: 'deleted' },
    ])
    expect(second.oDataContext).toMatch(/#new_contracts\(new_title\)\/\$delta$/)
    const third = await client.retrieveMultiple({ collection: 'new_contracts' }, second.oDataDeltaLink)
    expect(third.value).toEqual([])
  })
})

describe('links', () => {
  test('associate, disassociate', async () => {
    const account = await dataverse.create(Account, { name: 'Fabrikam' })
    const contact = await dataverse.create(Contact, { firstname: 'Kim', lastname: 'Abel' })
    const link = {
      collection: 'accounts',
      primaryKey: account,
      relationshipName: 'contact_customer_accounts',
      relatedKey: contact,
    }
    await client.associate({ ...link, relatedCollection: 'contacts' })
    expect(await dataverse.retrieve(Contact, contact, ['parentcustomerid'])).toMatchObject({
      parentcustomerid: { id: account },
    })
    await client.disassociate(link)
    expect(await dataverse.retrieve(Contact, contact, ['parentcustomerid'])).toEqual({ parentcustomerid: null })
  })

  test('associateSingleValued, disassociateSingleValued', async () => {
    const account = await dataverse.create(Account, { name: 'Fabrikam' })
    const contact = await dataverse.create(Contact, { firstname: 'Kim', lastname: 'Abel' })
    const link = { collection: 'accounts', primaryKey: account, navigationProperty: 'primarycontactid' }
    await client.associateSingleValued({ ...link, relatedCollection: 'contacts', relatedKey: contact })
    expect(await dataverse.retrieve(Account, account, ['primarycontactid'])).toMatchObject({
      primarycontactid: { id: contact },
    })
    await client.disassociateSingleValued(link)
    expect(await dataverse.retrieve(Account, account, ['primarycontactid'])).toEqual({ primarycontactid: null })
  })
})

describe('operations', () => {
  test('callFunction', async () => {
    expect(await client.callFunction('WhoAmI')).toMatchObject({ UserId: dataverse.organization.userId })
    expect(await client.callFunction({ functionName: 'new_Add', parameters: { A: 2, B: 3 } })).toMatchObject({ Sum: 5 })
    expect(
      await client.callFunction({
        name: 'Microsoft.Dynamics.CRM.RetrievePrincipalAccess',
        collection: 'systemusers',
        key: dataverse.organization.userId,
        parameters: { Target: { '@odata.id': `new_contracts(${await contract()})` } },
      }),
    ).toMatchObject({ AccessRights: expect.stringContaining('ReadAccess, WriteAccess') })
  })

  test('callAction', async () => {
    const id = await contract({ new_seats: 4 })
    expect(
      await client.callAction({
        collection: 'new_contracts',
        key: id,
        actionName: 'Microsoft.Dynamics.CRM.new_Double',
        action: { By: 2 },
      }),
    ).toMatchObject({ Seats: 8 })
    const created = await client.callAction<{ Ids: string[] }>({
      collection: 'accounts',
      actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
      action: { Targets: ['a', 'b'].map((name) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.account', name })) },
    })
    expect(created.Ids).toHaveLength(2)
    expect((await dataverse.list(Account)).map(({ name }) => name)).toEqual(['a', 'b'])
  })
})

describe('batches', () => {
  test('answer each request in order, and refer to rows of the same change set', async () => {
    client.startBatch()
    void client.create({ collection: 'accounts', data: { name: 'Fabrikam' }, contentId: '1' })
    void client.create({
      collection: 'contacts',
      data: { lastname: 'Abel', 'parentcustomerid_account@odata.bind': '$1' },
    })
    void client.update({ collection: '$1', data: { name: 'Fabrikam Inc' } })
    void client.retrieveMultiple({ collection: 'accounts', select: ['name'] })
    void client.count({ collection: 'contacts' })
    void client.callFunction('WhoAmI')
    const answers = await client.executeBatch()

    expect(answers[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(answers.at(-3)).toMatchObject({ value: [{ name: 'Fabrikam Inc' }] })
    expect(answers.at(-2)).toBe(1)
    expect(answers.at(-1)).toMatchObject({ UserId: dataverse.organization.userId })
    expect(await dataverse.list(Contact)).toMatchObject([{ parentcustomerid: { id: answers[0] } }])
  })

  test('undo a change set that fails, and reject', async () => {
    client.startBatch()
    void client.create({ collection: 'accounts', data: { name: 'Fabrikam' } })
    void client.create({ collection: 'accounts', data: { nothing: 'x' } })
    await expect(client.executeBatch()).rejects.toBeDefined()
    expect(await dataverse.list(Account)).toEqual([])
  })
})

describe('files', () => {
  test('uploadFile, downloadFile, in several blocks', async () => {
    const id = await contract()
    const data = Buffer.alloc(5 * 1024 * 1024, 'scan ')
    const at = { collection: 'new_contracts', key: id, property: 'new_scan' }
    await client.uploadFile({ ...at, fileName: 'lease.pdf', data })
    expect(await client.retrieve({ collection: 'new_contracts', key: id })).toMatchObject({
      new_scan_name: 'lease.pdf',
    })
    const file = await client.downloadFile(at)
    expect(file).toMatchObject({ fileName: 'lease.pdf', fileSize: data.length })
    expect(Buffer.compare(Buffer.from(file.data), data)).toBe(0)
    await client.deleteRecord(at)
    expect(await dataverse.retrieve(Contract, id, ['new_scan'])).toEqual({ new_scan: null })
  })
})

describe('metadata', () => {
  const label = (Label: string) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] })
  const text = (SchemaName: string, more: object = {}) => ({
    '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    SchemaName,
    DisplayName: label(SchemaName),
    MaxLength: 100,
    ...more,
  })

  test('entities: create, update, retrieve one and all', async () => {
    const id = await client.createEntity<string>({
      data: {
        SchemaName: 'new_Bank',
        DisplayName: label('Bank'),
        Attributes: [text('new_Name', { IsPrimaryName: true })],
      },
    })
    const entity = await client.retrieveEntity({
      key: id,
      select: ['LogicalName', 'DisplayName'],
      expand: [{ property: 'Attributes', filter: "LogicalName eq 'new_name'" }],
    })
    expect(entity).toMatchObject({ LogicalName: 'new_bank', Attributes: [{ MaxLength: 100 }] })
    entity.DisplayName.LocalizedLabels[0].Label = 'House'
    entity.DisplayName.UserLocalizedLabel.Label = 'House'
    await client.updateEntity({ data: entity, mergeLabels: true })
    const all = await client.retrieveEntities({ select: ['DisplayName'], filter: "LogicalName eq 'new_bank'" })
    expect(all.value).toMatchObject([{ DisplayName: { UserLocalizedLabel: { Label: 'House' } } }])
  })

  test('attributes: create, update, retrieve one and all', async () => {
    const entityKey = "LogicalName='new_contract'"
    const id = await client.createAttribute<string>({ entityKey, data: text('new_Place') })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const castType = 'Microsoft.Dynamics.CRM.StringAttributeMetadata'
    const attributeKey = "LogicalName='new_place'"
    const attribute = await client.retrieveAttribute({
      entityKey,
      attributeKey,
      castType,
      select: ['LogicalName', 'MaxLength'],
    })
    expect(attribute).toMatchObject({ LogicalName: 'new_place', MaxLength: 100 })
    await client.updateAttribute({ entityKey, castType, data: { ...attribute, MaxLength: 50 } })
    const all = await client.retrieveAttributes({
      entityKey,
      castType,
      select: ['MaxLength'],
      filter: "LogicalName eq 'new_place'",
    })
    expect(all.value).toMatchObject([{ MaxLength: 50 }])
  })

  test('relationships: create, update, retrieve one and all, delete', async () => {
    const id = await client.createRelationship<string>({
      data: {
        '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
        SchemaName: 'new_account_contract',
        ReferencedEntity: 'account',
        ReferencingEntity: 'new_contract',
        Lookup: { SchemaName: 'new_Account', DisplayName: label('Account') },
      },
    })
    const castType = 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata'
    const relationship = await client.retrieveRelationship({
      key: id,
      castType,
      select: ['SchemaName', 'CascadeConfiguration'],
    })
    expect(relationship).toMatchObject({ SchemaName: 'new_account_contract' })
    await client.updateRelationship({
      castType,
      data: { ...relationship, CascadeConfiguration: { Delete: 'Restrict' } },
    })
    const all = await client.retrieveRelationships({ castType, filter: "SchemaName eq 'new_account_contract'" })
    expect(all.value).toMatchObject([{ CascadeConfiguration: { Delete: 'Restrict' } }])
    await client.deleteRelationship({ key: id })
    await expect(client.retrieveRelationship({ key: id })).rejects.toMatchObject({ status: 404 })
  })

  test('shared choices: create, update, retrieve one and all, delete', async () => {
    const key = await client.createGlobalOptionSet<string>({
      data: {
        '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
        Name: 'new_colors',
        DisplayName: label('Colors'),
        Options: [{ Value: 1, Label: label('Red') }],
      },
    })
    const castType = 'Microsoft.Dynamics.CRM.OptionSetMetadata'
    const set = await client.retrieveGlobalOptionSet({ key, castType, select: ['Name', 'Options'] })
    expect(set).toMatchObject({ Name: 'new_colors', Options: [{ Value: 1 }] })
    const Options = [...set.Options, { Value: 2, Label: label('Blue') }]
    await client.updateGlobalOptionSet({ data: { ...set, Options } })
    const all = await client.retrieveGlobalOptionSets({ castType, select: ['Options'] })
    expect(all.value).toMatchObject([{ Options: [{ Value: 1 }, { Value: 2 }] }])
    await client.deleteGlobalOptionSet({ key })
    expect((await client.retrieveGlobalOptionSets()).value).toEqual([])
  })

  test('retrieveCsdlMetadata', async () => {
    expect(await client.retrieveCsdlMetadata({ addAnnotations: true })).toContain('<EntityType Name="new_contract"')
  })
})

test('callAction in the background, getBackgroundOperationStatus, cancelBackgroundOperation', async () => {
  const key = await contract({ new_seats: 5 })
  const run = () =>
    client.callAction<{ location: string; backgroundOperationId: string }>({
      actionName: 'Microsoft.Dynamics.CRM.new_Double',
      collection: 'new_contracts',
      key,
      action: { By: 2 },
      respondAsync: true,
    })
  const [kept, cancelled] = [await run(), await run()]
  expect(kept.location).toContain(`/api/backgroundoperation/${kept.backgroundOperationId}`)
  expect(await client.cancelBackgroundOperation(cancelled.backgroundOperationId)).toEqual({
    backgroundOperationStateCode: 2,
    backgroundOperationStatusCode: 22,
  })
  await dataverse.drain()
  expect(await client.getBackgroundOperationStatus(kept.backgroundOperationId)).toEqual({
    backgroundOperationStateCode: 3,
    backgroundOperationStatusCode: 30,
    Seats: 10,
  })
  expect(await client.getBackgroundOperationStatus(cancelled.backgroundOperationId)).toEqual({
    backgroundOperationStateCode: 3,
    backgroundOperationStatusCode: 32,
  })
})

test('names of collections can be looked up from names of tables', async () => {
  const { port } = server.address() as AddressInfo
  const byName = new DynamicsWebApi({ serverUrl: `http://127.0.0.1:${port}`, useEntityNames: true })
  await byName.create({ collection: 'account', data: { name: 'Fabrikam' } })
  expect(await dataverse.list(Account)).toMatchObject([{ name: 'Fabrikam' }])
})

test('what is not there yet is refused by name', async () => {
  const refused = { status: 501, message: expect.stringContaining('is not emulated yet') }
  await expect(client.getBackgroundOperationStatus(nowhere)).rejects.toMatchObject({ status: 404 })
  await expect(client.cancelBackgroundOperation(nowhere)).rejects.toMatchObject({ status: 404 })
  await expect(client.retrieveMultiple({ collection: 'accounts', partitionId: 'x' })).rejects.toMatchObject(refused)
})
