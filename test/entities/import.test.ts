import { describe, expect, test } from 'vitest'
import {
  tablesFromCsdl,
  tablesFromCustomizations,
  tablesFromEntityDefinitions,
} from '../../src/entities/import/index.ts'
import { standardTables, work365Tables } from '../../src/entities/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { createWebApi } from '../../src/webapi/index.ts'
import { tables } from '../emulator/tables.ts'

const typesOf = (columns: object) =>
  Object.fromEntries(Object.entries(columns).map(([name, { type }]: [string, { type: string }]) => [name, type]))

describe('a metadata document', () => {
  const document = async (all: typeof standardTables) => {
    const api = createWebApi({ service: createEmulator(), tables: all })
    return (await api(new Request('http://h/api/data/v9.2/$metadata'))).text()
  }

  test('gives the tables that it describes, as far as it describes them', async () => {
    const { tables: read, skipped } = await tablesFromCsdl(await document(createEmulator({ tables }).tables), {
      only: ['new_project', 'new_task', 'new_customer'],
    })

    expect(skipped).toEqual([])
    const [project] = read
    expect(read.map(({ logicalName }) => logicalName).sort()).toEqual(['new_customer', 'new_project', 'new_task'])
    const original = tables[0]!
    const { new_priority, new_number, ...same } = typesOf(original.columns)
    expect([new_priority, new_number]).toEqual(['choice', 'autonumber'])
    // A document does not tell choices from integers, nor what is numbered.
    const { new_tags: _, new_budget: __, ...expected } = same
    expect(typesOf(project!.columns)).toMatchObject({ ...expected, new_priority: 'integer', new_number: 'text' })
    expect(project).toMatchObject({
      collectionName: 'new_projects',
      primaryKey: 'new_projectid',
      primaryName: 'new_name',
      ownership: 'user',
      keys: { new_codekey: ['new_code'] },
    })
    expect(Object.keys(project!.manyToOne)).toEqual(
      expect.arrayContaining(['new_customer_new_project_new_customer', 'new_project_new_project_new_parent']),
    )
    const links = read.flatMap(({ manyToMany }) => Object.keys(manyToMany))
    expect(links).toEqual(['new_project_member'])
  })

  test('gives tables that an emulator takes, all standard ones among them', async () => {
    const known = new Set<string>()
    const all = [...standardTables, ...work365Tables].filter(({ logicalName }) => {
      const isNew = !known.has(logicalName)
      known.add(logicalName)
      return isNew
    })
    const { tables: read } = await tablesFromCsdl(await document(all))
    const system = new Set(createEmulator().tables.map(({ logicalName }) => logicalName))

    const own = read.filter(({ logicalName }) => !system.has(logicalName))
    expect(own.length).toBeGreaterThan(30)
    const dataverse = createEmulator({ tables: own })
    const account = await dataverse.create('account', { name: 'Fabrikam' })
    await dataverse.create('contact', { lastname: 'Abel', parentcustomerid: { logicalName: 'account', id: account } })
    expect(await dataverse.list('contact')).toMatchObject([{ parentcustomerid: { id: account, name: 'Fabrikam' } }])
  })

  test('inherits what a type is derived from', async () => {
    const { tables: read } = await tablesFromCsdl(`<?xml version="1.0"?>
      <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
        <Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">
          <EntityType Name="crmbaseentity" Abstract="true"/>
          <EntityType Name="activitypointer" BaseType="mscrm.crmbaseentity">
            <Key><PropertyRef Name="activityid"/></Key>
            <Property Name="activityid" Type="Edm.Guid"/>
            <Property Name="subject" Type="Edm.String" MaxLength="200"/>
            <Property Name="_regardingobjectid_value" Type="Edm.Guid"/>
            <NavigationProperty Name="regardingobjectid_account_task" Type="mscrm.account" Partner="Account_Tasks">
              <ReferentialConstraint Property="_regardingobjectid_value" ReferencedProperty="accountid"/>
            </NavigationProperty>
          </EntityType>
          <EntityType Name="task" BaseType="mscrm.activitypointer">
            <Property Name="percentcomplete" Type="Edm.Int32"/>
            <Property Name="scheduledstart" Type="Edm.DateTimeOffset"/>
            <Property Name="notes" Type="Edm.String" MaxLength="100000"/>
            <Property Name="unknown" Type="mscrm.BooleanManagedProperty"/>
          </EntityType>
          <EntityContainer Name="System"><EntitySet Name="tasks" EntityType="Microsoft.Dynamics.CRM.task"/></EntityContainer>
        </Schema>
      </edmx:DataServices></edmx:Edmx>`)

    expect(read).toHaveLength(1)
    expect(read[0]).toMatchObject({ logicalName: 'task', primaryKey: 'activityid', primaryName: 'subject' })
    expect(typesOf(read[0]!.columns)).toMatchObject({
      subject: 'text',
      percentcomplete: 'integer',
      scheduledstart: 'dateTime',
      notes: 'memo',
      regardingobjectid: 'lookup',
    })
    expect(read[0]!.manyToOne).toMatchObject({ Account_Tasks: { column: 'regardingobjectid', to: 'account' } })
  })

  test.each<[string, string, string]>([
    ['text', 'hello', 'not well-formed XML'],
    ['another document', '<x/>', 'its root is not <Edmx>'],
    ['an unknown entity', '<!DOCTYPE x [<!ENTITY a "b">]><Edmx>&a;</Edmx>', 'a document type is not allowed'],
    ['nothing', '', 'it has no root'],
    [
      'a type of itself',
      '<Edmx><DataServices><Schema><EntityType Name="a" BaseType="x.a"/><EntityContainer><EntitySet Name="as" EntityType="x.a"/></EntityContainer></Schema></DataServices></Edmx>',
      'derived from itself',
    ],
  ])('that is %s is refused', async (_title, xml, message) => {
    await expect(tablesFromCsdl(xml)).rejects.toThrow(message)
  })

  test('without a table that is asked for is refused', async () => {
    await expect(tablesFromCsdl('<Edmx/>', { only: ['account'] })).rejects.toThrow("it has no table 'account'")
  })
})

describe('a customizations file', () => {
  const attribute = (name: string, type: string, more = '') =>
    `<attribute PhysicalName="${name}"><Type>${type}</Type><Name>${name.toLowerCase()}</Name><LogicalName>${name.toLowerCase()}</LogicalName><RequiredLevel>none</RequiredLevel><IsCustomField>1</IsCustomField><displaynames><displayname description="${name}" languagecode="1033"/></displaynames>${more}</attribute>`
  const option = (value: number, label: string, more = '') =>
    `<option value="${value}" ${more}><labels><label description="${label}" languagecode="1033"/></labels></option>`
  const file = (attributes: string, more = '') => `<ImportExportXml version="9.2.0.0">
    <Entities>
      <Entity>
        <Name LocalizedName="Project" OriginalName="Project">new_Project</Name>
        <EntityInfo><entity Name="new_Project">
          <LocalizedNames><LocalizedName description="Project" languagecode="1033"/></LocalizedNames>
          <Descriptions><Description description="What we build" languagecode="1033"/></Descriptions>
          <attributes>${attributes}</attributes>
          <EntitySetName>new_projectset</EntitySetName>
          <OwnershipTypeMask>UserOwned</OwnershipTypeMask>
          <ChangeTrackingEnabled>1</ChangeTrackingEnabled>
          <EntityKeys><EntityKey Name="new_CodeKey"><LogicalName>new_codekey</LogicalName><EntityKeyAttributes><AttributeName>new_code</AttributeName></EntityKeyAttributes></EntityKey></EntityKeys>
        </entity></EntityInfo>
      </Entity>
      <Entity><Name>account</Name><FormXml/></Entity>
    </Entities>
    <EntityRelationships>
      <EntityRelationship Name="new_account_project"><EntityRelationshipType>OneToMany</EntityRelationshipType><ReferencingEntityName>new_Project</ReferencingEntityName><ReferencedEntityName>Account</ReferencedEntityName><CascadeAssign>NoCascade</CascadeAssign><CascadeDelete>Restrict</CascadeDelete><ReferencingAttributeName>new_Account</ReferencingAttributeName></EntityRelationship>
      <EntityRelationship Name="new_members"><EntityRelationshipType>ManyToMany</EntityRelationshipType><FirstEntityName>new_Project</FirstEntityName><SecondEntityName>Contact</SecondEntityName><IntersectEntityName>new_Members</IntersectEntityName></EntityRelationship>
    </EntityRelationships>
    <optionsets><optionset Name="new_colors"><displaynames><displayname description="Colors" languagecode="1033"/></displaynames><options>${option(1, 'Red')}</options></optionset></optionsets>
    ${more}</ImportExportXml>`
  const columns = [
    attribute('new_ProjectId', 'primarykey'),
    attribute(
      'new_Name',
      'nvarchar',
      '<DisplayMask>PrimaryName|ValidForForm</DisplayMask><MaxLength>50</MaxLength><Length>100</Length>',
    ),
    attribute('new_Code', 'nvarchar', '<MaxLength>10</MaxLength><RequiredLevel/>'),
    attribute('new_Number', 'nvarchar', '<AutoNumberFormat>P-{SEQNUM:4}</AutoNumberFormat>'),
    attribute('new_Mail', 'nvarchar', '<Format>email</Format>'),
    attribute('new_Notes', 'ntext', '<MaxLength>5000</MaxLength>'),
    attribute('new_Seats', 'int', '<MinValue>0</MinValue><MaxValue>99</MaxValue>'),
    attribute('new_Rate', 'decimal', '<Accuracy>3</Accuracy>'),
    attribute('new_Budget', 'money'),
    attribute(
      'new_Open',
      'bit',
      `<AppDefaultValue>1</AppDefaultValue><optionset><options>${option(1, 'Open')}${option(0, 'Shut')}</options></optionset>`,
    ),
    attribute(
      'new_Kind',
      'picklist',
      `<AppDefaultValue>2</AppDefaultValue><optionset Name="x"><options>${option(1, 'Bridge')}${option(2, 'Road')}</options></optionset>`,
    ),
    attribute('new_Color', 'picklist', '<OptionSetName>new_colors</OptionSetName>'),
    attribute(
      'new_Tags',
      'multiselectpicklist',
      `<optionset Name="y"><options>${option(1, 'A')}</options></optionset>`,
    ),
    attribute('new_Due', 'datetime', '<Format>date</Format><Behavior>2</Behavior>'),
    attribute('new_Begun', 'datetime', '<Format>datetime</Format><Behavior>3</Behavior>'),
    attribute('new_Account', 'lookup', '<LookupTypes><LookupType id="1">account</LookupType></LookupTypes>'),
    attribute('new_Plan', 'file', '<MaxSizeInKB>100</MaxSizeInKB>'),
    attribute(
      'statecode',
      'state',
      `<optionset><states><state value="0" defaultstatus="1"><labels><label description="Open" languagecode="1033"/></labels></state><state value="1"><labels><label description="Done" languagecode="1033"/></labels></state></states></optionset>`,
    ),
    attribute(
      'statuscode',
      'status',
      `<optionset><statuses><status value="1" state="0"><labels><label description="Planned" languagecode="1033"/></labels></status><status value="2" state="1"><labels><label description="Built" languagecode="1033"/></labels></status></statuses></optionset>`,
    ),
  ]

  test('gives the tables of the solution, with what only it tells', async () => {
    const { tables: read, skipped } = await tablesFromCustomizations(
      file(columns.join('') + attribute('new_Odd', 'virtual')),
    )

    expect(skipped).toEqual(["The column 'new_odd' of 'new_project' is a virtual, which there is not here."])
    expect(read).toHaveLength(1)
    const [project] = read
    expect(project).toMatchObject({
      logicalName: 'new_project',
      displayName: 'Project',
      description: 'What we build',
      collectionName: 'new_projectset',
      primaryKey: 'new_projectid',
      primaryName: 'new_name',
      ownership: 'user',
      changeTracking: true,
      keys: { new_CodeKey: ['new_code'] },
      manyToMany: { new_members: { to: 'contact', intersect: 'new_members' } },
      manyToOne: { new_account_project: { column: 'new_account', to: 'account', behavior: { delete: 'restrict' } } },
      states: { Open: { value: 0, reasons: { Planned: 1 } }, Done: { value: 1, reasons: { Built: 2 } } },
    })
    expect(project!.columns).toMatchObject({
      new_name: { type: 'text', maxLength: 50, label: 'new_Name', standard: false },
      new_number: { type: 'autonumber', format: 'P-{SEQNUM:4}' },
      new_mail: { type: 'text', format: 'email' },
      new_notes: { type: 'memo', maxLength: 5000 },
      new_seats: { type: 'integer', min: 0, max: 99 },
      new_rate: { type: 'decimal', precision: 3 },
      new_budget: { type: 'money' },
      new_open: { type: 'boolean', default: true, trueLabel: 'Open', falseLabel: 'Shut' },
      new_kind: { type: 'choice', default: 2, options: { Bridge: 1, Road: 2 } },
      new_color: { type: 'choice', options: { Red: 1 } },
      new_tags: { type: 'multiChoice', options: { A: 1 } },
      new_due: { type: 'dateOnly' },
      new_begun: { type: 'dateTime', behavior: 'timeZoneIndependent' },
      new_account: { type: 'lookup', targets: ['account'] },
      new_plan: { type: 'file', maxSizeInKb: 100 },
    })
  })

  test.each<[string, string, string]>([
    ['another document', '<x/>', 'its root is not <ImportExportXml>'],
    ['text', 'hello', 'not well-formed XML'],
    [
      'an unknown shared choice',
      file(
        attribute('new_Name', 'nvarchar') + attribute('new_C', 'picklist', '<OptionSetName>nothing</OptionSetName>'),
      ),
      "there is no choice called 'nothing'",
    ],
    [
      'an option without a value',
      file(
        attribute('new_Name', 'nvarchar') +
          attribute('new_C', 'picklist', '<optionset><options><option/></options></optionset>'),
      ),
      "The column 'new_project.new_c'",
    ],
    ['a key of nothing', file(attribute('new_Name', 'nvarchar')), "The table 'new_project'"],
  ])('with %s is refused', async (_title, xml, message) => {
    await expect(tablesFromCustomizations(xml)).rejects.toThrow(message)
  })

  test('without tables gives none', async () => {
    expect(await tablesFromCustomizations('<ImportExportXml/>')).toEqual({ tables: [], skipped: [] })
  })
})

describe('entity definitions', () => {
  test.each([[5], ['x'], [{}], [null]])('that are %j are refused', (definitions) => {
    expect(() => tablesFromEntityDefinitions(definitions)).toThrow('Entity definitions')
  })

  test('tell what they cannot give', () => {
    const { tables: read, skipped } = tablesFromEntityDefinitions({
      value: [
        {
          LogicalName: 'new_x',
          PrimaryNameAttribute: 'new_name',
          Attributes: [
            { LogicalName: 'new_name', AttributeType: 'String' },
            { LogicalName: 'new_nameshadow', AttributeType: 'Virtual', AttributeOf: 'new_name' },
            { LogicalName: 'new_calendar', AttributeType: 'CalendarRules' },
          ],
        },
      ],
    })
    expect(read[0]!.columns).toHaveProperty('new_name')
    expect(skipped).toEqual(["The column 'new_calendar' of 'new_x' is a CalendarRules, which there is not here."])
  })
})
