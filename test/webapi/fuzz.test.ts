import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { createWebApi, type WebApi } from '../../src/webapi/index.ts'
import { Project, tables } from '../emulator/tables.ts'
import { BASE, nowhere } from './ask.ts'

/** How many requests each property makes; more by hand: `FUZZ_RUNS=100000 npx vitest run test/webapi/fuzz.test.ts`. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 400)

/** A table with a file column, which the shared tables lack. */
const Document = defineTable({
  logicalName: 'new_document',
  displayName: 'Document',
  primaryName: 'new_title',
  columns: { new_title: column.text({ label: 'Title' }), new_file: column.file({ label: 'File' }) },
  changeTracking: true,
})

let dataverse: Emulator
let api: WebApi
let id: string
beforeEach(async () => {
  dataverse = createEmulator({ tables: [...tables, Document] })
  api = createWebApi({ service: dataverse, tables: [], metadata: dataverse.metadata, serviceAs: dataverse.as })
  id = await dataverse.create(Project, { new_name: 'Bridge', new_code: 'B' })
})

/** Whatever is asked, the answer has the platform's shape, and is none of those that tell of a mistake of ours. */
async function expectSound(method: string, url: string, headers: Record<string, string>, body: string): Promise<void> {
  const known = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const answer = await api.answer({
    method,
    url: `${BASE}${url}`,
    header: (name) => known.get(name),
    bytes: async () => Buffer.from(body),
  })
  const text = String(answer.body ?? '')
  expect(answer.status < 500 || answer.status === 501, `${method} ${url}\n${body}\n${answer.status} ${text}`).toBe(true)
  if (answer.status < 400 || answer.headers['Content-Type']?.startsWith('multipart/')) return
  const { error } = JSON.parse(text)
  expect(error).toMatchObject({ code: expect.stringMatching(/^0x8[0-9a-f]{7}$/), message: expect.any(String) })
  expect(error.message).not.toMatch(/\n\s+at /)
}

const names = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'new_projects', 'new_tasks', 'new_documents'],
  ...['new_name', 'new_code', 'new_customer', '_new_customer_value', 'new_project_member', 'ownerid', 'createdby'],
  ...['new_project_new_task_new_project', 'new_file', 'systemusers', 'WhoAmI', 'InitializeFrom', 'Attributes', 'Keys'],
  ...['EntityDefinitions', 'RelationshipDefinitions', 'GlobalOptionSetDefinitions', 'RetrieveMetadataChanges'],
  ...['Microsoft.Dynamics.CRM.', 'Microsoft.Dynamics.CRM.CreateMultiple', "LogicalName='new_project'", '$1', '$ref'],
]
const signs = [
  ...'/()\'"=,?&%$@ ;*{}[]:.!+-<>#\\0',
  '%27',
  '%20',
  '%00',
  '\u0000',
  'null',
  '$value',
  '$count',
  '//',
  '..',
]
const options = [
  ...['$select', '$filter', '$orderby', '$expand', '$apply', '$top', '$count', '$skiptoken', '$deltatoken', '$id'],
  ...['fetchXml', 'savedQuery', 'userQuery', '@p1', 'tag', 'sessiontoken'],
]
const piece = fc.oneof(
  fc.constantFrom(...names),
  fc.constantFrom(...signs),
  fc.constantFrom(...options),
  fc.constantFrom(
    'eq',
    'and',
    'or',
    'not',
    'any',
    'all',
    'contains',
    'groupby',
    'aggregate',
    'asc',
    'desc',
    '1',
    "'x'",
  ),
  fc.constantFrom(nowhere, '<fetch>', "<entity name='new_project'>", '</entity>', '</fetch>', '<cookie page="1">'),
  fc.string({ maxLength: 3, unit: 'binary' }),
)
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
const method = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'constructor')
const payload = fc.oneof(
  text,
  fc.json(),
  fc
    .dictionary(fc.oneof(fc.constantFrom(...names), text), fc.jsonValue({ maxDepth: 3 }))
    .map((value) => JSON.stringify(value)),
)
const json = { 'Content-Type': 'application/json' }

/** A text with a few of its characters cut out, doubled or replaced: nearly right, which is where parsers break. */
const mutated = (original: string) =>
  fc
    .array(fc.tuple(fc.nat(original.length), fc.nat(6), piece), { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((now, [at, length, with_]) => now.slice(0, at) + with_ + now.slice(at + length), original),
    )

describe('whatever is asked gets an answer in the platform’s shape', () => {
  test('of any path and query', async () => {
    await fc.assert(
      fc.asyncProperty(method, text, text, payload, (method, path, query, body) =>
        expectSound(method, `/${path}?${query}`, json, body),
      ),
      { numRuns },
    )
  })

  test('of nearly right requests', async () => {
    const right = fc.constantFrom<[string, string, string]>(
      ['GET', `/new_projects(${nowhere})?$select=new_name&$expand=new_customer($select=new_title)`, ''],
      [
        'GET',
        "/new_projects?$filter=contains(new_name,'x') and new_customer/new_title eq 'y' or new_project_member/any(m:m/new_rating gt 3)&$orderby=new_name desc&$top=3",
        '',
      ],
      [
        'GET',
        '/new_projects?$apply=filter(new_seats gt 1)/groupby((new_priority),aggregate(new_budget with sum as total,$count as n))',
        '',
      ],
      [
        'GET',
        "/new_projects?fetchXml=<fetch><entity name='new_project'><attribute name='new_name'/><link-entity name='new_customer' from='new_customerid' to='new_customer'/></entity></fetch>",
        '',
      ],
      [
        'GET',
        "/EntityDefinitions(LogicalName='new_project')/Attributes(LogicalName='new_priority')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet",
        '',
      ],
      [
        'GET',
        `/InitializeFrom(EntityMoniker=@p,TargetEntityName='new_task')?@p={'@odata.id':'new_projects(${nowhere})'}`,
        '',
      ],
      [
        'GET',
        '/RetrieveMetadataChanges(Query=@p)?@p={"Criteria":{"Conditions":[{"PropertyName":"LogicalName","ConditionOperator":"Equals","Value":{"Value":"x"}}]}}',
        '',
      ],
      ['GET', '/new_documents?$select=new_title&$deltatoken=919042%2108%2f22%2f2017%2008%3a10%3a44', ''],
      [
        'POST',
        '/new_projects',
        '{"new_name":"x","new_customer":{"new_title":"y"},"new_project_member@odata.bind":["new_customers(1)"],"new_tags":"1,2"}',
      ],
      [
        'POST',
        '/new_customers/Microsoft.Dynamics.CRM.CreateMultiple',
        '{"Targets":[{"@odata.type":"Microsoft.Dynamics.CRM.new_customer","new_title":"x"}]}',
      ],
      [
        'POST',
        '/EntityDefinitions',
        '{"SchemaName":"new_x","DisplayName":{"LocalizedLabels":[{"Label":"X"}]},"Attributes":[{"@odata.type":"Microsoft.Dynamics.CRM.StringAttributeMetadata","SchemaName":"new_n","IsPrimaryName":true}]}',
      ],
      [
        'POST',
        '/RelationshipDefinitions',
        '{"@odata.type":"Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata","SchemaName":"new_r","ReferencedEntity":"new_customer","ReferencingEntity":"new_task","Lookup":{"SchemaName":"new_l"}}',
      ],
      ['PATCH', `/new_documents(${nowhere})/new_file?sessiontoken=x`, 'x'],
    )
    const nearly = right.chain(([method, url, body]) =>
      fc.tuple(
        fc.constant(method),
        fc.oneof(fc.constant(url), mutated(url)),
        fc.oneof(fc.constant(body), mutated(body)),
      ),
    )
    await fc.assert(
      fc.asyncProperty(nearly, ([method, url, body]) => expectSound(method, url, json, body)),
      { numRuns: numRuns * 2 },
    )
  })

  test('of any batch', async () => {
    const batch = [
      '--b',
      'Content-Type: multipart/mixed; boundary=c',
      '',
      '--c',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'POST /api/data/v9.2/new_customers HTTP/1.1',
      'Content-Type: application/json',
      '',
      '{"new_title":"x"}',
      '--c',
      'Content-Type: application/http',
      '',
      'PUT $1/new_title HTTP/1.1',
      'Content-Type: application/json',
      '',
      '{"value":"y"}',
      '--c--',
      '--b',
      'Content-Type: application/http',
      '',
      'GET new_customers?$top=1 HTTP/1.1',
      '',
      '',
      '--b--',
      '',
    ].join('\r\n')
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' }
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated(batch), text), (body) => expectSound('POST', '/$batch', headers, body)),
      { numRuns },
    )
  })

  test('of any header', async () => {
    const header = text.map((value) => value.replace(/[^\x20-\x7e]/g, ''))
    const headers = fc.record({
      Prefer: fc.oneof(header, fc.constantFrom('return=representation', 'odata.track-changes', 'odata.maxpagesize=2')),
      'If-Match': header,
      'If-None-Match': header,
      'Content-Type': fc.oneof(header, fc.constant('application/json')),
      MSCRMCallerID: fc.oneof(header, fc.constant('null')),
      CallerObjectId: header,
      Range: header,
      'Content-Range': header,
      'x-ms-file-name': header,
      'MSCRM.BypassBusinessLogicExecution': header,
    })
    const some = fc.tuple(headers, fc.array(fc.constantFrom('MSCRMCallerID', 'CallerObjectId', 'If-Match')))
    const path = fc.constantFrom('/new_projects', `/new_projects(${nowhere})`, `/new_documents(${nowhere})/new_file`)
    await fc.assert(
      fc.asyncProperty(method, path, some, payload, (method, path, [headers, without], body) => {
        const kept = Object.entries(headers).filter(([name]) => !without.includes(name as never))
        return expectSound(method, path, Object.fromEntries(kept), body)
      }),
      { numRuns },
    )
  })
})

test('nothing that was asked has changed what a fork sees', async () => {
  const fork = dataverse.fork()
  const before = JSON.stringify(await fork.list(Project))
  await fc.assert(
    fc.asyncProperty(method, payload, (method, body) => expectSound(method, `/new_projects(${id})`, json, body)),
    { numRuns: 100 },
  )
  expect(JSON.stringify(await fork.list(Project))).toBe(before)
})

test.each<[string, string]>([
  ['parentheses', `/new_projects?$filter=${'('.repeat(15_000)}`],
  ['negations', `/new_projects?$filter=${'not '.repeat(7000)}new_seats eq 1`],
  ['expansions', `/new_projects?$expand=${'new_parent($expand='.repeat(1500)}`],
  ['brackets', `/InitializeFrom(EntityMoniker=${'['.repeat(15_000)})`],
  ['quotes', `/new_projects(new_code=${"'".repeat(15_001)})`],
  ['slashes', `/${'/'.repeat(30_000)}`],
  ['commas', `/new_projects?$select=${','.repeat(30_000)}`],
  ['equals signs', `/new_projects?${'='.repeat(30_000)}`],
  ['options', `/new_projects?${'a&'.repeat(15_000)}`],
  ['elements', `/new_projects?fetchXml=${'<a>'.repeat(10_000)}`],
])('thousands of %s are answered, and do not exhaust anything', async (_title, url) => {
  await expectSound('GET', url, {}, '')
})

test('deeply nested JSON is refused without exhausting the stack', async () => {
  const nested = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`
  for (const body of [
    `{"new_customer":${nested('{"new_a":', '}', 50_000)}}`,
    `{"new_parent":${nested('{"new_parent":', '}', 5000)}}`,
    `{"new_project_new_project_new_parent":${nested('[{"new_project_new_project_new_parent":', '}]', 5000)}}`,
    nested('[', ']', 100_000),
  ]) {
    await expectSound('POST', '/new_projects', json, body)
    await expectSound('POST', '/Merge', json, body)
    await expectSound('POST', '/EntityDefinitions', json, body)
  }
})
