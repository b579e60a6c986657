import fc from 'fast-check'
import { platformOperations } from '../../../src/service/platform-operations.ts'
import { aimed } from './aimed.ts'
import { expand, filter, query, rows } from './queries.ts'
import { column, encoded, id, literal, navigation, set, splintered, table, value } from './words.ts'

/** A request to be answered, whatever it is. */
export interface FuzzRequest {
  readonly method: string
  /** From the root of the Web API, with the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const json = { 'Content-Type': 'application/json' }
const printable = (of: fc.Arbitrary<string>) => of.map((text) => text.replace(/[^\x20-\x7e]/g, ''))

const header = fc.oneof(
  fc.constantFrom<Record<string, string>>(
    { Prefer: 'return=representation' },
    { Prefer: 'odata.include-annotations="*"' },
    { Prefer: 'odata.maxpagesize=1,odata.include-annotations="*"' },
    { Prefer: 'odata.track-changes' },
    { Prefer: 'odata.maxpagesize=-1' },
    { 'If-Match': '*' },
    { 'If-Match': 'W/"1001"' },
    { 'If-None-Match': '*' },
    { 'If-None-Match': 'null' },
    { Range: 'bytes=0-1' },
    { Range: 'bytes=5-1' },
    { 'Content-Type': 'text/plain' },
    { Accept: 'application/json;odata.metadata=full' },
    { 'MSCRM.SuppressDuplicateDetection': 'false' },
    { 'x-ms-file-name': 'x', 'x-ms-transfer-mode': 'chunked' },
  ),
  printable(id).map((text) => ({ MSCRMCallerID: text })),
  printable(id).map((text) => ({ CallerObjectId: text })),
  fc
    .tuple(
      fc.constantFrom('Prefer', 'If-Match', 'If-None-Match', 'Range', 'Content-Range', 'x-ms-file-name'),
      printable(literal),
    )
    .map(([name, text]) => ({ [name]: text })),
)
const headers = fc
  .array(header, { maxLength: 2 })
  .map((some): Record<string, string> => Object.assign({}, json, ...some))

const bound = fc
  .tuple(
    fc.oneof(navigation, column),
    fc.oneof(
      fc.tuple(set, id).map(([of, key]) => `${of}(${key})`),
      literal,
      fc.constant('$1'),
    ),
  )
  .map(([name, to]) => [`${name}@odata.bind`, to] as const)
/** A row as it comes over the wire, with rows within rows. */
const row: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{ row: Record<string, unknown> }>((tie) => ({
  row: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        fc.tuple(column, value),
        bound,
        fc.tuple(navigation, tie('row')),
        fc.tuple(
          navigation,
          tie('row').map((one) => [one, one]),
        ),
        fc.constantFrom<readonly [string, unknown]>(
          ['@odata.type', 'Microsoft.Dynamics.CRM.account'],
          ['@odata.etag', 'W/"1"'],
          ['@odata.id', '$1'],
        ),
      ),
      { maxLength: 4 },
    )
    .map((entries) => Object.fromEntries(entries)),
})).row

const body = fc.oneof(
  { weight: 8, arbitrary: row.map((one) => JSON.stringify(one)) },
  { weight: 2, arbitrary: value.map((one) => JSON.stringify({ value: one })) },
  { weight: 2, arbitrary: fc.tuple(set, id).map(([of, key]) => JSON.stringify({ '@odata.id': `${of}(${key})` })) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '[]', 'null', '"x"', '{"a":1}{', '\ufeff{}', '{"__proto__":{"polluted":1}}'),
  },
  {
    weight: 1,
    arbitrary: fc.nat(4).map((size) => `${'{"parentaccountid":'.repeat(10 ** size)}1${'}'.repeat(10 ** size)}`),
  },
)

const reading = fc
  .tuple(rows, query, headers)
  .map(([path, text, given]): FuzzRequest => ({ method: 'GET', path: `/${path}?${text}`, headers: given, body: '' }))
const writing = fc
  .tuple(fc.constantFrom('POST', 'PATCH', 'PUT', 'DELETE'), rows, fc.oneof(fc.constant(''), query), headers, body)
  .map(
    ([method, path, text, given, payload]): FuzzRequest => ({
      method,
      path: text === '' ? `/${path}` : `/${path}?${text}`,
      headers: given,
      body: payload,
    }),
  )

const parameter = fc.oneof(
  value,
  fc.tuple(table, id).map(([type, key]) => ({ '@odata.type': `Microsoft.Dynamics.CRM.${type}`, accountid: key })),
  fc.tuple(set, id).map(([of, key]) => ({ '@odata.id': `${of}(${key})` })),
  row,
  fc.array(row, { maxLength: 2 }),
)
const operation = fc
  .tuple(
    fc.constantFrom(...platformOperations),
    fc.oneof(
      fc.constant(''),
      fc.tuple(set, id).map(([of, key]) => `${of}(${key})/Microsoft.Dynamics.CRM.`),
      set.map((of) => `${of}/Microsoft.Dynamics.CRM.`),
    ),
    fc.array(parameter, { minLength: 6, maxLength: 6 }),
    fc.nat(6),
  )
  .map(([{ name, kind, parameters }, before, values, left]): FuzzRequest => {
    const given = Object.keys(parameters)
      .slice(0, left)
      .map((key, at) => [key, values[at % values.length]] as const)
    if (kind === 'action') {
      return {
        method: 'POST',
        path: `/${before}${name}`,
        headers: json,
        body: JSON.stringify(Object.fromEntries(given)),
      }
    }
    const aliases = given.map(([key], at) => `${key}=@p${at}`).join(',')
    const texts = given.map(([, one], at) => `@p${at}=${encoded(JSON.stringify(one ?? null))}`)
    return { method: 'GET', path: `/${before}${name}(${aliases})?${texts.join('&')}`, headers: {}, body: '' }
  })

const label = { LocalizedLabels: [{ Label: 'X', LanguageCode: 1033 }] }
const metadata = fc
  .tuple(
    fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'DELETE'),
    fc.constantFrom(
      'EntityDefinitions',
      'RelationshipDefinitions',
      'GlobalOptionSetDefinitions',
      'RetrieveMetadataChanges',
    ),
    fc.option(
      fc.oneof(
        table.map((name) => `(LogicalName='${name}')`),
        table.map((name) => `(SchemaName='${name}')`),
        id.map((key) => `(${key})`),
      ),
    ),
    fc.array(
      fc.oneof(
        fc.constantFrom('/Attributes', '/Keys', '/OneToManyRelationships', '/OptionSet', '/DisplayName', '/Nothing'),
        column.map((name) => `/Attributes(LogicalName='${name}')`),
        fc.constantFrom('/Microsoft.Dynamics.CRM.PicklistAttributeMetadata', '/Microsoft.Dynamics.CRM.Nothing'),
      ),
      { maxLength: 2 },
    ),
    fc.oneof(
      fc.constant(''),
      filter.map((text) => `$filter=${text}`),
      expand.map((text) => `$expand=${text}`),
      column.map((name) => `$select=${name}`),
    ),
    fc.oneof(
      fc.constantFrom<object>(
        { '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata', SchemaName: 'new_Fuzz', DisplayName: label },
        { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'new_Text', DisplayName: label },
        { '@odata.type': 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata', SchemaName: '__proto__', OptionSet: {} },
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
          ReferencedEntity: 'account',
          ReferencingEntity: 'contact',
        },
      ),
      fc.dictionary(
        fc.constantFrom('@odata.type', 'SchemaName', 'LogicalName', 'OptionSet', 'Attributes', 'Lookup'),
        value,
      ),
    ),
  )
  .map(
    ([method, kind, key, segments, text, payload]): FuzzRequest => ({
      method,
      path: `/${kind}${key ?? ''}${segments.join('')}${text === '' ? '' : `?${text}`}`,
      headers: json,
      body: method === 'GET' || method === 'DELETE' ? '' : JSON.stringify(payload),
    }),
  )

const onTarget = fc
  .tuple(aimed, fc.oneof({ weight: 4, arbitrary: fc.constant(json) }, { weight: 1, arbitrary: headers }))
  .map(([[method, path, payload], given]): FuzzRequest => ({ method, path, headers: given, body: payload }))

const single = fc.oneof(
  { weight: 20, arbitrary: onTarget },
  { weight: 6, arbitrary: reading },
  { weight: 5, arbitrary: writing },
  { weight: 3, arbitrary: operation },
  { weight: 1, arbitrary: metadata },
)

/** A request with parts of it broken. */
const broken = single.chain((request) =>
  fc
    .tuple(splintered(request.path), fc.oneof(fc.constant(request.body), splintered(request.body)))
    .map(
      ([path, payload]): FuzzRequest => ({ ...request, path: path.startsWith('/') ? path : `/${path}`, body: payload }),
    ),
)

const partOf = ({ method, path, headers: given, body: payload }: FuzzRequest, contentId?: number) =>
  [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    '',
    `${method} /api/data/v9.2${path.replace(/[\r\n ]/g, '+')} HTTP/1.1`,
    ...Object.entries(given).map(([name, text]) => `${name}: ${text}`),
    '',
    payload,
  ].join('\r\n')
const batch = fc
  .tuple(
    fc.array(fc.tuple(fc.boolean(), fc.array(single, { minLength: 1, maxLength: 3 })), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([items, goesOn]): FuzzRequest => {
    const parts = items.flatMap(([isChangeSet, requests], at) =>
      isChangeSet
        ? [
            `--b\r\nContent-Type: multipart/mixed; boundary=c${at}\r\n\r\n${requests.map((one, n) => `--c${at}\r\n${partOf(one, n)}\r\n`).join('')}--c${at}--`,
          ]
        : requests.map((one) => `--b\r\n${partOf(one)}`),
    )
    return {
      method: 'POST',
      path: '/$batch',
      headers: {
        'Content-Type': 'multipart/mixed; boundary=b',
        ...(goesOn ? { Prefer: 'odata.continue-on-error' } : {}),
      },
      body: [...parts, '--b--', ''].join('\r\n'),
    }
  })
const brokenBatch = batch.chain((request) =>
  splintered(request.body).map((payload): FuzzRequest => ({ ...request, body: payload })),
)

/** Any request. */
export const anyRequest: fc.Arbitrary<FuzzRequest> = fc.oneof(
  { weight: 10, arbitrary: single },
  { weight: 4, arbitrary: broken },
  { weight: 2, arbitrary: batch },
  { weight: 1, arbitrary: brokenBatch },
)
