import { beforeEach, describe, expect, test } from 'vitest'
import { tablesFromEntityDefinitions } from '../../src/entities/import/index.ts'
import { standardTables } from '../../src/entities/index.ts'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, tables } from '../emulator/tables.ts'
import { type Answer, annotated, BASE, type Client, clientOf, FORMATTED, nowhere } from './ask.ts'

let dataverse: Emulator
let client: Client
beforeEach(() => {
  dataverse = createEmulator({ tables })
  client = clientOf({ service: dataverse, tables: [], metadata: dataverse.metadata })
})

const label = (Label: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label, LanguageCode: 1033 }],
})
const bankAccount = {
  '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
  SchemaName: 'new_BankAccount',
  DisplayName: label('Bank Account'),
  DisplayCollectionName: label('Bank Accounts'),
  Description: label('Where the money is'),
  OwnershipType: 'UserOwned',
  IsActivity: false,
  HasActivities: false,
  HasNotes: false,
  Attributes: [
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: 'new_AccountName',
      DisplayName: label('Account Name'),
      IsPrimaryName: true,
      RequiredLevel: {
        Value: 'None',
        CanBeChanged: true,
        ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings',
      },
      FormatName: { Value: 'Text' },
      MaxLength: 100,
    },
  ],
}
const colours = {
  '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
  Name: 'new_colors',
  OptionSetType: 'Picklist',
  IsGlobal: true,
  DisplayName: label('Colors'),
  Options: [{ Value: 1, Label: label('Red') }],
}
const table = "/EntityDefinitions(LogicalName='new_bankaccount')"
const attributes = `${table}/Attributes`

describe('a table', () => {
  test('that is created is there at once, and rows can be written into it', async () => {
    const { status, headers } = await client.post('/EntityDefinitions', bankAccount)

    expect(status).toBe(204)
    const url = headers.get('OData-EntityId')!
    expect(url).toMatch(new RegExp(`^${BASE}/EntityDefinitions\\([0-9a-f-]{36}\\)$`))
    expect((await client.get(url)).body).toMatchObject({
      LogicalName: 'new_bankaccount',
      EntitySetName: 'new_bankaccounts',
      PrimaryNameAttribute: 'new_accountname',
    })
    const created = await client.post(
      '/new_bankaccounts',
      { new_accountname: 'Savings' },
      { Prefer: 'return=representation' },
    )
    expect(created.body).toMatchObject({ new_accountname: 'Savings', statecode: 0, _ownerid_value: expect.any(String) })
    expect((await client.get('/')).body.value).toContainEqual(expect.objectContaining({ name: 'new_bankaccounts' }))
    expect((await client.get('/$metadata')).text).toContain('<EntityType Name="new_bankaccount"')
  })

  test('is changed by PUT and removed with its rows by DELETE', async () => {
    await client.post('/EntityDefinitions', bankAccount)
    await client.post('/new_bankaccounts', { new_accountname: 'Savings' })

    expect((await client.put(table, { DisplayName: label('Account') })).status).toBe(204)
    expect((await client.get(table)).body.DisplayName.UserLocalizedLabel.Label).toBe('Account')
    expect((await client.remove(table)).status).toBe(204)
    expect((await client.get(table)).status).toBe(404)
    expect((await client.get('/new_bankaccounts')).status).toBe(404)
    await client.post('/EntityDefinitions', bankAccount)
    expect((await client.get('/new_bankaccounts')).body.value).toEqual([])
  })

  test('is refused when it contradicts itself, is there already, or is referred to', async () => {
    await client.post('/EntityDefinitions', bankAccount)
    for (const [path, body, code] of [
      ['/EntityDefinitions', bankAccount, '0x80040203'],
      ['/EntityDefinitions', {}, '0x80040203'],
      ['/EntityDefinitions', { ...bankAccount, SchemaName: 'new_1 2' }, '0x80040203'],
      ['/EntityDefinitions', { ...bankAccount, SchemaName: 'new_x', PrimaryNameAttribute: 'nothing' }, '0x80040203'],
    ] as const) {
      const { status, body: answer } = await client.post(path, body)
      expect([status, answer.error.code]).toEqual([400, code])
    }
    expect((await client.remove("/EntityDefinitions(LogicalName='new_customer')")).status).toBe(405)
  })

  test('cannot be created without a store', async () => {
    const { status, body } = await clientOf({ service: dataverse, tables }).post('/EntityDefinitions', bankAccount)
    expect([status, body.error.message]).toEqual([501, expect.stringContaining("'metadata'")])
  })

  test('of one environment is none of its fork, nor of a reset one', async () => {
    const fork = dataverse.fork()
    await client.post('/EntityDefinitions', bankAccount)
    const other = clientOf({ service: fork, tables: [], metadata: fork.metadata })

    expect((await other.get(table)).status).toBe(404)
    dataverse.reset()
    expect((await client.get(table)).status).toBe(404)
    expect((await client.get('/new_customers')).status).toBe(200)
  })
})

describe('a column', () => {
  beforeEach(() => client.post('/EntityDefinitions', bankAccount))

  test('of every kind is created, and takes values', async () => {
    await client.post('/new_bankaccounts', { new_accountname: 'Before' })
    const kinds: [string, object][] = [
      ['String', { SchemaName: 'new_Code', MaxLength: 5, FormatName: { Value: 'Text' } }],
      ['Memo', { SchemaName: 'new_Notes', MaxLength: 500 }],
      ['Integer', { SchemaName: 'new_Number', MinValue: 0, MaxValue: 10 }],
      ['BigInt', { SchemaName: 'new_Big' }],
      ['Decimal', { SchemaName: 'new_Rate', Precision: 3 }],
      ['Double', { SchemaName: 'new_Factor', Precision: 2 }],
      ['Money', { SchemaName: 'new_Balance', PrecisionSource: 2 }],
      [
        'Boolean',
        {
          SchemaName: 'new_Open',
          DefaultValue: true,
          OptionSet: {
            TrueOption: { Value: 1, Label: label('Open') },
            FalseOption: { Value: 0, Label: label('Closed') },
          },
        },
      ],
      ['DateTime', { SchemaName: 'new_Opened', Format: 'DateAndTime', DateTimeBehavior: { Value: 'UserLocal' } }],
      ['DateTime', { SchemaName: 'new_Due', Format: 'DateOnly', DateTimeBehavior: { Value: 'DateOnly' } }],
      [
        'Picklist',
        { SchemaName: 'new_Kind', OptionSet: { IsGlobal: false, Options: [{ Value: 1, Label: label('Current') }] } },
      ],
      [
        'MultiSelectPicklist',
        {
          SchemaName: 'new_Tags',
          OptionSet: {
            Options: [
              { Value: 1, Label: label('A') },
              { Value: 2, Label: label('B') },
            ],
          },
        },
      ],
    ]
    for (const [kind, attribute] of kinds) {
      const body = {
        '@odata.type': `Microsoft.Dynamics.CRM.${kind}AttributeMetadata`,
        DisplayName: label(kind),
        ...attribute,
      }
      const { status, headers, text } = await client.post(attributes, body)
      expect(status, `${kind}: ${text}`).toBe(204)
      expect((await client.get(headers.get('OData-EntityId')!)).body['@odata.type']).toBe(
        `#Microsoft.Dynamics.CRM.${kind}AttributeMetadata`,
      )
    }

    const values = {
      new_code: 'A1',
      new_notes: 'n',
      new_number: 3,
      new_big: 5_000_000_000,
      new_rate: 1.125,
      new_factor: 0.5,
      new_balance: 12.5,
      new_open: false,
      new_opened: '2026-01-01T00:00:00Z',
      new_due: '2026-01-31',
      new_kind: 1,
      new_tags: '1,2',
    }
    await client.post('/new_bankaccounts', { new_accountname: 'After', ...values })
    const { body } = await client.get('/new_bankaccounts?$orderby=createdon', annotated)
    expect(body.value[0]).toMatchObject({ new_accountname: 'Before', new_code: null, new_kind: null })
    expect(body.value[1]).toMatchObject({
      ...values,
      [`new_open@${FORMATTED}`]: 'Closed',
      [`new_kind@${FORMATTED}`]: 'Current',
    })
    expect((await client.post('/new_bankaccounts', { new_code: 'too long' })).body.error.code).toBe('0x80044331')
  })

  test('is changed by PUT, keeping what is not said, and removed by DELETE', async () => {
    const code = {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      SchemaName: 'new_Code',
      MaxLength: 5,
      DisplayName: label('Code'),
    }
    await client.post(attributes, code)
    await client.post('/new_bankaccounts', { new_accountname: 'Savings', new_code: 'A1' })
    const one = `${attributes}(LogicalName='new_code')`

    expect((await client.put(one, { ...code, MaxLength: 50 }, { 'MSCRM.MergeLabels': 'true' })).status).toBe(204)
    expect((await client.get(one)).body).toMatchObject({
      MaxLength: 50,
      DisplayName: { UserLocalizedLabel: { Label: 'Code' } },
    })
    const cast = `${one}/Microsoft.Dynamics.CRM.StringAttributeMetadata`
    expect((await client.put(cast, { DisplayName: label('Number') })).status).toBe(204)
    expect((await client.get(one)).body).toMatchObject({
      MaxLength: 50,
      DisplayName: { UserLocalizedLabel: { Label: 'Number' } },
    })
    expect((await client.get('/new_bankaccounts')).body.value).toMatchObject([{ new_code: 'A1' }])
    expect((await client.remove(one)).status).toBe(204)
    expect((await client.get('/new_bankaccounts')).body.value[0]).not.toHaveProperty('new_code')
    expect((await client.remove(`${attributes}(LogicalName='new_accountname')`)).status).toBe(400)
  })

  test.each([
    [{ '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata', SchemaName: 'new_X' }],
    [{ '@odata.type': 'Microsoft.Dynamics.CRM.ManagedPropertyAttributeMetadata', SchemaName: 'new_X' }],
    [{ '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata' }],
    [{ '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: '__proto__' }],
    [{ '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'new_AccountName' }],
    [
      {
        '@odata.type': 'Microsoft.Dynamics.CRM.IntegerAttributeMetadata',
        SchemaName: 'new_X',
        MinValue: 5,
        MaxValue: 1,
      },
    ],
  ])('is refused: %j', async (attribute) => {
    const { status, body } = await client.post(attributes, attribute)
    expect([status, body.error.code]).toEqual([400, '0x80040203'])
  })
})

describe('a relationship', () => {
  beforeEach(() => client.post('/EntityDefinitions', bankAccount))
  const oneToMany = {
    '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
    SchemaName: 'new_Customer_BankAccounts',
    ReferencedEntity: 'new_customer',
    ReferencingEntity: 'new_bankaccount',
    CascadeConfiguration: { Delete: 'Restrict', Assign: 'NoCascade' },
    Lookup: {
      '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata',
      SchemaName: 'new_Customer',
      DisplayName: label('Customer'),
    },
  }

  test('of one row to many makes a lookup, which links and restricts', async () => {
    expect((await client.post('/RelationshipDefinitions', oneToMany)).status).toBe(204)
    const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    const bound = { new_accountname: 'Savings', 'new_customer@odata.bind': `new_customers(${customer})` }
    expect((await client.post('/new_bankaccounts', bound)).status).toBe(204)

    const { body } = await client.get(`/new_customers(${customer})/new_Customer_BankAccounts?$select=new_accountname`)
    expect(body.value).toMatchObject([{ new_accountname: 'Savings' }])
    expect((await client.remove(`/new_customers(${customer})`)).body.error.code).toBe('0x80040227')

    const one = "/RelationshipDefinitions(SchemaName='new_Customer_BankAccounts')"
    expect((await client.put(one, { CascadeConfiguration: { Delete: 'Cascade' } })).status).toBe(204)
    expect((await client.remove(`/new_customers(${customer})`)).status).toBe(204)
    expect((await client.get('/new_bankaccounts')).body.value).toEqual([])
    expect((await client.remove(one)).status).toBe(204)
    expect((await client.get(`${attributes}(LogicalName='new_customer')`)).status).toBe(404)
  })

  test('of many rows to many makes an intersect table', async () => {
    const manyToMany = {
      '@odata.type': 'Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata',
      SchemaName: 'new_holders',
      Entity1LogicalName: 'new_bankaccount',
      Entity2LogicalName: 'new_customer',
      IntersectEntityName: 'new_holders',
    }
    const { headers } = await client.post('/RelationshipDefinitions', manyToMany)
    expect((await client.get(headers.get('OData-EntityId')!)).body).toMatchObject({
      IntersectEntityName: 'new_holders',
    })

    const customer = await dataverse.create(Customer, { new_title: 'Fabrikam' })
    await client.post('/new_bankaccounts', {
      new_accountname: 'Savings',
      'new_holders@odata.bind': [`new_customers(${customer})`],
    })
    expect((await client.get(`/new_customers(${customer})/new_holders/$count`)).text).toBe('\ufeff1')
    expect((await client.remove("/RelationshipDefinitions(SchemaName='new_holders')")).status).toBe(204)
    expect((await client.get(`/new_customers(${customer})/new_holders`)).status).toBe(404)
  })

  test.each([
    [{ ...oneToMany, ReferencedEntity: 'nothing' }, '0x80041102'],
    [{ ...oneToMany, SchemaName: '' }, '0x80040203'],
    [{ ...oneToMany, SchemaName: 'new_project_member' }, '0x80040203'],
    [{ ...oneToMany, Lookup: { SchemaName: 'new_AccountName' } }, '0x80040203'],
  ])('is refused: %j', async (relationship, code) => {
    const { status, body } = await client.post('/RelationshipDefinitions', relationship)
    expect([status, body.error.code]).toEqual([400, code])
  })
})

describe('an alternate key', () => {
  const keys = "/EntityDefinitions(LogicalName='new_customer')/Keys"
  const titleKey = { SchemaName: 'new_TitleKey', DisplayName: label('Title'), KeyAttributes: ['new_title'] }

  test('identifies rows, and is enforced', async () => {
    expect((await client.post(keys, titleKey)).status).toBe(204)
    await client.post('/new_customers', { new_title: 'Fabrikam' })

    expect((await client.get("/new_customers(new_title='fabrikam')")).body).toMatchObject({ new_title: 'Fabrikam' })
    expect((await client.post('/new_customers', { new_title: 'Fabrikam' })).body.error.code).toBe('0x80060892')
    const [key] = (await client.get(keys)).body.value
    expect((await client.remove(`${keys}(${key.MetadataId})`)).status).toBe(204)
    expect((await client.post('/new_customers', { new_title: 'Fabrikam' })).status).toBe(204)
  })

  test('that rows violate is refused and changes nothing', async () => {
    for (const new_title of ['Fabrikam', 'fabrikam']) await dataverse.create(Customer, { new_title })

    expect((await client.post(keys, titleKey)).body.error.code).toBe('0x80060892')
    expect((await client.get(keys)).body.value).toEqual([])
    expect((await client.post(keys, { SchemaName: 'x', KeyAttributes: ['nothing'] })).status).toBe(400)
  })
})

describe('a shared choice', () => {
  test('is created, used by a column, changed and removed', async () => {
    const { headers } = await client.post('/GlobalOptionSetDefinitions', colours)
    expect((await client.get(headers.get('OData-EntityId')!)).body).toMatchObject({
      Name: 'new_colors',
      IsGlobal: true,
    })
    const path = "/EntityDefinitions(LogicalName='new_customer')/Attributes"
    const created = await client.post(path, {
      '@odata.type': 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      SchemaName: 'new_Color',
      DisplayName: label('Color'),
      'GlobalOptionSet@odata.bind': "/GlobalOptionSetDefinitions(Name='new_colors')",
    })
    expect(created.status, created.text).toBe(204)
    await client.post('/new_customers', { new_title: 'x', new_color: 1 })
    expect((await client.get('/new_customers', annotated)).body.value).toMatchObject([
      { [`new_color@${FORMATTED}`]: 'Red' },
    ])

    const one = "/GlobalOptionSetDefinitions(Name='new_colors')"
    expect((await client.put(one, { DisplayName: label('Colours') })).status).toBe(204)
    expect((await client.get(one)).body.DisplayName.UserLocalizedLabel.Label).toBe('Colours')
    expect((await client.remove(one)).status).toBe(204)
    expect((await client.get(one)).status).toBe(404)
  })
})

test('the schema cannot be written where there is nothing to write', async () => {
  for (const [method, path] of [
    ['PUT', '/EntityDefinitions'],
    ['POST', `/EntityDefinitions(${nowhere})`],
    ['DELETE', '/RelationshipDefinitions'],
    ['POST', `${table}/ManyToManyRelationships`],
  ] as const) {
    expect((await client.ask(method, path, method === 'DELETE' ? undefined : {})).status, path).toBe(405)
  }
})

test('tables that are read back from their definitions are the same', async () => {
  const query = { AttributeQuery: {}, KeyQuery: {}, RelationshipQuery: {} }
  const { body } = await client.get(
    `/RetrieveMetadataChanges(Query=@p)?@p=${encodeURIComponent(JSON.stringify(query))}`,
  )
  const { tables: read, skipped } = tablesFromEntityDefinitions(body.EntityMetadata)

  expect(skipped).toEqual([])
  for (const original of tables) {
    const copy = read.find(({ logicalName }) => logicalName === original.logicalName)!
    expect(Object.keys(copy.columns).sort()).toEqual(Object.keys(original.columns).sort())
    for (const [name, definition] of Object.entries(original.columns)) {
      const { relationships: _, ...rest } = copy.columns[name] as never as Record<string, unknown>
      const { relationships: __, ...expected } = definition as never as Record<string, unknown>
      expect(rest, `${original.logicalName}.${name}`).toEqual({ ...expected, documented: true })
    }
    expect(copy.keys).toEqual(original.keys)
    expect(copy.manyToOne).toEqual(original.manyToOne)
    expect(copy.manyToMany).toEqual(original.manyToMany)
    expect(Object.keys(copy.states!)).toEqual(Object.keys(original.states!))
  }
  expect(
    createEmulator({ tables: read.filter(({ logicalName }) => logicalName === Project.logicalName) }),
  ).toBeDefined()
})

test('a part of the schema becomes a component of the solution that is named, once', async () => {
  const standard = createEmulator({ tables: standardTables })
  const { post, put, get } = clientOf({ service: standard, tables: [], metadata: standard.metadata })
  const publisherid = await standard.create('publisher', { friendlyname: 'Me', uniquename: 'me' })
  const solutionid = await standard.create('solution', {
    friendlyname: 'Mine',
    uniquename: 'Mine',
    publisherid: reference('publisher', publisherid),
  })
  const mine = { 'MSCRM.SolutionUniqueName': 'Mine' }
  const idOf = ({ headers }: Answer) => /([0-9a-f-]{36})\)$/.exec(headers.get('OData-EntityId')!)![1]

  const bank = idOf(await post('/EntityDefinitions', bankAccount, mine))
  const code = { ...bankAccount.Attributes[0], SchemaName: 'new_Code', IsPrimaryName: false }
  const attribute = idOf(await post(attributes, code, mine))
  const choice = idOf(await post('/GlobalOptionSetDefinitions', colours, mine))
  expect((await put(table, { DisplayName: label('Account') }, mine)).status).toBe(204)
  await post(attributes, { ...code, SchemaName: 'new_Other' })

  const found = await get(
    `/solutions(${solutionid})/solution_solutioncomponent?$select=componenttype,objectid&$orderby=componenttype`,
  )
  const components = found.body.value.map((row: Record<string, unknown>) => [row.componenttype, row.objectid])
  expect(components).toEqual([
    [1, bank],
    [2, attribute],
    [9, choice],
  ])
})

test('a solution that there is not is refused, before anything is changed', async () => {
  const standard = createEmulator({ tables: standardTables })
  const { post, get } = clientOf({ service: standard, tables: [], metadata: standard.metadata })
  const { status, body } = await post('/EntityDefinitions', bankAccount, { 'MSCRM.SolutionUniqueName': 'Nobodys' })
  expect([status, body.error.message]).toEqual([400, expect.stringContaining("the unique name 'Nobodys'")])
  expect((await get(table)).status).toBe(404)
})
