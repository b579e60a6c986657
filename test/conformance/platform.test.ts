import { beforeEach, describe, expect, test } from 'vitest'
import { Account } from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { createWebApi } from '../../src/webapi/index.ts'
import { clientOf } from '../webapi/ask.ts'
import {
  annotated,
  BASE,
  type Client,
  connect,
  environment,
  environmentWith,
  error,
  nowhere,
  sample,
} from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})
const contoso = `/accounts(${sample.contoso})`
const idOf = async (answer: Promise<{ headers: Headers }>) =>
  /\(([^)]+)\)$/.exec((await answer).headers.get('odata-entityid') ?? '')![1]!

describe('functions and actions', () => {
  test(feature('operation.who-am-i'), async () => {
    const { organizationId, businessUnitId, userId } = dataverse.organization
    expect((await client.get('/WhoAmI')).body).toEqual({
      '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
      BusinessUnitId: businessUnitId,
      UserId: userId,
      OrganizationId: organizationId,
    })
  })

  test(feature('operation.retrieve-version'), async () => {
    expect((await client.get('/RetrieveVersion')).body.Version).toMatch(/^9\.2\.\d+\.\d+$/)
  })

  test(feature('operation.current-organization'), async () => {
    const { body } = await client.get(
      "/RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
    )
    expect(body.Detail).toMatchObject({
      OrganizationId: dataverse.organization.organizationId,
      FriendlyName: expect.any(String),
      OrganizationVersion: expect.stringMatching(/^9\.2\./),
      UniqueName: expect.any(String),
      UrlName: expect.any(String),
      State: 'Enabled',
      Endpoints: {
        Count: expect.any(Number),
        IsReadOnly: expect.any(Boolean),
        Keys: expect.any(Array),
        Values: expect.any(Array),
      },
    })
  })

  test(feature('operation.total-record-count'), async () => {
    const { body } = await client.get('/RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["account","contact"]')
    expect(body).toEqual({
      '@odata.context': `${BASE}/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse`,
      EntityRecordCountCollection: { Count: 2, IsReadOnly: false, Keys: ['account', 'contact'], Values: [3, 3] },
    })
  })

  test(feature('operation.format-address'), async () => {
    const { body } = await client.get(
      "/FormatAddress(Line1=@p1,City=@p2,StateOrProvince=@p3,PostalCode=@p4,Country=@p5)?@p1='123 Maple St.'&@p2='Seattle'&@p3='WA'&@p4='98007'&@p5='USA'",
    )
    expect(body.Address).toBe('123 Maple St.\r\nSeattle, WA 98007\r\nUSA')
  })

  test(feature('operation.initialize-from'), async () => {
    const { body } = await client.get(
      `/InitializeFrom(EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3)?@p1={'@odata.id':'accounts(${sample.contoso})'}&@p2='account'&@p3=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate'`,
    )
    expect(body).toMatchObject({
      '@odata.type': '#Microsoft.Dynamics.CRM.account',
      'parentaccountid@odata.bind': `accounts(${sample.contoso})`,
    })
    expect(body).not.toHaveProperty('accountid')
  })

  const rightsOf = async (user: string) =>
    (
      await client.get(
        `/systemusers(${user})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@p1)?@p1={ '@odata.id':'accounts(${sample.contoso})'}`,
      )
    ).body.AccessRights

  test(feature('operation.retrieve-principal-access'), async () => {
    expect(await rightsOf(sample.boss)).toMatch(/^\w+Access(, \w+Access)+$/)
  })

  test(feature('operation.grant-access'), async () => {
    const Target = { accountid: sample.contoso, '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const Principal = { systemuserid: sample.worker, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' }
    const shares = async () =>
      (await dataverse.list('principalobjectaccess', ['accessrightsmask']))
        .map((row) => row.accessrightsmask)
        .filter((mask) => mask !== 0)
    for (const [action, AccessMask] of [
      ['GrantAccess', 'ReadAccess,WriteAccess'],
      ['ModifyAccess', 'ReadAccess'],
    ] as const) {
      const { status } = await client.post(`/${action}`, { Target, PrincipalAccess: { Principal, AccessMask } })
      expect(status, action).toBe(204)
    }
    expect(await shares()).toEqual([1])
    expect((await client.post('/RevokeAccess', { Target, Revokee: Principal })).status).toBe(204)
    expect(await shares()).toEqual([])
  })

  test(feature('operation.add-members'), async () => {
    const Members = [{ systemuserid: sample.boss, '@odata.type': 'Microsoft.Dynamics.CRM.systemuser' }]
    const call = (name: string) => client.post(`/teams(${sample.team})/Microsoft.Dynamics.CRM.${name}`, { Members })
    const members = async () => (await client.get(`/teams(${sample.team})/teammembership_association`)).body.value
    expect((await call('AddMembersTeam')).status).toBe(204)
    expect(await members()).toMatchObject([{ fullname: 'Boss' }])
    expect((await call('RemoveMembersTeam')).status).toBe(204)
    expect(await members()).toEqual([])
  })

  test(feature('operation.add-to-queue'), async () => {
    const queue = await idOf(client.post('/queues', { name: 'Support' }))
    const { status, body } = await client.post(`/queues(${queue})/Microsoft.Dynamics.CRM.AddToQueue`, {
      Target: { activityid: sample.plan, '@odata.type': 'Microsoft.Dynamics.CRM.task' },
    })
    expect([status, body.QueueItemId]).toEqual([200, expect.stringMatching(/^[0-9a-f-]{36}$/)])
  })

  const close = (name: string, Status: number) =>
    client.post(`/${name}`, {
      Status,
      OpportunityClose: { subject: 'Closed', 'opportunityid@odata.bind': `opportunities(${sample.sale})` },
    })

  test(feature('operation.win-opportunity'), async () => {
    expect((await close('WinOpportunity', 3)).status).toBe(204)
    expect((await client.get(`/opportunities(${sample.sale})`)).body).toMatchObject({ statecode: 1, statuscode: 3 })
  })

  test(feature('operation.lose-opportunity'), async () => {
    expect((await close('LoseOpportunity', 4)).status).toBe(204)
    expect((await client.get(`/opportunities(${sample.sale})`)).body).toMatchObject({ statecode: 2, statuscode: 4 })
  })

  test(feature('operation.close-incident'), async () => {
    const id = await idOf(
      client.post('/incidents', { title: 'Broken', 'customerid_account@odata.bind': `accounts(${sample.contoso})` }),
    )
    const { status } = await client.post('/CloseIncident', {
      Status: 5,
      IncidentResolution: { subject: 'Mended', 'incidentid@odata.bind': `incidents(${id})` },
    })
    expect(status).toBe(204)
    expect((await client.get(`/incidents(${id})`)).body).toMatchObject({ statecode: 1, statuscode: 5 })
  })

  test(feature('operation.merge'), async () => {
    const typed = (accountid: string) => ({ accountid, '@odata.type': 'Microsoft.Dynamics.CRM.account' })
    const { status } = await client.post('/Merge', {
      Target: typed(sample.fourth),
      Subordinate: typed(sample.contoso),
      UpdateContent: { '@odata.type': 'Microsoft.Dynamics.CRM.account', fax: '1' },
      PerformParentingChecks: false,
    })
    expect(status).toBe(204)
    expect((await client.get(contoso)).body).toMatchObject({
      statecode: 1,
      merged: true,
      _masterid_value: sample.fourth,
    })
    expect((await client.get(`/contacts(${sample.yvonne})`)).body._parentcustomerid_value).toBe(sample.fourth)
    expect((await client.get(`/accounts(${sample.fourth})`)).body.fax).toBe('1')
  })

  test(feature('operation.calculate-rollup'), async () => {
    await client.patch(`/opportunities(${sample.sale})`, {
      'parentaccountid@odata.bind': `accounts(${sample.contoso})`,
    })
    const { body } = await client.get(
      `/CalculateRollupField(Target=@p1,FieldName=@p2)?@p1={'@odata.id':'accounts(${sample.contoso})'}&@p2='openrevenue'`,
    )
    expect(JSON.stringify(body)).toContain('"openrevenue":5000')
    expect((await client.get(contoso)).body).toMatchObject({ openrevenue: 5000, openrevenue_state: 1 })
  })

  test(feature('operation.assign-by-update'), async () => {
    expect((await client.patch(contoso, { 'ownerid@odata.bind': `systemusers(${sample.boss})` })).status).toBe(204)
    expect((await client.get(contoso)).body._ownerid_value).toBe(sample.boss)
  })

  test(feature('operation.state-by-update'), async () => {
    await client.patch(`/tasks(${sample.plan})`, { statuscode: 5 })
    expect((await client.get(`/tasks(${sample.plan})`)).body).toMatchObject({ statecode: 1, statuscode: 5 })
  })

  test(feature('operation.state-default-reason'), async () => {
    await client.patch(`/tasks(${sample.plan})`, { statecode: 2 })
    expect((await client.get(`/tasks(${sample.plan})`)).body).toMatchObject({ statecode: 2, statuscode: 6 })
  })

  test(feature('operation.parameter-missing'), async () => {
    const { status, body } = await client.post('/GrantAccess', {
      Target: { accountid: sample.contoso, '@odata.type': 'Microsoft.Dynamics.CRM.account' },
    })
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('PrincipalAccess')])
  })

  test(feature('operation.entity-without-type'), async () => {
    const { status, body } = await client.post('/Merge', {
      Target: { name: 'x' },
      Subordinate: { name: 'y' },
      PerformParentingChecks: false,
    })
    expect([status, body.error.message]).toEqual([
      400,
      expect.stringContaining('EdmEntityObject passed should have the key property value set.'),
    ])
  })

  test(feature('operation.unknown'), async () => {
    expect(await client.post('/DoNothing', {})).toMatchObject({
      status: 404,
      body: { error: { message: "Resource not found for the segment 'DoNothing'." } },
    })
  })

  test(feature('operation.not-emulated'), async () => {
    for (const [method, path] of [
      ['POST', '/ImportSolution'],
      ['POST', '/PublishAllXml'],
      ['GET', '/RetrieveDependenciesForDelete'],
    ] as const) {
      const { status, body } = await client.ask(method, path, method === 'POST' ? {} : undefined)
      expect([404, 501]).toContain(status)
      expect(body.error.message).toContain(path.slice(1))
    }
  })
})

describe('metadata', () => {
  test(feature('metadata.csdl'), async () => {
    const { text, headers } = await client.get('/$metadata')
    expect(headers.get('content-type')).toMatch(/^application\/xml/)
    expect(text).toMatch(/<Schema [^>]*Namespace="Microsoft\.Dynamics\.CRM"/)
    expect(text).toMatch(/<Schema [^>]*Alias="mscrm"/)
    expect(text).toContain('<EntitySet Name="accounts" EntityType="Microsoft.Dynamics.CRM.account"')
    expect(text).toMatch(/<NavigationProperty Name="primarycontactid" Type="mscrm\.contact"/)
    expect(text).toMatch(/<NavigationProperty Name="Account_Tasks" Type="Collection\(mscrm\.task\)"/)
  })

  test(feature('metadata.csdl-annotations'), async () => {
    expect((await client.get('/$metadata')).text).not.toContain('ChangeTracking')
    expect((await client.get('/$metadata?annotations=true')).text).toContain('Org.OData.Capabilities.V1.ChangeTracking')
  })

  const account = "/EntityDefinitions(LogicalName='account')"

  test(feature('metadata.entity-by-name'), async () => {
    expect(
      (await client.get(`${account}?$select=EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute`)).body,
    ).toMatchObject({
      EntitySetName: 'accounts',
      PrimaryIdAttribute: 'accountid',
      PrimaryNameAttribute: 'name',
    })
  })

  test(feature('metadata.entity-filter'), async () => {
    const { body } = await client.get(
      "/EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$filter=LogicalName eq 'account'",
    )
    expect(body.value).toMatchObject([
      { LogicalName: 'account', EntitySetName: 'accounts', PrimaryIdAttribute: 'accountid' },
    ])
  })

  test(feature('metadata.entity-by-id'), async () => {
    const { MetadataId } = (await client.get(`${account}?$select=LogicalName`)).body
    expect(
      (await environment().client.get(`/EntityDefinitions(${MetadataId})?$select=LogicalName`)).body.LogicalName,
    ).toBe('account')
  })

  test(feature('metadata.attributes'), async () => {
    expect((await client.get(`${account}/Attributes(LogicalName='name')`)).body).toMatchObject({
      '@odata.type': '#Microsoft.Dynamics.CRM.StringAttributeMetadata',
      LogicalName: 'name',
      AttributeType: 'String',
      MaxLength: 160,
    })
    expect((await client.get(`${account}/Attributes?$select=LogicalName`)).body.value).toContainEqual(
      expect.objectContaining({ LogicalName: 'revenue' }),
    )
  })

  test(feature('metadata.cast'), async () => {
    const { body } = await client.get(
      `${account}/Attributes(LogicalName='industrycode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)`,
    )
    const consulting = body.OptionSet.Options.find((option: { Value: number }) => option.Value === 7)
    expect(consulting.Label.UserLocalizedLabel.Label).toBe('Consulting')
  })

  test(feature('metadata.expand'), async () => {
    const { body } = await client.get(
      "/EntityDefinitions(LogicalName='new_thing')?$select=LogicalName&$expand=Attributes($select=LogicalName),Keys,ManyToOneRelationships($select=SchemaName,ReferencingEntityNavigationPropertyName)",
    )
    expect(body.Keys).toContainEqual(expect.objectContaining({ KeyAttributes: ['new_code'] }))
    expect(
      body.ManyToOneRelationships.map((row: Record<string, string>) => row.ReferencingEntityNavigationPropertyName),
    ).toContain('new_parent')
  })

  test(feature('metadata.relationship'), async () => {
    expect((await client.get("/RelationshipDefinitions(SchemaName='account_primary_contact')")).body).toMatchObject({
      SchemaName: 'account_primary_contact',
    })
  })

  test(feature('metadata.state-options'), async () => {
    const { body } = await client.get(
      "/EntityDefinitions(LogicalName='task')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$expand=OptionSet",
    )
    const completed = body.OptionSet.Options.find((option: { Value: number }) => option.Value === 5)
    expect(completed.State).toBe(1)
  })

  test(feature('metadata.changes'), async () => {
    const query = {
      Criteria: {
        FilterOperator: 'And',
        Conditions: [
          {
            PropertyName: 'LogicalName',
            ConditionOperator: 'Equals',
            Value: { Type: 'System.String', Value: 'account' },
          },
        ],
      },
      Properties: { AllProperties: false, PropertyNames: ['LogicalName', 'EntitySetName'] },
    }
    const { body } = await client.get(
      `/RetrieveMetadataChanges(Query=@p0)?@p0=${encodeURIComponent(JSON.stringify(query))}`,
    )
    expect(body.EntityMetadata).toMatchObject([{ LogicalName: 'account', EntitySetName: 'accounts' }])
    expect(body.ServerVersionStamp).toEqual(expect.any(String))
  })

  test(feature('metadata.unknown'), async () => {
    expect((await client.get("/EntityDefinitions(LogicalName='nothing')")).status).toBe(404)
    expect((await client.get(`${account}/Attributes(LogicalName='nothing')`)).status).toBe(404)
  })

  test(feature('metadata.filter-limits'), async () => {
    expect([400, 501]).toContain((await client.get('/EntityDefinitions?$filter=length(LogicalName) gt 3')).status)
  })
})

describe('what the platform does by itself', () => {
  test(feature('state.defaults'), async () => {
    expect((await client.get(`/opportunities(${sample.sale})`)).body).toMatchObject({ statecode: 0, statuscode: 1 })
  })

  test(feature('row.audit-columns'), async () => {
    const { userId } = dataverse.organization
    await dataverse.clock.advance(60_000)
    await client.patch(contoso, { fax: '1' }, { MSCRMCallerID: sample.boss })
    expect((await client.get(contoso)).body).toMatchObject({
      createdon: '2026-03-18T14:30:00Z',
      modifiedon: '2026-03-18T14:31:00Z',
      _createdby_value: userId,
      _modifiedby_value: sample.boss,
    })
  })

  test(feature('row.read-only-ignored'), async () => {
    expect((await client.patch(contoso, { createdon: '2000-01-01T00:00:00Z', fax: '1' })).status).toBe(204)
    expect((await client.get(contoso)).body).toMatchObject({ createdon: '2026-03-18T14:30:00Z', fax: '1' })
  })

  test(feature('cascade.delete'), async () => {
    await client.remove(contoso)
    expect((await client.get(`/tasks(${sample.plan})`)).status).toBe(404)
  })

  test(feature('cascade.remove-link'), async () => {
    await client.remove(contoso)
    expect((await client.get(`/accounts(${sample.adventure})`)).body._parentaccountid_value).toBeNull()
  })

  test(feature('currency.base'), async () => {
    const euro = await idOf(
      client.post('/transactioncurrencies', {
        currencyname: 'Euro',
        isocurrencycode: 'EUR',
        currencysymbol: '€',
        exchangerate: 0.8,
      }),
    )
    await client.patch(contoso, { revenue: 100, 'transactioncurrencyid@odata.bind': `transactioncurrencies(${euro})` })
    const { body } = await client.get(`${contoso}?$select=revenue,revenue_base,exchangerate`, annotated)
    expect(body).toMatchObject({ revenue: 100, revenue_base: 125, exchangerate: 0.8 })
    expect(body['revenue@OData.Community.Display.V1.FormattedValue']).toBe('€100.00')
  })

  test(feature('activity.pointer'), async () => {
    expect((await client.get(`/activitypointers(${sample.plan})?$select=subject,activitytypecode`)).body).toMatchObject(
      {
        subject: 'Plan',
        activitytypecode: 'task',
      },
    )
  })

  test(feature('activity.parties'), async () => {
    const id = await idOf(
      client.post('/emails', {
        subject: 'Hello',
        email_activity_parties: [
          { 'partyid_systemuser@odata.bind': `systemusers(${sample.boss})`, participationtypemask: 1 },
          { 'partyid_contact@odata.bind': `contacts(${sample.yvonne})`, participationtypemask: 2 },
        ],
      }),
    )
    const { body } = await client.get(
      `/emails(${id})?$select=subject&$expand=email_activity_parties($select=participationtypemask,_partyid_value;$orderby=participationtypemask)`,
    )
    expect(body.email_activity_parties).toMatchObject([
      { participationtypemask: 1, _partyid_value: sample.boss },
      { participationtypemask: 2, _partyid_value: sample.yvonne },
    ])
  })
})

test(feature('activity.parties-replaced'), async () => {
  const id = await idOf(
    client.post('/emails', {
      subject: 'Hello',
      email_activity_parties: [
        { 'partyid_systemuser@odata.bind': `systemusers(${sample.boss})`, participationtypemask: 1 },
      ],
    }),
  )
  const parties = `/emails(${id})/email_activity_parties`
  const value = [{ 'partyid_contact@odata.bind': `contacts(${sample.yvonne})`, participationtypemask: 2 }]
  expect((await client.put(parties, { value })).status).toBe(204)
  expect((await client.get(`${parties}?$select=participationtypemask,_partyid_value`)).body.value).toMatchObject([
    { participationtypemask: 2, _partyid_value: sample.yvonne },
  ])
})

describe('who acts, and how much', () => {
  test(feature('limits.dop-hint'), async () => {
    expect((await client.get('/WhoAmI')).headers.get('x-ms-dop-hint')).toBe('4')
    const other = clientOf({ service: dataverse, tables: dataverse.tables, parallelRequests: 52 })
    expect((await other.get('/accounts')).headers.get('x-ms-dop-hint')).toBe('52')
  })

  test(feature('limits.remaining'), async () => {
    const left = async () => {
      const { headers } = await connect(dataverse).get('/WhoAmI')
      return ['burst', 'time'].map((what) => headers.get(`x-ms-ratelimit-${what}-remaining-xrm-requests`))
    }
    expect(await left()).toEqual([null, null])
    dataverse.setServiceProtection(true)
    expect(await left()).toEqual(['5999', '1,200.00'])
    expect(await left()).toEqual(['5998', '1,200.00'])
    await dataverse.clock.advance(300_000)
    expect(await left()).toEqual(['5999', '1,200.00'])
  })

  test(feature('impersonate.caller-id'), async () => {
    expect((await client.get('/WhoAmI', { MSCRMCallerID: sample.boss })).body.UserId).toBe(sample.boss)
  })

  test(feature('impersonate.object-id'), async () => {
    expect((await client.get('/WhoAmI', { CallerObjectId: sample.bossEntra })).body.UserId).toBe(sample.boss)
  })

  test(feature('impersonate.on-behalf-of'), async () => {
    const id = await idOf(client.post('/accounts', { name: 'Adatum' }, { MSCRMCallerID: sample.boss }))
    expect((await client.get(`/accounts(${id})`)).body).toMatchObject({
      _createdby_value: sample.boss,
      _createdonbehalfby_value: dataverse.organization.userId,
      _ownerid_value: sample.boss,
      _owninguser_value: sample.boss,
    })
  })

  test(feature('limits.retry-after'), async () => {
    dataverse.setServiceProtection({ requests: 2, windowSeconds: 300 })
    const own = connect(dataverse)
    const answers = [await own.get(contoso), await own.get(contoso), await own.get(contoso)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(answers[2]).toMatchObject(error(429, '0x80072322'))
    expect(Number(answers[2]!.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test(feature('limits.body'), async () => {
    const small = createWebApi({ service: dataverse, tables: dataverse.tables, maxBodyBytes: 1000 })
    const body = JSON.stringify({ name: 'x'.repeat(1000) })
    const headers = { 'Content-Type': 'application/json' }
    const response = await small(new Request(`${BASE}/accounts`, { method: 'POST', body, headers }))
    expect([response.status, await response.json()]).toEqual([
      413,
      { error: { code: '0x8004418a', message: expect.any(String) } },
    ])
  })
})

describe('events', () => {
  test(feature('pipeline.async-job-row'), async () => {
    const later = defineStep({
      name: 'later',
      table: Account,
      message: 'Create',
      stage: 'postOperation',
      mode: 'asynchronous',
      run() {
        throw new Error('no')
      },
    })
    const { client, dataverse } = environmentWith(later)
    await client.post('/accounts', { name: 'x' })
    const jobs = async () => (await client.get('/asyncoperations?$select=name,statecode,statuscode')).body.value
    expect(await jobs()).toMatchObject([{ statecode: 0, statuscode: 0 }])
    await dataverse.drain()
    expect(await jobs()).toMatchObject([{ statecode: 3, statuscode: 31 }])
  })

  test(feature('pipeline.upsert'), async () => {
    const ran: string[] = []
    const on = (message: 'Create' | 'Update') =>
      defineStep({ name: message, table: Account, message, stage: 'postOperation', run: () => void ran.push(message) })
    const { client } = environmentWith(on('Create'), on('Update'))
    await client.patch(`/accounts(${nowhere})`, { name: 'x' })
    await client.patch(`/accounts(${nowhere})`, { name: 'y' })
    expect(ran).toEqual(['Create', 'Update'])
  })

  test(feature('pipeline.trace-log'), async () => {
    const { body } = await client.post('/accounts', { name: 'forbidden' }, annotated)
    expect(body.error['@Microsoft.PowerApps.CDS.TraceText']).toContain('looked at the name')
  })
})
