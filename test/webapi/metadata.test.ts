import sax from 'sax'
import { beforeEach, describe, expect, test } from 'vitest'
import { defineCustomApi } from '../../src/plugins/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, priority, tables } from '../emulator/tables.ts'
import { BASE, type Client, clientOf, nowhere } from './ask.ts'

const close = defineCustomApi({
  uniqueName: 'new_Close',
  kind: 'action',
  table: Project,
  parameters: { Reason: { type: 'String', optional: true } },
  response: { Left: { type: 'Integer' } },
  run: () => ({ Left: 0 }),
})

let dataverse: Emulator
let client: Client
beforeEach(() => {
  dataverse = createEmulator({ tables, customApis: [close] })
  client = clientOf({ service: dataverse, tables: dataverse.tables, customApis: [close] })
})

describe('$metadata', () => {
  /** The elements of the document with this name, as their attributes. */
  function elements(xml: string, name: string): Record<string, string>[] {
    const found: Record<string, string>[] = []
    const parser = sax.parser(true)
    parser.onerror = (error) => {
      throw error
    }
    parser.onopentag = (tag) => {
      if (tag.name === name) found.push(tag.attributes as Record<string, string>)
    }
    parser.write(xml).close()
    return found
  }

  test('is well-formed CSDL with the tables, their columns, links and keys', async () => {
    const { status, headers, text } = await client.get('/$metadata')

    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/xml'])
    expect(elements(text, 'Schema')).toEqual([
      expect.objectContaining({ Namespace: 'Microsoft.Dynamics.CRM', Alias: 'mscrm' }),
    ])
    expect(elements(text, 'EntityType')).toContainEqual({ Name: 'new_project', BaseType: 'mscrm.crmbaseentity' })
    expect(elements(text, 'EntityType')).toContainEqual({ Name: 'systemuser', BaseType: 'mscrm.principal' })
    expect(elements(text, 'NavigationProperty')).toContainEqual({
      Name: 'ownerid',
      Type: 'mscrm.principal',
      Nullable: 'true',
    })
    const properties = elements(text, 'Property')
    for (const property of [
      { Name: 'new_projectid', Type: 'Edm.Guid', Nullable: 'false' },
      { Name: 'new_name', Type: 'Edm.String', MaxLength: '20', Unicode: 'true' },
      { Name: 'new_budget', Type: 'Edm.Decimal', Scale: 'Variable' },
      { Name: 'new_billable', Type: 'Edm.Boolean' },
      { Name: 'new_tags', Type: 'Edm.String', Unicode: 'true' },
      { Name: 'new_due', Type: 'Edm.Date' },
      { Name: 'new_started', Type: 'Edm.DateTimeOffset' },
      { Name: '_new_customer_value', Type: 'Edm.Guid' },
      { Name: 'versionnumber', Type: 'Edm.Int64' },
      { Name: 'statecode', Type: 'Edm.Int32' },
    ]) {
      expect(properties).toContainEqual(property)
    }
    const navigations = elements(text, 'NavigationProperty')
    expect(navigations).toContainEqual({
      Name: 'new_customer',
      Type: 'mscrm.new_customer',
      Nullable: 'true',
      Partner: 'new_customer_new_project_new_customer',
    })
    expect(navigations).toContainEqual({
      Name: 'new_customer_new_project_new_customer',
      Type: 'Collection(mscrm.new_project)',
      Partner: 'new_customer',
    })
    expect(navigations).toContainEqual({
      Name: 'new_project_member',
      Type: 'Collection(mscrm.new_customer)',
      Partner: 'new_project_member',
    })
    expect(elements(text, 'EntitySet')).toContainEqual({
      Name: 'new_projects',
      EntityType: 'Microsoft.Dynamics.CRM.new_project',
    })
    expect(elements(text, 'NavigationPropertyBinding')).toContainEqual({
      Path: 'new_customer',
      Target: 'new_customers',
    })
    expect(elements(text, 'Annotation')).toContainEqual({
      Term: 'OData.Community.Keys.V1.AlternateKeys',
      Qualifier: 'new_codekey',
    })
  })

  test('has the functions and actions, custom APIs among them', async () => {
    const { text } = await client.get('/$metadata')

    expect(elements(text, 'Function')).toContainEqual({ Name: 'WhoAmI' })
    expect(elements(text, 'FunctionImport')).toContainEqual({ Name: 'WhoAmI', Function: 'mscrm.WhoAmI' })
    expect(elements(text, 'Action')).toContainEqual({ Name: 'new_Close', IsBound: 'true' })
    expect(elements(text, 'ActionImport')).not.toContainEqual(expect.objectContaining({ Name: 'new_Close' }))
    expect(elements(text, 'Parameter')).toContainEqual({
      Name: 'entity',
      Type: 'mscrm.new_project',
      Nullable: 'false',
    })
    expect(elements(text, 'ComplexType')).toContainEqual({ Name: 'new_CloseResponse' })
  })

  test('says what can be tracked only when annotations are asked for', async () => {
    expect((await client.get('/$metadata')).text).not.toContain('ChangeTracking')
    expect((await client.get('/$metadata?annotations=true')).text).toContain('Org.OData.Capabilities.V1.ChangeTracking')
  })
})

describe('EntityDefinitions', () => {
  test('answers what clients look up before they use a table', async () => {
    expect((await client.get("/EntityDefinitions(LogicalName='new_project')?$select=EntitySetName")).body).toEqual({
      '@odata.context': `${BASE}/$metadata#EntityDefinitions(EntitySetName)/$entity`,
      EntitySetName: 'new_projects',
      MetadataId: expect.stringMatching(/^[0-9a-f]{8}-/),
    })
    const { body } = await client.get(
      "/EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$filter=LogicalName eq 'new_project' or LogicalName eq 'account' and IsPrivate ne false",
    )
    expect(body).toEqual({
      '@odata.context': `${BASE}/$metadata#EntityDefinitions(LogicalName,EntitySetName,PrimaryIdAttribute)`,
      value: [
        {
          LogicalName: 'new_project',
          EntitySetName: 'new_projects',
          PrimaryIdAttribute: 'new_projectid',
          MetadataId: expect.any(String),
        },
      ],
    })
  })

  test('identifies a table by an id that stays the same', async () => {
    const { body } = await client.get("/EntityDefinitions(LogicalName='new_project')")
    const again = clientOf({ service: dataverse, tables: [Project, Customer] })

    expect((await again.get(`/EntityDefinitions(${body.MetadataId})`)).body).toMatchObject({
      LogicalName: 'new_project',
      SchemaName: 'new_project',
      PrimaryNameAttribute: 'new_name',
      OwnershipType: 'UserOwned',
      DisplayName: { UserLocalizedLabel: { Label: 'Project', LanguageCode: 1033 } },
      IsCustomEntity: true,
      IsOptimisticConcurrencyEnabled: true,
      ChangeTrackingEnabled: false,
    })
  })

  test('expands columns, keys and relationships, each with options', async () => {
    const { body } = await client.get(
      "/EntityDefinitions(LogicalName='new_project')?$select=LogicalName&$expand=Attributes($select=LogicalName,AttributeType;$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Lookup' and IsCustomAttribute eq true),Keys($select=KeyAttributes),ManyToManyRelationships,OneToManyRelationships($select=ReferencingEntity;$filter=ReferencingEntity ne 'new_project'),ManyToOneRelationships($filter=ReferencedEntity eq 'new_customer')",
    )

    expect(body['@odata.context']).toBe(
      `${BASE}/$metadata#EntityDefinitions(LogicalName,Attributes(LogicalName,AttributeType),Keys(KeyAttributes),ManyToManyRelationships(),OneToManyRelationships(ReferencingEntity),ManyToOneRelationships())/$entity`,
    )
    expect(body.Attributes).toEqual(
      ['new_customer', 'new_parent'].map((LogicalName) => ({
        '@odata.type': '#Microsoft.Dynamics.CRM.LookupAttributeMetadata',
        LogicalName,
        AttributeType: 'Lookup',
        MetadataId: expect.any(String),
      })),
    )
    expect(body.Keys).toMatchObject([{ KeyAttributes: ['new_code'] }])
    expect(body.ManyToManyRelationships).toMatchObject([
      {
        SchemaName: 'new_project_member',
        Entity1LogicalName: 'new_project',
        Entity1IntersectAttribute: 'new_projectid',
        Entity2LogicalName: 'new_customer',
        IntersectEntityName: 'new_project_member',
      },
    ])
    expect(body.OneToManyRelationships).toMatchObject([{ ReferencingEntity: 'new_task' }])
    expect(body.ManyToOneRelationships).toMatchObject([
      {
        SchemaName: 'new_customer_new_project_new_customer',
        ReferencedAttribute: 'new_customerid',
        ReferencingAttribute: 'new_customer',
        ReferencingEntityNavigationPropertyName: 'new_customer',
        ReferencedEntityNavigationPropertyName: 'new_customer_new_project_new_customer',
        CascadeConfiguration: { Delete: 'Restrict', Assign: 'NoCascade' },
      },
    ])
  })

  const attribute = (name: string) => `/EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='${name}')`

  test('shows the options of a choice where the column is cast to one', async () => {
    const path = `${attribute('new_priority')}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`
    const { body } = await client.get(`${path}?$select=LogicalName&$expand=OptionSet($select=Options),GlobalOptionSet`)

    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#EntityDefinitions('new_project')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata(LogicalName,OptionSet(Options),GlobalOptionSet())/$entity`,
      LogicalName: 'new_priority',
      GlobalOptionSet: null,
      OptionSet: {
        Options: [
          { Value: priority.Low, Label: { UserLocalizedLabel: { Label: 'Low' } } },
          { Value: priority.High, Label: { UserLocalizedLabel: { Label: 'High' } } },
        ],
      },
    })
    expect((await client.get(`${path}/OptionSet?$select=Name`)).body).toMatchObject({
      Name: 'new_project_new_priority',
    })
    expect((await client.get(path)).body).not.toHaveProperty('OptionSet')
    expect(
      (await client.get(`${attribute('new_priority')}/Microsoft.Dynamics.CRM.StringAttributeMetadata`)).status,
    ).toBe(404)
  })

  test('shows every kind of column as its class', async () => {
    const { body } = await client.get(
      "/EntityDefinitions(LogicalName='new_project')/Attributes?$filter=IsLogical eq false",
    )
    const classes = Object.fromEntries(
      body.value.map((one: Record<string, string>) => [
        one.LogicalName,
        one['@odata.type']!.replace(/#Microsoft.Dynamics.CRM.(.*)AttributeMetadata/, '$1'),
      ]),
    )

    expect(classes).toMatchObject({
      new_projectid: 'UniqueIdentifier',
      new_name: 'String',
      new_budget: 'Money',
      new_hours: 'Decimal',
      new_seats: 'Integer',
      new_billable: 'Boolean',
      new_priority: 'Picklist',
      new_tags: 'MultiSelectPicklist',
      new_due: 'DateTime',
      new_started: 'DateTime',
      new_customer: 'Lookup',
      new_number: 'String',
      statecode: 'State',
      statuscode: 'Status',
      versionnumber: 'BigInt',
    })
    expect((await client.get(attribute('new_name'))).body).toMatchObject({
      MaxLength: 20,
      RequiredLevel: { Value: 'SystemRequired' },
      IsPrimaryName: true,
    })
    expect((await client.get(attribute('ownerid'))).body).toMatchObject({
      AttributeType: 'Owner',
      Targets: ['systemuser', 'team'],
    })
    expect((await client.get(attribute('new_due'))).body).toMatchObject({
      Format: 'DateOnly',
      DateTimeBehavior: { Value: 'DateOnly' },
    })
    expect((await client.get(attribute('createdon'))).body).toMatchObject({
      IsValidForCreate: false,
      DateTimeBehavior: { Value: 'UserLocal' },
    })
    const status = `${attribute('statuscode')}/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$expand=OptionSet`
    expect((await client.get(status)).body.OptionSet.Options).toContainEqual(
      expect.objectContaining({ Value: 100_000_000, State: 0 }),
    )
  })

  test('gives single properties, and counts', async () => {
    expect((await client.get("/EntityDefinitions(LogicalName='new_project')/EntitySetName")).body).toEqual({
      '@odata.context': `${BASE}/$metadata#EntityDefinitions('new_project')/EntitySetName`,
      value: 'new_projects',
    })
    expect((await client.get(`${attribute('new_name')}/DisplayName`)).body).toMatchObject({
      UserLocalizedLabel: { Label: 'Name' },
    })
    expect((await client.get("/EntityDefinitions(LogicalName='new_project')/Keys/$count")).text).toBe('\ufeff1')
  })

  test.each<[string, number, string]>([
    ["/EntityDefinitions(LogicalName='nothing')", 404, '0x80041102'],
    ["/EntityDefinitions(LogicalName='__proto__')", 404, '0x80041102'],
    [`/EntityDefinitions(${nowhere})`, 404, '0x80040217'],
    ["/EntityDefinitions(Color='x')", 400, '0x80060888'],
    ['/EntityDefinitions()', 400, '0x80060888'],
    [attribute('nothing'), 404, '0x80040217'],
    [`${attribute('new_name')}/nothing`, 404, '0x80060888'],
    ['/EntityDefinitions/nothing', 404, '0x80060888'],
    ['/EntityDefinitions?$select=Nothing', 400, '0x80060888'],
    ['/EntityDefinitions?$select=__proto__', 400, '0x80060888'],
    ['/EntityDefinitions?$expand=Nothing', 400, '0x80060888'],
    ['/EntityDefinitions?$filter=Nothing eq 1', 400, '0x80060888'],
    ["/EntityDefinitions?$filter=contains(LogicalName,'x')", 400, '0x80060888'],
    ['/EntityDefinitions?$filter=LogicalName gt 1', 400, '0x80060888'],
    ["/EntityDefinitions?$filter=LogicalName eq 'x", 400, '0x80060888'],
    ['/EntityDefinitions?$filter=(LogicalName eq 1', 400, '0x80060888'],
    [`/EntityDefinitions?$filter=${'('.repeat(9000)}`, 400, '0x80060888'],
    ['/EntityDefinitions?$top=1', 400, '0x80060888'],
  ])('%s is refused', async (path, status, code) => {
    const answer = await client.get(path)

    expect([answer.status, answer.body.error.code]).toEqual([status, code])
  })
})

describe('relationships and option sets by themselves', () => {
  test('are found by their names, and cast', async () => {
    const one = '/RelationshipDefinitions(SchemaName=%27new_customer_new_project_new_customer%27)'
    expect((await client.get(one)).body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#RelationshipDefinitions/$entity`,
      '@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      RelationshipType: 'OneToManyRelationship',
      ReferencedEntity: 'new_customer',
    })
    const many = await client.get(
      "/RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=SchemaName&$filter=Entity1LogicalName eq 'new_project'",
    )
    expect(many.body.value).toEqual([{ SchemaName: 'new_project_member', MetadataId: expect.any(String) }])
    expect((await client.get('/GlobalOptionSetDefinitions')).body.value).toEqual([])
    expect((await client.get("/GlobalOptionSetDefinitions(Name='x')")).status).toBe(404)
  })
})

describe('RetrieveMetadataChanges', () => {
  const ask = (query: object, more = '') =>
    client.get(`/RetrieveMetadataChanges(Query=@p0${more})?@p0=${encodeURIComponent(JSON.stringify(query))}`)
  const named = (PropertyName: string, Value: string, ConditionOperator = 'Equals') => ({
    FilterOperator: 'And',
    Conditions: [{ PropertyName, ConditionOperator, Value: { Type: 'System.String', Value } }],
  })

  test('answers the properties asked for of what the criteria select', async () => {
    const { body } = await ask({
      Criteria: named('LogicalName', 'new_project'),
      Properties: { AllProperties: false, PropertyNames: ['EntitySetName'] },
      AttributeQuery: {
        Criteria: named('LogicalName', '["new_priority","new_seats"]', 'In'),
        Properties: { AllProperties: false, PropertyNames: ['AttributeType', 'OptionSet'] },
      },
    })

    expect(body).toMatchObject({
      '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse`,
      ServerVersionStamp: expect.any(String),
      DeletedMetadata: { Count: 0, Keys: [], Values: [] },
    })
    expect(body.EntityMetadata).toHaveLength(1)
    expect(body.EntityMetadata[0]).not.toHaveProperty('OwnershipType')
    expect(body.EntityMetadata[0]).toMatchObject({
      EntitySetName: 'new_projects',
      Attributes: [
        { LogicalName: 'new_seats', AttributeType: 'Integer' },
        { LogicalName: 'new_priority', OptionSet: { Options: [{ Value: priority.Low }, {}] } },
      ],
    })
    expect(body.EntityMetadata[0].Attributes[0]).not.toHaveProperty('DisplayName')
  })

  test('answers nothing while the schema is the one that the caller knows', async () => {
    const { body } = await ask({})
    expect(body.EntityMetadata.length).toBeGreaterThan(3)
    const again = await ask({}, `,ClientVersionStamp='${body.ServerVersionStamp}'`)
    expect(again.body.EntityMetadata).toEqual([])
  })

  test.each<[object]>([
    [{ Criteria: { Conditions: 'x' } }],
    [{ Criteria: named('Nothing', 'x') }],
    [{ Criteria: named('LogicalName', 'x', 'Like') }],
    [{ Properties: { PropertyNames: 5 } }],
    [[]],
  ])('refuses %j', async (query) => {
    expect((await ask(query)).status).toBe(400)
  })
})
