import fc from 'fast-check'
import { queryFunctions } from '../../../src/query/index.ts'
import { operators } from '../../../src/service/index.ts'
import { nowhere, sample, tables } from '../environment.ts'

/** Names that every object has, and others that no table, column or relationship has. */
const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'nothing',
  '',
  '$it',
  '$value',
  'Ünïcödé',
]

const some = tables.filter(({ logicalName }) =>
  ['account', 'contact', 'task', 'opportunity', 'new_thing', 'systemuser', 'team', 'email'].includes(logicalName),
)
const lookups = some.flatMap(({ columns }) =>
  Object.entries(columns).flatMap(([name, definition]) => (definition.type === 'lookup' ? [{ name, definition }] : [])),
)

export const set = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...some.map(({ collectionName }) => collectionName)) },
  { weight: 2, arbitrary: fc.constantFrom(...tables.map(({ collectionName }) => collectionName)) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
)
export const table = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...some.map(({ logicalName }) => logicalName)) },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
)
export const column = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...some.flatMap(({ columns }) => Object.keys(columns))) },
  { weight: 3, arbitrary: fc.constantFrom(...lookups.map(({ name }) => `_${name}_value`)) },
  { weight: 2, arbitrary: fc.constantFrom('name', 'statecode', 'statuscode', 'createdon', 'ownerid', 'accountid') },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
)
export const navigation = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...lookups.map(({ name }) => name)) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...lookups.flatMap(({ definition }) => Object.values(definition.relationships)),
      ...['Account_Tasks', 'new_thing_contact', 'teammembership_association', 'email_activity_parties'],
      ...['parentcustomerid_account', 'customerid_contact', 'regardingobjectid_account_task'],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(...hostileNames) },
)
export const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Object.values(sample)) },
  { weight: 2, arbitrary: fc.constantFrom(nowhere, nowhere.toUpperCase(), `{${nowhere}}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '0', "'x'", 'null', '@p1', '$1', '__proto__') },
)
export const operator = fc.constantFrom(...operators, 'neq', 'is', '__proto__', '')
export const queryFunction = fc.constantFrom(...queryFunctions.keys(), 'Contains', '__proto__', 'constructor')

/** Values as they stand in a URL or in XML. */
export const literal = fc.oneof(
  fc.constantFrom('1', '0', '-1', '2.5', '1e5', '1e999', '-0', '9007199254740993', '99999999999999999999999999', '007'),
  fc.constantFrom('true', 'false', 'null', 'NaN', 'INF', '@p1', '@p2', '@p9', '@__proto__'),
  fc.constantFrom(
    "'x'",
    "''",
    "''''",
    "'%'",
    "'['",
    "'[^'",
    "'[a-'",
    "'_%_%_%_%_%_%_%_%_%_%_%x'",
    "'\u0000'",
    "'\ud800'",
  ),
  fc.constantFrom(
    '2026-03-18',
    '2026-02-30',
    '0000-00-00',
    '9999-12-31T23:59:59Z',
    '2026-03-18T25:00:00Z',
    '-271821-04-20',
  ),
  fc.constantFrom(nowhere, `'${nowhere}'`, `'${sample.contoso}'`, 'statecode', 'name', 'primarycontactid/fullname'),
  fc.integer().map(String),
  fc.double().map(String),
  fc.string({ maxLength: 6, unit: 'binary' }).map((text) => `'${text.replaceAll("'", "''")}'`),
  fc.nat(3).map((size) => `'${'x'.repeat(10 ** (size + 1))}'`),
)

/** Values as they stand in JSON. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -1,
    2.5,
    1e300,
    7,
    '',
    'x',
    '1,2',
    'x'.repeat(5000),
    [],
    {},
    [1],
    [null],
  ),
  fc.constantFrom<unknown>(
    '2026-03-18',
    '2026-03-18T10:00:00Z',
    '2026-02-30',
    nowhere,
    sample.contoso,
    '\u0000',
    '\ud800',
  ),
  fc.constantFrom<unknown>(
    { name: 'x' },
    [{ subject: 'x' }],
    { '@odata.id': 'x' },
    { __proto__: null, constructor: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }),
)

/** A few characters that mean something somewhere, to be put where they do not belong. */
export const splinter = fc.oneof(
  fc.constantFrom(...'/()\'"=,?&%$@ ;*{}[]:.!+-<>#\\|^~'),
  fc.constantFrom(
    '%27',
    '%20',
    '%00',
    '%',
    '%zz',
    '\u0000',
    '\ud800',
    '\r\n',
    '//',
    '..',
    '$ref',
    '$count',
    '$value',
    '$batch',
  ),
  fc.constantFrom(
    '(((((',
    ')))))',
    'not ',
    ' and ',
    '<a>',
    '</a>',
    '<!--',
    '<![CDATA[',
    '&lol9;',
    '\ufeff',
    '__proto__',
  ),
)

/** A text with a few of its characters cut out, doubled or replaced. */
export const splintered = (original: string): fc.Arbitrary<string> =>
  fc
    .array(fc.tuple(fc.nat(Math.max(original.length, 1)), fc.nat(5), splinter), { minLength: 1, maxLength: 3 })
    .map((changes) =>
      changes.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), original),
    )

/** A text for a URL, whatever is in it. */
export function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '?'))
}
