import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  parseApply,
  parseExpand,
  parseFetchXml,
  parseODataFilter,
  parseOrderBy,
  parseSelect,
  queryFunctions,
} from '../../src/query/index.ts'
import { type Condition, DataverseError, operators, type QueryExpression, reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'
import { scopeOf } from './odata-scope.ts'

const scope = scopeOf(Project, tables)
const dataverse = createEmulator({ tables, now: '2026-03-18T14:30:00Z' })
beforeAll(async () => {
  const contoso = await dataverse.seed(Customer, { new_title: 'Contoso', new_rating: 3 })
  const full = { new_seats: 1, new_budget: 2.5, new_tags: [100_000_000], new_due: '2026-03-18', new_code: 'a%b' }
  const [alpha] = await dataverse.seed('new_project', [
    {
      ...full,
      new_name: 'Alpha',
      new_customer: reference(Customer, contoso),
      new_started: new Date('2026-03-18T08:00:00Z'),
    },
    { new_name: 'Bravo' },
  ])
  await dataverse.seed(Task, { new_title: 'dig', new_effort: 6, new_project: reference(Project, alpha!) })
})

/** Parses a text, which may only succeed or fail as the platform fails; answers what it made. */
function parsed<T>(text: string, parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (!DataverseError.isInstance(error) || error.status >= 500) throw error
    // A message may say what was asked.
    for (const [slip] of error.message.matchAll(/\{\w+\}|undefined|\[object/g)) expect(text).toContain(slip)
    return undefined
  }
}
async function run(query: QueryExpression | undefined): Promise<void> {
  if (!query) return
  try {
    await dataverse.retrieveMultiple(query)
  } catch (error) {
    if (!DataverseError.isInstance(error) || error.status >= 500) throw error
  }
}

/** A text with some of its characters taken out, doubled, moved or replaced. */
const mutated = (texts: readonly string[], pieces: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(
        fc.tuple(
          fc.nat(400),
          fc.nat(12),
          fc.oneof(fc.constant(''), fc.constantFrom(...pieces), fc.string({ maxLength: 3 })),
        ),
        { maxLength: 6 },
      ),
    )
    .map(([text, edits]) =>
      edits.reduce((changed, [at, length, piece]) => {
        const start = at % (changed.length + 1)
        return changed.slice(0, start) + piece + changed.slice(start + length)
      }, text),
    )

const GUID = '11111111-2222-3333-4444-555555555555'
const filters = [
  "contains(new_name,'a%b') and (new_seats gt 1 or not (new_budget le 2.5)) and new_billable eq true",
  "new_customer/new_title eq 'O''Brien' and new_parent/new_customer/new_rating ne null",
  "new_project_new_task_new_project/any(t:t/new_effort gt 5 and startswith(t/new_title,'d'))",
  'new_project_new_project_new_parent/all(p:p/new_project_new_task_new_project/any())',
  `_new_customer_value eq ${GUID} and new_started gt 2026-03-01T08:00:00Z and new_due lt 2026-03-01`,
  "Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=@p1) or new_seats lt @p2",
  `Microsoft.Dynamics.CRM.In(PropertyName='new_name',PropertyValues=["a","b"])`,
  "new_project_member/any(c:c/new_title eq 'x')",
  'new_budget gt new_seats',
]
const pieces = [
  '(',
  ')',
  "'",
  '"',
  '[',
  ']',
  ',',
  '/',
  ':',
  ';',
  '@p1',
  '$it',
  ' and ',
  ' or ',
  ' not ',
  ' eq ',
  'any(',
  'all(x:x/',
  'null',
  '1e999',
  '-1',
  GUID,
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '__proto__',
  'constructor',
  'new_name',
  'new_customer/',
  'ownerid',
  'Microsoft.Dynamics.CRM.',
  '\u0000',
  '\ud800',
]
const aliases = new Map([
  ['@p1', "'7'"],
  ['@p2', 'new_budget'],
  ['@p3', '@p3'],
])
const optionText = fc.oneof(
  mutated(filters, pieces),
  fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 80 }),
)

describe('whatever stands in an OData option', () => {
  test('the answer is a query that runs or an error of the platform', async () => {
    await fc.assert(
      fc.asyncProperty(optionText, async (text) => {
        const filtered = parsed(text, () => parseODataFilter(text, scope, aliases))
        await run(filtered && { table: 'new_project', ...filtered })
        const ordered = parsed(text, () => parseOrderBy(text, scope, aliases))
        await run(ordered && { table: 'new_project', ...ordered })
        parsed(text, () => parseSelect(text, scope))
      }),
      { numRuns: 3000 },
    )
  })

  test('a path through ever more lookups ends where links end', () => {
    const path = `${'new_parent/'.repeat(3000)}new_name eq 'x'`
    expect(() => parseODataFilter(path, scope)).toThrow(expect.objectContaining({ name: 'TooManyLinkEntitiesInQuery' }))
  })

  test('so it is in $expand and $apply', async () => {
    const expands = mutated(
      [
        'new_customer($select=new_title;$expand=ownerid),new_parent/$ref',
        "new_project_new_task_new_project($select=new_title;$filter=contains(new_title,';)');$orderby=new_effort desc;$top=5)",
      ],
      [...pieces, '$select=', '$filter=', '$expand=', '$top=', '$ref', '*', '$count'],
    )
    const applies = mutated(
      [
        'filter(new_seats gt 1)/groupby((new_priority,new_customer/new_title),aggregate($count as count,new_budget with sum as total))',
        'aggregate(new_seats with max as most,new_name with countdistinct as names)',
      ],
      [...pieces, 'groupby(', 'aggregate(', 'filter(', ' with ', ' as ', '$count'],
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(expands, optionText), fc.oneof(applies, optionText), async (expand, apply) => {
        parsed(expand, () => parseExpand(expand, scope))
        await run(parsed(apply, () => ({ table: 'new_project', ...parseApply(apply, scope, aliases) })))
      }),
      { numRuns: 1500 },
    )
  })

  test('every query function takes whatever arguments, or refuses them', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        "'x'",
        '1',
        '-1',
        '0',
        '1e20',
        'true',
        'null',
        GUID,
        `'${GUID}'`,
        "'2026-03-01'",
        '2026-03-01',
        "['1','2']",
        '[]',
        '@p1',
        '@p9',
        "''",
      ),
      fc.integer().map(String),
    )
    const names = Object.keys(Project.columns)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...queryFunctions.keys()),
        fc.constantFrom(...names),
        fc.array(
          fc.tuple(fc.constantFrom('PropertyValue', 'PropertyValue1', 'PropertyValue2', 'PropertyValues'), value),
          { maxLength: 3 },
        ),
        async (name, column, given) => {
          const parameters = [`PropertyName='${column}'`, ...given.map(([key, text]) => `${key}=${text}`)]
          const text = `Microsoft.Dynamics.CRM.${name}(${parameters.join(',')})`
          const filtered = parsed(text, () => parseODataFilter(text, scope, aliases))
          await run(filtered && { table: 'new_project', ...filtered })
        },
      ),
      { numRuns: 1500 },
    )
  })
})

describe('whatever is said to be FetchXML', () => {
  const texts = [
    `<fetch version="1.0" count="50" page="2" returntotalrecordcount="true"><entity name="new_project"><attribute name="new_name" /><attribute name="new_seats" alias="s" /><order attribute="new_name" descending="true" /><filter type="or"><condition attribute="new_name" operator="like" value="a%" /><condition attribute="new_priority" operator="in"><value>1</value><value>2</value></condition><condition attribute="new_budget" operator="gt" valueof="new_seats" /><condition entityname="c" attribute="new_title" operator="ne" value="x" /></filter><link-entity name="new_customer" from="new_customerid" to="new_customer" link-type="outer" alias="c"><all-attributes /><order attribute="new_title" /></link-entity></entity></fetch>`,
    `<fetch aggregate="true"><entity name="new_project"><attribute name="new_projectid" aggregate="count" alias="n" /><attribute name="createdon" groupby="true" dategrouping="month" alias="m" /><order alias="n" /></entity></fetch>`,
    `<fetch distinct="true" top="5"><entity name="new_project"><filter><link-entity name="new_task" from="new_project" to="new_projectid" link-type="not any"><filter><condition attribute="new_effort" operator="last-x-days" value="3" /></filter></link-entity></filter></entity></fetch>`,
  ]
  const xmlPieces = [
    '<',
    '>',
    '/>',
    '</filter>',
    '<filter>',
    '<entity name="new_task">',
    '<link-entity name="new_task" from="new_project" to="new_projectid" ',
    '<condition attribute="new_seats" operator="',
    '<value>',
    '<!--',
    '<![CDATA[',
    '<!DOCTYPE x>',
    '<?x?>',
    '&amp;',
    '&#0;',
    '&#xD800;',
    '&x;',
    '&constructor;',
    '"',
    '=',
    'xmlns:a="b"',
    '__proto__="1"',
    'alias="c"',
    'name="__proto__"',
    '\u0000',
    '\ud800',
    ...operators.map((operator) => `operator="${operator}" `),
  ]

  test('the answer is a query that runs or an error of the platform', async () => {
    const text = fc.oneof(
      mutated(texts, xmlPieces),
      fc.array(fc.constantFrom(...xmlPieces), { maxLength: 20 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 80 }),
    )
    await fc.assert(
      fc.asyncProperty(text, async (text) => {
        await run(parsed(text, () => parseFetchXml(text)))
      }),
      { numRuns: 3000 },
    )
  })

  test('every operator takes whatever values on whatever column, or refuses them', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        '',
        '1',
        '-1',
        '0',
        '1e400',
        'NaN',
        'true',
        GUID,
        `{${GUID}}`,
        '2026-03-01',
        '0000-00-00',
        '9999-12-31',
        '1,2',
        'x',
        '%',
        '[',
        '[^',
        '[a-',
      ),
      fc.string({ maxLength: 8 }).filter((text) => !/[<&\p{Cc}]/u.test(text)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operators),
        fc.constantFrom(...Object.keys(Project.columns)),
        fc.array(value, { maxLength: 3 }),
        async (operator, column, values) => {
          const body = values.map((text) => `<value>${text}</value>`).join('')
          const text = `<fetch><entity name="new_project"><filter><condition attribute="${column}" operator="${operator}">${body}</condition></filter></entity></fetch>`
          await run(parsed(text, () => parseFetchXml(text)))
        },
      ),
      { numRuns: 3000 },
    )
  })

  test('long names take no longer than they are', () => {
    const long = 'a'.repeat(500_000)
    expect(() => parseFetchXml(`<fetch><entity ${long}="x" name="a"/></fetch>`)).toThrow(DataverseError)
    expect(() => parseFetchXml(`<${long} x="1" y="2"/>`)).toThrow(DataverseError)
  })

  test('size and depth have an end', () => {
    const deep = (open: string, close: string, depth: number) =>
      `<fetch><entity name="new_project">${open.repeat(depth)}${close.repeat(depth)}</entity></fetch>`
    expect(() => parseFetchXml(deep('<filter>', '</filter>', 100_000))).toThrow(DataverseError)
    const wide = `<fetch><entity name="new_project"><filter>${'<condition attribute="new_name" operator="null" />'.repeat(600)}</filter></entity></fetch>`
    return expect(dataverse.retrieveMultiple(parseFetchXml(wide))).rejects.toMatchObject({
      name: 'TooManyConditionsInQuery',
    })
  })
})

describe('names that every object has', () => {
  test.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
    '%s is no table, column, link or operator',
    async (name) => {
      const refused = (query: object) =>
        expect(dataverse.retrieveMultiple(query as QueryExpression)).rejects.toSatisfy(
          (error) => DataverseError.isInstance(error) && error.status === 400,
        )
      await refused({ table: name })
      await refused({ table: 'new_project', columns: [name] })
      await refused({ table: 'new_project', orders: [{ column: name }] })
      await refused({ table: 'new_project', filter: { kind: 'compare', column: name, operator: 'null', values: [] } })
      await refused({
        table: 'new_project',
        filter: { kind: 'compare', column: 'new_name', operator: name, values: [] },
      })
      await refused({
        table: 'new_project',
        filter: { kind: 'compare', link: name, column: 'new_name', operator: 'null', values: [] },
      })
      await refused({ table: 'new_project', links: [{ table: name, from: 'x', to: 'y', type: 'inner' }] })
      await refused({ table: 'new_project', aggregates: [{ column: 'new_seats', aggregate: name, alias: 'x' }] })
    },
  )

  test('a result cannot be called __proto__, which an object takes for its prototype', async () => {
    const refused = (query: QueryExpression) =>
      expect(dataverse.retrieveMultiple(query)).rejects.toMatchObject({ name: 'QueryBuilderInvalid_Alias' })
    await refused({ table: 'new_project', columns: [{ column: 'new_name', alias: '__proto__' }] })
    await refused({ table: 'new_project', aggregates: [{ column: 'new_seats', aggregate: 'sum', alias: '__proto__' }] })
  })

  test('an alias may be called so, and is a property like others', async () => {
    const query = parseFetchXml(
      '<fetch><entity name="new_project"><attribute name="new_name" alias="constructor" /></entity></fetch>',
    )
    expect((await dataverse.retrieveMultiple(query)).rows.map((row) => row.constructor)).toEqual(['Alpha', 'Bravo'])
  })
})

test('a tree that contains itself is refused', async () => {
  const round = { kind: 'and', conditions: [] as Condition[] }
  round.conditions.push(round as Condition)
  await expect(dataverse.retrieveMultiple({ table: 'new_project', filter: round as Condition })).rejects.toMatchObject({
    name: 'InvalidQuery',
  })
})
